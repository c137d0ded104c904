// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <QString>
#include <QVariantMap>

namespace filfil::gui {

/// What a column holds, and so how its cells are shown and sorted.
enum class ColumnKind { Text, Cid, Bytes, Fil, Epoch, Time, Percent, State, Number, Duration };

/// "text", "cid", …, as QML sees it.
QString nameOf(ColumnKind kind);

/// A column of a table.
struct Column {
    QString key;               ///< of the record's field
    const char* title = "";    ///< QT_TR_NOOP in the class that has the table
    ColumnKind kind = ColumnKind::Text;
    int width = 120;    ///< pixels at first

    /// {"key", "title", "kind", "width"}
    [[nodiscard]] QVariantMap toMap(const QString& translatedTitle) const;
};

}    // namespace filfil::gui
