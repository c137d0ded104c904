// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/revert.hpp"

#include "incentive/contract_abi.hpp"
#include "incentive/revert_text.hpp"
#include "vectors.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace filfil::incentive {
namespace {

/// What the contract reverts with.
template <class Failure>
Bytes data_of(const Failure& failure) {
    Bytes out(Failure::selector.begin(), Failure::selector.end());
    const Bytes arguments = write_abi(Failure::inputs, failure).value();
    out.insert(out.end(), arguments.begin(), arguments.end());
    return out;
}

/// Some value of each type.
AbiValue some_value(const AbiType& type) {
    using Kind = AbiType::Kind;
    switch (type.kind()) {
        case Kind::unsigned_integer:
        case Kind::signed_integer: return U256(7);
        case Kind::boolean: return true;
        case Kind::address: return EthAddress::of_id(1000);
        case Kind::fixed_bytes: return Bytes(type.byte_count(), std::byte{0xab});
        case Kind::bytes: return Bytes(3);
        case Kind::text: return std::string("text");
        case Kind::list: return AbiValue::List(type.count(), some_value(type.item()));
        case Kind::tuple: break;
    }
    AbiValue::List out;
    for (const AbiType& member : type.members()) out.push_back(some_value(member));
    return out;
}

std::string sentence(ByteView data) { return read_revert(data).error.message; }

TEST(Revert, EveryErrorOfTheContractHasASentenceAndARemedy) {
    for (const AbiEntry& entry : contract::all_errors()) {
        const auto found = std::ranges::find(revert_texts(), entry.name, &RevertText::name);
        ASSERT_NE(found, revert_texts().end()) << "write a sentence for " << entry.signature << " in revert_text.cpp";
        const AbiType types = AbiType::parse(types_of(entry.inputs)).value();
        Bytes data(entry.id.begin(), entry.id.begin() + 4);
        const Bytes arguments = encode_abi(types, some_value(types)).value();
        data.insert(data.end(), arguments.begin(), arguments.end());
        const Revert revert = read_revert(data);
        EXPECT_EQ(revert.name, entry.name);
        ASSERT_NE(revert.entry, nullptr);
        EXPECT_EQ(revert.entry->signature, entry.signature);
        EXPECT_EQ(revert.error.code, found->code);
        for (const std::string& text : {revert.error.message, revert.error.remedy}) {
            EXPECT_GE(text.size(), 8U) << entry.signature;
            EXPECT_EQ(text.find_first_of("{}"), std::string::npos) << entry.signature << ": " << text;
            EXPECT_NE(text.back(), '.') << entry.signature;
        }
    }
}

TEST(Revert, EverySentenceIsOfAnErrorThatTheContractHas) {
    for (const RevertText& text : revert_texts())
        EXPECT_EQ(std::ranges::count(contract::all_errors(), text.name, &AbiEntry::name), 1) << text.name;
}

TEST(Revert, SaysItInWords) {
    namespace errors = contract::errors;
    EXPECT_EQ(sentence(data_of(errors::NotRegistered{.miner = 1000})), "f01000 is not registered with the contract");
    EXPECT_EQ(sentence(data_of(errors::BondTooSmall{.given = 1, .needs = number("2500000000000000000")})),
              "a bond of 0.000000000000000001 FIL was sent, and 2.5 FIL are wanted");
    EXPECT_EQ(sentence(data_of(errors::TooLittlePower{.has = 1024, .needs = 10ULL << 40})),
              "the storage provider has 1KiB of power, and the contract wants 10TiB");
    EXPECT_EQ(sentence(data_of(errors::NotHeld{.slot = 2 << 16 | 3, .piece = 0x81, .miner = 7})),
              "f07 does not hold piece 1 of the alternative of slot 3 of round 2");
    EXPECT_EQ(sentence(data_of(errors::NotController{.miner = 7, .by = EthAddress::of_id(99)})),
              "f099 may not act for f07");
    EXPECT_EQ(sentence(data_of(errors::BadParams{.field = 15})), "the parameter recipe is out of its range");
    EXPECT_EQ(sentence(data_of(errors::BadParams{.field = 16})), "the parameter field 16 is out of its range");
    EXPECT_EQ(sentence(data_of(errors::BadDeal{.field = 8})), "the contract does not take the deal's price");
    EXPECT_EQ(sentence(data_of(errors::ActorCall{.actor = 5, .method = 9, .exit_code = {U256::max()}})),
              "method 9 of the actor f05 failed with the exit code -1");
    EXPECT_EQ(sentence(data_of(errors::WrongRecipe{})).size(),
              2 * 64 + std::string_view("the snapshot's recipe is 0x, and the round's is 0x").size());
    const Error closed = read_revert(data_of(errors::Refused{.reason = 5})).error;
    EXPECT_EQ(closed.message, "the contract does not take the piece: the window is closed");
    EXPECT_EQ(closed.remedy, "wait for your next window");
    EXPECT_EQ(closed.code, ErrorCode::denied);
    EXPECT_EQ(sentence(data_of(errors::Refused{.reason = 77})),
              "the contract does not take the piece: for a reason that this version does not know (77)");
}

TEST(Revert, NamesAreThoseOfTheContractsParameters) {
    std::ifstream file(std::string(FILFIL_SOURCE_DIR) + "/resources/contracts/FilFil.json");
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const rpc::Json made = rpc::parse_json(text).value();
    std::size_t seen = 0;
    for (const rpc::Json& entry : made["abi"]) {
        if (entry.value("name", "") != "queueParams") continue;
        for (const rpc::Json& member : entry["inputs"][0]["components"])
            EXPECT_EQ(parameter_name(seen++), member["name"].get<std::string>());
    }
    EXPECT_EQ(seen, 16U);
    EXPECT_EQ(parameter_name(seen), "field 16");
}

TEST(Revert, ReadsWhatEveryContractCanRevertWith) {
    Bytes text = hex_bytes("08c379a0");
    const Bytes said =
        encode_abi(AbiType::parse("(string)").value(), AbiValue::List{std::string("no\x01\xff")}).value();
    text.insert(text.end(), said.begin(), said.end());
    EXPECT_EQ(sentence(text), "the contract refused: no??");
    EXPECT_EQ(read_revert(text).name, "Error");
    EXPECT_EQ(sentence(ByteView(text).first(40)).substr(0, 61),
              "the contract refused: with a text that cannot be read (0x08c3");

    Bytes panic = hex_bytes("4e487b71" + std::string(62, '0') + "11");
    EXPECT_EQ(sentence(panic), "the contract failed: a number went out of its range (0x11)");
    EXPECT_EQ(read_revert(panic).name, "Panic");
    panic.back() = std::byte{0x99};
    EXPECT_EQ(sentence(panic), "the contract failed: a reason that is not known (0x99)");
    EXPECT_NE(sentence(hex_bytes("4e487b71" + std::string(64, 'f'))), "");
    panic.pop_back();
    EXPECT_NE(sentence(panic).find("cannot be read"), std::string::npos);
}

TEST(Revert, TellsWhatIsNotKnownAsItIs) {
    EXPECT_EQ(sentence({}), "the contract refused: it gave no reason");
    EXPECT_EQ(sentence(hex_bytes("0102")), "the contract refused: its reason cannot be read (0x0102)");
    EXPECT_EQ(sentence(hex_bytes("01020304")),
              "the contract refused: its reason is none that this version knows (0x01020304)");
    EXPECT_EQ(read_revert(hex_bytes("01020304")).entry, nullptr);
    EXPECT_LT(sentence(Bytes(1'000'000, std::byte{0x55})).size(), 200U);
    Bytes torn = data_of(contract::errors::BondTooSmall{.given = 1, .needs = 2});
    torn.pop_back();
    EXPECT_NE(sentence(torn).find("BondTooSmall, whose arguments cannot be read"), std::string::npos);
    torn.push_back(std::byte{0});
    torn.push_back(std::byte{0});
    EXPECT_NE(sentence(torn).find("BondTooSmall, whose arguments cannot be read"), std::string::npos);
}

TEST(Revert, IsFoundInTheAnswersOfEthereumsNodes) {
    const Bytes data = data_of(contract::errors::NotRegistered{.miner = 1000});
    const std::string hex = "0x" + to_hex(data);
    // anvil and geth
    EXPECT_EQ(
        revert_data_of({.code = 3, .message = "execution reverted: custom error 0x3f7eaa21", .data = rpc::Json(hex)}),
        data);
    EXPECT_EQ(revert_data_of({.code = 3, .message = "execution reverted", .data = rpc::Json("0x")}), Bytes());
    EXPECT_EQ(revert_data_of({.code = -32000, .message = "execution reverted"}), Bytes());
    // hardhat, and nodes that put an object or a word around it
    EXPECT_EQ(revert_data_of({.code = -32603, .message = "reverted", .data = rpc::Json{{"data", hex}}}), data);
    EXPECT_EQ(revert_data_of({.code = -32015, .message = "VM error", .data = rpc::Json("Reverted " + hex)}), data);
    EXPECT_EQ(revert_error_of({.code = 3, .message = "", .data = rpc::Json(hex)})->message,
              "f01000 is not registered with the contract");
    EXPECT_EQ(revert_error_of({.code = 3, .message = "execution reverted"})->message,
              "the contract refused: it gave no reason: execution reverted");
}

TEST(Revert, IsFoundInTheAnswersOfLotusAndForest) {
    const Bytes data = data_of(contract::errors::NotRegistered{.miner = 1000});
    const std::string hex = "0x" + to_hex(data);
    const std::string backtrace =
        "message failed with backtrace:\n00: f0169791 (method 3844450837) -- contract reverted at 75 (33)\n "
        "(RetCode=33)";
    EXPECT_EQ(revert_data_of({.code = 11,
                              .message = "message execution failed (exit=[33], revert reason=[" + backtrace +
                                         "], vm error=[" + hex + "])",
                              .data = rpc::Json(hex)}),
              data);
    // Without data: before Lotus had it.
    EXPECT_EQ(revert_data_of(
                  {.code = 1,
                   .message = "message execution failed: exit 33, revert reason: " + backtrace + ", vm error: " + hex}),
              data);
    EXPECT_EQ(revert_data_of({.code = 1,
                              .message = "message execution failed (exit=[33], revert reason=[" + backtrace +
                                         "], vm error=[Error(no)])"}),
              Bytes());
    EXPECT_EQ(revert_data_of({.code = 1, .message = "CallWithGas failed: " + backtrace}), Bytes());
}

TEST(Revert, OtherRefusalsOfANodeAreNone) {
    for (const rpc::RemoteError& error : std::vector<rpc::RemoteError>{
             {.code = -32601, .message = "method 'eth_call' not found"},
             {.code = 1, .message = "message execution failed (exit=[7], vm error=[out of gas])"},
             {.code = -32005, .message = "rate limit exceeded", .data = rpc::Json{{"wait", 5}}},
             {.code = -32000, .message = "header not found", .data = rpc::Json(nullptr)},
             {.code = -32000, .message = "bad", .data = rpc::Json("0xzz")},
             {.code = -32000, .message = "bad", .data = rpc::Json("0x")},
             {.code = -32000, .message = "bad vm error=[0x", .data = rpc::Json::array({1})}}) {
        const auto data = revert_data_of(error);
        EXPECT_TRUE(!data || error.message.starts_with("bad vm")) << error.message;
    }
}

}    // namespace
}    // namespace filfil::incentive
