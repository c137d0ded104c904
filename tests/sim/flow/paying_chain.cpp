// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "paying_chain.hpp"

#include "incentive/key_file.hpp"
#include "snapshot/recipe.hpp"

#include <algorithm>

namespace filfil::sim {
namespace {

using incentive::EthAddress;

constexpr std::string_view password = "a-password";

EthAddress person(std::uint8_t number) {
    std::array<std::byte, EthAddress::size> bytes{};
    bytes[0] = std::byte{0xa0};
    bytes[19] = std::byte{number};
    return EthAddress(bytes);
}

incentive::U256 fil(std::uint64_t amount) { return incentive::multiply(amount, 1'000'000'000'000'000'000U).value(); }

}    // namespace

PayingChain::PayingChain(VirtualClock& clock, MemoryNetwork& network, Files& files, LogSink& log, std::uint64_t seed,
                         std::function<void(const std::string&)> trace)
    : at(person(99)),
      m_random(seed),
      m_trace(std::move(trace)),
      m_machine(clock, network, files, log, seed + 1, "evm"),
      m_node(m_chain) {}

PayingChain::~PayingChain() { m_listener.reset(); }

Result<void> PayingChain::begin(std::uint64_t epoch, service::Config& config,
                                const std::function<void(std::string, Bytes)>& put) {
    m_confirmations = pick(2, 4);
    m_deep = one_in(6);
    const incentive::SecretKey key = incentive::SecretKey::generate(m_random);
    m_operator = key.address();
    m_chain.give(m_operator, fil(1000));

    const auto recipe = snapshot::hash_of(service::default_recipe(config));
    const auto length = static_cast<std::uint32_t>(pick(26, 34));
    contract::Constructor how{.owner_ = person(1),
                              .operator_ = m_operator,
                              .guardian_ = person(2),
                              .first = {.slot_length = length,
                                        .window_length = length,
                                        .lead = static_cast<std::uint32_t>(pick(22, 28)),
                                        .replicas = static_cast<std::uint8_t>(one_in(5) ? 1 : pick(2, 3)),
                                        .max_providers = 8,
                                        .max_misses = 100,
                                        .dispute_at = 0,
                                        .min_term = 1'000,
                                        .upfront = 3'000,
                                        .reward_cap = fil(5)}};
    std::ranges::copy(std::as_bytes(std::span(recipe)), how.first.recipe.begin());
    if (!m_chain.deploy(at, how).succeeded) return Error(ErrorCode::internal, "no contract");
    m_chain.send_as(person(5), {.to = at, .value = fil(100)});
    follow(epoch);
    std::uint8_t owner = 10;
    for (const std::uint64_t miner : {first_own, second_own, stranger}) {
        m_chain.neighbours.add_miner(miner, person(owner), 10);
        m_chain.send_as(person(owner),
                        {.to = at, .data = incentive::encode_call<calls::Register>({.miner = miner}).value()});
        ++owner;
    }
    m_chain.mine();
    m_first = m_chain.head() + 1;

    FILFIL_TRY(const std::string text, incentive::encode_key_file(key, password, m_random, {.n = 2, .r = 1, .p = 1}));
    put("/keys/operator.json", to_bytes(bytes_of(text)));
    put("/keys/password", to_bytes(bytes_of(password)));
    config.chain.eth_url = "http://evm:8545/";
    config.incentive.contract = at.text();
    config.incentive.miners = {"t01000", "t01001"};
    config.incentive.policy = service::SlotPolicy::automatic;
    config.incentive.key_file = "/keys/operator.json";
    config.incentive.password_file = "/keys/password";
    config.incentive.confirmations = m_confirmations;
    config.incentive.gas_alarm = "0 FIL";
    if (one_in(2)) config.incentive.claim_at = "0.0001 FIL";

    FILFIL_TRY(m_listener, m_machine.transport.listen({.at = {"evm", 8545}}, m_node));
    return {};
}

void PayingChain::follow(std::uint64_t epoch) {
    m_epoch = std::max(m_epoch, epoch);
    while (m_chain.head() < m_epoch) m_chain.mine();
    for (const std::uint64_t miner : {first_own, second_own})
        for (const contract::Window& window : look<calls::Schedule>({.miner = miner, .count = 2}).value)
            m_windows[{miner, window.slot}] = window;
}

void PayingChain::act() {
    const std::uint64_t now = m_epoch;
    if (m_node.eth.dead && now >= m_back_at) m_node.eth.dead = false;
    if (!m_chain.takes_in && now >= m_room_at) m_chain.takes_in = true;
    if (!m_node.eth.has_index && now >= m_index_at) m_node.eth.has_index = true;
    switch (m_random.below(40)) {
        case 0:
        case 1: {
            const std::uint64_t depth = m_deep ? pick(1, m_confirmations + 4) : pick(1, m_confirmations - 1);
            if (m_chain.head() < depth + m_first) break;
            m_trace("the contract's chain loses " + std::to_string(depth) + " blocks");
            m_chain.reorg(depth, true);
            m_reorged += depth;
            m_last_reorg = static_cast<std::int64_t>(now);
            // What was certain and left the chain must come back: nothing waits for it any more.
            if (!m_deep && one_in(4)) m_chain.lose_pool();
            // What it had may be in its blocks again at once, or only in the next.
            if (one_in(2)) m_chain.skip(now - std::min(now, m_chain.head()));
            follow(now);
            break;
        }
        case 2:
            if (m_deep) break;
            m_trace("the EVM node forgets its pool");
            m_chain.lose_pool();
            break;
        case 3:
            m_trace("the EVM node is down");
            m_node.eth.dead = true;
            m_back_at = now + pick(1, 4);
            break;
        case 4:
            m_trace("the EVM's blocks are full");
            m_chain.takes_in = false;
            m_room_at = now + pick(1, 4);
            break;
        case 5: m_chain.base_fee = pick(10, 100'000'000); break;
        case 6:
            m_node.eth.has_index = false;
            m_index_at = now + pick(1, 4);
            break;
        default: break;
    }
}

void PayingChain::calm() {
    m_node.eth.dead = false;
    m_node.eth.has_index = true;
    m_chain.takes_in = true;
    m_chain.base_fee = 100;
}

bool PayingChain::settled() const {
    const auto waiting = m_chain.pool().find(m_operator);
    if (waiting == m_chain.pool().end()) return true;
    const std::uint64_t next = m_chain.nonce(m_operator, false);
    return std::ranges::none_of(waiting->second, [&](const auto& one) { return one.first >= next; });
}

}    // namespace filfil::sim
