// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/model/addresses.hpp"
#include "incentive/model/machine.hpp"

#include <limits>

// Which round is open, who is elected in it, and who would be paid for what: questions alone.

namespace filfil::incentive::model {
namespace {

constexpr std::uint64_t is_controlling_address = 348244887;

}    // namespace

I256 exit_code_of(const Outside::Answer& answer) {
    if (!answer.works) return {U256::power_of_two(255)};
    if (answer.exit_code >= 0) return {U256(static_cast<std::uint64_t>(answer.exit_code))};
    return {wrapping_subtract(U256(), U256(std::uint64_t{0} - static_cast<std::uint64_t>(answer.exit_code)))};
}

void Machine::step(Clock& clock) const {
    clock.start = clock.end();
    ++clock.number;
    clock.positions = clock.next;
    clock.compacted = false;
    shape(clock);
}

void Machine::shape(Clock& clock) const {
    if (clock.queued_from == 0 || clock.queued_from > clock.number) return;
    clock.queued_from = 0;
    ++clock.version;
    const contract::Params& now = params_of(clock.version);
    clock.slot_length = now.slot_length;
    clock.window_length = now.window_length;
    clock.lead = now.lead;
    clock.replicas = now.replicas;
}

Clock Machine::current() const {
    Clock clock = m_state.clock;
    while (clock.due(m_now)) step(clock);
    return clock;
}

Clock Machine::round_number(std::uint64_t number) const {
    Clock clock = current();
    if (number == clock.number) return clock;
    if (number == clock.number + 1) {
        if (!clock.goes_on()) return {};
        step(clock);
        return clock;
    }
    if (number != 0 && number == m_state.clock.number) return m_state.clock;
    const auto past = m_state.history.find(number);
    return past == m_state.history.end() ? Clock{} : past->second;
}

Clock Machine::clock_of(std::uint32_t slot) const {
    Clock clock = round_number(incentive::round_of(slot));
    if (clock.number == 0 || index_of(slot) >= clock.slots()) revert(errors::UnknownSlot{.slot = slot});
    return clock;
}

Provider Machine::provider_of(Miner miner) const {
    const auto found = m_state.providers.find(miner);
    return found == m_state.providers.end() ? Provider{} : found->second;
}

Provider Machine::registered(Miner miner) const {
    Provider out = provider_of(miner);
    if (!out.present()) revert(errors::NotRegistered{.miner = miner});
    return out;
}

std::optional<contract::Window> Machine::window_in(const Provider& provider, const Clock& clock) const {
    if (clock.number == 0 || !provider.elected(clock.number)) return std::nullopt;
    const std::uint64_t index = provider.place_in(clock.number) / clock.replicas;
    const Clock::Window window = clock.window(index);
    if (m_now >= window.close) return std::nullopt;
    return contract::Window{
        .slot = slot_of(static_cast<std::uint16_t>(clock.number), static_cast<std::uint16_t>(index)),
        .target = window.target,
        .open = window.open,
        .close = window.close};
}

Standing Machine::standing_of(const Provider& provider, const Clock& clock) const {
    const bool over = provider.standing == Standing::leaving && clock.number_at(m_now) > provider.last_round;
    return over ? Standing::left : provider.standing;
}

const contract::Params& Machine::params_of(std::uint64_t version) const {
    static const contract::Params none{};
    const auto found = m_state.params.find(version);
    return found == m_state.params.end() ? none : found->second;
}

U256 Machine::bond_of(const Clock& clock) const {
    const contract::Params& now = params_of(clock.version);
    if (now.bond_step == 0) return now.bond;
    const U256 more = divide(multiply(now.bond, clock.members).value(), now.bond_step)->quotient;
    const U256 bond = *add(now.bond, more);
    if (bond > Amount::most()) revert(errors::NoFunds{.has = Amount::most(), .needs = bond});
    return bond;
}

Machine::Checked Machine::check(Miner miner, const Root& root, std::uint64_t padded, const U256& until) const {
    const Provider provider = provider_of(miner);
    if (!provider.present()) return {Refusal::not_registered, {}};
    const auto known = m_state.roots.find(root);
    if (known == m_state.roots.end()) return {Refusal::unknown_piece, {}};
    const PieceKey key = known->second;
    const Slot& slot = m_state.slots.at(key.slot);
    const auto refused = [&](Refusal why) { return Checked{why, key}; };
    const std::uint64_t number = incentive::round_of(key.slot);
    if (!provider.elected(number) || provider.place_in(number) / slot.replicas != index_of(key.slot))
        return refused(Refusal::not_your_slot);
    if (m_now < slot.open) return refused(Refusal::window_not_open);
    if (m_now >= slot.close) return refused(Refusal::window_closed);
    const contract::Piece& piece = slot.staging(key.alternative).at(key.index);
    if (padded != std::uint64_t{1} << piece.log2_padded) return refused(Refusal::wrong_size);
    if (until < U256(m_now + params_of(slot.version).min_term)) return refused(Refusal::term_too_short);
    const auto holding = m_state.holdings.find({key, miner});
    if (holding != m_state.holdings.end() && holding->second.state != Held::none)
        return refused(Refusal::already_stored);
    const auto progress = m_state.progress.find({key.slot, miner});
    if (progress != m_state.progress.end() && !progress->second.held.empty() &&
        progress->second.alternative != key.alternative)
        return refused(Refusal::other_alternative);
    return {Refusal::none, key};
}

void Machine::only_controller(Miner miner) {
    const Bytes answer = query(miner, is_controlling_address, cbor_bytes(caller_address(m_message.from)));
    if (!CborReader(answer).boolean()) revert(errors::NotController{.miner = miner, .by = m_message.from});
}

Outside::Answer Machine::ask(std::uint64_t actor, std::uint64_t method, ByteView params) {
    Outside::Answer answer = m_outside.ask(actor, method, params);
    if (!answer.works) answer.data.clear();
    return answer;
}

Bytes Machine::query(std::uint64_t actor, std::uint64_t method, ByteView params) {
    Outside::Answer answer = ask(actor, method, params);
    if (!answer.works || answer.exit_code != 0)
        revert(errors::ActorCall{.actor = actor, .method = method, .exit_code = exit_code_of(answer)});
    return std::move(answer.data);
}

void Machine::pay(ByteView to, const U256& amount) {
    if (!m_outside.pay(to, amount)) revert(errors::PaymentFailed{});
    m_state.balance = subtract(m_state.balance, amount).value();
}

void Machine::send(const EthAddress& to, const U256& amount) {
    if (to.id()) return pay(id_address(*to.id()), amount);
    if (!m_outside.send(to, amount)) revert(errors::PaymentFailed{});
    m_state.balance = subtract(m_state.balance, amount).value();
}

void only_short(std::size_t size) {
    if (size > 128) revert(errors::TooLong{.size = size, .limit = 128});
}

}    // namespace filfil::incentive::model
