// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/view/chart_words.hpp"

#include <QLocale>

#include <array>
#include <cmath>
#include <limits>

namespace filfil::gui {

QString figure(double value) {
    if (!std::isfinite(value)) return QStringLiteral("–");
    const double size = std::abs(value);
    const int decimals = size >= 100 || size == std::floor(size) ? 0 : size >= 10 ? 1 : size >= 0.01 ? 2 : 4;
    QString text = QLocale().toString(value, 'f', decimals);
    const QString point = QLocale().decimalPoint();
    if (decimals > 0 && text.contains(point)) {
        while (text.endsWith(QLatin1Char('0'))) text.chop(1);
        if (text.endsWith(point)) text.chop(point.size());
    }
    return text;
}

QString bytesText(double bytes) {
    constexpr std::array units = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
    std::size_t unit = 0;
    while (std::abs(bytes) >= 1024 && unit + 1 < units.size()) {
        bytes /= 1024;
        ++unit;
    }
    return QString(figure(bytes) + QChar(0xA0) + QString::fromLatin1(units[unit]));
}

QString withUnit(double value, const QString& unit) {
    if (!std::isfinite(value)) return QStringLiteral("–");
    if (unit == QStringLiteral("bytes")) return bytesText(value);
    if (unit == QStringLiteral("bytes/s")) return QString(bytesText(value) + QStringLiteral("/s"));
    return unit.isEmpty() ? figure(value) : QString(figure(value) + QChar(0xA0) + unit);
}

std::vector<double> numbersOf(const QVariantList& list) {
    std::vector<double> out;
    out.reserve(static_cast<std::size_t>(list.size()));
    for (const QVariant& one : list) {
        bool good = false;
        const double number = one.isNull() ? 0 : one.toDouble(&good);
        out.push_back(good && std::isfinite(number) ? number : std::numeric_limits<double>::quiet_NaN());
    }
    return out;
}

double roundUp(double value) {
    if (!(value > 0) || !std::isfinite(value)) return 1;
    const double power = std::pow(10.0, std::floor(std::log10(value)));
    for (const double step : {1.0, 2.0, 2.5, 5.0})
        if (value <= step * power * (1 + 1e-9)) return step * power;
    return 10 * power;
}

double roundUp(double value, const QString& unit) {
    if (!unit.startsWith(QStringLiteral("bytes")) || !(value > 1) || !std::isfinite(value)) return roundUp(value);
    const double power = std::exp2(10 * std::floor(std::log2(value) / 10));
    const double round = roundUp(value / power);
    return round > 1000 ? 1024 * power : round * power;
}

}    // namespace filfil::gui
