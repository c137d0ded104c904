// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "gui/view/slot_entry.hpp"

#include <optional>
#include <utility>
#include <vector>

namespace filfil::gui {

/// Where an epoch is in time, as the windows tell it.
struct EpochAxis {
    double time = 0;    ///< seconds since 1970 of `epoch`
    qint64 epoch = 0;
    double seconds = 30;    ///< of one epoch

    [[nodiscard]] double epochAt(double at) const { return static_cast<double>(epoch) + (at - time) / seconds; }
    [[nodiscard]] double timeOf(double at) const { return time + (at - static_cast<double>(epoch)) * seconds; }
};

/// All windows, sorted by time, in lanes of one provider each: own lanes first, by number; then the others in the order
/// of their first windows, which is the order of the round. Immutable.
class SlotSet {
public:
    struct Lane {
        QString provider;
        bool own = false;
        std::vector<int> entries;    ///< by time
    };

    SlotSet() = default;
    /// Entries without a sound time are left out; what has no end is taken as an hour long.
    explicit SlotSet(std::vector<SlotEntry> entries);

    [[nodiscard]] const std::vector<SlotEntry>& entries() const { return m_entries; }
    [[nodiscard]] const SlotEntry& entry(int index) const { return m_entries[static_cast<std::size_t>(index)]; }
    [[nodiscard]] int size() const { return static_cast<int>(m_entries.size()); }
    [[nodiscard]] const std::vector<Lane>& lanes() const { return m_lanes; }
    [[nodiscard]] int laneOf(int entry) const { return m_laneOf[static_cast<std::size_t>(entry)]; }
    [[nodiscard]] int ownLanes() const { return m_ownLanes; }
    [[nodiscard]] bool hasOwn() const { return m_ownLanes > 0; }

    /// Those that overlap [from, to): a range of indexes, whose entries are to be looked at one by one.
    [[nodiscard]] std::pair<int, int> between(double from, double to) const;

    /// The entry of that slot and provider. @return −1 without one
    [[nodiscard]] int find(qint64 slot, QStringView provider) const;

    [[nodiscard]] const std::optional<EpochAxis>& epochs() const { return m_epochs; }

private:
    std::vector<SlotEntry> m_entries;
    std::vector<Lane> m_lanes;
    std::vector<int> m_laneOf;
    int m_ownLanes = 0;
    double m_longest = 0;
    std::optional<EpochAxis> m_epochs;
};

}    // namespace filfil::gui
