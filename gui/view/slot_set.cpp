// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/view/slot_set.hpp"

#include <QHash>

#include <algorithm>
#include <cmath>

namespace filfil::gui {

namespace {

/// What a calendar can show: QDateTime knows no time zones beyond, and doubles no seconds.
constexpr double latest = 253402300800.0;    // the year 10000
constexpr double hour = 3600.0;

bool sound(double time) { return std::isfinite(time) && time > 0 && time < latest; }

/// "f0999" before "f01234": addresses are numbers.
bool before(const QString& a, const QString& b) { return a.size() != b.size() ? a.size() < b.size() : a < b; }

std::optional<EpochAxis> clockOf(const std::vector<SlotEntry>& entries) {
    for (const SlotEntry& entry : entries) {
        if (entry.openEpoch < 0 || entry.closeEpoch <= entry.openEpoch) continue;
        return EpochAxis{entry.open, entry.openEpoch,
                          (entry.close - entry.open) / static_cast<double>(entry.closeEpoch - entry.openEpoch)};
    }
    return std::nullopt;
}

}    // namespace

SlotSet::SlotSet(std::vector<SlotEntry> entries) : m_entries(std::move(entries)) {
    std::erase_if(m_entries, [](const SlotEntry& entry) { return !sound(entry.open); });
    for (SlotEntry& entry : m_entries) {
        if (!sound(entry.close) || entry.close <= entry.open) entry.close = entry.open + hour;
        m_longest = std::max(m_longest, entry.close - entry.open);
    }
    std::ranges::sort(m_entries, [](const SlotEntry& a, const SlotEntry& b) {
        if (a.open != b.open) return a.open < b.open;
        if (a.slot != b.slot) return a.slot < b.slot;
        return before(a.provider, b.provider);
    });

    QHash<QString, int> known;
    for (int i = 0; i < size(); ++i) {
        const SlotEntry& one = entry(i);
        auto found = known.constFind(one.provider);
        if (found == known.constEnd()) {
            found = known.insert(one.provider, static_cast<int>(m_lanes.size()));
            m_lanes.push_back({one.provider, one.own, {}});
        }
        Lane& lane = m_lanes[static_cast<std::size_t>(*found)];
        lane.own = lane.own || one.own;
        lane.entries.push_back(i);
    }
    std::vector<Lane> lanes;
    for (const bool own : {true, false}) {
        for (Lane& lane : m_lanes)
            if (lane.own == own && !lane.entries.empty()) lanes.push_back(std::move(lane));
        if (!own) break;
        m_ownLanes = static_cast<int>(lanes.size());
        std::ranges::sort(lanes, [](const Lane& a, const Lane& b) { return before(a.provider, b.provider); });
        std::erase_if(m_lanes, [](const Lane& lane) { return lane.own; });
    }
    m_lanes = std::move(lanes);

    m_laneOf.resize(m_entries.size());
    for (std::size_t lane = 0; lane < m_lanes.size(); ++lane)
        for (const int i : m_lanes[lane].entries) m_laneOf[static_cast<std::size_t>(i)] = static_cast<int>(lane);
    m_epochs = clockOf(m_entries);
}

std::pair<int, int> SlotSet::between(double from, double to) const {
    const auto first = std::ranges::lower_bound(m_entries, from - m_longest, std::ranges::less(),
                                                [](const SlotEntry& e) { return e.open; });
    const auto last = std::ranges::lower_bound(first, m_entries.end(), to, std::ranges::less(),
                                               [](const SlotEntry& e) { return e.open; });
    return {static_cast<int>(first - m_entries.begin()), static_cast<int>(last - m_entries.begin())};
}

int SlotSet::find(qint64 slot, QStringView provider) const {
    for (int i = 0; i < size(); ++i)
        if (entry(i).slot == slot && entry(i).provider == provider) return i;
    return -1;
}

}    // namespace filfil::gui
