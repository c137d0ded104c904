// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "tests/gui/bench/handler_clock.hpp"

#include <QEvent>

#include <time.h>

namespace filfil::gui::test {

namespace {

double cpu_seconds() {
    timespec at{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &at);
    return static_cast<double>(at.tv_sec) + static_cast<double>(at.tv_nsec) / 1e9;
}

}    // namespace

bool HandlerClock::notify(QObject* receiver, QEvent* event) {
    if (!m_watching || m_depth > 0) {
        // A nested loop's events are counted with what opened it: it is that handler that does not return.
        ++m_depth;
        const bool done = QApplication::notify(receiver, event);
        --m_depth;
        return done;
    }
    Handled one{0, receiver->metaObject()->className(), event->type(), m_place};
    ++m_depth;
    m_given = -1;
    const double start = cpu_seconds();
    const bool done = QApplication::notify(receiver, event);
    const double end = cpu_seconds();
    --m_depth;
    one.seconds = (m_given < 0 ? end : m_given) - start;
    if (m_given >= 0) m_rendered.push_back(end - m_given);
    m_handled.push_back(std::move(one));
    return done;
}

void HandlerClock::watch(QQuickWindow& window) {
    QObject::connect(
        &window, &QQuickWindow::beforeSynchronizing, this, [this] { m_given = cpu_seconds(); }, Qt::DirectConnection);
    m_watching = true;
}

}    // namespace filfil::gui::test
