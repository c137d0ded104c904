// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/contract_abi.hpp"

#include "incentive/keccak.hpp"
#include "vectors.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace filfil::incentive {
namespace {

namespace calls = contract::calls;
namespace events = contract::events;
namespace errors = contract::errors;

rpc::Json artefact() {
    std::ifstream file(std::string(FILFIL_SOURCE_DIR) + "/resources/contracts/FilFil.json");
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    return rpc::parse_json(text).value();
}

TEST(ContractAbi, HasEveryEntryOfTheCompiledContract) {
    std::vector<std::string> expected;
    const rpc::Json made = artefact();
    for (const rpc::Json& entry : made["abi"])
        if (entry.contains("name"))
            expected.push_back(entry["type"].get<std::string>() + " " + entry["name"].get<std::string>());
    std::vector<std::string> found;
    for (const AbiEntry& entry : contract::all_functions()) found.push_back("function " + std::string(entry.name));
    for (const AbiEntry& entry : contract::all_events()) found.push_back("event " + std::string(entry.name));
    for (const AbiEntry& entry : contract::all_errors()) found.push_back("error " + std::string(entry.name));
    std::ranges::sort(expected);
    std::ranges::sort(found);
    EXPECT_EQ(found, expected);
    EXPECT_GT(found.size(), 100U);
}

TEST(ContractAbi, HasSignaturesWhoseHashesAreTheIds) {
    for (const auto all : {contract::all_functions(), contract::all_events(), contract::all_errors()}) {
        for (const AbiEntry& entry : all) {
            EXPECT_EQ(entry.signature, std::string(entry.name) + types_of(entry.inputs));
            EXPECT_EQ(entry.id, keccak_256(bytes_of(entry.signature))) << entry.signature;
            EXPECT_TRUE(AbiType::parse(types_of(entry.inputs)).ok()) << entry.signature;
            EXPECT_TRUE(AbiType::parse(types_of(entry.outputs)).ok()) << entry.signature;
        }
    }
}

TEST(ContractAbi, HasTheNumbersThatTheCompilerComputed) {
    const rpc::Json made = artefact();
    const auto check = [&](const char* list, std::span<const AbiEntry> entries) {
        for (const AbiEntry& entry : entries) {
            const std::string signature(entry.signature);
            ASSERT_TRUE(made[list].contains(signature)) << signature;
            std::string computed = made[list][signature].get<std::string>();
            if (computed.starts_with("0x")) computed.erase(0, 2);
            EXPECT_TRUE(computed.size() == 8 || computed.size() == 64) << computed;
            EXPECT_TRUE(to_hex(entry.id).starts_with(computed)) << signature;
        }
    };
    check("methodIdentifiers", contract::all_functions());
    check("errors", contract::all_errors());
    check("events", contract::all_events());
}

TEST(ContractAbi, HasTheSelectorsThatOthersCallItBy) {
    // builtin-actors and Curio know these.
    const auto hex = [](const auto& bytes) { return to_hex(bytes); };
    EXPECT_EQ(hex(calls::HandleFilecoinMethod::selector), "868e10c4");
    EXPECT_EQ(hex(calls::Version::selector), "54fd4d50");
    EXPECT_EQ(hex(calls::VerifyDeal::selector), "2e9b812d");
    EXPECT_EQ(hex(calls::GetDealState::selector), "ee84880d");
    EXPECT_EQ(hex(errors::DealNotFound::selector), "cb58af1f");
}

TEST(ContractAbi, EncodesCallsAsAnotherProgramDoes) {
    const rpc::Json all = vectors("calls.json");
    ASSERT_GE(all.size(), 8U);
    for (const rpc::Json& one : all) {
        const auto signature = one["signature"].get<std::string>();
        const auto named = [&](const AbiEntry& entry) { return entry.signature == signature; };
        const auto found = std::ranges::find_if(contract::all_functions(), named);
        ASSERT_NE(found, contract::all_functions().end()) << signature << ": make the vectors again";
        const AbiType types = AbiType::parse(signature.substr(signature.find('('))).value();
        Bytes input(found->id.begin(), found->id.begin() + 4);
        const Bytes parameters = encode_abi(types, value_of(types, one["value"])).value();
        input.insert(input.end(), parameters.begin(), parameters.end());
        EXPECT_EQ("0x" + to_hex(input), one["encoded"].get<std::string>()) << signature;
    }
    EXPECT_EQ("0x" + to_hex(encode_call<calls::Windows>({.miner = 1000}).value()),
              all[0]["encoded"].get<std::string>());
    EXPECT_EQ("0x" + to_hex(encode_call<calls::Schedule>({.miner = 1000, .count = 64}).value()),
              all[1]["encoded"].get<std::string>());
}

TEST(ContractAbi, PutsAnswersIntoStructs) {
    const calls::Windows::Output windows{.start = 100, .end = 200, .slot = 65537, .misses = 2, .standing = 1};
    const Bytes data = write_abi(calls::Windows::outputs, windows).value();
    EXPECT_EQ(decode_output<calls::Windows>(data).value(), windows);
    const auto shorter = decode_output<calls::Windows>(ByteView(data).first(64));
    ASSERT_FALSE(shorter.ok());
    EXPECT_EQ(shorter.error().code, ErrorCode::truncated);
    EXPECT_TRUE(shorter.error().message.starts_with("windows: ")) << shorter.error().message;

    calls::Holders::Output holders;
    holders.value.resize(2);
    holders.value[1] = {
        .miner = 7, .piece = 0x81, .state = 2, .sector = 9, .until = 10, .paid = 11, .share = U256::power_of_two(127)};
    EXPECT_EQ(decode_output<calls::Holders>(write_abi(calls::Holders::outputs, holders).value()).value(), holders);

    contract::StageArgs args{.slot = 1,
                             .epoch = 2,
                             .payload = hex_bytes("0171"),
                             .pieces = {{.raw_size = 3, .log2_padded = 35}},
                             .reward = 5};
    const Bytes call = encode_call<calls::Stage>({.args = args}).value();
    EXPECT_EQ(read_abi<calls::Stage::Input>(calls::Stage::inputs, ByteView(call).subspan(4))->args, args);
    args.reward = U256::power_of_two(128);
    EXPECT_EQ(encode_call<calls::Stage>({.args = args}).error().code, ErrorCode::invalid_argument);
}

TEST(ContractAbi, ReadsLogsAsEvents) {
    const events::Registered event{
        .miner = 1000, .by = EthAddress::of_id(77), .position = 3, .first_round = 2, .bond = 9};
    Bytes data;
    for (const U256& word : {*U256::from_bytes(event.by.bytes()), U256(3), U256(2), U256(9)}) {
        const auto bytes = word.bytes();
        data.insert(data.end(), bytes.begin(), bytes.end());
    }
    const std::vector<Word> topics = {events::Registered::topic, U256(1000).bytes()};
    const auto read = contract::decode_event(topics, data);
    ASSERT_TRUE(read.ok()) << read.error().text();
    ASSERT_TRUE(std::holds_alternative<events::Registered>(*read));
    EXPECT_EQ(std::get<events::Registered>(*read), event);

    const auto code = [&](std::vector<Word> changed, ByteView bytes) {
        return contract::decode_event(changed, bytes).error().code;
    };
    EXPECT_EQ(code({}, data), ErrorCode::corrupt);
    EXPECT_EQ(code({events::Registered::topic}, data), ErrorCode::corrupt);
    EXPECT_EQ(code({topics[0], topics[1], topics[1]}, data), ErrorCode::corrupt);
    EXPECT_EQ(code({topics[0], U256::max().bytes()}, data), ErrorCode::corrupt);
    EXPECT_EQ(code(topics, ByteView(data).first(96)), ErrorCode::truncated);
    EXPECT_EQ(code({U256(1).bytes(), topics[1]}, data), ErrorCode::unsupported);
}

TEST(ContractAbi, ReadsErrorsAsStructs) {
    const errors::BondTooSmall error{.given = 5, .needs = 7};
    Bytes data(errors::BondTooSmall::selector.begin(), errors::BondTooSmall::selector.end());
    const Bytes parameters = write_abi(errors::BondTooSmall::inputs, error).value();
    data.insert(data.end(), parameters.begin(), parameters.end());
    EXPECT_EQ(decode_failure<errors::BondTooSmall>(data).value(), error);
    EXPECT_EQ(decode_failure<errors::NoFunds>(data).error().code, ErrorCode::mismatch);
    EXPECT_EQ(decode_failure<errors::BondTooSmall>({}).error().code, ErrorCode::mismatch);
    data.pop_back();
    EXPECT_EQ(decode_failure<errors::BondTooSmall>(data).error().code, ErrorCode::truncated);
}

TEST(ContractAbi, HoldsTheCodeOfTheCompiledContract) {
    const rpc::Json made = artefact();
    // Not EXPECT_EQ, which would print all of it.
    EXPECT_TRUE("0x" + to_hex(contract::creation_code()) == made["bytecode"].get<std::string>());
    EXPECT_TRUE("0x" + to_hex(contract::runtime_code()) == made["runtime"].get<std::string>());
    EXPECT_GT(contract::creation_code().size(), 1000U);
    EXPECT_NE(contract::compiler().find("0.8."), std::string_view::npos);
}

}    // namespace
}    // namespace filfil::incentive
