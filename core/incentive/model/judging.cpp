// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/model/machine.hpp"

#include <algorithm>

// Who did not store what it was elected for, and what that costs.

namespace filfil::incentive::model {
namespace {

/// So many rounds back; older misses are forgiven.
constexpr std::uint64_t most_judged = 32;

}    // namespace

/// Whether the miner has all pieces of one staging. A deal of the built-in market counts until its start.
bool Machine::complete(Miner miner, std::uint32_t slot) const {
    const Slot& staged = m_state.slots.at(slot);
    const auto found = m_state.progress.find({slot, miner});
    const Progress progress = found == m_state.progress.end() ? Progress{} : found->second;
    const std::size_t count = staged.staging(progress.alternative).size();
    if (progress.active.size() == count) return true;
    if (progress.held.size() != count) return false;
    return std::ranges::all_of(progress.held, [&](std::uint8_t index) {
        if (progress.active.contains(index)) return true;
        const Holding& holding = m_state.holdings.at({PieceKey{slot, progress.alternative, index}, miner});
        return holding.state == Held::published && m_now <= holding.start;
    });
}

void Machine::judge(Miner miner) {
    const Provider before = provider_of(miner);
    if (!before.present()) return;
    const std::uint64_t last =
        before.last_round == 0 ? m_state.clock.number : std::min(before.last_round, m_state.clock.number);
    std::uint64_t number = before.judged;
    if (number + most_judged <= last) number = last + 1 - most_judged;
    std::uint64_t misses = before.misses;
    std::optional<std::uint64_t> removed_by;    // version of the parameters
    for (; number <= last && !removed_by; ++number) {
        const auto past = m_state.history.find(number);
        const Clock round = number == m_state.clock.number  ? m_state.clock
                            : past != m_state.history.end() ? past->second
                                                            : Clock{};
        if (round.replicas == 0) panic(Panic::division);
        const std::uint64_t index = before.place_in(number) / round.replicas;
        if (m_now < round.window(index).close) break;
        const std::uint32_t slot = slot_of(static_cast<std::uint16_t>(number), static_cast<std::uint16_t>(index));
        const auto staged = m_state.slots.find(slot);
        if (staged == m_state.slots.end() || staged->second.staged_at > staged->second.open) continue;
        if (complete(miner, slot)) {
            misses = 0;
            continue;
        }
        ++misses;
        emit(events::Missed{.miner = miner, .slot = slot, .misses = static_cast<std::uint8_t>(misses)});
        if (misses >= params_of(round.version).max_misses) removed_by = round.version;
    }
    if (number == before.judged && misses == before.misses) return;
    m_state.providers.at(miner).judged = number;
    m_state.providers.at(miner).misses = misses;
    if (!removed_by) return;
    slash(miner, params_of(*removed_by).slash);
    remove(miner, 1);
}

/// One strike more, for a sector that was lost.
void Machine::strike(Miner miner, std::uint64_t most) {
    const auto found = m_state.providers.find(miner);
    if (found == m_state.providers.end() || !found->second.present()) return;
    if (++found->second.misses >= most) remove(miner, 2);
}

/// Takes a share of what is left of the bond. It goes to the pool.
Amount Machine::slash(Miner miner, std::uint64_t share) {
    const auto found = m_state.providers.find(miner);
    if (found == m_state.providers.end()) return {};
    const Amount amount = found->second.bond.part(share, shares);
    if (amount.zero()) return {};
    found->second.bond -= amount;
    m_state.money.bonds -= amount;
    m_state.money.pool += amount;
    emit(events::Slashed{.miner = miner, .amount = amount});
    return amount;
}

void Machine::remove(Miner miner, std::uint8_t reason) {
    Provider& provider = m_state.providers.at(miner);
    if (provider.standing == Standing::active) {
        vacate(miner);
        provider.last_round = m_state.clock.number;
    }
    provider.standing = Standing::removed;
    emit(events::Removed{.miner = miner, .reason = reason});
}

}    // namespace filfil::incentive::model
