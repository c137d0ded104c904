// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/contract_client.hpp"

#include "fake_eth.hpp"

#include <algorithm>
#include <memory>
#include <optional>

namespace filfil::incentive {
namespace {

namespace calls = contract::calls;

class ContractReads : public testing::Test {
protected:
    /// What the node answers to the call of a view.
    template <class Call>
    void view(std::function<typename Call::Output(const typename Call::Input&)> answer) {
        m_views[to_hex(Call::selector)] = [answer](ByteView data) {
            const auto input = read_abi<typename Call::Input>(Call::inputs, data.subspan(4)).value();
            return result("0x" + to_hex(write_abi(Call::outputs, answer(input)).value()));
        };
    }

    rpc::Answer respond(const std::string& method, const rpc::Json& params) {
        if (method == "eth_chainId") return result("0x13a");
        if (method == "eth_getCode") return result(code);
        if (method == "eth_getBlockByNumber")
            return result({{"number", "0x64"}, {"hash", hex_of(Word{})}, {"parentHash", hex_of(Word{})}});
        EXPECT_EQ(method, "eth_call");
        EXPECT_EQ(params[0]["to"].get<std::string>(), address.lower_text());
        const auto data = read_hex_bytes(params[0]["data"]).value();
        const auto found = m_views.find(to_hex(ByteView(data).first(4)));
        tags.push_back(params[1].get<std::string>());
        return found == m_views.end() ? result("0x") : found->second(data);
    }

    void SetUp() override {
        eth.respond = [this](const std::string& method, const rpc::Json& params) { return respond(method, params); };
        view<calls::Version>([](const auto&) { return calls::Version::Output{.value = 1}; });
        view<calls::Successor>([](const auto&) { return calls::Successor::Output{}; });
    }

    template <class T>
    ContractClient::Handler<T> into(std::optional<Result<T>>& out) {
        return [&out](Result<T> answer) {
            EXPECT_FALSE(out.has_value()) << "called twice";
            out = std::move(answer);
        };
    }

    Result<ContractFacts> check(std::uint64_t chain_id = 314) {
        std::optional<Result<ContractFacts>> out;
        client->check(chain_id, into(out));
        EXPECT_FALSE(out.has_value());
        outside.run_ready();
        return out.value_or(Error(ErrorCode::internal, "no answer"));
    }

    template <class Call>
    Result<typename Call::Output> call(const typename Call::Input& input, const BlockTag& at = BlockTag::latest()) {
        std::optional<Result<typename Call::Output>> out;
        client->call<Call>(input, at, into(out));
        EXPECT_FALSE(out.has_value());
        outside.run_ready();
        return out.value_or(Error(ErrorCode::internal, "no answer"));
    }

    Outside outside;
    FakeEth eth{outside};
    EthAddress address = EthAddress::parse("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed").value();
    std::unique_ptr<ContractClient> client = std::make_unique<ContractClient>(outside.world, eth.ask(), address);
    std::string code = "0x" + to_hex(contract::runtime_code());
    std::vector<std::string> tags;

private:
    std::map<std::string, std::function<rpc::Answer(ByteView)>> m_views;
};

TEST_F(ContractReads, ViewsGiveTheirOwnTypes) {
    view<calls::Windows>([](const calls::Windows::Input& input) {
        EXPECT_EQ(input.miner, 1000U);
        return calls::Windows::Output{.start = 10, .end = 20, .slot = slot_of(2, 3), .misses = 1, .standing = 1};
    });
    const auto windows = call<calls::Windows>({.miner = 1000}, BlockTag::number(5));
    ASSERT_TRUE(windows.ok()) << windows.error().text();
    EXPECT_EQ(windows->end, 20U);
    EXPECT_EQ(round_of(windows->slot), 2);
    EXPECT_EQ(index_of(windows->slot), 3);
    EXPECT_EQ(name_of(static_cast<Standing>(windows->standing)), "active");

    view<calls::QueuedParams>([](const auto&) {
        calls::QueuedParams::Output out;
        out.queued.slot_length = 2880;
        out.from_round = 7;
        return out;
    });
    EXPECT_EQ(call<calls::QueuedParams>({}, BlockTag::finalized())->queued.slot_length, 2880U);
    view<calls::Latest>([](const auto& input) {
        return calls::Latest::Output{
            .slots = std::vector<std::uint32_t>(static_cast<std::size_t>(*input.count.as_uint64()), 9)};
    });
    EXPECT_EQ(call<calls::Latest>({.count = 3})->slots.size(), 3U);
    EXPECT_EQ(tags, (std::vector<std::string>{"0x5", "finalized", "latest"}));
}

TEST_F(ContractReads, AllThatIsInPagesIsReadOfOneBlock) {
    for (const std::size_t positions : {0U, 1U, 255U, 256U, 600U}) {
        tags.clear();
        view<calls::Roster>([&](const calls::Roster::Input& input) {
            const std::size_t from = *input.from.as_uint64();
            calls::Roster::Output out;
            for (std::size_t i = from; i < std::min(positions, from + *input.count.as_uint64()); ++i)
                out.miners.push_back(1000 + i);
            return out;
        });
        std::optional<Result<std::vector<std::uint64_t>>> roster;
        client->whole_roster(BlockTag::latest(), into(roster));
        outside.run_ready();
        ASSERT_TRUE(roster.has_value() && roster->ok());
        ASSERT_EQ((*roster)->size(), positions);
        if (positions > 0) EXPECT_EQ((*roster)->back(), 999 + positions);
        for (const std::string& tag : tags) EXPECT_EQ(tag, "0x64");
    }
    view<calls::Holders>([](const calls::Holders::Input& input) {
        EXPECT_EQ(input.slot, 5U);
        calls::Holders::Output out;
        if (input.from.zero()) out.value.resize(2);
        return out;
    });
    std::optional<Result<std::vector<contract::Holder>>> holders;
    client->all_holders(5, BlockTag::number(7), into(holders));
    outside.run_ready();
    EXPECT_EQ((*holders)->size(), 2U);
}

TEST_F(ContractReads, PagesThatNeverEndAreStopped) {
    view<calls::Roster>([](const auto& input) {
        return calls::Roster::Output{
            .miners = std::vector<std::uint64_t>(static_cast<std::size_t>(*input.count.as_uint64()), 1)};
    });
    std::optional<Result<std::vector<std::uint64_t>>> roster;
    client->whole_roster(BlockTag::latest(), into(roster));
    outside.run_ready();
    ASSERT_TRUE(roster.has_value());
    EXPECT_EQ(roster->error().code, ErrorCode::corrupt);
    view<calls::Roster>([](const auto&) { return calls::Roster::Output{.miners = std::vector<std::uint64_t>(1000)}; });
    roster.reset();
    client->whole_roster(BlockTag::latest(), into(roster));
    outside.run_ready();
    EXPECT_EQ(roster->error().code, ErrorCode::corrupt);
}

TEST_F(ContractReads, TheContractIsChecked) {
    const auto facts = check();
    ASSERT_TRUE(facts.ok()) << facts.error().text();
    EXPECT_EQ(facts->chain_id, 314U);
    EXPECT_EQ(facts->version, 1U);
    EXPECT_TRUE(facts->same_code);
    EXPECT_TRUE(facts->successor.zero());
    EXPECT_TRUE(check(0).ok());

    // What the constructor writes in stands where the compiler left zeros; anything else is other code.
    ASSERT_GT(contract::runtime_code().size(), 100U);
    Bytes other = to_bytes(contract::runtime_code());
    *std::ranges::find(other, std::byte{0}) = std::byte{7};
    code = "0x" + to_hex(other);
    EXPECT_TRUE(check()->same_code);
    other[0] ^= std::byte{1};
    code = "0x" + to_hex(other);
    EXPECT_FALSE(check()->same_code);
    code = "0x6001";
    EXPECT_FALSE(check()->same_code);

    view<calls::Successor>([](const auto&) { return calls::Successor::Output{.value = EthAddress::of_id(9)}; });
    EXPECT_EQ(check()->successor, EthAddress::of_id(9));
}

TEST_F(ContractReads, AnotherNetworkIsSaidToBeOne) {
    const auto facts = check(314159);
    ASSERT_FALSE(facts.ok());
    EXPECT_EQ(facts.error().code, ErrorCode::mismatch);
    EXPECT_EQ(facts.error().message, "the node is on the network with the chain id 314, and 314159 is expected");
}

TEST_F(ContractReads, AnAddressWithoutAContractIsSaidToBeOne) {
    code = "0x";
    EXPECT_EQ(check().error().code, ErrorCode::not_found);
    EXPECT_EQ(check().error().message, "there is no contract at 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed");
    const auto early = call<calls::Windows>({.miner = 1}, BlockTag::finalized());
    ASSERT_FALSE(early.ok());
    EXPECT_EQ(early.error().code, ErrorCode::not_found);
    EXPECT_TRUE(early.error().message.ends_with("7Ef1BeAed (block: finalized)")) << early.error().message;
}

TEST_F(ContractReads, AContractOfAnotherVersionIsSaidToBeOne) {
    view<calls::Version>([](const auto&) { return calls::Version::Output{.value = 2}; });
    const auto newer = check();
    ASSERT_FALSE(newer.ok());
    EXPECT_EQ(newer.error().code, ErrorCode::unsupported);
    EXPECT_NE(newer.error().message.find("is of another version: it says 2, and this program speaks 1"),
              std::string::npos)
        << newer.error().message;

    // Another contract: it reverts, gives nothing, or something else.
    for (const rpc::Answer& answer :
         {refusal(3, "execution reverted", rpc::Json("0x")), result("0x"), result("0x00"), result(5)}) {
        eth.respond = [&](const std::string& method, const rpc::Json& params) {
            return method == "eth_call" ? answer : respond(method, params);
        };
        const auto other = check();
        ASSERT_FALSE(other.ok());
        EXPECT_EQ(other.error().code, ErrorCode::unsupported) << other.error().message;
        EXPECT_NE(other.error().message.find("of another version"), std::string::npos);
    }
}

TEST_F(ContractReads, WhatCannotBeDecodedNamesTheCallAndWhatToDo) {
    eth.respond = [](const std::string&, const rpc::Json&) { return result("0x" + std::string(64, 'f')); };
    const auto windows = call<calls::Windows>({.miner = 1});
    ASSERT_FALSE(windows.ok());
    EXPECT_TRUE(windows.error().message.starts_with("windows: ABI data: byte 0")) << windows.error().message;
    EXPECT_NE(windows.error().remedy.find("another version"), std::string::npos);
    eth.respond = [](const std::string&, const rpc::Json&) { return result(rpc::Json::array()); };
    EXPECT_EQ(call<calls::Windows>({.miner = 1}).error().code, ErrorCode::corrupt);
}

TEST_F(ContractReads, ARevertSpeaksInTheContractsWords) {
    Bytes data(contract::errors::UnknownSlot::selector.begin(), contract::errors::UnknownSlot::selector.end());
    const Bytes slot = write_abi("(uint32)", contract::errors::UnknownSlot{.slot = slot_of(1, 4)}).value();
    data.insert(data.end(), slot.begin(), slot.end());
    eth.respond = [&](const std::string&, const rpc::Json&) {
        return refusal(3, "reverted", rpc::Json("0x" + to_hex(data)));
    };
    EXPECT_EQ(call<calls::SlotInfo>({.slot = slot_of(1, 4)}).error().message,
              "slotInfo: there is no slot 4 of round 1");
}

TEST_F(ContractReads, InputThatDoesNotFitIsRefusedLater) {
    contract::StageArgs args;
    args.reward = U256::power_of_two(128);
    const auto staged = call<calls::Stage>({.args = args});
    ASSERT_FALSE(staged.ok());
    EXPECT_EQ(staged.error().code, ErrorCode::invalid_argument);
    EXPECT_TRUE(eth.asked.empty());
}

TEST_F(ContractReads, DestroyedItCallsNobody) {
    client->call<calls::Windows>({.miner = 1}, BlockTag::latest(), [](const auto&) { FAIL(); });
    client->check(314, [](const auto&) { FAIL(); });
    client.reset();
    outside.run_ready();
}

struct NodeWords {
    std::int64_t code;
    const char* message;
    ErrorCode expected;
    const char* says;    ///< in the message or the remedy
};

TEST(EthError, WhatIsWrongWithANodeIsSaidWithItsRemedy) {
    for (const NodeWords& node :
         {NodeWords{-32601, "method 'eth_call' not found", ErrorCode::unsupported, "EnableEthRPC"},
          NodeWords{1, "module disabled, enable with Fevm.EnableEthRPC / LOTUS_FEVM_ENABLEETHRPC",
                    ErrorCode::unsupported, "switched off"},
          NodeWords{1, "chain indexer is disabled; please enable the ChainIndexer to use the ETH RPC API",
                    ErrorCode::unsupported, "EnableIndexer"},
          NodeWords{1, "failed to get events: tipset not indexed", ErrorCode::unsupported, "EnableIndexer"},
          NodeWords{1, "missing permission to invoke 'EthCall' (need 'read')", ErrorCode::denied, "--node-token-file"},
          NodeWords{12, "requested epoch was a null round (5)", ErrorCode::not_found, "epoch before"},
          NodeWords{-32000, "requested epoch was a null round (5)", ErrorCode::not_found, "epoch before"},
          NodeWords{-32000, "header not found", ErrorCode::not_found, "header not found"},
          NodeWords{-32602, "BlockOutOfRangeError: block height is 8 but requested was 99999", ErrorCode::not_found,
                    "8 but"},
          NodeWords{1, "failed to load state tree: ipld: could not find", ErrorCode::unsupported, "archive node"},
          NodeWords{-32000, "block range exceeds maximum of 2880 (got 5000)", ErrorCode::too_large, "2880"},
          NodeWords{1, "invalid epoch range: 'to' height is too far in the future (maximum: 2880)",
                    ErrorCode::too_large, "2880"},
          NodeWords{1, "invalid epoch range: range between to and from heights is too large (maximum: 2880)",
                    ErrorCode::too_large, "2880"},
          NodeWords{1, "requested a future epoch (beyond 'latest')", ErrorCode::not_found, "future"},
          NodeWords{-32005, "limit exceeded", ErrorCode::too_large, "limit"},
          NodeWords{1, "the disk is on fire", ErrorCode::internal, "the disk is on fire"}}) {
        const auto read = eth_result_of(refusal(node.code, node.message), "eth_call");
        ASSERT_FALSE(read.ok()) << node.message;
        EXPECT_EQ(read.error().code, node.expected) << node.message;
        EXPECT_NE(read.error().text().find(node.says), std::string::npos) << read.error().text();
        EXPECT_NE(read.error().remedy, "") << read.error().text();
        EXPECT_NE(read.error().message.find("eth_call"), std::string::npos) << read.error().text();
    }
}

TEST(EthError, WhatIsNoAnswerStaysWhatItIs) {
    rpc::Answer lost;
    lost.failure = Error(ErrorCode::io, "the connection is gone");
    EXPECT_EQ(eth_result_of(std::move(lost), "eth_call").error().code, ErrorCode::io);
    rpc::Answer denied;
    denied.failure = Error(ErrorCode::denied, "HTTP 401");
    EXPECT_NE(eth_result_of(std::move(denied), "eth_call").error().remedy.find("--node-token-file"), std::string::npos);
    EXPECT_EQ(eth_result_of(result(7), "eth_call").value(), 7);
    EXPECT_LT(eth_result_of(refusal(1, std::string(1'000'000, 'x')), "eth_call").error().message.size(), 1000U);
}

TEST(ContractTypes, HaveNames) {
    EXPECT_EQ(name_of(Standing::removed), "removed");
    EXPECT_EQ(name_of(static_cast<Standing>(9)), "?");
    EXPECT_EQ(name_of(Held::published), "published");
    EXPECT_EQ(name_of(static_cast<Held>(9)), "?");
    EXPECT_EQ(deal_of(slot_of(1, 2), 3), (1U << 24 | 2U << 8 | 3U));
}

}    // namespace
}    // namespace filfil::incentive
