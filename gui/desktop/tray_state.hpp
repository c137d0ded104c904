// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <QObject>
#include <QString>

namespace filfil::gui {

class App;

/// What the tray shows: a tone, and a sentence or two. Without anything of a tray, so that it can be tested. GUI thread
/// only.
class TrayState : public QObject {
    Q_OBJECT

public:
    /// Good: in step. Busy: a window is open, or the chain is being loaded. Bad: the daemon or its node is lost, or an
    /// alert that is an error. None: no daemon was chosen.
    enum class Tone { None, Good, Busy, Bad };

    explicit TrayState(const App& app, QObject* parent = nullptr);

    [[nodiscard]] Tone tone() const { return m_tone; }
    [[nodiscard]] QString text() const { return m_text; }

signals:
    void changed();

private:
    void update();

    const App& m_app;
    Tone m_tone = Tone::None;
    QString m_text;
};

}    // namespace filfil::gui
