// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "base/random.hpp"
#include "incentive/log_json.hpp"
#include "incentive/model/model_node.hpp"
#include "incentive/revert.hpp"
#include "model_rig.hpp"

namespace filfil::incentive::model {
namespace {

using rpc::Json;

/// A chain with the contract, a miner, and an operator with a key and money.
struct ChainRig {
    ModelChain chain;
    ModelNode node{chain};
    SeededRandom random{5};
    SecretKey key = SecretKey::generate(random);

    ChainRig() {
        auto how = constructor();
        how.operator_ = key.address();
        EXPECT_TRUE(chain.deploy(here, how).succeeded);
        chain.give(key.address(), 1'000'000'000'000U);
        chain.give(provider, 1'000'000);
        chain.neighbours.add_miner(1000, provider, 10);
    }

    SignedTransaction signed_call(std::uint64_t nonce, Bytes data, const U256& value = {}, std::uint64_t tip = 10) {
        Transaction inside{.chain_id = chain.chain_id,
                           .nonce = nonce,
                           .tip = tip,
                           .fee_cap = 1'000 + tip,
                           .gas_limit = 1'000'000,
                           .call = {.to = here, .value = value, .data = std::move(data)}};
        return sign(inside, key).value();
    }
    Json ok(const std::string& method, Json params) {
        const auto reply = node.answer(method, params);
        const auto* json = std::get_if<Json>(&reply);
        EXPECT_NE(json, nullptr) << method << ": " << std::get<ModelNode::Refused>(reply).message;
        return json == nullptr ? Json() : *json;
    }
    std::string refused(const std::string& method, Json params) {
        const auto reply = node.answer(method, params);
        const auto* why = std::get_if<ModelNode::Refused>(&reply);
        return why == nullptr ? "" : why->message;
    }
    Json send(const SignedTransaction& one) { return ok("eth_sendRawTransaction", {"0x" + to_hex(one.raw)}); }
    std::string refused(const SignedTransaction& one) {
        return refused("eth_sendRawTransaction", {"0x" + to_hex(one.raw)});
    }
    Bytes fund() { return encode_call<calls::Fund>({.memo = "x"}).value(); }
    U256 pool() { return chain.contract(here)->state().money.pool; }
};

TEST(ModelChain, TakesSignedTransactionsInTheOrderOfTheirNonces) {
    ChainRig rig;
    const auto second = rig.signed_call(1, rig.fund(), 20);
    const auto first = rig.signed_call(0, rig.fund(), 5);
    EXPECT_EQ(rig.send(second), Json(hash_text(second.hash)));
    rig.chain.mine();
    EXPECT_EQ(rig.pool(), U256()) << "a nonce is missing";
    rig.send(first);
    EXPECT_EQ(rig.ok("eth_getTransactionCount", {rig.key.address().lower_text(), "pending"}), Json("0x2"));
    rig.chain.mine();
    EXPECT_EQ(rig.pool(), U256(25));
    const Json receipt = rig.ok("eth_getTransactionReceipt", {hash_text(second.hash)});
    EXPECT_EQ(receipt["status"], "0x1");
    EXPECT_EQ(receipt["blockNumber"], quantity(rig.chain.head()));
    EXPECT_TRUE(read_receipt(receipt).ok());
}

TEST(ModelChain, RefusesWhatNodesRefuse) {
    ChainRig rig;
    const auto first = rig.signed_call(0, rig.fund(), 5);
    rig.send(first);
    EXPECT_EQ(rig.refused(first), "already known");
    EXPECT_EQ(rig.refused(rig.signed_call(0, rig.fund(), 6)), "replacement transaction underpriced");
    rig.send(rig.signed_call(0, rig.fund(), 7, 2'000));
    rig.chain.mine();
    EXPECT_EQ(rig.pool(), U256(7));
    EXPECT_EQ(rig.refused(first), "nonce too low");
    EXPECT_EQ(rig.refused(rig.signed_call(1, rig.fund(), U256::power_of_two(90))),
              "insufficient funds for gas * price + value");
    rig.chain.chain_id = 1;
    const auto other = rig.signed_call(1, rig.fund());
    rig.chain.chain_id = 2;
    EXPECT_EQ(rig.refused(other), "invalid chain id");
    EXPECT_NE(rig.refused("eth_sendRawTransaction", {"0x02c0"}), "");
}

TEST(ModelChain, AReorganisationTakesBackWhatItsBlocksDid) {
    for (const bool to_pool : {true, false}) {
        ChainRig rig;
        const auto one = rig.signed_call(0, rig.fund(), 5);
        rig.send(one);
        const U256 before = rig.chain.world().balances.at(rig.key.address());
        rig.chain.mine(3);
        const Json old_block = rig.ok("eth_getBlockByNumber", {quantity(rig.chain.head()), false});
        ASSERT_EQ(rig.pool(), U256(5));
        rig.chain.reorg(3, to_pool);
        EXPECT_EQ(rig.pool(), U256());
        EXPECT_EQ(rig.chain.world().balances.at(rig.key.address()), before);
        EXPECT_TRUE(rig.ok("eth_getTransactionReceipt", {hash_text(one.hash)}).is_null());
        EXPECT_EQ(rig.ok("eth_getTransactionByHash", {hash_text(one.hash)}).is_null(), !to_pool);
        rig.chain.mine(2);
        EXPECT_EQ(rig.pool(), U256(to_pool ? 5 : 0));
        EXPECT_NE(rig.ok("eth_getBlockByNumber", {old_block["number"], false})["hash"], old_block["hash"]);
    }
}

TEST(ModelChain, NullRoundsAreEpochsWithoutABlock) {
    ChainRig rig;
    rig.chain.mine();
    rig.chain.skip(2);
    rig.chain.mine();
    EXPECT_EQ(rig.ok("eth_blockNumber", Json::array()), Json(quantity(4)));
    EXPECT_EQ(rig.refused("eth_getBlockByNumber", {quantity(3), false}), "requested epoch was a null round (3)");
    EXPECT_TRUE(rig.ok("eth_getBlockByNumber", {quantity(9), false}).is_null());
    rig.chain.skip(1);
    EXPECT_EQ(rig.ok("eth_blockNumber", Json::array()), Json(quantity(4))) << "a null round is no head";
    EXPECT_EQ(rig.ok("eth_getBlockByNumber", {"latest", false})["number"], quantity(4));
}

TEST(ModelChain, CarriesOutMessagesOfActors) {
    ChainRig rig;
    rig.chain.send_as(provider,
                      {.to = here, .value = 1'000, .data = encode_call<calls::Register>({.miner = 1000}).value()});
    rig.chain.mine();
    ASSERT_TRUE(rig.chain.blocks().back().transactions.at(0).outcome.succeeded);
    EXPECT_EQ(rig.chain.contract(here)->state().clock.members, 1U);
    rig.chain.reorg(1, true);
    EXPECT_EQ(rig.chain.contract(here)->state().clock.members, 0U);
    rig.chain.mine();
    EXPECT_EQ(rig.chain.contract(here)->state().clock.members, 1U);
}

TEST(ModelChain, DeploysTheContractOutOfItsCreationCode) {
    ChainRig rig;
    if (contract::creation_code().empty()) GTEST_SKIP() << "the build has no creation code";
    Bytes data = to_bytes(contract::creation_code());
    const Bytes arguments = write_abi(contract::Constructor::inputs, constructor()).value();
    data.insert(data.end(), arguments.begin(), arguments.end());
    Transaction inside{.chain_id = rig.chain.chain_id, .fee_cap = 200, .gas_limit = 10'000'000, .call = {.data = data}};
    const auto one = sign(inside, rig.key).value();
    rig.send(one);
    rig.chain.mine();
    const Json receipt = rig.ok("eth_getTransactionReceipt", {hash_text(one.hash)});
    const EthAddress made = created_by(rig.key.address(), 0);
    EXPECT_EQ(receipt["contractAddress"], made.lower_text());
    EXPECT_NE(rig.ok("eth_getCode", {made.lower_text(), "latest"}), Json("0x"));
    EXPECT_EQ(rig.ok("eth_getCode", {person(77).lower_text(), "latest"}), Json("0x"));
}

TEST(ModelNode, AnswersCallsAsOfABlockAndWithWhatTheyRevertWith) {
    ChainRig rig;
    const Bytes totals = encode_call<calls::Totals>({}).value();
    rig.send(rig.signed_call(0, rig.fund(), 5));
    rig.chain.mine();
    const Json call = {{"to", here.lower_text()}, {"data", "0x" + to_hex(totals)}};
    const auto pool_at = [&](const std::string& tag) {
        return decode_output<calls::Totals>(read_data(rig.ok("eth_call", {call, tag})).value())->value.pool;
    };
    EXPECT_EQ(pool_at("latest"), U256(5));
    EXPECT_EQ(pool_at("0x0"), U256());
    const Bytes cancel = encode_call<calls::Cancel>({.slot = 1}).value();
    const Json refused_call = {
        {"from", rig.key.address().lower_text()}, {"to", here.lower_text()}, {"data", "0x" + to_hex(cancel)}};
    for (const std::string method : {"eth_call", "eth_estimateGas"}) {
        const auto reply = rig.node.answer(method, Json::array({refused_call}));
        ASSERT_TRUE(std::holds_alternative<ModelNode::Refused>(reply)) << method;
        const auto& why = std::get<ModelNode::Refused>(reply);
        EXPECT_EQ(read_revert(read_data(why.data).value()).name, "NotStaged") << method;
    }
}

TEST(ModelNode, FindsLogsByBlockAddressAndTopics) {
    ChainRig rig;
    rig.send(rig.signed_call(0, rig.fund(), 5));
    rig.chain.mine();
    rig.send(rig.signed_call(1, rig.fund(), 6));
    rig.chain.mine();
    const auto found = [&](Json filter) { return rig.ok("eth_getLogs", Json::array({std::move(filter)})); };
    const Json all = found({{"fromBlock", "0x0"}, {"toBlock", "latest"}, {"address", here.lower_text()}});
    ASSERT_EQ(all.size(), 2U);
    const auto log = read_eth_log(all[1]);
    ASSERT_TRUE(log.ok()) << log.error().text();
    EXPECT_EQ(decode_log<events::Funded>(log->topics, log->data)->amount, U256(6));
    EXPECT_EQ(found({{"fromBlock", "0x2"}, {"toBlock", "0x2"}}).size(), 1U);
    EXPECT_EQ(found({{"fromBlock", "0x0"}, {"address", person(77).lower_text()}}).size(), 0U);
    EXPECT_EQ(found({{"fromBlock", "0x0"}, {"topics", {hex_of(events::Funded::topic)}}}).size(), 2U);
    EXPECT_EQ(found({{"fromBlock", "0x0"}, {"topics", {hex_of(events::Closed::topic)}}}).size(), 0U);
    EXPECT_EQ(found({{"blockHash", hash_text(rig.chain.blocks()[1].hash)}}).size(), 1U);
}

TEST(ModelNode, RefusesWhatItCannotRead) {
    ChainRig rig;
    EXPECT_NE(rig.refused("eth_call", Json::array({{{"to", "nobody"}}})), "");
    EXPECT_NE(rig.refused("eth_getBalance", {"0x12"}), "");
    EXPECT_NE(rig.refused("eth_getLogs", {5}), "");
    EXPECT_NE(rig.refused("eth_makeMoney", Json::array()), "");
    EXPECT_NE(rig.refused("eth_getTransactionCount", {provider.lower_text(), "0x99"}), "");
}

}    // namespace
}    // namespace filfil::incentive::model
