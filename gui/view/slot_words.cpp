// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/view/slot_words.hpp"

#include <QCoreApplication>
#include <QDateTime>

#include <algorithm>
#include <cmath>

namespace filfil::gui {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(SlotCalendar)
};

/// Right in English without a translation, and in all others by their own plurals.
QString counted(int n, const QString& one, const QString& many) { return n == 1 ? one : many; }

QString two(const QString& first, const QString& second) {
    return second.isEmpty() ? first : first + QLatin1Char(' ') + second;
}

}    // namespace

QString stateName(SlotState state) {
    switch (state) {
        case SlotState::Future: return Words::tr("Future");
        case SlotState::Open: return Words::tr("Open");
        case SlotState::Building: return Words::tr("Building");
        case SlotState::Published: return Words::tr("Deal published");
        case SlotState::Stored: return Words::tr("Stored");
        case SlotState::Paid: return Words::tr("Paid");
        case SlotState::Missed: return Words::tr("Missed");
        case SlotState::Disputed: return Words::tr("Disputed");
        case SlotState::Reassigned: return Words::tr("Reassigned");
        case SlotState::Skipped: return Words::tr("Skipped");
        case SlotState::Ended: return Words::tr("Ended");
        case SlotState::Unknown: break;
    }
    return Words::tr("Unknown");
}

QString stateWord(SlotState state) {
    switch (state) {
        case SlotState::Future: return Words::tr("ahead", "a window in the future, in a small box");
        case SlotState::Open: return Words::tr("open", "a window, in a small box");
        case SlotState::Building: return Words::tr("build", "a window whose snapshot is being made, in a small box");
        case SlotState::Published: return Words::tr("deal", "a window whose deal is published, in a small box");
        case SlotState::Stored: return Words::tr("stored", "a window, in a small box");
        case SlotState::Paid: return Words::tr("paid", "a window, in a small box");
        case SlotState::Missed: return Words::tr("miss", "a window that was missed, in a small box");
        case SlotState::Disputed: return Words::tr("disp.", "a window whose snapshot is disputed, in a small box");
        case SlotState::Reassigned: return Words::tr("other", "a window that another provider has now, in a small box");
        case SlotState::Skipped: return Words::tr("skip", "a window that is left out, in a small box");
        case SlotState::Ended: return Words::tr("over", "a window that has ended, in a small box");
        case SlotState::Unknown: break;
    }
    return Words::tr("?", "a window of which nothing is known, in a small box");
}

QString durationText(double seconds) {
    const auto whole = static_cast<qint64>(std::llround(std::min(std::abs(seconds), 1e12)));
    const auto days = static_cast<int>(std::min<qint64>(whole / 86400, 1'000'000));
    const auto hours = static_cast<int>(whole / 3600 % 24);
    const auto minutes = static_cast<int>(whole / 60 % 60);
    const QString d = days > 0 ? counted(days, Words::tr("1 day"), Words::tr("%n days", nullptr, days)) : QString();
    const QString h =
        hours > 0 ? counted(hours, Words::tr("1 hour"), Words::tr("%n hours", nullptr, hours)) : QString();
    const QString m =
        minutes > 0 ? counted(minutes, Words::tr("1 minute"), Words::tr("%n minutes", nullptr, minutes)) : QString();
    if (days > 0) return two(d, h);
    if (hours > 0) return two(h, m);
    if (minutes > 0) return m;
    const auto rest = static_cast<int>(whole);
    return counted(rest, Words::tr("1 second"), Words::tr("%n seconds", nullptr, rest));
}

QString shortDuration(double seconds) {
    const auto whole = static_cast<qint64>(std::llround(std::min(std::abs(seconds), 1e12)));
    if (whole >= 86400) return Words::tr("%1 d %2 h").arg(whole / 86400).arg(whole / 3600 % 24);
    if (whole >= 3600) return Words::tr("%1 h %2 min").arg(whole / 3600).arg(whole / 60 % 60);
    if (whole >= 60) return Words::tr("%1 min").arg(whole / 60);
    return Words::tr("%1 s").arg(whole);
}

QString epochText(qint64 epoch) {
    QString text = QString::number(epoch);
    for (auto at = text.size() - 3; at > 0; at -= 3) text.insert(at, QChar(0x202F));
    return text;
}

QString accessibleSentence(const SlotEntry& entry, double now, const QTimeZone& zone) {
    const SlotState state = shownState(entry, now);
    QStringList parts;
    parts << (entry.slot >= 0 ? Words::tr("Slot %1").arg(entry.slot) : Words::tr("Slot"));
    if (!entry.provider.isEmpty()) parts << entry.provider;
    if (entry.own) parts << Words::tr("yours");
    const QDate day = dayOf(entry.open, zone);
    if (day != dayOf(now, zone)) parts << QLocale().toString(day, QLocale::LongFormat);
    parts << Words::tr("%1 to %2").arg(clockText(entry.open, zone), clockText(entry.close, zone));
    parts << stateName(state).toLower();
    if (state == SlotState::Building && entry.progress >= 0)
        parts << Words::tr("%1 percent").arg(static_cast<int>(std::clamp(entry.progress, 0.0, 1.0) * 100));
    if (now < entry.open)
        parts << Words::tr("in %1").arg(durationText(entry.open - now));
    else if (now < entry.close)
        parts << Words::tr("%1 left").arg(durationText(entry.close - now));
    else
        parts << Words::tr("ended %1 ago").arg(durationText(now - entry.close));
    if (!entry.reward.isEmpty()) parts << entry.reward;
    if (!entry.detail.isEmpty()) parts << entry.detail;
    return parts.join(QStringLiteral(", "));
}

QString rangeTitle(const SlotLayout& layout) {
    const SlotLayoutOptions& options = layout.options();
    const QLocale& locale = options.locale;
    const QDate first = dayOf(layout.from(), options.zone);
    const QDate last = dayOf(std::max(layout.from(), layout.to() - 1), options.zone);
    if (options.view == SlotView::Month) return locale.toString(first, QStringLiteral("MMMM yyyy"));
    const QString full = QStringLiteral("ddd d MMM yyyy");
    if (first == last) {
        const QString day = locale.toString(first, full);
        if (layout.to() - layout.from() >= daySeconds - 7200) return day;
        return Words::tr("%1, %2 to %3")
            .arg(day, clockText(layout.from(), options.zone), clockText(layout.to(), options.zone));
    }
    const bool sameMonth = first.month() == last.month() && first.year() == last.year();
    const QString begin = locale.toString(first, sameMonth                     ? QStringLiteral("d")
                                                 : first.year() == last.year() ? QStringLiteral("d MMM")
                                                                               : full);
    return begin + QStringLiteral(" – ") + locale.toString(last, QStringLiteral("d MMM yyyy"));
}

QString accessibleSummary(const SlotLayout& layout) {
    const SlotLayoutOptions& options = layout.options();
    const auto [begin, end] = layout.set().between(layout.from(), layout.to());
    int shown = 0;
    int own = 0;
    for (int i = begin; i < end; ++i) {
        if (layout.set().entry(i).close <= layout.from()) continue;
        ++shown;
        own += layout.set().entry(i).own;
    }
    QStringList parts;
    parts << rangeTitle(layout) << counted(shown, Words::tr("1 window"), Words::tr("%n windows", nullptr, shown))
          << Words::tr("%1 of them yours").arg(own);
    for (const SlotEntry& entry : layout.set().entries()) {
        if (!entry.own || entry.open <= options.now) continue;
        parts << Words::tr("your next window opens in %1").arg(durationText(entry.open - options.now));
        break;
    }
    return parts.join(QStringLiteral(", "));
}

QString accessibleDay(const SlotLayout& layout, QDate day) {
    QStringList parts;
    parts << layout.options().locale.toString(day, QLocale::LongFormat);
    const auto found = std::ranges::find(layout.days(), day, &SlotDay::day);
    const DaySummary sum = found == layout.days().end() ? DaySummary() : found->own;
    parts << counted(sum.total, Words::tr("1 window"), Words::tr("%n windows", nullptr, sum.total));
    if (sum.judged > 0) parts << Words::tr("%1 of %2 stored").arg(sum.hits).arg(sum.judged);
    return parts.join(QStringLiteral(", "));
}

QString zoneText(const QTimeZone& zone, double at) {
    if (zone == QTimeZone::utc()) return QStringLiteral("UTC");
    const QDateTime time = QDateTime::fromSecsSinceEpoch(static_cast<qint64>(std::clamp(at, -1e12, 1e12)), zone);
    const int minutes = time.offsetFromUtc() / 60;
    const QString offset = QStringLiteral("UTC%1%2:%3")
                               .arg(minutes < 0 ? QStringLiteral("−") : QStringLiteral("+"))
                               .arg(std::abs(minutes) / 60, 2, 10, QLatin1Char('0'))
                               .arg(std::abs(minutes) % 60, 2, 10, QLatin1Char('0'));
    const QString name = time.timeZoneAbbreviation();
    if (name.isEmpty() || name.startsWith(QLatin1Char('+')) || name.startsWith(QLatin1Char('-')) ||
        name.startsWith(QStringLiteral("UTC")))
        return offset;
    return name + QStringLiteral(" (") + offset + QLatin1Char(')');
}

}    // namespace filfil::gui
