// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "gui/model/event_place.hpp"

#include <QHash>
#include <QJsonObject>
#include <QList>
#include <QString>

#include <map>
#include <optional>

namespace filfil::gui {

/// What one provider earned a month (UTC), out of its events, which are read newest first and page by page. What was
/// read is one stretch without a hole: pages that do not reach down to it are kept aside until one does.
class Income {
public:
    static constexpr int page = 500;

    /// As far as pages are read back: more is no provider's year.
    static constexpr int most_pages = 40;

    /// A month as one number that grows by one a month.
    static int monthOf(double time);

    /// Begins with the newest page again.
    void begin();

    /// Parameters of FilFil.ContractEvents for the page to ask for now, all but the provider's.
    [[nodiscard]] QJsonObject question() const;

    /// The answer to question().
    /// @param miner whose events count
    /// @param since seconds since 1970: how far back it is to be read
    /// @return whether one more page is to be asked for
    bool take(const QList<QJsonObject>& events, const QString& miner, double since);

    /// What was told of this epoch and of later ones does not hold any more, or may not: it is to be read again.
    void cut(qint64 epoch);

    /// The newest epoch of which anything was read; −1 without any.
    [[nodiscard]] qint64 newestEpoch() const { return m_top ? m_top->epoch : -1; }

    /// Decimal attoFIL.
    [[nodiscard]] QString of(int month) const { return m_sums.value(month, QStringLiteral("0")); }

    /// Whether all since then was read.
    /// @param since seconds since 1970
    [[nodiscard]] bool knows(double since) const;

private:
    struct Entry {
        int month = 0;
        QString amount;
    };
    using Entries = std::map<EventPlace, Entry>;

    void drop(Entries::iterator from, Entries::iterator to);
    void join();

    Entries m_entries;             ///< from m_low, or from the first event of all, to m_top
    QHash<int, QString> m_sums;    ///< of these, by month
    std::optional<EventPlace> m_top;
    std::optional<EventPlace> m_low;
    double m_lowTime = 0;    ///< 0: not known
    bool m_whole = false;    ///< there is nothing before m_low
    bool m_torn = false;     ///< cut, and not looked at since
    int m_pages = 0;         ///< of the stretch, downward

    Entries m_aside;
    EventPlace m_asideTop;
    std::optional<EventPlace> m_before;    ///< where the page that is asked for ends; nothing: the newest
    bool m_newest = true;                  ///< pages since begin() have not reached the stretch yet
    int m_asidePages = 0;
};

}    // namespace filfil::gui
