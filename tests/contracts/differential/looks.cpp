// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/keccak.hpp"
#include "sequencer.hpp"

// What is looked at after a call: some views each time, all that there are in the end.

namespace filfil::incentive::differential {

namespace calls = contract::calls;

template <class Call>
void Sequencer::look(Step& step, const typename Call::Input& input) {
    Look out{.what = std::string(Call::name), .input = encode_call<Call>(input).value()};
    const model::Outcome outcome = m_contract.look({.epoch = m_now, .input = out.input}, m_neighbours);
    out.succeeds = outcome.succeeded;
    out.output = keccak_256(outcome.output);
    step.looks.push_back(std::move(out));
}

void Sequencer::look_around(Step& step) {
    look<calls::Totals>(step, {});
    const Miner miner = any_of(m_miners);
    switch (m_random.below(4)) {
        case 0: look<calls::Provider>(step, {.miner = miner}); break;
        case 1: look<calls::Round>(step, {}); break;
        case 2: look<calls::Roster>(step, {.from = 0, .count = 100}); break;
        default: look<calls::Schedule>(step, {.miner = miner, .count = pick(0, 5)}); break;
    }
    switch (m_random.below(8)) {
        case 0: look<calls::Windows>(step, {.miner = miner}); break;
        case 1: look<calls::SlotInfo>(step, {.slot = staged_slot()}); break;
        case 2: look<calls::Holders>(step, {.slot = staged_slot(), .from = pick(0, 1), .count = pick(0, 9)}); break;
        case 3: look<calls::SlotWindow>(step, {.slot = any_slot()}); break;
        case 4: look<calls::BondNow>(step, {}); break;
        case 5:
            if (const auto held = any_holding())
                look<calls::Holder>(step, {.slot = held->slot, .index = held->piece, .miner = held->miner});
            if (const auto held = any_holding())
                look<calls::Due>(step, {.slot = held->slot, .index = held->piece, .miner = held->miner});
            break;
        case 6: look<calls::Credit>(step, {.who = anybody()}); break;
        default: look<calls::RoundOf>(step, {.number = static_cast<std::uint16_t>(pick(0, clock().number + 2))}); break;
    }
}

void Sequencer::look_at_all(Step& step) {
    const model::State& state = m_contract.state();
    for (const Miner miner : m_miners) {
        look<calls::Provider>(step, {.miner = miner});
        look<calls::Windows>(step, {.miner = miner});
        look<calls::Schedule>(step, {.miner = miner, .count = 70});
    }
    for (const auto& [slot, staged] : state.slots) {
        look<calls::SlotInfo>(step, {.slot = slot});
        look<calls::Holders>(step, {.slot = slot, .from = 0, .count = U256::max()});
        look<calls::Piece>(step, {.slot = slot, .index = static_cast<std::uint8_t>(one_in(2) ? 0x80 : 0)});
        look<calls::DealOf>(step, {.root = staged.pieces.front().root});
        look<calls::GetDealState>(step, {.deal_id = U256(deal_of(slot, 0))});
    }
    for (const EthAddress& who : m_people) look<calls::Credit>(step, {.who = who});
    for (std::uint64_t number = 0; number <= clock().number + 2 && number < 40; ++number)
        look<calls::RoundOf>(step, {.number = static_cast<std::uint16_t>(number)});
    look<calls::Roster>(step, {.from = 1, .count = U256::max()});
    look<calls::Latest>(step, {.count = 100});
    look<calls::Params>(step, {});
    look<calls::QueuedParams>(step, {});
    look<calls::ActiveProviders>(step, {});
    look<calls::BondNow>(step, {});
    look<calls::Owner>(step, {});
    look<calls::PendingOwner>(step, {});
    look<calls::Operator>(step, {});
    look<calls::Guardian>(step, {});
    look<calls::Paused>(step, {});
    look<calls::Successor>(step, {});
    look<calls::Version>(step, {});
}

void Sequencer::call(std::string_view what, const EthAddress& from, const U256& value, Bytes input) {
    Step step{.what = std::string(what),
              .epoch = m_now,
              .gift = std::exchange(m_gift, U256()),
              .from = from,
              .value = value,
              .input = std::move(input)};
    const model::Outcome outcome =
        m_contract.call({.from = from, .value = value, .epoch = m_now, .input = step.input}, m_outside);
    step.answers = m_outside.take();
    step.succeeds = outcome.succeeded;
    step.output = outcome.output;
    for (const model::Log& log : outcome.logs) {
        for (const AbiEntry& event : contract::all_events())
            if (event.id == log.topics.front()) step.events.emplace_back(event.name);
        Bytes whole;
        for (const Word& topic : log.topics) whole.insert(whole.end(), topic.begin(), topic.end());
        whole.insert(whole.end(), log.data.begin(), log.data.end());
        step.logs.push_back(keccak_256(whole));
    }
    step.balance = m_contract.state().balance;
    look_around(step);
    m_out.steps.push_back(std::move(step));
}

Sequencer::Sequencer(std::uint64_t seed) : m_seed(seed), m_random(seed), m_outside(m_neighbours, m_random) {
    make_world();
}

Sequence Sequencer::make() {
    m_outside.spoil(one_in(2) ? 0 : 40);
    if (!one_in(6)) call<calls::Fund>(anybody(), *multiply(pick(1, 500), 1'000'000'000'000'000'000U), {.memo = "seed"});
    for (std::uint64_t n = pick(0, 4); n > 0; --n) join();
    const std::uint64_t calls = pick(20, 60);
    while (m_out.steps.size() < calls) act();
    look_at_all(m_out.steps.back());
    return std::move(m_out);
}

}    // namespace filfil::incentive::differential
