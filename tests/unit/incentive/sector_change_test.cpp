// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/sector_change.hpp"

#include "incentive/method_number.hpp"
#include "vectors.hpp"

#include <gtest/gtest.h>

namespace filfil::incentive {
namespace {

TEST(SectorChange, IsWrittenAndReadAsAnotherProgramDoes) {
    const rpc::Json all = vectors("sectors.json");
    ASSERT_EQ(all.size(), 3U);
    for (const rpc::Json& one : all) {
        std::vector<SectorChange> sectors;
        std::vector<std::vector<bool>> taken;
        for (const rpc::Json& json : one["sectors"]) {
            SectorChange sector{.sector = json["sector"].get<std::uint64_t>(),
                                .until = json["until"].get<std::int64_t>()};
            taken.emplace_back();
            for (const rpc::Json& piece : json["pieces"]) {
                sector.pieces.push_back({.piece = ipld::Cid::parse(piece["piece"].get<std::string>()).value(),
                                         .size = piece["size"].get<std::uint64_t>(),
                                         .payload = hex_bytes(piece["payload"].get<std::string>())});
                taken.back().push_back(taken.back().empty());
            }
            sectors.push_back(std::move(sector));
        }
        EXPECT_EQ(to_hex(encode_sector_changes(sectors).value()), one["encoded"].get<std::string>());
        EXPECT_EQ(decode_sector_changes(hex_bytes(one["encoded"].get<std::string>())).value(), sectors);
        EXPECT_EQ(to_hex(encode_taken(taken)), one["answer"].get<std::string>());
        EXPECT_EQ(decode_taken(hex_bytes(one["answer"].get<std::string>())).value(), taken);
    }
}

TEST(SectorChange, OneSectorWithOnePieceThatWasTakenIsAnsweredInThreeBytes) {
    EXPECT_EQ(to_hex(encode_taken({{true}})), "8181f5");
    EXPECT_EQ(to_hex(encode_taken({{false, true}, {}})), "8282f4f580");
    EXPECT_EQ(to_hex(encode_taken({})), "80");
}

TEST(SectorChange, HostileBytesAreRefused) {
    const rpc::Json all = vectors("sectors.json");
    const Bytes good = hex_bytes(all[1]["encoded"].get<std::string>());
    for (std::size_t size = 0; size < good.size(); ++size)
        EXPECT_EQ(decode_sector_changes(ByteView(good).first(size)).error().code, ErrorCode::truncated) << size;
    const auto refused = [](const std::string& hex, std::string_view says) {
        const auto read = decode_sector_changes(hex_bytes(hex));
        ASSERT_FALSE(read.ok()) << hex;
        EXPECT_EQ(read.error().code, ErrorCode::corrupt);
        EXPECT_NE(read.error().message.find(says), std::string::npos) << read.error().message;
    };
    refused("00", "sectors: a list is expected");
    refused("818207" + std::string("1a00895440"), "sector 0: sector: a list of 3");
    refused("8183f6" + std::string("1a0089544080"), "sector 0: sector: number");
    refused("818307f680", "minimum commitment epoch");
    refused("81830700f6", "pieces: a list is expected");
    refused("8183070081820001", "piece 0: piece: a list of 3");
    refused("818307008183000140", "piece 0: piece: CID");
    // The form in which FIP-0109 was written down at first: a struct around the list.
    refused("81" + all[0]["encoded"].get<std::string>(), "sector 0");
    EXPECT_EQ(decode_sector_changes(hex_bytes("9b7fffffffffffffff")).error().code, ErrorCode::truncated);
    EXPECT_EQ(decode_sector_changes(Bytes(50'000, std::byte{0x81})).error().code, ErrorCode::too_large);

    for (const char* hex : {"00", "f5", "8100", "818100", "8181f6", "81818181f5", "8181f500"})
        EXPECT_FALSE(decode_taken(hex_bytes(hex)).ok()) << hex;
    EXPECT_EQ(encode_sector_changes({{.pieces = {{}}}}).error().code, ErrorCode::invalid_argument);
}

TEST(MethodNumber, IsComputedFromTheName) {
    const std::vector<std::pair<const char*, std::uint64_t>> known = {
        {"AuthenticateMessage", methods::authenticate_message},
        {"MarketNotifyDeal", methods::market_notify_deal},
        {"Receive", methods::receive},
        {"SectorContentChanged", methods::sector_content_changed},
        {"ValidateSectorStatus", methods::validate_sector_status},
        {"GenerateSectorLocation", methods::generate_sector_location},
        {"MinerPower", methods::miner_power},
        {"IsControllingAddress", methods::is_controlling_address},
        {"GetOwner", methods::get_owner},
        {"InvokeEVM", methods::invoke_evm},
        {"PublishStorageDeals", 2236929350},
        {"GetDealActivation", 2567238399},
        {"GetDealSector", 2611213344},
        {"GetNominalSectorExpiration", 3010055991},
        {"GetBeneficiary", 4158972569},
        {"GetSectorSize", 3858292296},
        {"GetPeerID", 2812875329},
        {"GetMultiaddrs", 1332909407},
        {"GetDealTerm", 163777312},
        {"GetDealProvider", 935081690},
        {"GetDealDataCommitment", 1157985802},
        {"AddBalance", 822473126},
        {"WithdrawBalance", 2280458852},
        {"GetBalance", 726108461},
    };
    for (const auto& [name, expected] : known) EXPECT_EQ(method_number(name).value(), expected) << name;
    EXPECT_EQ(methods::authenticate_message, 2643134072U);
    EXPECT_EQ(methods::sector_content_changed, 2034386435U);
}

TEST(MethodNumber, NeedsAName) {
    for (const char* name : {"", "receive", "1Receive", "Get Owner", "Get-Owner", "Getä"})
        EXPECT_EQ(method_number(name).error().code, ErrorCode::invalid_argument) << name;
    EXPECT_TRUE(method_number("_Private1").ok());
}

}    // namespace
}    // namespace filfil::incentive
