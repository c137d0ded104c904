// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <QString>

#include <array>

namespace filfil::gui {

/// How far a window is. The order is that of the legend.
enum class SlotState : quint8 {
    Future,        ///< it has not opened
    Open,          ///< it is open and nothing is stored yet
    Building,      ///< its snapshot is being taken or hashed
    Published,     ///< a market has the deal
    Stored,        ///< it is in a proven sector, or claimed, and not all paid
    Paid,          ///< the contract has paid
    Missed,        ///< it closed without a stored snapshot
    Disputed,      ///< its staged snapshot is disputed
    Reassigned,    ///< another provider has it now, or it was cancelled
    Skipped,       ///< the provider's policy leaves it out
    Ended,         ///< it is over, and what became of it is not known
    Unknown        ///< the daemon says a word that this program does not know
};

inline constexpr std::size_t slotStates = 12;
inline constexpr std::array<SlotState, slotStates> allSlotStates = {
    SlotState::Future,     SlotState::Open,    SlotState::Building, SlotState::Published,
    SlotState::Stored,     SlotState::Paid,    SlotState::Missed,   SlotState::Disputed,
    SlotState::Reassigned, SlotState::Skipped, SlotState::Ended,    SlotState::Unknown};

/// One window of one provider, as the daemon tells it. Times are seconds since 1970; numbers that are not known are −1.
struct SlotEntry {
    qint64 slot = -1;
    qint64 round = -1;
    qint64 index = -1;    ///< its place in the round, from 0
    QString provider{};
    double open = 0;
    double close = 0;    ///< after `open`
    qint64 openEpoch = -1;
    qint64 closeEpoch = -1;
    qint64 targetEpoch = -1;
    SlotState state = SlotState::Unknown;
    bool own = false;
    double progress = -1;    ///< 0 to 1 while it is being built
    QString reward{};        ///< ready to show
    QString detail{};        ///< a sentence that says more, or nothing
    qint64 dealId = -1;

    bool operator==(const SlotEntry&) const = default;
};

/// Understands the words of the daemon's slots, windows, deals and holdings.
SlotState slotStateOf(QStringView word);

/// What is shown at `now` (seconds since 1970): a future window that has opened is open, one that is over has ended.
SlotState shownState(const SlotEntry& entry, double now);

/// Whether the snapshot is stored: a hit.
constexpr bool isHit(SlotState state) { return state == SlotState::Stored || state == SlotState::Paid; }

/// Whether the window was lost: the other half of a hit rate.
constexpr bool isMiss(SlotState state) { return state == SlotState::Missed; }

}    // namespace filfil::gui
