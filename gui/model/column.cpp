// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/model/column.hpp"

namespace filfil::gui {

QString nameOf(ColumnKind kind) {
    switch (kind) {
        case ColumnKind::Text: return QStringLiteral("text");
        case ColumnKind::Cid: return QStringLiteral("cid");
        case ColumnKind::Bytes: return QStringLiteral("bytes");
        case ColumnKind::Fil: return QStringLiteral("fil");
        case ColumnKind::Epoch: return QStringLiteral("epoch");
        case ColumnKind::Time: return QStringLiteral("time");
        case ColumnKind::Percent: return QStringLiteral("percent");
        case ColumnKind::State: return QStringLiteral("state");
        case ColumnKind::Number: return QStringLiteral("number");
        case ColumnKind::Duration: return QStringLiteral("duration");
    }
    return QStringLiteral("text");
}

QVariantMap Column::toMap(const QString& translatedTitle) const {
    return {{QStringLiteral("key"), key},
            {QStringLiteral("title"), translatedTitle},
            {QStringLiteral("kind"), nameOf(kind)},
            {QStringLiteral("width"), width}};
}

}    // namespace filfil::gui
