// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/model/api_error.hpp"

#include <QCoreApplication>

namespace filfil::gui {

ApiError ApiError::fromJson(const QJsonValue& error) {
    const QJsonObject object = error.toObject();
    const QJsonObject data = object.value(QLatin1String("data")).toObject();
    ApiError out;
    out.code = object.value(QLatin1String("code")).toInt(-32000);
    out.name = data.value(QLatin1String("code")).toString();
    out.message = data.value(QLatin1String("message")).toString(object.value(QLatin1String("message")).toString());
    out.remedy = data.value(QLatin1String("remedy")).toString();
    // Errors inside of jobs and deals have the same fields without the wrapping.
    if (out.name.isEmpty()) out.name = object.value(QLatin1String("code")).toString();
    if (out.remedy.isEmpty()) out.remedy = object.value(QLatin1String("remedy")).toString();
    if (out.name.isEmpty()) out.name = out.code == -32001 ? QStringLiteral("denied") : QStringLiteral("internal");
    if (out.message.isEmpty())
        out.message =
            QCoreApplication::translate("ApiError", "The daemon answered with an error and did not say which");
    return out;
}

}    // namespace filfil::gui
