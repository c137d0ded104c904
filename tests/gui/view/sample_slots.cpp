// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "sample_slots.hpp"

#include <array>

namespace filfil::gui::test {

namespace {

constexpr std::array providers = {"f01234", "f02620", "f01999", "f03355", "f01082888", "f02001"};

SlotState stateOf(int number, int hoursAgo) {
    // Fixed pseudo-random turns: a picture has to be the same each time.
    const unsigned turn = (static_cast<unsigned>(number) * 2654435761U) >> 20;
    if (hoursAgo <= 6) return turn % 5 == 0 ? SlotState::Stored : SlotState::Published;
    if (turn % 19 == 0) return SlotState::Missed;
    if (turn % 97 == 0) return SlotState::Disputed;
    if (turn % 89 == 0) return SlotState::Reassigned;
    if (hoursAgo < 30) return SlotState::Stored;
    return SlotState::Paid;
}

}    // namespace

std::vector<SlotEntry> sampleEntries() {
    std::vector<SlotEntry> out;
    const double first = sampleDay - 20 * 86400;
    for (int i = 0; i < 23 * 24; ++i) {
        SlotEntry entry;
        entry.slot = 65536 + i;
        entry.round = 1;
        entry.index = i;
        const auto turn = static_cast<std::size_t>(i) % providers.size();
        entry.provider = QString::fromLatin1(providers[turn]);
        entry.own = turn == 0;
        entry.open = first + i * 3600.0;
        entry.close = entry.open + 3600;
        entry.openEpoch = 4'312'920 + i * 120;
        entry.closeEpoch = entry.openEpoch + 120;
        entry.targetEpoch = entry.openEpoch - 1800;
        entry.reward = QStringLiteral("2 FIL");
        const int hoursAgo = 20 * 24 + 13 - i;
        entry.state = hoursAgo < 0 ? SlotState::Future : hoursAgo == 0 ? SlotState::Open : stateOf(i, hoursAgo);
        if (hoursAgo == 1) {
            entry.state = SlotState::Building;
            entry.progress = 0.62;
        }
        if (hoursAgo == 7) entry.state = SlotState::Missed;
        if (hoursAgo == 9) entry.state = SlotState::Disputed;
        if (hoursAgo == 10) entry.state = SlotState::Reassigned;
        if (hoursAgo == 13) entry.state = SlotState::Paid;
        if (hoursAgo == -7) entry.state = SlotState::Skipped;
        out.push_back(entry);
    }
    return out;
}

std::vector<SlotEntry> manyEntries(int count, int providers_, double from, double seconds) {
    std::vector<SlotEntry> out;
    out.reserve(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i) {
        SlotEntry entry;
        entry.slot = i;
        entry.provider = QStringLiteral("f0%1").arg(1000 + i % providers_);
        entry.own = i % providers_ == 0;
        entry.open = from + i * seconds;
        entry.close = entry.open + seconds;
        entry.state = allSlotStates[static_cast<std::size_t>(i) % slotStates];
        out.push_back(entry);
    }
    return out;
}

SlotLayoutOptions sampleOptions(SlotView view, QSizeF size) {
    SlotLayoutOptions options;
    options.view = view;
    options.size = size;
    options.now = sampleNow;
    options.day = QDate(2026, 11, 20);
    options.locale = QLocale(QLocale::English, QLocale::UnitedKingdom);
    return options;
}

SlotEntry sampleEntry(double open, double close, const QString& provider, bool own, SlotState state, qint64 slot) {
    SlotEntry out;
    out.slot = slot;
    out.provider = provider;
    out.open = open;
    out.close = close;
    out.own = own;
    out.state = state;
    return out;
}

double at(const char* iso) {
    return static_cast<double>(QDateTime::fromString(QString::fromLatin1(iso), Qt::ISODate).toSecsSinceEpoch());
}

}    // namespace filfil::gui::test
