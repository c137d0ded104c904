// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "gui/view/slot_layout.hpp"

namespace filfil::gui {

/// "Paid": what the legend says.
QString stateName(SlotState state);

/// "paid", at most six letters in English: what stands in a window.
QString stateWord(SlotState state);

/// "4 hours 35 minutes", "35 minutes", "20 seconds": at most two units, without a sign.
QString durationText(double seconds);

/// "4 h 35 min": the same where there is little room.
QString shortDuration(double seconds);

/// "4 322 540"
QString epochText(qint64 epoch);

/// The sentence that a screen reader says: "Slot 12, f01234, 18:00 to 19:00, future, in 4 hours 35 minutes". Has the
/// day where it is another one than `now`'s.
QString accessibleSentence(const SlotEntry& entry, double now, const QTimeZone& zone);

/// What the calendar as a whole says: what is shown, how many windows there are, and the next own one.
QString accessibleSummary(const SlotLayout& layout);

/// A day of the month view: "Wednesday, 18 November 2026, 4 windows, 3 of 4 stored".
QString accessibleDay(const SlotLayout& layout, QDate day);

/// "Thu 20 Nov 2026", "16 – 22 Nov 2026", "November 2026": what is shown.
QString rangeTitle(const SlotLayout& layout);

/// "UTC", or the zone's abbreviation and offset: "CET (UTC+01:00)".
QString zoneText(const QTimeZone& zone, double at);

}    // namespace filfil::gui
