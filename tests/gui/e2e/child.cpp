// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "child.hpp"

#include "patience.hpp"

#include <QDebug>

#include <sys/prctl.h>
#include <unistd.h>

namespace filfil::e2e {

QString program(const char* name) {
    return QString::fromLocal8Bit(qgetenv("FILFIL_BIN")) + QLatin1Char('/') + QLatin1String(name);
}

void dieTogether(QProcess& process, int signal) {
    const pid_t parent = getpid();
    process.setChildProcessModifier([signal, parent] {
        prctl(PR_SET_PDEATHSIG, signal);
        // It may have died before that was asked for.
        if (getppid() != parent) _exit(127);
    });
}

std::unique_ptr<QProcess> startChild(const QProcessEnvironment& environment, const QString& what,
                                     const QStringList& arguments, const QString& output, int signal) {
    auto process = std::make_unique<QProcess>();
    process->setProcessEnvironment(environment);
    if (!output.isEmpty()) {
        process->setStandardOutputFile(output);
        process->setStandardErrorFile(output + QStringLiteral(".err"));
    }
    dieTogether(*process, signal);
    process->start(what, arguments);
    if (!process->waitForStarted(soon)) qWarning().noquote() << what << process->errorString();
    return process;
}

void endChild(std::unique_ptr<QProcess>& child) {
    if (!child) return;
    child->terminate();
    if (!child->waitForFinished(soon)) child->kill();
    child->waitForFinished(soon);
    child.reset();
}

}    // namespace filfil::e2e
