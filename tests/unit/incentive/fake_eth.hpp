// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "incentive/contract_abi.hpp"
#include "incentive/eth_error.hpp"
#include "incentive/keccak.hpp"
#include "incentive/log_json.hpp"
#include "outside.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace filfil::incentive {

inline rpc::Answer result(rpc::Json value) {
    rpc::Answer out;
    out.result = std::move(value);
    return out;
}
inline rpc::Answer refusal(std::int64_t code, std::string message, std::optional<rpc::Json> data = {}) {
    rpc::Answer out;
    out.error = rpc::RemoteError{code, std::move(message), std::move(data)};
    return out;
}

/// A node whose answers are said by the test, each after a turn of the loop.
class FakeEth {
public:
    using Respond = std::function<rpc::Answer(const std::string& method, const rpc::Json& params)>;

    explicit FakeEth(Outside& outside) : m_outside(outside) {}

    Ask ask() {
        return [this](std::string method, rpc::Json params, rpc::Client::AnswerHandler handler) {
            asked.push_back(method + " " + rpc::write_json(params));
            m_outside.loop.post([this, method = std::move(method), params = std::move(params),
                                 handler = std::move(handler)] { handler(respond(method, params)); });
        };
    }

    Respond respond;
    std::vector<std::string> asked;

private:
    Outside& m_outside;
};

/// A chain of blocks with logs of a contract, that can be reorganised. Numbers without a block are null rounds.
class FakeChain {
public:
    struct Block {
        BlockRef ref;
        std::vector<EthLog> logs;
    };

    static inline const EthAddress contract = EthAddress::of_id(1234);

    /// Puts a block on top, `skip` null rounds above the last, with so many events.
    void mine(std::size_t events = 0, std::uint64_t skip = 0) {
        Block block;
        block.ref.number = blocks.empty() ? 0 : blocks.back().ref.number + 1 + skip;
        if (!blocks.empty()) block.ref.parent = blocks.back().ref.hash;
        block.ref.hash = keccak_256(bytes_of("block " + std::to_string(m_made++)));
        for (std::size_t i = 0; i < events; ++i) {
            EthLog log;
            log.address = contract;
            log.topics = {contract::events::Slashed::topic, U256(1000 + i).bytes()};
            log.data = to_bytes(U256(++m_events).bytes());
            log.block = block.ref.number;
            log.block_hash = block.ref.hash;
            log.transaction = keccak_256(bytes_of("transaction " + std::to_string(m_events)));
            log.index = 2 * i + 1;
            block.logs.push_back(log);
        }
        blocks.push_back(std::move(block));
    }

    /// Takes so many blocks off.
    void drop(std::size_t count) { blocks.resize(blocks.size() - std::min(count, blocks.size() - 1)); }

    [[nodiscard]] std::vector<EthLog> logs() const {
        std::vector<EthLog> out;
        for (const Block& block : blocks) out.insert(out.end(), block.logs.begin(), block.logs.end());
        return out;
    }

    static rpc::Json json_of(const EthLog& log) {
        rpc::Json topics = rpc::Json::array();
        for (const Word& topic : log.topics) topics.push_back(hex_of(topic));
        return {{"address", log.address.text()},
                {"topics", topics},
                {"data", "0x" + to_hex(log.data)},
                {"blockNumber", hex_of(log.block)},
                {"blockHash", hex_of(log.block_hash)},
                {"transactionHash", hex_of(log.transaction)},
                {"transactionIndex", "0x0"},
                {"logIndex", hex_of(log.index)},
                {"removed", log.removed}};
    }

    rpc::Answer answer(const std::string& method, const rpc::Json& params) {
        if (before_answer) before_answer(method);
        if (method == "eth_getBlockByNumber") return block(params[0].get<std::string>());
        if (method == "eth_getLogs") return range(params[0]);
        return refusal(-32601, "method not found");
    }

    std::vector<Block> blocks;
    std::function<void(const std::string&)> before_answer;
    std::function<void(rpc::Json&)> change_logs;
    std::uint64_t longest_range = 1'000'000;
    std::size_t most_logs = 1'000'000;

private:
    static rpc::Json json_of(const BlockRef& ref) {
        return {{"number", hex_of(ref.number)}, {"hash", hex_of(ref.hash)}, {"parentHash", hex_of(ref.parent)}};
    }

    rpc::Answer block(const std::string& tag) {
        if (tag == "latest") return result(json_of(blocks.back().ref));
        const std::uint64_t number = *read_hex_quantity(rpc::Json(tag));
        for (const Block& one : blocks)
            if (one.ref.number == number) return result(json_of(one.ref));
        if (number < blocks.back().ref.number) return refusal(12, "requested epoch was a null round (" + tag + ")");
        return result(nullptr);
    }

    rpc::Answer range(const rpc::Json& filter) {
        const std::uint64_t from = *read_hex_quantity(filter["fromBlock"]);
        const std::uint64_t to = *read_hex_quantity(filter["toBlock"]);
        EXPECT_EQ(filter["address"].get<std::string>(), contract.lower_text());
        EXPECT_LE(from, to);
        if (to - from + 1 > longest_range) return refusal(1, "invalid epoch range: range is too large (maximum: 5)");
        rpc::Json out = rpc::Json::array();
        for (const Block& one : blocks)
            if (one.ref.number >= from && one.ref.number <= to)
                for (const EthLog& log : one.logs) out.push_back(json_of(log));
        if (out.size() > most_logs) return refusal(-32005, "query returned more than 10 results");
        if (change_logs) change_logs(out);
        return result(std::move(out));
    }

    std::uint64_t m_made = 0;
    std::uint64_t m_events = 0;
};

}    // namespace filfil::incentive
