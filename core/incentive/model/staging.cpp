// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/model/machine.hpp"

#include <limits>

// What the operator says of the snapshots, and what providers say of it.

namespace filfil::incentive::model {
namespace {

constexpr std::size_t most_pieces = 64;
constexpr std::uint64_t most_back = 64;    ///< epochs from a slot's target back to the tipset that was taken
constexpr unsigned least_log2 = 7;         ///< the smallest piece has 128 bytes
constexpr unsigned most_log2 = 36;         ///< the largest sector has 64 GiB

bool sound(const contract::Piece& piece) {
    return piece.log2_padded >= least_log2 && piece.log2_padded <= most_log2 && piece.raw_size != 0 &&
           piece.raw_size <= capacity(piece.log2_padded) && piece.root != Root{};
}

}    // namespace

calls::Stage::Output Machine::stage(const calls::Stage::Input& in) {
    advance_first();
    const contract::StageArgs& args = in.args;
    if (m_message.from != m_state.operator_) revert(errors::NotOperator{});
    if (m_state.paused) revert(errors::IsPaused{});
    const Clock clock = clock_of(args.slot);
    const Clock::Window window = clock.window(index_of(args.slot));
    if (m_now < window.target) revert(errors::TargetNotReached{.slot = args.slot, .target = window.target});
    if (m_now >= window.close || window.close > std::numeric_limits<std::uint32_t>::max())
        revert(errors::SlotClosed{.slot = args.slot});
    if (args.epoch > window.target || window.target - args.epoch > most_back)
        revert(errors::WrongEpoch{.epoch = args.epoch, .target = window.target});
    const contract::Params& now = params_of(clock.version);
    if (args.recipe != now.recipe) revert(errors::WrongRecipe{.given = args.recipe, .wanted = now.recipe});
    only_short(args.payload.size());
    if (m_message.value > Amount::most()) revert(errors::NoFunds{.has = Amount::most(), .needs = m_message.value});
    m_state.money.pool += m_message.value;
    if (args.pieces.empty() || args.pieces.size() > most_pieces) revert(errors::BadPieces{.index = 0});

    const auto there = m_state.slots.find(args.slot);
    const bool alternative = there != m_state.slots.end();
    if (!alternative) {
        if (args.reward > now.reward_cap) revert(errors::RewardTooLarge{.given = args.reward, .cap = now.reward_cap});
        const U256 needed = *multiply(args.reward, clock.replicas);
        if (needed > U256(m_state.money.pool)) revert(errors::NoFunds{.has = m_state.money.pool, .needs = needed});
        m_state.money.pool -= needed;
        m_state.money.locked += needed;
        Slot& slot = m_state.slots[args.slot];
        slot.epoch = args.epoch;
        slot.open = window.open;
        slot.close = window.close;
        slot.staged_at = m_now;
        slot.replicas = clock.replicas;
        slot.version = clock.version;
        slot.place = m_state.staged.size();
        slot.reward = args.reward;
        slot.locked = needed;
        slot.tipset = args.tipset;
        m_state.staged.push_back(args.slot);
    } else {
        const Slot& slot = there->second;
        if (!slot.alternatives.empty()) revert(errors::AlreadyStaged{.slot = args.slot});
        if (m_state.holders.contains(args.slot)) revert(errors::AlreadyClaimed{.slot = args.slot});
        if (args.reward != U256(slot.reward)) revert(errors::RewardTooLarge{.given = args.reward, .cap = slot.reward});
    }
    for (std::size_t i = 0; i < args.pieces.size(); ++i) {
        const contract::Piece& piece = args.pieces[i];
        const auto index = static_cast<std::uint8_t>(i);
        if (!sound(piece)) revert(errors::BadPieces{.index = index});
        if (m_state.roots.contains(piece.root)) revert(errors::RootStaged{.root = piece.root});
        m_state.roots[piece.root] = {args.slot, alternative, index};
    }
    Slot& slot = m_state.slots.at(args.slot);
    (alternative ? slot.alternatives : slot.pieces) = args.pieces;
    emit(events::SnapshotStaged{.slot = args.slot,
                                .alternative = static_cast<std::uint8_t>(alternative ? 1 : 0),
                                .epoch = args.epoch,
                                .tipset = args.tipset,
                                .recipe = args.recipe,
                                .reward = args.reward,
                                .payload = args.payload,
                                .pieces = args.pieces});
    return {};
}

Slot& Machine::staged(std::uint32_t slot) {
    const auto found = m_state.slots.find(slot);
    if (found == m_state.slots.end()) revert(errors::NotStaged{.slot = slot});
    return found->second;
}

/// What is still locked for a slot returns to the pool.
Amount Machine::unlock(Slot& slot) {
    const Amount amount = slot.locked;
    slot.locked = {};
    m_state.money.locked -= amount;
    m_state.money.pool += amount;
    return amount;
}

calls::Cancel::Output Machine::cancel(const calls::Cancel::Input& in) {
    advance_first();
    if (m_message.from != m_state.operator_) revert(errors::NotOperator{});
    Slot& slot = staged(in.slot);
    if (m_state.holders.contains(in.slot)) revert(errors::AlreadyClaimed{.slot = in.slot});
    unlock(slot);
    for (const auto* staging : {&slot.pieces, &slot.alternatives})
        for (const contract::Piece& piece : *staging) m_state.roots.erase(piece.root);
    m_state.staged.at(slot.place) = 0;
    m_state.slots.erase(in.slot);
    emit(events::StagingCancelled{.slot = in.slot});
    return {};
}

calls::Reclaim::Output Machine::reclaim(const calls::Reclaim::Input& in) {
    advance_first();
    Slot& slot = staged(in.slot);
    if (m_now < slot.close) revert(errors::TooEarly{.epoch = slot.close});
    const Amount amount = unlock(slot);
    if (amount.zero()) revert(errors::NothingToDo{});
    emit(events::Reclaimed{.slot = in.slot, .amount = amount});
    return {};
}

calls::Attest::Output Machine::attest(const calls::Attest::Input& in) {
    advance_first();
    (void)registered(in.miner);
    only_controller(in.miner);
    Slot& slot = staged(in.slot);
    Progress& progress = m_state.progress[{in.slot, in.miner}];
    // What was cancelled and staged anew can be attested to anew.
    if (progress.attested == slot.place) revert(errors::AlreadyAttested{.slot = in.slot, .miner = in.miner});
    progress.attested = slot.place;
    const auto is_first_of = [&](const std::vector<contract::Piece>& staging) {
        return !staging.empty() && staging.front().root == in.root;
    };
    const bool same = is_first_of(slot.pieces) || is_first_of(slot.alternatives);
    emit(events::Attested{.slot = in.slot, .miner = in.miner, .root = in.root, .same = same});
    if (same) return {};
    ++slot.against;
    const std::uint64_t enough = params_of(slot.version).dispute_at;
    if (enough != 0 && slot.against >= enough && !slot.disputed) {
        slot.disputed = true;
        emit(events::Disputed{.slot = in.slot, .against = static_cast<std::uint32_t>(slot.against)});
    }
    return {};
}

calls::SetEndpoint::Output Machine::set_endpoint(const calls::SetEndpoint::Input& in) {
    advance_first();
    (void)registered(in.miner);
    only_controller(in.miner);
    only_short(in.url.size());
    emit(events::EndpointSet{.miner = in.miner, .url = in.url});
    return {};
}

}    // namespace filfil::incentive::model
