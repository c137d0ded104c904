// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <QDate>
#include <QString>
#include <QTimeZone>

#include <vector>

namespace filfil::gui {

inline constexpr double daySeconds = 86400;

/// The first moment of `day` in `zone`, in seconds since 1970: where the clocks go forward at midnight, that is later
/// than 00:00. Days are as long as the zone makes them: 23, 24 or 25 hours.
double dayStart(QDate day, const QTimeZone& zone);

/// The day that `time` (seconds since 1970) is in.
QDate dayOf(double time, const QTimeZone& zone);

/// "18:00"; with seconds where the time has some.
QString clockText(double time, const QTimeZone& zone);

/// A place on an axis of time.
struct TimeMark {
    double time = 0;
    QString text{};    ///< empty between labels
    bool dayBegins = false;
};

/// Marks of [from, to] no closer than `pixelsPerLabel` on an axis of `pixels`, at round local times. Between labels
/// there are up to three marks without text. Never more than a few hundred.
std::vector<TimeMark> timeMarks(double from, double to, double pixels, double pixelsPerLabel, const QTimeZone& zone);

}    // namespace filfil::gui
