// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/qml/clipboard.hpp"

#include <QClipboard>
#include <QGuiApplication>

namespace filfil::gui {

void Clipboard::copy(const QString& text) { QGuiApplication::clipboard()->setText(text); }

QString Clipboard::text() const { return QGuiApplication::clipboard()->text(); }

}    // namespace filfil::gui
