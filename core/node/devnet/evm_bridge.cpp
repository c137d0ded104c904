// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "node/devnet/evm_bridge.hpp"

#include "node/devnet/evm_hex.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace filfil::node {
namespace {

using rpc::Json;

constexpr std::int64_t most_snapshots = 32;

/// How anvil says that it has no such block, and how often it is asked.
constexpr std::string_view out_of_range = "BlockOutOfRange";
constexpr unsigned most_tries = 3;

/// How the nodes that there are mine a number of blocks at once; the last is asked once a block.
constexpr std::array mining_methods = {"anvil_mine", "hardhat_mine", "evm_mine"};
constexpr std::size_t one_by_one = mining_methods.size() - 1;

Outcome outcome_of(const DevnetOptions& options, rpc::Answer answer) {
    if (answer.result) return std::move(*answer.result);
    if (answer.error) return WireError{answer.error->code, answer.error->message, answer.error->data};
    return refused(answer.failure ? *answer.failure : Error(ErrorCode::internal, "no answer came"), options.flavour);
}

}    // namespace

EvmBridge::EvmBridge(World& world, const DevnetOptions& options, Epoch head, std::function<bool()> forgets)
    : m_world(world), m_options(options), m_forgets(std::move(forgets)), m_head(head) {
    rpc::ClientConfig config;
    config.url = *options.evm;
    m_client = rpc::make_client(world, std::move(config));
    m_taken_back = std::make_unique<EvmTakenBack>(*m_client);
    m_busy = true;
    m_client->open(
        [this](Result<void> opened) {
            if (!opened.ok()) return give_up(opened.error().message);
            start();
        },
        [this](Error why) { give_up(why.message); });
}

void EvmBridge::give_up(const std::string& why) {
    if (!m_broken)
        m_world.log.write(LogLevel::warning, "node",
                          "the devnet's EVM node is out of step: " + why +
                              "; calls are still passed on to it, and its block number is no longer the epoch");
    m_broken = true;
    m_busy = false;
    is_back();
}

void EvmBridge::ask(std::string method, Json params, Step then) {
    const std::string name = method;
    m_client->call(std::move(method), std::move(params), [this, name, then = std::move(then)](rpc::Answer answer) {
        auto result = std::move(answer).to_result(name);
        if (!result.ok()) return give_up(name + ": " + result.error().message);
        then(std::move(*result));
    });
}

void EvmBridge::start() {
    // A node that cannot switch its mining off has none, or will be told below to be ahead.
    m_client->call("evm_setAutomine", Json::array({false}), [this](rpc::Answer) {
        ask("eth_blockNumber", Json::array(), [this](Json number) {
            const auto read = read_hex_number(number);
            if (!read) return give_up("eth_blockNumber answered no number");
            m_number = *read;
            if (m_number > m_head.value)
                m_world.log.write(LogLevel::warning, "node",
                                  "the devnet's EVM node is at block " + std::to_string(m_number) +
                                      ", above the head's epoch " + std::to_string(m_head.value) +
                                      ": start a fresh one for their numbers to agree from now on");
            go_on();
        });
    });
}

void EvmBridge::follow(Epoch common, Epoch head) {
    m_head = head;
    if (m_number < 0 || common.value < m_number || m_busy)
        m_back_to = std::min(common.value, m_back_to.value_or(common.value));
    if (!m_busy && !m_broken) go_on();
}

/// The next thing to do, until the block number is the epoch.
void EvmBridge::go_on() {
    m_busy = true;
    if (m_back_to && *m_back_to < m_number) return go_back();
    m_back_to.reset();
    // Of every block that a fork may begin at, so that the state goes back as far as the chain does and no further.
    const bool may_part_here = m_number <= m_head.value && m_number + most_snapshots > m_head.value;
    if (may_part_here && (m_snapshots.empty() || m_snapshots.back().number < m_number)) return take_snapshot();
    if (m_number < m_head.value) return mine(0);
    m_busy = false;
}

void EvmBridge::go_back() {
    const std::int64_t target = *m_back_to;
    m_back_to.reset();
    while (!m_snapshots.empty() && m_snapshots.back().number > target) {
        // The oldest that there is has to do where none is old enough: the number is lower at least.
        if (m_snapshots.size() == 1) break;
        m_snapshots.pop_back();
    }
    if (m_snapshots.empty() || m_snapshots.back().number > target) return go_on();
    Snapshot snapshot = std::move(m_snapshots.back());
    m_snapshots.pop_back();
    m_reverting = true;
    if (m_forgets()) return revert(snapshot);
    // A transaction that comes to its pool behind the gathering would be dropped.
    when_quiet([this, snapshot = std::move(snapshot)] {
        m_taken_back->gather(snapshot.number + 1, m_number, [this, snapshot] { revert(snapshot); });
    });
}

/// Once no call is on its way; new ones wait meanwhile.
void EvmBridge::when_quiet(std::function<void()> then) {
    if (m_passed_on == 0) return then();
    m_when_quiet = std::move(then);
}

void EvmBridge::revert(const Snapshot& to) {
    ask("evm_revert", Json::array({to.id}), [this, number = to.number](const Json& done) {
        if (done != Json(true)) return give_up("evm_revert did not go back to block " + std::to_string(number));
        m_number = number;
        m_taken_back->give_back([this] {
            is_back();
            // A snapshot serves once.
            take_snapshot();
        });
    });
}

void EvmBridge::mine(std::size_t way) {
    const std::int64_t blocks =
        way == one_by_one ? 1 : std::max<std::int64_t>(1, m_head.value - most_snapshots - m_number);
    Json params = Json::array();
    if (way != one_by_one) params.push_back(hex_number(static_cast<std::uint64_t>(blocks)));
    m_client->call(mining_methods[way], std::move(params), [this, way, blocks](rpc::Answer answer) {
        const bool unknown = answer.error && answer.error->code == method_not_found;
        if (unknown && way != one_by_one) return mine(way + 1);
        auto result = std::move(answer).to_result(mining_methods[way]);
        if (!result.ok()) return give_up(result.error().message);
        m_number += blocks;
        if (m_number < m_head.value && way == one_by_one && !m_back_to) return mine(way);
        go_on();
    });
}

void EvmBridge::take_snapshot() {
    ask("evm_snapshot", Json::array(), [this](Json id) {
        m_snapshots.push_back({m_number, std::move(id)});
        if (std::ssize(m_snapshots) > most_snapshots) m_snapshots.pop_front();
        go_on();
    });
}

void EvmBridge::call(std::string method, Json params, Reply reply) {
    pass_on(method, params.is_null() ? Json::array() : std::move(params), reply, most_tries);
}

void EvmBridge::pass_on(const std::string& method, const Json& params, const Reply& reply, unsigned tries) {
    if (m_reverting) {
        m_waiting.emplace_back([this, method, params, reply, tries] { pass_on(method, params, reply, tries); });
        return;
    }
    ++m_passed_on;
    m_client->call(method, params, [this, method, params, reply, tries](rpc::Answer answer) {
        --m_passed_on;
        const bool lost = answer.error && answer.error->message.find(out_of_range) != std::string::npos;
        if (lost && tries > 1)
            pass_on(method, params, reply, tries - 1);
        else
            reply(outcome_of(m_options, std::move(answer)));
        if (m_passed_on == 0 && m_when_quiet) std::exchange(m_when_quiet, nullptr)();
    });
}

void EvmBridge::is_back() {
    m_reverting = false;
    for (const auto& waiting : std::exchange(m_waiting, {})) waiting();
}

}    // namespace filfil::node
