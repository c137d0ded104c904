// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "tests.hpp"

#include <QCoreApplication>
#include <QSocketNotifier>
#include <QTest>
#include <QThread>

#include <algorithm>
#include <cstdio>
#include <vector>

#include <time.h>

namespace {

/// Tells at the end how much CPU time the GUI thread's handlers took; nothing depends on it.
class WatchedApplication final : public QCoreApplication {
public:
    using QCoreApplication::QCoreApplication;

    bool notify(QObject* receiver, QEvent* event) override {
        // Sockets of this thread are the fake daemon's.
        if (m_inside || QThread::currentThread() != thread() || qobject_cast<QSocketNotifier*>(receiver) != nullptr)
            return QCoreApplication::notify(receiver, event);
        m_inside = true;
        const double begin = cpuMilliseconds();
        const bool done = QCoreApplication::notify(receiver, event);
        m_took.push_back(cpuMilliseconds() - begin);
        m_inside = false;
        return done;
    }

    void tell() {
        if (m_took.empty()) return;
        std::sort(m_took.begin(), m_took.end());
        const auto at = [this](double part) {
            return m_took[static_cast<std::size_t>(part * static_cast<double>(m_took.size() - 1))];
        };
        std::printf("GUI thread: %zu handlers, CPU time median %.3f ms, p99 %.3f ms, p99.9 %.3f ms, longest %.3f ms\n",
                    m_took.size(), at(0.5), at(0.99), at(0.999), m_took.back());
    }

private:
    static double cpuMilliseconds() {
        timespec time{};
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
        return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
    }

    std::vector<double> m_took;
    bool m_inside = false;
};

}    // namespace

int main(int argc, char** argv) {
    using namespace filfil::gui::test;
    WatchedApplication application(argc, argv);
    QStringList arguments = QCoreApplication::arguments();
    std::vector<std::unique_ptr<QObject>> tests;
    if (arguments.size() == 3 && arguments[1] == QLatin1String("--live")) {
        tests.push_back(liveTest(arguments[2]));
        arguments = {arguments[0]};
    } else {
        for (const auto make : {formatTest, recordModelTest, logModelTest, slotStatesTest, preferencesTest,
                                verifierTest, sessionTest, storesTest, slotsTest, hostileTest})
            tests.push_back(make());
    }
    // With a class's name that one alone; what follows are QtTest's own arguments.
    QString only;
    if (arguments.size() > 1 && arguments[1].endsWith(QLatin1String("Test"))) only = arguments.takeAt(1);
    int failed = 0;
    for (const auto& test : tests)
        if (only.isEmpty() ||
            QLatin1String(test->metaObject()->className()).endsWith(QString(QLatin1String("::") + only)))
            failed += QTest::qExec(test.get(), arguments);
    application.tell();
    return failed == 0 ? 0 : 1;
}
