// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <QJsonObject>
#include <QString>

#include <algorithm>
#include <cmath>

namespace filfil::gui {

/// A field as text; "" where it is missing or no text.
inline QString text(const QJsonObject& object, const char* name) {
    return object.value(QLatin1String(name)).toString();
}

/// A field as a number; `missing` where it is none.
inline double number(const QJsonObject& object, const char* name, double missing = 0) {
    return object.value(QLatin1String(name)).toDouble(missing);
}

/// A number from outside as a whole one: towards 0, within what JSON's numbers tell apart (2^53); 0 for what is none.
inline qint64 whole(double number) {
    constexpr double most = 9007199254740992.0;
    return std::isnan(number) ? 0 : static_cast<qint64>(std::clamp(number, -most, most));
}

}    // namespace filfil::gui
