// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/model/income.hpp"

#include "gui/model/format.hpp"
#include "gui/model/json_fields.hpp"

#include <QDateTime>
#include <QTimeZone>

#include <algorithm>
#include <utility>

namespace filfil::gui {

int Income::monthOf(double time) {
    const QDate date = QDateTime::fromSecsSinceEpoch(whole(time), QTimeZone::utc()).date();
    return date.year() * 12 + date.month() - 1;
}

void Income::begin() {
    m_aside.clear();
    m_before.reset();
    m_newest = true;
    m_asidePages = 0;
}

QJsonObject Income::question() const {
    QJsonObject out = {{QStringLiteral("limit"), page}};
    if (m_before) m_before->askBefore(out);
    return out;
}

bool Income::take(const QList<QJsonObject>& events, const QString& miner, double since) {
    const bool first = m_newest && m_asidePages == 0;
    for (const QJsonObject& event : events) {
        const QString name = text(event, "name");
        const bool settled = name == QLatin1String("Settled");
        if ((!settled && name != QLatin1String("PieceActivated")) || text(event, "miner") != miner) continue;
        const auto place = EventPlace::of(event);
        const double time = number(event, "time");
        if (!place || time <= 0) continue;
        const QJsonObject fields = event.value(QLatin1String("fields")).toObject();
        m_aside.insert_or_assign(*place, Entry{monthOf(time), text(fields, settled ? "amount" : "upfront")});
    }
    const bool last = events.size() < page;
    const auto low = events.isEmpty() ? std::nullopt : EventPlace::of(events.last());
    // A page without a place, or with none before the one that was asked for, leads nowhere.
    if (!last && (!low || (m_before && *low >= *m_before))) return false;
    if (first) m_asideTop = events.isEmpty() ? EventPlace() : EventPlace::of(events.first()).value_or(EventPlace());
    if (m_newest) {
        ++m_asidePages;
        const bool reaches = last || !m_top || *low <= *m_top;
        if (!reaches && m_asidePages < most_pages) {
            m_before = low;
            return true;
        }
        if (last || !reaches || !m_top) {
            // The pages are the stretch.
            drop(m_entries.begin(), m_entries.end());
            m_low.reset();
            m_whole = last;
            m_pages = m_asidePages;
        } else {
            drop(m_entries.lower_bound(*low), m_entries.end());
        }
        m_top = m_asideTop;
        m_newest = false;
        m_torn = false;
    } else {
        m_whole = last;
        ++m_pages;
    }
    join();
    if (low && (!m_low || *low < *m_low)) {
        m_low = low;
        m_lowTime = number(events.last(), "time");
    }
    if (knows(since) || !m_low || m_pages >= most_pages) return false;
    m_before = m_low;
    return true;
}

void Income::join() {
    for (auto& [place, entry] : m_aside) {
        const auto [at, fresh] = m_entries.try_emplace(place, std::move(entry));
        if (!fresh) continue;
        QString& sum = m_sums[at->second.month];
        sum = Format::sum(sum, at->second.amount);
    }
    m_aside.clear();
}

void Income::drop(Entries::iterator from, Entries::iterator to) {
    for (auto entry = from; entry != to; ++entry) {
        QString& sum = m_sums[entry->second.month];
        sum = Format::difference(sum, entry->second.amount);
    }
    m_entries.erase(from, to);
}

void Income::cut(qint64 epoch) {
    const EventPlace from{epoch, 0};
    m_torn = true;
    drop(m_entries.lower_bound(from), m_entries.end());
    m_aside.erase(m_aside.lower_bound(from), m_aside.end());
    if (m_top && *m_top >= from) m_top = from;
    if (m_whole || !m_low || *m_low < from) return;
    m_top.reset();
    m_low.reset();
    m_pages = 0;
}

bool Income::knows(double since) const {
    const bool gap = m_newest && m_asidePages > 0;
    return !gap && !m_torn && (m_whole || (m_low && m_lowTime > 0 && m_lowTime < since));
}

}    // namespace filfil::gui
