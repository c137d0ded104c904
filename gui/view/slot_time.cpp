// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/view/slot_time.hpp"

#include <QDateTime>
#include <QLocale>

#include <algorithm>
#include <cmath>

namespace filfil::gui {

namespace {

QDateTime local(double time, const QTimeZone& zone) {
    return QDateTime::fromMSecsSinceEpoch(static_cast<qint64>(std::llround(std::clamp(time, -1e12, 1e12) * 1000)),
                                          zone);
}

/// Steps between labels, and into how many parts the marks between them divide each.
struct Step {
    double seconds;
    int parts;
};
constexpr Step steps[] = {
    {1, 1},    {5, 5},    {10, 2},   {15, 3},    {30, 3},    {60, 2},    {300, 5},        {600, 2},           {900, 3},
    {1800, 3}, {3600, 2}, {7200, 2}, {10800, 3}, {21600, 3}, {43200, 2}, {daySeconds, 2}, {7 * daySeconds, 7}};

}    // namespace

double dayStart(QDate day, const QTimeZone& zone) {
    return static_cast<double>(day.startOfDay(zone).toSecsSinceEpoch());
}

QDate dayOf(double time, const QTimeZone& zone) { return local(time, zone).date(); }

QString clockText(double time, const QTimeZone& zone) {
    const QTime at = local(std::floor(time), zone).time();
    return at.toString(at.second() == 0 ? QStringLiteral("HH:mm") : QStringLiteral("HH:mm:ss"));
}

std::vector<TimeMark> timeMarks(double from, double to, double pixels, double pixelsPerLabel, const QTimeZone& zone) {
    std::vector<TimeMark> out;
    if (!(to > from) || !(pixels > 0)) return out;
    const double wanted = (to - from) * std::max(1.0, pixelsPerLabel) / pixels;
    const auto step = std::ranges::find_if(steps, [&](const Step& one) { return one.seconds >= wanted; });
    if (step == std::end(steps)) return out;
    const double between = step->seconds / step->parts;

    // Day by day from each local midnight, so that marks stand at round local times on either side of a change of the
    // clocks.
    for (QDate day = dayOf(from, zone); out.size() < 400; day = day.addDays(1)) {
        const double begin = dayStart(day, zone);
        if (begin > to) break;
        const double end = dayStart(day.addDays(1), zone);
        const int week = static_cast<int>(day.toJulianDay() % 7);
        if (step->seconds > daySeconds && (week * static_cast<int>(daySeconds)) % static_cast<int>(between) != 0)
            continue;
        const double first = from <= begin ? 0 : std::ceil((from - begin) / between);
        for (auto i = static_cast<int>(first); begin + i * between < end && out.size() < 400; ++i) {
            const double time = begin + i * between;
            if (time > to) break;
            const bool labelled = step->seconds > daySeconds ? week == 0 : i % step->parts == 0;
            out.push_back({time, labelled ? clockText(time, zone) : QString(), i == 0});
            if (i == 0 && labelled && step->seconds >= 21600)
                out.back().text = QLocale().toString(day, QStringLiteral("ddd d MMM"));
        }
    }
    return out;
}

}    // namespace filfil::gui
