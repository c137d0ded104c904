// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "gui/view/slot_layout.hpp"
#include "gui/view/slot_set.hpp"

#include <vector>

namespace filfil::gui::test {

/// 2026-11-20T13:25:00Z, a Friday.
inline constexpr double sampleNow = 1795181100;
/// Midnight before.
inline constexpr double sampleDay = sampleNow - 13 * 3600 - 25 * 60;

/// Six providers whose windows of an hour go round, from 20 days before to 3 days after sampleNow; f01234 is own. All
/// states are among them.
std::vector<SlotEntry> sampleEntries();

/// `count` windows of `providers`, one after the other without a gap, from `from` (seconds since 1970) on.
std::vector<SlotEntry> manyEntries(int count, int providers, double from, double seconds);

/// One window. @param open, close seconds since 1970
SlotEntry sampleEntry(double open, double close, const QString& provider, bool own = false,
                      SlotState state = SlotState::Future, qint64 slot = 1);

/// Around sampleNow, in English words. @param size pixels
SlotLayoutOptions sampleOptions(SlotView view = SlotView::Day, QSizeF size = {1000, 480});

/// Seconds since 1970 of an ISO 8601 time.
double at(const char* iso);

}    // namespace filfil::gui::test
