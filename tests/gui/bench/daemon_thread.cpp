// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "tests/gui/bench/daemon_thread.hpp"

#include "tests/gui/quick/fake_daemon.hpp"

#include <QTimer>

namespace filfil::gui::test {

DaemonThread::~DaemonThread() {
    quit();
    wait();
}

QString DaemonThread::begin() {
    std::future<QString> url = m_url.get_future();
    start();
    return url.get();
}

void DaemonThread::run() {
    FakeDaemon daemon(Mood::Full);
    daemon.world().more_windows = m_windows;
    QTimer progress;
    if (m_busy) {
        QJsonObject job = daemon.world()
                              .answer(QStringLiteral("FilFil.Jobs"), {}, 0)
                              .result.value(QLatin1String("jobs"))
                              .toArray()
                              .first()
                              .toObject();
        job.insert(QStringLiteral("kind"), QStringLiteral("commp"));
        QObject::connect(&progress, &QTimer::timeout, &daemon, [&daemon, job]() mutable {
            const double total = job.value(QLatin1String("total_bytes")).toDouble();
            const double rate = job.value(QLatin1String("bytes_per_second")).toDouble();
            double done = job.value(QLatin1String("done_bytes")).toDouble() + rate / 4;
            if (done > total) done = 0;
            job.insert(QStringLiteral("done_bytes"), done);
            job.insert(QStringLiteral("seconds_left"), (total - done) / rate);
            daemon.push(QStringLiteral("job"), job);
        });
        progress.start(250);
    }
    m_url.set_value(daemon.url());
    exec();
}

}    // namespace filfil::gui::test
