// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "paid_chain.hpp"

#include "incentive/contract_client.hpp"
#include "snapshot/recipe.hpp"

#include <algorithm>

namespace filfil::sim {
namespace {

namespace contract = incentive::contract;
namespace calls = incentive::contract::calls;
using incentive::EthAddress;
using rpc::Json;
using std::chrono::seconds;

constexpr std::uint64_t slot_length = 20'000;
constexpr std::uint32_t the_slot = 1U << 16;

bool stages(const EthAddress& contract, const incentive::Call& call) {
    constexpr auto selector = calls::Stage::selector;
    return call.to == contract && call.data.size() > selector.size() &&
           std::ranges::equal(ByteView(call.data).first(selector.size()), selector);
}

}    // namespace

PaidChain::PaidChain(VirtualClock& clock, MemoryNetwork& network, Files& files, LogSink& log, std::uint64_t seed,
                     std::function<void(const std::string&)> trace)
    : ContractChain(clock, network, files, log, seed, std::move(trace)), m_node(m_chain) {}

PaidChain::~PaidChain() { m_listener.reset(); }

Result<void> PaidChain::begin(Epoch target, service::Config& config, const Put& put) {
    m_target = target;
    m_period = seconds(pick(2, 8));
    m_confirmations = pick(1, 5);
    m_deep = one_in(4);
    make_operator();

    const std::uint64_t start = 1 + slot_length;    // of a round that opens with a registration at epoch 1
    const auto recipe = snapshot::hash_of(service::default_recipe(config));
    contract::Constructor how{
        .owner_ = person(1),
        .operator_ = m_operator,
        .guardian_ = person(2),
        .first = {.slot_length = slot_length,
                  .window_length = slot_length,
                  .lead = static_cast<std::uint32_t>(start - static_cast<std::uint64_t>(target.value)),
                  .replicas = 1,
                  .max_providers = 8,
                  .max_misses = 3,
                  .dispute_at = 0,
                  .min_term = 1'000,
                  .upfront = 3'000,
                  .reward_cap = fil(5)}};
    std::ranges::copy(std::as_bytes(std::span(recipe)), how.first.recipe.begin());
    if (!m_chain.deploy(at, how).succeeded) return Error(ErrorCode::internal, "no contract");
    m_chain.neighbours.add_miner(1000, person(3), 1);
    m_chain.send_as(person(3), {.to = at, .data = incentive::encode_call<calls::Register>({.miner = 1000}).value()});
    m_chain.send_as(person(4), {.to = at, .value = fil(100)});
    m_chain.mine(static_cast<std::uint64_t>(target.value) + 10);

    FILFIL_CHECK(serve(m_node, config, put));
    config.incentive.miners = {"f01000"};
    config.incentive.policy = one_in(4) ? service::SlotPolicy::ask : service::SlotPolicy::automatic;
    mine_on();
    return {};
}

void PaidChain::mine_on() {
    m_machine.loop.post_after(m_period, [this] {
        const Clock::Duration now = m_machine.world.clock.steady();
        if (m_node.dead && now >= m_back_at) m_node.dead = false;
        if (!m_chain.takes_in && now >= m_room_at) m_chain.takes_in = true;
        if (one_in(10))
            m_chain.skip(1);
        else
            m_chain.mine();
        mine_on();
    });
}

Json PaidChain::wanted() const { return {{"epoch", m_target.value}, {"reward", "1 FIL"}}; }

void PaidChain::act(const std::function<void(const std::string&, Json)>& call) {
    if (one_in(3))
        for (std::uint64_t times = one_in(3) ? 2 : 1; times > 0; --times) call("FilFil.Incentivize", wanted());
    const Clock::Duration now = m_machine.world.clock.steady();
    switch (m_random.below(16)) {
        case 0:
        case 1: {
            const std::uint64_t depth = m_deep ? pick(1, m_confirmations + 6) : pick(0, m_confirmations - 1);
            if (depth == 0 || m_chain.head() - depth < static_cast<std::uint64_t>(m_target.value) + 5) break;
            // What was certain and left the chain must come back: nothing waits for it any more that would send it
            // again.
            const bool to_pool = m_deep || one_in(2);
            m_trace("the EVM chain loses " + std::to_string(depth) + " blocks" +
                    (to_pool ? "" : " and what was in them"));
            m_chain.reorg(depth, to_pool);
            m_reorged += depth;
            break;
        }
        case 2:
            if (m_deep) break;
            m_trace("the EVM node forgets its pool");
            m_chain.lose_pool();
            break;
        case 3:
            m_trace("the EVM node is down");
            m_node.dead = true;
            m_back_at = now + seconds(pick(1, 60));
            break;
        case 4:
            m_trace("the EVM's blocks are full");
            m_chain.takes_in = false;
            m_room_at = now + seconds(pick(1, 120));
            break;
        case 5: m_chain.base_fee = pick(10, 100'000'000); break;
        case 6: m_node.has_index = !m_node.has_index; break;
        default: break;
    }
}

void PaidChain::calm() { ContractChain::calm(m_node); }

bool PaidChain::settled() const { return m_chain.contract(at)->state().slots.contains(the_slot) && nothing_waits(); }

std::vector<std::string> PaidChain::findings() const {
    std::vector<std::string> out;
    std::uint64_t took_effect = 0;
    std::uint64_t sent = 0;
    for (const auto& block : m_chain.blocks())
        for (const auto& done : block.transactions) {
            if (done.transaction.from != m_operator || !stages(at, done.transaction.call)) continue;
            ++sent;
            if (done.outcome.succeeded) ++took_effect;
        }
    if (took_effect > 1) out.push_back("the slot was staged " + std::to_string(took_effect) + " times");
    // A reorganisation behind what counts as certain makes a new effect of it.
    if (sent > 1 && !m_deep) out.push_back(std::to_string(sent) + " transactions that stage the slot are in the chain");
    const auto& slots = m_chain.contract(at)->state().slots;
    const auto staged = slots.find(the_slot);
    if (staged == slots.end())
        out.emplace_back("the slot is not staged");
    else if (!staged->second.alternatives.empty())
        out.emplace_back("an alternative is staged, and nobody asked for one");
    return out;
}

}    // namespace filfil::sim
