// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "child.hpp"

#include <QJsonObject>

namespace filfil::e2e {

/// A daemon of a storage provider, over a devnet of its own that plays the contract and the market, or over one that
/// plays neither.
class Site {
public:
    enum class Kind { WithContract, ChainAlone };

    /// @param data the daemon's folder; what both say is written beside it
    Site(QString data, Kind kind) : m_data(std::move(data)), m_kind(kind) {}
    ~Site() { end(); }
    Site(const Site&) = delete;
    Site& operator=(const Site&) = delete;

    /// @return why it does not run, "" when it is in step with its chain
    QString begin(const QProcessEnvironment& environment);
    QString startDaemon();
    void killDaemon();    ///< as a crash or the kernel does it: nothing is tidied up
    void end();

    [[nodiscard]] const QString& data() const { return m_data; }

    /// What the command line says of it, its first object.
    [[nodiscard]] QJsonObject ask(const QStringList& words) const;

private:
    QString startChain();

    QString m_data;
    Kind m_kind;
    QProcessEnvironment m_environment;
    QString m_node;
    std::unique_ptr<QProcess> m_devnet;
    std::unique_ptr<QProcess> m_daemon;
};

}    // namespace filfil::e2e
