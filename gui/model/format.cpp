// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/model/format.hpp"

#include "gui/model/json_fields.hpp"

#include <QDateTime>

#include <array>
#include <cmath>

namespace filfil::gui {
namespace {

/// Beyond it a number is no time that a calendar has.
constexpr double latest_time = 253'402'300'799.0;    // 9999-12-31

QDateTime dateTime(double seconds, bool utc) {
    const auto milliseconds = whole(seconds * 1000);
    const QDateTime local = QDateTime::fromMSecsSinceEpoch(milliseconds);
    return utc ? local.toUTC() : local;
}

bool isTime(double seconds) { return std::isfinite(seconds) && seconds > 0 && seconds <= latest_time; }

}    // namespace

Format::Format(QObject* parent) : QObject(parent) {}

void Format::setUtc(bool utc) {
    if (m_utc == utc) return;
    m_utc = utc;
    emit changed();
}

void Format::setLocale(const QLocale& locale) {
    m_locale = locale;
    emit changed();
}

void Format::setAnchor(double epoch, double time, double secondsPerEpoch) {
    if (!isTime(time) || !(epoch >= 0) || !(secondsPerEpoch > 0)) return;
    const bool first = !m_anchored;
    m_anchored = true;
    m_anchorEpoch = epoch;
    m_anchorTime = time;
    m_secondsPerEpoch = secondsPerEpoch;
    if (first) emit changed();
}

void Format::forgetAnchor() { m_anchored = false; }

double Format::now() const { return static_cast<double>(QDateTime::currentMSecsSinceEpoch()) / 1000 + m_skew; }

QString Format::bytes(double n) const {
    if (!std::isfinite(n) || n < 0) return {};
    if (n < 1024) return tr("%n byte(s)", nullptr, static_cast<int>(n));
    static constexpr std::array units{"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    std::size_t unit = 0;
    double value = n / 1024;
    while (value >= 1023.95 && unit + 1 < units.size()) {
        value /= 1024;
        ++unit;
    }
    const int places = value == std::floor(value) && value < 1024 ? 0 : value < 10 ? 2 : 1;
    return m_locale.toString(value, 'f', places) + u' ' + QLatin1String(units[unit]);
}

QString Format::rate(double bytesPerSecond) const {
    return bytesPerSecond < 0 || !std::isfinite(bytesPerSecond) ? QString()
                                                                : tr("%1/s").arg(bytes(std::floor(bytesPerSecond)));
}

QString Format::number(double n) const {
    if (!std::isfinite(n)) return {};
    return n == std::floor(n) && std::abs(n) < 9e15 ? m_locale.toString(static_cast<qlonglong>(n))
                                                    : m_locale.toString(n, 'g', 6);
}

QString Format::percent(double part) const {
    if (!std::isfinite(part) || part < 0) return {};
    // 99.97 % is not all of it.
    const double value = part < 1 ? std::min(part * 100, 99.9) : 100;
    const int places = value == std::floor(value) ? 0 : 1;
    return tr("%1 %").arg(m_locale.toString(value, 'f', places));
}

QString Format::epoch(double epoch) const { return epoch < 0 ? QString() : number(epoch); }

QString Format::epochTime(double epoch) const {
    if (!m_anchored || epoch < 0 || !std::isfinite(epoch)) return {};
    const double seconds = m_anchorTime + (epoch - m_anchorEpoch) * m_secondsPerEpoch;
    return isTime(seconds) ? dateTime(seconds, m_utc).toString(QStringLiteral("yyyy-MM-dd HH:mm")) : QString();
}

QString Format::time(double seconds) const {
    return isTime(seconds) ? dateTime(seconds, m_utc).toString(QStringLiteral("yyyy-MM-dd HH:mm:ss")) : QString();
}

QString Format::timeOfDay(double seconds) const {
    return isTime(seconds) ? dateTime(seconds, m_utc).toString(QStringLiteral("HH:mm")) : QString();
}

QString Format::date(double seconds) const {
    return isTime(seconds) ? dateTime(seconds, m_utc).toString(QStringLiteral("yyyy-MM-dd")) : QString();
}

QString Format::isoTime(double seconds) const {
    return isTime(seconds) ? dateTime(seconds, true).toString(Qt::ISODate) : QString();
}

QString Format::duration(double seconds) const {
    if (!std::isfinite(seconds) || seconds < 0) return {};
    if (seconds < 1) return tr("%1 ms").arg(m_locale.toString(static_cast<qlonglong>(seconds * 1000)));
    if (seconds < 10) return tr("%1 s").arg(m_locale.toString(seconds, 'f', 1));
    const auto whole = static_cast<qlonglong>(std::min(seconds, 1e12));
    if (whole < 60) return tr("%1 s").arg(whole);
    if (whole < 3600)
        return whole % 60 == 0 ? tr("%1 min").arg(whole / 60) : tr("%1 min %2 s").arg(whole / 60).arg(whole % 60);
    if (whole < 86400) {
        const qlonglong minutes = whole / 60 % 60;
        return minutes == 0 ? tr("%1 h").arg(whole / 3600) : tr("%1 h %2 min").arg(whole / 3600).arg(minutes);
    }
    const qlonglong hours = whole / 3600 % 24;
    return hours == 0 ? tr("%1 d").arg(whole / 86400) : tr("%1 d %2 h").arg(whole / 86400).arg(hours);
}

QString Format::ago(double seconds) const {
    if (!isTime(seconds)) return {};
    const double past = now() - seconds;
    if (std::abs(past) < 2) return tr("now");
    const QString text = duration(std::floor(std::abs(past)));
    return past > 0 ? tr("%1 ago").arg(text) : tr("in %1").arg(text);
}

QString Format::eta(double seconds) const {
    return seconds < 0 || !std::isfinite(seconds) ? tr("estimating") : tr("%1 left").arg(duration(std::ceil(seconds)));
}

QString Format::elide(const QString& cid, int keep) const {
    if (keep < 1 || cid.size() <= 2 * keep + 1) return cid;
    return cid.left(keep) + u'…' + cid.right(keep);
}

QString Format::cell(ColumnKind kind, const QJsonValue& value) const {
    if (value.isNull() || value.isUndefined()) return {};
    const bool numeric = value.isDouble();
    switch (kind) {
        case ColumnKind::Bytes:
            if (numeric) return bytes(value.toDouble());
            break;
        case ColumnKind::Fil:
            if (value.isString()) return fil(value.toString());
            break;
        case ColumnKind::Epoch:
            if (numeric) return epoch(value.toDouble());
            break;
        case ColumnKind::Time:
            if (numeric) return time(value.toDouble());
            break;
        case ColumnKind::Percent:
            if (numeric) return percent(value.toDouble());
            break;
        case ColumnKind::Duration:
            if (numeric) return duration(value.toDouble());
            break;
        case ColumnKind::Number:
            if (numeric) return number(value.toDouble());
            break;
        case ColumnKind::State:
            if (value.isString()) return state(value.toString());
            break;
        case ColumnKind::Cid:
        case ColumnKind::Text: break;
    }
    // Another shape than the column's: what it is, as far as a cell can say it.
    if (value.isString()) return value.toString().left(1000);
    if (numeric) return number(value.toDouble());
    if (value.isBool()) return value.toBool() ? tr("yes") : tr("no");
    if (value.isArray()) return tr("%n entry(s)", nullptr, static_cast<int>(value.toArray().size()));
    return {};
}

}    // namespace filfil::gui
