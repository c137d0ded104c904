// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "paying_chain.hpp"

#include "snapshot/recipe.hpp"

#include <algorithm>

namespace filfil::sim {
PayingChain::PayingChain(VirtualClock& clock, MemoryNetwork& network, Files& files, LogSink& log, std::uint64_t seed,
                         std::function<void(const std::string&)> trace)
    : ContractChain(clock, network, files, log, seed, std::move(trace)), m_node(m_chain), m_worst(seed ^ 0x51ab) {}

PayingChain::~PayingChain() { m_listener.reset(); }

Result<void> PayingChain::begin(std::uint64_t epoch, service::Config& config, const Put& put) {
    m_confirmations = pick(2, 4);
    m_deep = one_in(6);
    make_operator();

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

    FILFIL_CHECK(serve(m_node, config, put));
    config.incentive.miners = {"t01000", "t01001"};
    config.incentive.policy = service::SlotPolicy::automatic;
    config.incentive.gas_alarm = "0 FIL";
    if (one_in(2)) config.incentive.claim_at = "0.0001 FIL";
    return {};
}

void PayingChain::follow(std::uint64_t epoch) {
    m_epoch = std::max(m_epoch, epoch);
    while (m_chain.head() < m_epoch) m_chain.mine();
    for (const std::uint64_t miner : {first_own, second_own})
        for (const contract::Window& window : look<calls::Schedule>({.miner = miner, .count = 2}).value)
            m_windows[{miner, window.slot}] = window;
    look_back();
}

/// What is there now, in this epoch.
void PayingChain::look_back() {
    const incentive::model::State& now = state();
    for (const auto& [key, window] : m_windows) {
        const auto slot = now.slots.find(window.slot);
        const bool is_staged = slot != now.slots.end();
        Was& was = m_staged[window.slot][m_epoch];
        (is_staged ? was.so : was.otherwise) = true;
        if (!is_staged) continue;
        for (std::size_t piece = 0; piece < slot->second.pieces.size(); ++piece)
            m_stored.try_emplace(
                {incentive::model::PieceKey::of(window.slot, static_cast<std::uint8_t>(piece)), key.first});
    }
    for (auto& [place, days] : m_stored) {
        const auto held = now.holdings.find(place);
        const auto what = held == now.holdings.end() ? incentive::Held::none : held->second.state;
        Was& was = days[m_epoch];
        (what == incentive::Held::active || what == incentive::Held::done ? was.so : was.otherwise) = true;
        Was& was_published = m_published[place][m_epoch];
        (what == incentive::Held::published ? was_published.so : was_published.otherwise) = true;
    }
}

PayingChain::Days PayingChain::staged(std::uint32_t slot) const {
    const auto found = m_staged.find(slot);
    return found == m_staged.end() ? Days() : found->second;
}

PayingChain::Days PayingChain::stored(const Place& place) const {
    const auto found = m_stored.find(place);
    return found == m_stored.end() ? Days() : found->second;
}

PayingChain::Days PayingChain::published(const Place& place) const {
    const auto found = m_published.find(place);
    return found == m_published.end() ? Days() : found->second;
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
            if (depth > m_confirmations) m_last_deep_reorg = m_last_reorg;
            // What was certain and left the chain must come back: nothing waits for it any more.
            if (!m_deep && one_in(4)) m_chain.lose_pool();
            look_back();
            // What left the chain stays away for a while: long enough for the daemon to see that.
            if (m_worst.below(3) == 0) {
                m_trace("and its blocks are full");
                m_chain.takes_in = false;
                m_room_at = now + 4 + m_worst.below(4);
            }
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

/// Whether a piece of an own provider came in there, with time left in its window.
bool PayingChain::activates(const incentive::model::ModelChain::Block& block) const {
    constexpr std::uint64_t time_to_come_back = 14;
    for (const auto& done : block.transactions)
        for (const auto& [from, log] : done.logs) {
            const auto event = contract::decode_event(log.topics, log.data);
            if (!event.ok()) continue;
            const auto* const one = std::get_if<contract::events::PieceActivated>(&*event);
            if (one == nullptr) continue;
            const auto window = m_windows.find({one->miner, one->slot});
            if (window != m_windows.end() && m_epoch + time_to_come_back < window->second.close) return true;
        }
    return false;
}

bool PayingChain::take_back() {
    const auto& blocks = m_chain.blocks();
    for (std::uint64_t depth = 1; depth < m_confirmations && depth < blocks.size(); ++depth) {
        if (!activates(blocks[blocks.size() - depth])) continue;
        m_trace("the contract's chain loses " + std::to_string(depth) + " blocks with a piece, and is full");
        m_chain.reorg(depth, true);
        m_reorged += depth;
        m_last_reorg = static_cast<std::int64_t>(m_epoch);
        look_back();
        m_chain.takes_in = false;
        m_room_at = m_epoch + 8 + m_worst.below(3);
        follow(m_epoch);
        return true;
    }
    return false;
}

void PayingChain::calm() { ContractChain::calm(m_node.eth); }

}    // namespace filfil::sim
