// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <QString>
#include <QThread>

#include <future>

namespace filfil::gui::test {

/// A made daemon on a thread of its own, so that what it computes is not counted as the window's: a month of a busy
/// contract, and a commP under way that tells of itself as often as docs/api.md allows, four times a second.
class DaemonThread : public QThread {
public:
    /// @param windows how many windows of other providers there are
    /// @param busy whether a commP is under way
    DaemonThread(int windows, bool busy) : m_windows(windows), m_busy(busy) {}
    ~DaemonThread() override;

    DaemonThread(const DaemonThread&) = delete;
    DaemonThread& operator=(const DaemonThread&) = delete;

    /// Starts it. @return its address
    QString begin();

protected:
    void run() override;

private:
    int m_windows;
    bool m_busy;
    std::promise<QString> m_url;
};

}    // namespace filfil::gui::test
