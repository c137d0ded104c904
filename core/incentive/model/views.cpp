// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/model/machine.hpp"

#include <algorithm>

// What can be looked up.

namespace filfil::incentive::model {
namespace {

constexpr std::uint64_t most_windows = 64;
constexpr std::uint64_t most_holders = 256;
constexpr std::uint64_t most_latest = 64;
constexpr std::uint64_t most_scanned = 256;    ///< entries that latest() looks at: some are cancelled

std::uint64_t at_most(const U256& value, std::uint64_t most) {
    return std::min(value.as_uint64().value_or(most), most);
}

contract::Round round_of_clock(const Clock& clock) {
    return {.number = static_cast<std::uint16_t>(clock.number),
            .start = clock.start,
            .positions = static_cast<std::uint16_t>(clock.positions),
            .slot_length = static_cast<std::uint32_t>(clock.slot_length),
            .window_length = static_cast<std::uint32_t>(clock.window_length),
            .lead = static_cast<std::uint32_t>(clock.lead),
            .replicas = static_cast<std::uint8_t>(clock.replicas),
            .version = static_cast<std::uint16_t>(clock.version)};
}

}    // namespace

calls::Windows::Output Machine::windows(const calls::Windows::Input& in) {
    const Provider provider = provider_of(in.miner);
    Clock clock = current();
    calls::Windows::Output out;
    out.misses = static_cast<std::uint8_t>(provider.misses);
    out.standing = static_cast<std::uint8_t>(standing_of(provider, clock));
    auto window = window_in(provider, clock);
    if (!window && clock.goes_on()) {
        step(clock);
        window = window_in(provider, clock);
    }
    if (!window) return out;
    out.start = window->open;
    out.end = window->close;
    out.slot = window->slot;
    return out;
}

calls::Schedule::Output Machine::schedule(const calls::Schedule::Input& in) {
    const Provider provider = provider_of(in.miner);
    Clock clock = current();
    const std::uint64_t count = at_most(in.count, most_windows);
    calls::Schedule::Output out;
    // Two turns more: the window of the open round may be over, and the provider may start in the next one.
    for (std::uint64_t turn = 0; turn < count + 2 && out.value.size() < count; ++turn) {
        if (const auto window = window_in(provider, clock)) out.value.push_back(*window);
        if (!clock.goes_on()) break;
        step(clock);
    }
    return out;
}

calls::Round::Output Machine::round(const calls::Round::Input&) { return {.value = round_of_clock(current())}; }

calls::RoundOf::Output Machine::round_of(const calls::RoundOf::Input& in) {
    return {.value = round_of_clock(round_number(in.number))};
}

calls::Params::Output Machine::params(const calls::Params::Input&) { return {.value = params_of(current().version)}; }

calls::QueuedParams::Output Machine::queued_params(const calls::QueuedParams::Input&) {
    const Clock clock = current();
    if (clock.queued_from == 0) return {};
    return {.queued = params_of(clock.version + 1), .from_round = static_cast<std::uint16_t>(clock.queued_from)};
}

calls::SlotWindow::Output Machine::slot_window(const calls::SlotWindow::Input& in) {
    const Clock::Window window = clock_of(in.slot).window(index_of(in.slot));
    return {.target = window.target, .open = window.open, .closing = window.close};
}

calls::SlotInfo::Output Machine::slot_info(const calls::SlotInfo::Input& in) {
    const auto found = m_state.slots.find(in.slot);
    if (found == m_state.slots.end()) return {};
    const Slot& slot = found->second;
    return {.epoch = slot.epoch,
            .open = slot.open,
            .closing = slot.close,
            .pieces = static_cast<std::uint8_t>(slot.pieces.size()),
            .alternatives = static_cast<std::uint8_t>(slot.alternatives.size()),
            .reward = slot.reward,
            .tipset = slot.tipset,
            .staged_at = slot.staged_at,
            .disputed = slot.disputed};
}

calls::Piece::Output Machine::piece(const calls::Piece::Input& in) {
    const PieceKey key = PieceKey::of(in.slot, in.index);
    const auto slot = m_state.slots.find(in.slot);
    if (slot == m_state.slots.end() || key.index >= slot->second.staging(key.alternative).size()) return {};
    const contract::Piece& piece = slot->second.staging(key.alternative)[key.index];
    return {.root = piece.root, .raw_size = piece.raw_size, .log2_padded = piece.log2_padded};
}

calls::DealOf::Output Machine::deal_of(const calls::DealOf::Input& in) {
    const auto found = m_state.roots.find(in.root);
    if (found == m_state.roots.end()) return {};
    return {.deal = incentive::deal_of(found->second.slot, found->second.piece()), .known = true};
}

calls::Holder::Output Machine::holder(const calls::Holder::Input& in) {
    const auto found = m_state.holdings.find({PieceKey::of(in.slot, in.index), in.miner});
    const Holding holding = found == m_state.holdings.end() ? Holding{} : found->second;
    return {.value = {.miner = in.miner,
                      .piece = in.index,
                      .state = static_cast<std::uint8_t>(holding.state),
                      .sector = holding.sector,
                      .until = holding.until,
                      .paid = holding.paid,
                      .share = holding.share}};
}

calls::Holders::Output Machine::holders(const calls::Holders::Input& in) {
    const auto found = m_state.holders.find(in.slot);
    if (found == m_state.holders.end()) return {};
    const std::uint64_t all = found->second.size();
    const std::uint64_t from = at_most(in.from, all);
    const std::uint64_t count = at_most(in.count, std::min(all - from, most_holders));
    calls::Holders::Output out;
    for (std::uint64_t i = from; i < from + count; ++i) {
        const State::HolderKey& key = found->second[i];
        out.value.push_back(holder({.slot = in.slot, .index = key.piece, .miner = key.miner}).value);
    }
    return out;
}

calls::Latest::Output Machine::latest(const calls::Latest::Input& in) {
    const std::uint64_t count = at_most(in.count, most_latest);
    calls::Latest::Output out;
    std::uint64_t scanned = 0;
    for (auto slot = m_state.staged.rbegin();
         slot != m_state.staged.rend() && scanned < most_scanned && out.slots.size() < count; ++slot, ++scanned)
        if (*slot != 0) out.slots.push_back(*slot);
    return out;
}

calls::Roster::Output Machine::roster(const calls::Roster::Input& in) {
    const std::uint64_t all = current().next;
    const std::uint64_t from = at_most(in.from, all);
    const std::uint64_t count = at_most(in.count, all - from);
    calls::Roster::Output out;
    for (std::uint64_t place = from; place < from + count; ++place) {
        const auto miner = m_state.roster.find(place);
        out.miners.push_back(miner == m_state.roster.end() ? 0 : miner->second);
    }
    return out;
}

calls::Provider::Output Machine::provider(const calls::Provider::Input& in) {
    const Provider provider = provider_of(in.miner);
    const Clock clock = current();
    const auto earned = m_state.earned.find(in.miner);
    return {.standing = static_cast<std::uint8_t>(standing_of(provider, clock)),
            .position = static_cast<std::uint32_t>(provider.place_in(std::max(clock.number, provider.first_round))),
            .first_round = static_cast<std::uint16_t>(provider.first_round),
            .last_round = static_cast<std::uint16_t>(provider.last_round),
            .misses = static_cast<std::uint8_t>(provider.misses),
            .bond = provider.bond,
            .earned = earned == m_state.earned.end() ? Amount() : earned->second};
}

calls::ActiveProviders::Output Machine::active_providers(const calls::ActiveProviders::Input&) {
    return {.value = m_state.clock.members};
}

calls::BondNow::Output Machine::bond_now(const calls::BondNow::Input&) { return {.value = bond_of(current())}; }

calls::Credit::Output Machine::credit(const calls::Credit::Input& in) {
    const auto found = m_state.credit.find(in.who);
    return {.value = found == m_state.credit.end() ? Amount() : found->second};
}

calls::Totals::Output Machine::totals(const calls::Totals::Input&) {
    const Money& money = m_state.money;
    return {.value = {.pool = money.pool,
                      .locked = money.locked,
                      .owed = money.owed,
                      .credit = money.credit,
                      .bonds = money.bonds}};
}

calls::Owner::Output Machine::owner(const calls::Owner::Input&) { return {.value = m_state.owner}; }

calls::PendingOwner::Output Machine::pending_owner(const calls::PendingOwner::Input&) {
    return {.value = m_state.pending_owner};
}

calls::Operator::Output Machine::operator_(const calls::Operator::Input&) { return {.value = m_state.operator_}; }

calls::Guardian::Output Machine::guardian(const calls::Guardian::Input&) { return {.value = m_state.guardian}; }

calls::Paused::Output Machine::paused(const calls::Paused::Input&) { return {.value = m_state.paused}; }

calls::Successor::Output Machine::successor(const calls::Successor::Input&) { return {.value = m_state.successor}; }

calls::Version::Output Machine::version(const calls::Version::Input&) { return {.value = interface_version}; }

}    // namespace filfil::incentive::model
