// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "market/preflight.hpp"
#include "service/incentive/desk.hpp"
#include "service/market/slot_facts.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace filfil::service {

/// What the contract and the journal say of a provider and of its window. What could not be read is its Error.
struct WindowFacts {
    std::uint64_t miner = 0;
    std::optional<std::uint64_t> epoch{};    ///< whose snapshot the window has to want, where somebody named one
    Result<calls::Windows::Output> standing = not_read();
    Result<std::vector<contract::Window>> schedule = not_read();
    std::optional<contract::Window> window{};    ///< the one that is looked at
    Result<bool> paused = not_read();
    Result<SlotFacts> slot = not_read();
    Result<std::vector<journal::SnapshotRecord>> own = not_read();    ///< of the window's target, by the own recipe

    static Error not_read() { return {ErrorCode::not_found, "it was not asked for, as no window is known"}; }
};

/// The window that is looked at: the one that wants the epoch, or the open one, or the next.
std::optional<contract::Window> choose_window(const Desk& desk, const WindowFacts& facts);

/// The own snapshot that is the staged one; else the newest. Null where there is none.
const journal::SnapshotRecord* own_snapshot(const WindowFacts& facts);

/// Whether the contract will let this provider earn.
market::Preflight contract_rows(const Desk& desk, const WindowFacts& facts, std::optional<Epoch> head);

/// Whether what is here is what is staged.
market::Preflight snapshot_rows(const Desk& desk, const WindowFacts& facts, const snapshot::Recipe& recipe,
                                std::optional<Epoch> head);

/// A source that gave no answer. @param state unknown, or bad where nothing goes without it
market::PreflightRow row_of_error(std::string what, std::string why, const Error& error,
                                  market::PreflightRow::State state);

}    // namespace filfil::service
