// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <QtQml/qqmlregistration.h>

#include <QObject>
#include <QString>

namespace filfil::gui {

/// The clipboard, for QML. Used on the GUI's thread.
class Clipboard : public QObject {
    Q_OBJECT
    QML_ELEMENT
public:
    using QObject::QObject;

    Q_INVOKABLE void copy(const QString& text);
    Q_INVOKABLE QString text() const;
};

}    // namespace filfil::gui
