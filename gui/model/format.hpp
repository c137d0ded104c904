// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "gui/model/column.hpp"

#include <QtQmlIntegration/qqmlintegration.h>
#include <QJsonValue>
#include <QLocale>
#include <QObject>

namespace filfil::gui {

/// How numbers, times and money are written for people. GUI thread only.
class Format : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("app.format is the one there is")
    /// Times in UTC instead of this machine's zone.
    Q_PROPERTY(bool utc READ utc WRITE setUtc NOTIFY changed)

public:
    explicit Format(QObject* parent = nullptr);

    [[nodiscard]] bool utc() const { return m_utc; }
    void setUtc(bool utc);
    void setLocale(const QLocale& locale);

    /// Teaches it when an epoch is: any pair that the daemon gave; epochs are 30 s on public networks.
    void setAnchor(double epoch, double time, double secondsPerEpoch = 30);
    void forgetAnchor();

    /// This machine's clock and what the daemon's is ahead of it.
    void setClockSkew(double seconds) { m_skew = seconds; }

    /// Seconds since 1970 by the daemon's clock.
    Q_INVOKABLE double now() const;

    Q_INVOKABLE QString bytes(double n) const;                ///< "12.3 GiB"
    Q_INVOKABLE QString rate(double bytesPerSecond) const;    ///< "1.87 GiB/s"; "" below 0
    Q_INVOKABLE QString number(double n) const;               ///< "12,345"
    Q_INVOKABLE QString percent(double part) const;           ///< of 0 to 1: "97 %"
    Q_INVOKABLE QString fil(const QString& atto) const;       ///< "2.5 FIL", exact down to nanoFIL, then rounded
    Q_INVOKABLE QString epoch(double epoch) const;            ///< "5,001,795"
    Q_INVOKABLE QString epochTime(double epoch) const;        ///< "2026-11-27 21:30"; "" while no anchor is known
    Q_INVOKABLE QString time(double seconds) const;           ///< since 1970: "2026-11-27 21:30:05"; "" for 0 and below
    Q_INVOKABLE QString timeOfDay(double seconds) const;      ///< "21:30"
    Q_INVOKABLE QString date(double seconds) const;           ///< "2026-11-27"
    Q_INVOKABLE QString isoTime(double seconds) const;        ///< "2026-11-27T21:30:05Z"
    Q_INVOKABLE QString duration(double seconds) const;       ///< "4 h 35 min"
    Q_INVOKABLE QString ago(double seconds) const;            ///< of a time since 1970: "3 min ago", "in 4 h 35 min"
    Q_INVOKABLE QString eta(double seconds) const;            ///< "12 s left", "estimating" below 0
    Q_INVOKABLE QString elide(const QString& cid, int keep = 8) const;    ///< "baga6ea4…2d2u"
    Q_INVOKABLE QString state(const QString& name) const;                 ///< a state's or stage's word, translated
    Q_INVOKABLE double filNumber(const QString& atto) const;    ///< for charts alone: money is never reckoned with it

    /// A cell of a column of this kind.
    [[nodiscard]] QString cell(ColumnKind kind, const QJsonValue& value) const;

    /// The sum of decimal attoFIL texts; what is no number counts as 0. Exact.
    static QString sum(const QString& a, const QString& b);

    /// a − b, not below 0. Exact.
    static QString difference(const QString& a, const QString& b);

    /// −1, 0, 1 as a < b, a = b, a > b, of decimal texts without a sign.
    static int compareAmounts(const QString& a, const QString& b);

signals:
    void changed();

private:
    QLocale m_locale;
    bool m_utc = false;
    bool m_anchored = false;
    double m_anchorEpoch = 0;
    double m_anchorTime = 0;
    double m_secondsPerEpoch = 30;
    double m_skew = 0;
};

}    // namespace filfil::gui
