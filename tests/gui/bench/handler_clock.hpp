// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <QApplication>
#include <QByteArray>
#include <QPointer>
#include <QQuickWindow>

#include <vector>

namespace filfil::gui::test {

/// CPU time of the GUI thread, an event at a time: from the event loop's call to its return. Of a frame, what is done
/// before the scene is given to the renderer (animations, bindings, layout) is a handler's time; the rest is rendering.
class HandlerClock : public QApplication {
public:
    struct Handled {
        double seconds = 0;
        QByteArray receiver{};    ///< its class
        int type = 0;             ///< QEvent::Type
        QString place{};          ///< the page that was shown
    };

    using QApplication::QApplication;

    bool notify(QObject* receiver, QEvent* event) override;

    /// Counts what the window does, from now on. One window.
    void watch(QQuickWindow& window);

    /// What is handled from now on is of this page.
    void setPlace(const QString& place) { m_place = place; }

    [[nodiscard]] const std::vector<Handled>& handled() const { return m_handled; }
    /// Seconds of CPU of each frame's rendering.
    [[nodiscard]] const std::vector<double>& rendered() const { return m_rendered; }

private:
    int m_depth = 0;
    double m_given = -1;    ///< when the frame was given to the renderer, < 0 outside of a frame
    bool m_watching = false;
    QString m_place;
    std::vector<Handled> m_handled;
    std::vector<double> m_rendered;
};

}    // namespace filfil::gui::test
