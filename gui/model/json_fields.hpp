// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <QJsonObject>
#include <QString>

namespace filfil::gui {

/// A field as text; "" where it is missing or no text.
inline QString text(const QJsonObject& object, const char* name) {
    return object.value(QLatin1String(name)).toString();
}

/// A field as a number; `missing` where it is none.
inline double number(const QJsonObject& object, const char* name, double missing = 0) {
    return object.value(QLatin1String(name)).toDouble(missing);
}

}    // namespace filfil::gui
