// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/model/machine.hpp"

// Who runs the contract, and the pool.

namespace filfil::incentive::model {
namespace {

constexpr std::uint64_t most_epochs = std::uint64_t{1} << 24;    ///< of a slot or a lead
constexpr std::uint64_t successor_rounds = 2;

}    // namespace

void only_sane(const contract::Params& params) {
    const auto need = [](bool good, std::uint8_t field) {
        if (!good) revert(errors::BadParams{.field = field});
    };
    need(params.slot_length >= 1 && params.slot_length <= most_epochs, 0);
    need(params.window_length >= 1 && params.window_length <= params.slot_length, 1);
    need(params.lead >= 1 && params.lead <= most_epochs, 2);
    need(params.replicas >= 1 && params.replicas <= 16, 3);
    need(params.max_providers >= 1 && params.max_providers <= 1024, 4);
    need(params.max_misses >= 1, 5);
    need(params.min_term >= 1, 7);
    need(params.upfront <= shares, 8);
    need(params.slash <= shares, 9);
    need(params.bounty <= shares, 10);
}

void Machine::construct(State& state, const contract::Constructor& how, std::vector<Log>& logs) {
    only_sane(how.first);
    state.owner = how.owner_;
    state.operator_ = how.operator_;
    state.guardian = how.guardian_;
    state.params[1] = how.first;
    state.clock.version = 1;
    state.clock.slot_length = how.first.slot_length;
    state.clock.window_length = how.first.window_length;
    state.clock.lead = how.first.lead;
    state.clock.replicas = how.first.replicas;
    logs.push_back(log_of(events::OwnerSet{.next = how.owner_}));
    logs.push_back(log_of(events::OperatorSet{.next = how.operator_}));
    logs.push_back(log_of(events::GuardianSet{.next = how.guardian_}));
}

void Machine::only_owner() const {
    if (m_message.from != m_state.owner) revert(errors::NotOwner{});
}

calls::QueueParams::Output Machine::queue_params(const calls::QueueParams::Input& in) {
    advance_first();
    only_owner();
    only_sane(in.next);
    Clock& clock = m_state.clock;
    const bool idle = clock.idle(m_now);
    // The slots of the next round are fixed already. So a change that was queued for it stays.
    if (!idle && clock.queued_from == clock.number + 1) revert(errors::TooEarly{.epoch = clock.end()});
    clock.queued_from = clock.number_at(m_now) + (idle ? 1 : 2);
    m_state.params[clock.version + 1] = in.next;
    emit(events::ParamsQueued{.version = static_cast<std::uint16_t>(clock.version + 1),
                              .from_round = static_cast<std::uint16_t>(clock.queued_from),
                              .next = in.next});
    return {};
}

calls::SetOperator::Output Machine::set_operator(const calls::SetOperator::Input& in) {
    advance_first();
    only_owner();
    m_state.operator_ = in.next;
    emit(events::OperatorSet{.next = in.next});
    return {};
}

calls::SetGuardian::Output Machine::set_guardian(const calls::SetGuardian::Input& in) {
    advance_first();
    only_owner();
    m_state.guardian = in.next;
    emit(events::GuardianSet{.next = in.next});
    return {};
}

calls::SetPaused::Output Machine::set_paused(const calls::SetPaused::Input& in) {
    advance_first();
    if (m_message.from != m_state.owner) {
        if (m_message.from != m_state.guardian) revert(errors::NotGuardian{});
        if (!in.on) revert(errors::NotOwner{});
    }
    m_state.paused = in.on;
    emit(events::PausedSet{.on = in.on, .by = m_message.from});
    return {};
}

calls::OfferOwnership::Output Machine::offer_ownership(const calls::OfferOwnership::Input& in) {
    advance_first();
    only_owner();
    m_state.pending_owner = in.next;
    emit(events::OwnershipOffered{.next = in.next});
    return {};
}

calls::AcceptOwnership::Output Machine::accept_ownership(const calls::AcceptOwnership::Input&) {
    advance_first();
    if (m_message.from != m_state.pending_owner) revert(errors::NotOffered{});
    m_state.pending_owner = {};
    m_state.owner = m_message.from;
    emit(events::OwnerSet{.next = m_message.from});
    return {};
}

calls::SetSuccessor::Output Machine::set_successor(const calls::SetSuccessor::Input& in) {
    advance_first();
    only_owner();
    m_state.successor = in.next;
    m_state.successor_round = m_state.clock.number_at(m_now);
    emit(events::SuccessorSet{.next = in.next});
    return {};
}

calls::MoveToSuccessor::Output Machine::move_to_successor(const calls::MoveToSuccessor::Input& in) {
    advance_first();
    only_owner();
    const Clock& clock = m_state.clock;
    if (m_state.successor.zero() || in.amount.zero()) revert(errors::NothingToDo{});
    // Before the first round nobody was promised anything.
    if (clock.number != 0 && clock.number_at(m_now) < m_state.successor_round + successor_rounds)
        revert(errors::TooEarly{.epoch = clock.end()});
    if (in.amount > U256(m_state.money.pool)) revert(errors::NoFunds{.has = m_state.money.pool, .needs = in.amount});
    m_state.money.pool -= in.amount;
    emit(events::MovedToSuccessor{.to = m_state.successor, .amount = in.amount});
    send(m_state.successor, in.amount);
    return {};
}

void Machine::receive() { take_in(""); }

calls::Fund::Output Machine::fund(const calls::Fund::Input& in) {
    advance_first();
    only_short(in.memo.size());
    take_in(in.memo);
    return {};
}

/// All that is there and that no counter knows: actors can send money without a call, which nobody tells the contract.
void Machine::take_in(const std::string& memo) {
    Money& money = m_state.money;
    U256 known;
    for (const Amount* counter : {&money.pool, &money.locked, &money.owed, &money.credit, &money.bonds})
        known = *add(known, *counter);
    const auto more = subtract(m_state.balance, known);
    if (!more) panic(Panic::arithmetic);
    if (*more > Amount::most()) revert(errors::NoFunds{.has = Amount::most(), .needs = *more});
    money.pool += *more;
    emit(events::Funded{.by = m_message.from, .amount = *more, .memo = memo});
}

calls::WithdrawOwn::Output Machine::withdraw_own(const calls::WithdrawOwn::Input&) {
    advance_first();
    const auto found = m_state.credit.find(m_message.from);
    if (found == m_state.credit.end() || found->second.zero()) revert(errors::NothingToDo{});
    const Amount amount = found->second;
    m_state.credit.erase(found);
    m_state.money.credit -= amount;
    emit(events::WithdrawnOwn{.to = m_message.from, .amount = amount});
    send(m_message.from, amount);
    return {};
}

}    // namespace filfil::incentive::model
