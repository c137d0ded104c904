// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/model/machine.hpp"

// Rounds open, and providers come, go and move. The roster is that of the next round: who has which place in the round
// that is open, or in one before, each provider knows itself.

namespace filfil::incentive::model {
namespace {

constexpr std::uint64_t power_actor = 4;
constexpr std::uint64_t miner_power = 36284446;
constexpr std::uint64_t get_owner = 3275365574;

constexpr unsigned most_openings = 64;    ///< of rounds, a call
constexpr unsigned most_moves = 8;        ///< into holes, a round
constexpr unsigned most_turns = 16;       ///< looks at a hole, a round
constexpr std::uint64_t most_places = 2048;
constexpr std::uint64_t bond_rounds = 2;    ///< after the last one, before the bond can be taken

std::uint16_t narrow(std::uint64_t value) { return static_cast<std::uint16_t>(value); }

events::RoundOpened opened(const Clock& clock) {
    return {.round = narrow(clock.number),
            .start = clock.start,
            .positions = static_cast<std::uint32_t>(clock.positions),
            .version = narrow(clock.version)};
}

events::ParamsApplied applied(const Clock& clock) {
    return {.version = narrow(clock.version), .round = narrow(clock.number)};
}

}    // namespace

Clock Machine::open_rounds() {
    Clock& clock = m_state.clock;
    for (unsigned opened_now = 0; opened_now < most_openings && clock.due(m_now); ++opened_now) {
        m_state.history[clock.number] = clock;
        const std::uint64_t before = clock.version;
        step(clock);
        if (clock.version != before) emit(applied(clock));
        emit(opened(clock));
    }
    return clock;
}

Clock Machine::advance_first() {
    const Clock clock = open_rounds();
    if (clock.due(m_now)) revert(errors::AdvanceFirst{});
    // In the second half of a round it would be too late to change who has which window in the next one.
    if (!clock.compacted && clock.goes_on() && m_now < clock.start + (clock.length() + 1) / 2) compact();
    return m_state.clock;
}

calls::Advance::Output Machine::advance(const calls::Advance::Input&) {
    if (!open_rounds().due(m_now)) advance_first();
    return {};
}

/// The last ones of the roster move into holes, from the next round on.
void Machine::compact() {
    m_state.clock.compacted = true;
    const std::uint64_t from = m_state.clock.number + 1;
    unsigned moved = 0;
    for (unsigned turn = 0; turn < most_turns && moved < most_moves && !m_state.holes.empty(); ++turn) {
        const std::uint64_t hole = m_state.holes.back();
        const std::uint64_t next = m_state.clock.next;
        if (hole >= next || m_state.roster.contains(hole)) {
            m_state.holes.pop_back();
            continue;
        }
        const std::uint64_t last = next - 1;
        const Miner miner = m_state.roster.at(last);
        if (const auto& move = m_state.providers.at(miner).move; move && move->from_round != from) {
            // The place before its last move is forgotten now: it has to be judged by it until then.
            judge(miner);
            if (m_state.providers.at(miner).standing != Standing::active) continue;
            m_state.providers.at(miner).place = move->place;
        }
        m_state.holes.pop_back();
        m_state.providers.at(miner).move = Provider::Move{.from_round = from, .place = hole};
        m_state.roster.erase(last);
        m_state.roster[hole] = miner;
        trim(last);
        ++moved;
        emit(events::Moving{.miner = miner,
                            .from = static_cast<std::uint32_t>(last),
                            .to = static_cast<std::uint32_t>(hole),
                            .from_round = narrow(from)});
    }
}

/// The roster ends behind its last member.
void Machine::trim(std::uint64_t next) {
    while (next != 0 && !m_state.roster.contains(next - 1)) --next;
    m_state.clock.next = next;
}

/// Its place in the next round becomes a hole.
void Machine::vacate(Miner miner) {
    const std::uint64_t place = m_state.providers.at(miner).place_in(m_state.clock.number + 1);
    const auto there = m_state.roster.find(place);
    if (there == m_state.roster.end() || there->second != miner) panic(Panic::assertion);
    m_state.roster.erase(there);
    m_state.holes.push_back(place);
    --m_state.clock.members;
    trim(m_state.clock.next);
}

/// f04 has a claim of power for miners alone: this is what makes a number a miner's.
void Machine::only_miner(Miner miner, const U256& needs) {
    const Outside::Answer answer = ask(power_actor, miner_power, cbor_number(miner));
    if (!answer.works || answer.exit_code != 0 || miner == 0) revert(errors::NotAMiner{.miner = miner});
    CborReader reader(answer.data);
    reader.tuple(2);
    const auto power = reader.big_int();
    const U256 has = power.negative ? U256() : power.magnitude;
    if (has < needs) revert(errors::TooLittlePower{.has = has, .needs = needs});
}

calls::Register::Output Machine::register_(const calls::Register::Input& in) {
    Clock clock = advance_first();
    if (provider_of(in.miner).standing != Standing::none) revert(errors::AlreadyRegistered{.miner = in.miner});
    const contract::Params now = params_of(clock.version);
    only_miner(in.miner, now.min_power);
    only_controller(in.miner);
    if (clock.members >= now.max_providers) revert(errors::Full{.max_providers = now.max_providers});
    const U256 bond = bond_of(clock);
    if (m_message.value < bond) revert(errors::BondTooSmall{.given = m_message.value, .needs = bond});

    const bool opens = clock.idle(m_now);
    const std::uint64_t version = clock.version;
    if (opens) {
        std::uint64_t number = 1;
        if (clock.number != 0) {
            m_state.history[clock.number] = clock;
            number = clock.number_at(m_now) + 1;
            if (number > last_round) revert(errors::Full{.max_providers = last_round});
        }
        clock.number = number;
        shape(clock);
        clock.start = m_now + clock.slot_length;
        clock.positions = 0;
        clock.compacted = true;
    }
    const bool in_open_round = m_now < clock.start;
    const std::uint64_t place = in_open_round ? clock.positions++ : clock.next;
    const std::uint64_t first = in_open_round ? clock.number : clock.number + 1;
    if (place >= most_places) revert(errors::Full{.max_providers = most_places});
    if (first > last_round) revert(errors::Full{.max_providers = last_round});
    clock.next = place + 1;
    ++clock.members;
    m_state.clock = clock;
    if (opens && clock.version != version) emit(applied(clock));
    if (opens) emit(opened(clock));

    m_state.roster[place] = in.miner;
    Provider& provider = m_state.providers[in.miner] = {};
    provider.place = place;
    provider.first_round = provider.judged = first;
    provider.standing = Standing::active;
    provider.bond = bond;
    m_state.money.bonds += bond;
    const Amount excess = *subtract(m_message.value, bond);
    if (!excess.zero()) {
        m_state.credit[m_message.from] += excess;
        m_state.money.credit += excess;
    }
    emit(events::Registered{.miner = in.miner,
                            .by = m_message.from,
                            .position = static_cast<std::uint32_t>(place),
                            .first_round = narrow(first),
                            .bond = bond});
    return {};
}

calls::Exit::Output Machine::exit(const calls::Exit::Input& in) {
    advance_first();
    judge(in.miner);
    const Provider before = registered(in.miner);
    only_controller(in.miner);
    if (before.standing == Standing::leaving) revert(errors::NothingToDo{});
    vacate(in.miner);
    Provider& provider = m_state.providers.at(in.miner);
    provider.standing = Standing::leaving;
    provider.last_round = m_state.clock.number;
    emit(events::ExitQueued{.miner = in.miner, .last_round = narrow(provider.last_round)});
    return {};
}

calls::Poke::Output Machine::poke(const calls::Poke::Input& in) {
    advance_first();
    judge(in.miner);
    return {};
}

calls::Withdraw::Output Machine::withdraw(const calls::Withdraw::Input& in) {
    const Clock clock = advance_first();
    judge(in.miner);
    const Provider provider = provider_of(in.miner);
    const Amount earned = m_state.earned[in.miner];
    Amount bond;
    const bool gone = provider.standing == Standing::leaving || provider.standing == Standing::removed;
    const bool over = gone && clock.number_at(m_now) >= provider.last_round + bond_rounds;
    if (over) {
        bond = provider.bond;
        m_state.providers.erase(in.miner);
        m_state.money.bonds -= bond;
    }
    if (!over && earned.zero()) revert(errors::NothingToDo{});
    m_state.earned.erase(in.miner);
    m_state.money.credit -= earned;

    const Bytes answer = query(in.miner, get_owner, {});
    CborReader reader(answer);
    reader.tuple(2);
    const Bytes to = to_bytes(reader.bytes());
    const Amount all = earned + bond;
    if (!all.zero()) pay(to, all);
    emit(events::Withdrawn{.miner = in.miner, .to = to, .amount = earned, .bond = bond});
    return {};
}

}    // namespace filfil::incentive::model
