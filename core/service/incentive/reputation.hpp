// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "incentive/u256.hpp"
#include "journal/journal.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace filfil::service {

/// How a storage provider did so far, by the contract's events alone.
struct ProviderRecord {
    /// The newest of Registered (active), ExitQueued (leaving; left once a later round has opened) and Removed.
    /// "unknown" where none of them is known.
    enum class Standing : std::uint8_t { unknown, active, leaving, left, removed };

    std::uint64_t miner = 0;
    Standing standing = Standing::unknown;
    std::optional<std::uint64_t> registered{};    ///< epoch of the newest Registered
    std::optional<std::uint64_t> ended{};         ///< epoch of the ExitQueued or Removed that gave the standing

    /// Slots that were its own and are decided: those completed and those missed. The contract judges a window some
    /// time after its end, so the latest may be missing; windows for which nothing was staged count for nobody.
    std::uint64_t windows = 0;
    std::uint64_t completed = 0;             ///< slots with a SlotCompleted and no Missed
    std::uint64_t missed = 0;                ///< slots with a Missed
    std::optional<double> success_rate{};    ///< completed / windows; nothing without any

    /// Epochs from a slot's SnapshotStaged to its SlotCompleted, which comes with the PieceActivated of the last of its
    /// pieces; the median over completed slots, the lower one of two. Nothing where no such pair is known.
    std::optional<std::uint64_t> median_epochs{};

    /// Slots that were completed, and of which no piece is Dead, Closed or past its `until`.
    std::uint64_t live_replicas = 0;
    std::uint64_t live_pieces = 0;            ///< the same by pieces, also of slots that are not complete
    std::uint64_t lost_pieces = 0;            ///< Dead
    std::uint64_t lost_sectors = 0;           ///< sectors that those pieces were in
    incentive::U256 slashed{};                ///< attoFIL; sum of Slashed
    incentive::U256 earned{};                 ///< attoFIL; sum of PieceActivated.upfront and Settled.amount
    std::optional<std::string> endpoint{};    ///< url of the newest EndpointSet, whatever it says
};

/// "unknown", "active", "leaving", "left", "removed"
std::string_view name_of(ProviderRecord::Standing standing) noexcept;

/// Reckons all providers' records out of the contract's events, which are told newest first, as the journal has them
/// page by page. Keeps what is needed of slots and pieces, never the events: a sum for all settlements. Not
/// thread-safe.
class Reputation {
public:
    /// @return false, and nothing is reckoned, for an event that does not stand before the one told last: it was told
    /// already, or is out of order. Events of no use, unknown ones and those with fields missing are passed over
    bool add(const journal::EventRecord& event);

    /// Of those with any event, by miner. @param now the epoch that `until` is held against
    [[nodiscard]] std::vector<ProviderRecord> records(std::uint64_t now) const;
    [[nodiscard]] std::optional<ProviderRecord> record(std::uint64_t miner, std::uint64_t now) const;

private:
    struct Slot {
        std::optional<std::uint64_t> completed{};    ///< epoch
        bool missed = false;
        bool lost = false;                                ///< a piece of it is dead or closed
        std::optional<bool> alternative{};                ///< which staging its pieces are of
        std::optional<std::uint64_t> took{};              ///< epochs from the staging
        std::set<std::uint8_t> over{};                    ///< pieces whose account ended: dead or closed
        std::set<std::uint8_t> dead{};                    ///< of those, whose sector is not known yet
        std::map<std::uint8_t, std::uint64_t> until{};    ///< of pieces that were activated and are not over
    };
    struct Provider {
        ProviderRecord::Standing standing = ProviderRecord::Standing::unknown;
        std::optional<std::uint64_t> registered{};
        std::optional<std::uint64_t> ended{};
        std::uint64_t last_round = 0;
        std::uint64_t lost_pieces = 0;
        std::set<std::uint64_t> lost_sectors{};
        incentive::U256 slashed{};
        incentive::U256 earned{};
        std::optional<std::string> endpoint{};
        std::map<std::uint32_t, Slot> slots{};
    };
    struct Fields;

    void take(const Fields& fields, const journal::EventRecord& event);
    void take_holding(const Fields& fields, const journal::EventRecord& event);
    void take_standing(const Fields& fields, const journal::EventRecord& event);
    void take_staging(const Fields& fields, const journal::EventRecord& event);
    [[nodiscard]] ProviderRecord record_of(std::uint64_t miner, const Provider& provider, std::uint64_t now) const;

    std::optional<journal::EventPlace> m_last;
    std::uint64_t m_round = 0;    ///< the newest that opened
    std::map<std::uint64_t, Provider> m_providers;
    std::map<std::uint32_t, std::vector<std::uint64_t>> m_unstaged;    ///< slots whose staging is to come: who has them
};

}    // namespace filfil::service
