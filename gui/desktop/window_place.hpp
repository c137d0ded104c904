// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <QObject>
#include <QRect>
#include <QTimer>

class QQuickWindow;

namespace filfil::gui {

class Preferences;

/// Puts the window where it was last time, as far as that is on a screen, and remembers where it is. GUI thread only.
class WindowPlace : public QObject {
public:
    WindowPlace(QQuickWindow& window, Preferences& preferences);

    /// `wanted` moved and shrunk so that it lies in `screen`; at least 360 × 320.
    static QRect fitted(QRect wanted, const QRect& screen);

private:
    void restore();
    void keep();

    QQuickWindow& m_window;
    Preferences& m_preferences;
    QTimer m_later;
};

}    // namespace filfil::gui
