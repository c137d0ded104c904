// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "chain/encode_header.hpp"
#include "chain/tipset.hpp"
#include "ipld/varint.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

namespace filfil::chain {
namespace {

using Json = nlohmann::json;

std::string data_folder() {
    const char* given = std::getenv("FILFIL_INTEROP_DATA");
    return given != nullptr ? given : FILFIL_SOURCE_DIR "/../shared/data";
}

/// The text in a .gz file, by way of gzip; empty where there is none.
std::string unpack(const std::string& path) {
    std::string text;
    std::FILE* pipe = ::popen(("gzip -dc '" + path + "'").c_str(), "r");
    if (pipe == nullptr) return text;
    char part[4096];
    for (std::size_t n = 0; (n = std::fread(part, 1, sizeof part, pipe)) > 0;) text.append(part, n);
    return ::pclose(pipe) == 0 ? text : std::string();
}

/// Padded base64.
Bytes base64(const std::string& text) {
    constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    Bytes out;
    unsigned bits = 0;
    unsigned held = 0;
    for (const char c : text) {
        const std::size_t digit = digits.find(c);
        if (digit == std::string_view::npos) break;
        bits = (bits << 6 | static_cast<unsigned>(digit)) & 0xffff;
        held += 6;
        if (held < 8) continue;
        held -= 8;
        out.push_back(static_cast<std::byte>(bits >> held));
    }
    return out;
}

Bytes base64_of(const Json& value) { return value.is_null() ? Bytes() : base64(value.get<std::string>()); }

/// An amount of decimal digits as go-state-types writes it: nothing for 0, else a sign byte and the number.
Bytes amount(const std::string& digits) {
    unsigned __int128 value = 0;
    for (const char c : digits) value = value * 10 + static_cast<unsigned>(c - '0');
    Bytes out;
    for (; value > 0; value >>= 8) out.push_back(static_cast<std::byte>(value));
    if (!out.empty()) out.push_back(std::byte{0});
    std::ranges::reverse(out);
    return out;
}

/// "f01234": an address that is an identifier.
Bytes id_address(const std::string& text) {
    Bytes out{std::byte{0}};
    ipld::append_varint(out, std::stoull(text.substr(2)));
    return out;
}

ipld::Cid cid(const Json& value) { return ipld::Cid::parse(value.at("/").get<std::string>()).value(); }

std::optional<Bytes> signature(const Json& value) {
    if (value.is_null()) return std::nullopt;
    Bytes out{static_cast<std::byte>(value.at("Type").get<int>())};
    const Bytes data = base64_of(value.at("Data"));
    out.insert(out.end(), data.begin(), data.end());
    return out;
}

FullHeader header_of(const Json& json) {
    FullHeader out;
    out.miner = id_address(json.at("Miner"));
    if (!json.at("Ticket").is_null()) out.ticket = base64_of(json["Ticket"]["VRFProof"]);
    if (!json.at("ElectionProof").is_null())
        out.election_proof = {json["ElectionProof"]["WinCount"], base64_of(json["ElectionProof"]["VRFProof"])};
    if (!json.at("BeaconEntries").is_null())
        for (const Json& entry : json["BeaconEntries"])
            out.beacon_entries.push_back({entry["Round"], base64_of(entry["Data"])});
    if (!json.at("WinPoStProof").is_null())
        for (const Json& proof : json["WinPoStProof"])
            out.win_post_proof.push_back({proof["PoStProof"], base64_of(proof["ProofBytes"])});
    for (const Json& parent : json.at("Parents")) out.parents.push_back(cid(parent));
    out.parent_weight = amount(json.at("ParentWeight"));
    out.height = Epoch{json.at("Height").get<std::int64_t>()};
    out.parent_state_root = cid(json.at("ParentStateRoot"));
    out.parent_message_receipts = cid(json.at("ParentMessageReceipts"));
    out.messages = cid(json.at("Messages"));
    out.bls_aggregate = signature(json.at("BLSAggregate"));
    out.timestamp = json.at("Timestamp");
    out.block_signature = signature(json.at("BlockSig"));
    out.fork_signaling = json.at("ForkSignaling");
    out.parent_base_fee = amount(json.at("ParentBaseFee"));
    return out;
}

// Tipsets as a Lotus node sends them: their headers hash to their CIDs, and tickets give the order of the key.
TEST(RealJson, HeadersHashToTheirCidsInTheOrderOfTheKey) {
    const std::filesystem::path folder = data_folder() + "/json_tipsets";
    std::error_code missing;
    if (!std::filesystem::is_directory(folder, missing))
        GTEST_SKIP() << folder << " does not exist: set FILFIL_INTEROP_DATA to the folder of real chain data";
    if (std::system("gzip --version > /dev/null 2>&1") != 0) GTEST_SKIP() << "gzip is not installed";
    std::size_t tipsets = 0;
    for (const auto& file : std::filesystem::directory_iterator(folder)) {
        SCOPED_TRACE(file.path().filename().string());
        const Json json = Json::parse(unpack(file.path().string()), nullptr, false);
        ASSERT_TRUE(json.is_object());
        TipsetKey key;
        TipsetKey turned;
        std::vector<BlockHeader> blocks;
        for (const Json& one : json.at("Cids")) key.push_back(cid(one));
        for (const Json& block : json.at("Blocks")) {
            const auto data = encode_block_header(header_of(block));
            ASSERT_TRUE(data.ok()) << data.error().text();
            turned.insert(turned.begin(), ipld::cid_of_block(ipld::Codec::dag_cbor, *data));
            const auto header = decode_block_header(*data);
            ASSERT_TRUE(header.ok()) << header.error().text();
            EXPECT_EQ(header->height.value, json.at("Height").get<std::int64_t>());
            blocks.insert(blocks.begin(), *header);
        }
        const auto tipset = make_tipset(turned, blocks, TipsetOrder::by_ticket);
        ASSERT_TRUE(tipset.ok()) << tipset.error().text();
        EXPECT_EQ(tipset->key, key);
        ++tipsets;
    }
    EXPECT_GE(tipsets, 21);
}

}    // namespace
}    // namespace filfil::chain
