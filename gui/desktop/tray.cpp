// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/desktop/tray.hpp"

#include "gui/model/app.hpp"
#include "gui/model/daemon_starter.hpp"
#include "gui/model/preferences.hpp"

#include <QCoreApplication>
#include <QPainter>
#include <QPixmap>
#include <QQuickWindow>

#include <array>

namespace filfil::gui {
namespace {

QPixmap drawn(int edge, TrayState::Tone tone) {
    QPixmap pixmap(edge, edge);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    const qreal size = edge;
    painter.setBrush(QColor(0x1f, 0x6f, 0xeb));
    painter.drawRoundedRect(QRectF(0, 0, size, size), size * 0.28, size * 0.28);
    painter.setBrush(Qt::white);
    painter.drawRoundedRect(QRectF(size * 0.2, size * 0.26, size * 0.6, size * 0.14), size * 0.07, size * 0.07);
    painter.drawRoundedRect(QRectF(size * 0.2, size * 0.26, size * 0.14, size * 0.5), size * 0.07, size * 0.07);
    if (tone == TrayState::Tone::None) {
        painter.drawEllipse(QRectF(size * 0.52, size * 0.54, size * 0.22, size * 0.22));
        return pixmap;
    }
    const QColor color = tone == TrayState::Tone::Good   ? QColor(0x3f, 0xb9, 0x50)
                         : tone == TrayState::Tone::Busy ? QColor(0xe3, 0xb3, 0x41)
                                                         : QColor(0xf8, 0x51, 0x49);
    const QRectF spot(size * 0.5, size * 0.5, size * 0.5, size * 0.5);
    painter.drawEllipse(spot);
    painter.setBrush(color);
    painter.drawEllipse(spot.adjusted(size * 0.06, size * 0.06, -size * 0.06, -size * 0.06));
    // A mark beside the colour: a bar for "wait", a cross for "wrong".
    painter.setPen(QPen(Qt::white, qMax(1.0, size * 0.07), Qt::SolidLine, Qt::RoundCap));
    const QPointF middle = spot.center();
    const qreal arm = size * 0.09;
    if (tone == TrayState::Tone::Busy) painter.drawLine(middle - QPointF(arm, 0), middle + QPointF(arm, 0));
    if (tone == TrayState::Tone::Bad) {
        painter.drawLine(middle - QPointF(arm, arm), middle + QPointF(arm, arm));
        painter.drawLine(middle + QPointF(-arm, arm), middle + QPointF(arm, -arm));
    }
    return pixmap;
}

}    // namespace

Tray::Tray(App& app) : m_app(app), m_state(app), m_available(QSystemTrayIcon::isSystemTrayAvailable()) {
    m_next = m_menu.addAction(QString());
    m_next->setEnabled(false);
    m_menu.addSeparator();
    connect(m_menu.addAction(tr("Show fil-fil")), &QAction::triggered, this, &Tray::showWindow);
    m_quit = m_menu.addAction(QString());
    connect(m_quit, &QAction::triggered, this, [] { QCoreApplication::quit(); });
    m_icon.setContextMenu(&m_menu);
    connect(&m_icon, &QSystemTrayIcon::activated, this, [this](QSystemTrayIcon::ActivationReason reason) {
        if (reason == QSystemTrayIcon::Trigger || reason == QSystemTrayIcon::DoubleClick) toggleWindow();
    });
    connect(&m_icon, &QSystemTrayIcon::messageClicked, this, &Tray::showWindow);
    connect(&m_state, &TrayState::changed, this, &Tray::refresh);
    // Which kinds may be told is asked by the App.
    connect(&app, &App::notify, this, [this](const QString& kind, const QString& title, const QString& text) {
        const bool bad = kind == QLatin1String("missed") || kind == QLatin1String("daemonLost");
        if (m_available) m_icon.showMessage(title, text, bad ? QSystemTrayIcon::Warning : QSystemTrayIcon::Information);
    });
    connect(m_app.starter(), &DaemonStarter::changed, this, &Tray::refresh);
    refresh();
    if (m_available) m_icon.show();
}

void Tray::join(QQuickWindow& window) {
    m_window = &window;
    connect(m_window, &QWindow::visibleChanged, this, [this](bool visible) {
        Preferences& preferences = *m_app.preferences();
        if (visible || !m_available || !preferences.closeToTray() || preferences.toldThatDaemonStays()) return;
        if (m_app.starter()->demo()) return;
        preferences.setToldThatDaemonStays(true);
        m_icon.showMessage(tr("fil-fil goes on in the tray"), tr("The daemon goes on, too, also when you quit here."));
    });
}

QIcon Tray::icon(TrayState::Tone tone) {
    QIcon icon;
    for (const int edge : std::array{16, 22, 24, 32, 48, 64, 128}) icon.addPixmap(drawn(edge, tone));
    return icon;
}

void Tray::refresh() {
    m_icon.setIcon(icon(m_state.tone()));
    m_icon.setToolTip(m_state.text());
    m_quit->setText(m_app.starter()->demo() ? tr("Quit; the demo ends") : tr("Quit; the daemon goes on"));
    m_next->setText(m_state.text().section(QLatin1Char('\n'), 0, 1).replace(QLatin1Char('\n'), QStringLiteral(" · ")));
}

void Tray::showWindow() {
    if (m_window == nullptr) return;
    m_window->show();
    m_window->raise();
    m_window->requestActivate();
}

void Tray::toggleWindow() {
    if (m_window != nullptr && m_window->isVisible() && m_window->isActive())
        m_window->hide();
    else
        showWindow();
}

}    // namespace filfil::gui
