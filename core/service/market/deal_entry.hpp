// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/result.hpp"
#include "journal/journal.hpp"
#include "market/deal.hpp"
#include "service/market/deal_stage.hpp"

#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace filfil::service {

/// Which deal it is: of one contract.
struct DealKey {
    std::uint64_t miner = 0;
    std::uint32_t slot = 0;
    std::uint8_t piece = 0;
    std::uint32_t attempt = 0;

    auto operator<=>(const DealKey&) const = default;
};

/// When a deal came to a stage.
struct StageTime {
    DealStage stage = DealStage::planned;
    Clock::Duration at{};    ///< wall clock
    std::optional<Epoch> epoch{};
};

/// Under what name a market was sent a deal, and what it said of it.
struct SentDeal {
    std::string market{};
    std::string market_id{};
    market::DealStatus status{};
};

/// A deal as it is worked on.
struct DealEntry {
    DealKey key;
    std::int64_t id = 0;    ///< of the journal; 0: it is not there yet
    DealStage stage = DealStage::planned;
    std::vector<StageTime> times{};

    std::string market{};    ///< its kind
    std::string market_id{};
    Epoch target;
    Epoch opens;
    Epoch closes;
    std::optional<ipld::Cid> piece_cid{};
    std::uint64_t payload_size = 0;
    std::uint64_t padded_size = 0;
    std::optional<std::int64_t> snapshot{};
    std::optional<std::uint64_t> sector{};
    std::optional<market::DealOrder> order{};
    market::DealStatus status{};     ///< what the market said last
    std::optional<Error> error{};    ///< why it does not go on
    Clock::Duration begun_at{};
    Clock::Duration changed_at{};

    // Not written down
    std::vector<journal::DealStepRecord> unwritten{};
    bool dirty = false;
    bool writing = false;
    bool busy = false;                 ///< something is on its way for it
    Clock::Duration next_at{};         ///< monotonic clock: nothing is done before
    unsigned failures = 0;             ///< in a row
    std::optional<Epoch> seen_at{};    ///< since when the contract has said what it says
    std::optional<Error> gone{};       ///< why its bytes cannot be had from here, while they cannot
    bool published = false;            ///< by the contract's last answer: in f05, and in no proven sector

    /// While the next name is written down: the one before, which stays its name where that fails.
    std::optional<SentDeal> sent_before{};

    /// Told once what stood in it when they came is written, or could not be.
    std::vector<std::function<void(Result<void>)>> to_tell{};

    /// Somebody wants it back while it is being proposed: is told what came of it.
    std::function<void(Result<void>)> to_cancel{};
};

journal::DealRecord record_of(const DealEntry& deal, const std::string& contract);

/// @param steps what the journal has of it
/// @return Error::corrupt for a record that this program did not write
Result<DealEntry> entry_of(const journal::DealRecord& record, const std::vector<journal::DealStepRecord>& steps);

/// The stages that a deal has been at, by its steps.
std::vector<StageTime> times_of(const std::vector<journal::DealStepRecord>& steps);

/// "piece 1 of slot 3 of round 5 for f01000"
std::string text_of(const DealKey& key, char letter);

}    // namespace filfil::service
