// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/desktop/tray_state.hpp"

#include "gui/model/alert_store.hpp"
#include "gui/model/app.hpp"
#include "gui/model/session.hpp"
#include "gui/model/slot_store.hpp"
#include "gui/model/status_store.hpp"

#include <QStringList>

namespace filfil::gui {

TrayState::TrayState(const App& app, QObject* parent) : QObject(parent), m_app(app) {
    connect(app.session(), &Session::changed, this, &TrayState::update);
    connect(app.status(), &StatusStore::statusChanged, this, &TrayState::update);
    connect(app.slotStore(), &SlotStore::ticked, this, &TrayState::update);
    connect(app.alerts(), &AlertStore::countsChanged, this, &TrayState::update);
    update();
}

void TrayState::update() {
    const Session& session = *m_app.session();
    Tone tone = Tone::None;
    QStringList lines;
    if (session.state() == Session::Offline) {
        lines << tr("fil-fil: no daemon");
    } else if (!session.online()) {
        tone = session.state() == Session::Connecting ? Tone::Busy : Tone::Bad;
        lines << tr("fil-fil: %1").arg(session.state() == Session::Connecting ? tr("connecting") : session.sentence());
    } else {
        const QString state = m_app.status()->state();
        const bool open = m_app.slotStore()->secondsToNext() == 0.0;
        if (m_app.alerts()->errors() > 0 || state == QLatin1String("node_lost") || state == QLatin1String("failed") ||
            state == QLatin1String("rebootstrap_needed"))
            tone = Tone::Bad;
        else if (open || state != QLatin1String("synced"))
            tone = Tone::Busy;
        else
            tone = Tone::Good;
        lines << tr("fil-fil: %1").arg(m_app.status()->stateText());
        const QString next = m_app.slotStore()->nextText();
        if (!next.isEmpty()) lines << (open ? tr("Your window %1").arg(next) : tr("Next slot %1").arg(next));
        if (m_app.alerts()->count() > 0) lines << tr("%n alert(s)", nullptr, m_app.alerts()->count());
    }
    const QString text = lines.join(QLatin1Char('\n'));
    if (tone == m_tone && text == m_text) return;
    m_tone = tone;
    m_text = text;
    emit changed();
}

}    // namespace filfil::gui
