// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <QProcess>
#include <QProcessEnvironment>
#include <QString>
#include <QStringList>

#include <csignal>
#include <memory>

namespace filfil::e2e {

/// Where one of this project's programs lies: in the folder that FILFIL_BIN names.
QString program(const char* name);

/// Has what this starts get `signal` when the program that started it is gone, whatever that died of.
void dieTogether(QProcess& process, int signal = SIGKILL);

/// Starts a program that dies with this one.
/// @param output where it writes what it says, and beside it in ".err" what it complains of; "" for a pipe
std::unique_ptr<QProcess> startChild(const QProcessEnvironment& environment, const QString& what,
                                     const QStringList& arguments, const QString& output, int signal = SIGKILL);

/// Asks it to end, and sees to it that it does.
void endChild(std::unique_ptr<QProcess>& child);

}    // namespace filfil::e2e
