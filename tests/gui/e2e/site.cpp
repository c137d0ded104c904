// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "site.hpp"

#include "patience.hpp"

#include <QFile>
#include <QJsonDocument>

namespace filfil::e2e {

QString Site::begin(const QProcessEnvironment& environment) {
    m_environment = environment;
    if (const QString why = startChain(); !why.isEmpty()) return why;
    return startDaemon();
}

QString Site::startChain() {
    QStringList words = {QStringLiteral("devnet"),   QStringLiteral("--json"),  QStringLiteral("--port"),
                         QStringLiteral("0"),        QStringLiteral("--state"), QStringLiteral("1MiB"),
                         QStringLiteral("--tipset"), QStringLiteral("16KiB"),   QStringLiteral("--period"),
                         QStringLiteral("1s")};
    if (m_kind == Kind::WithContract)
        words += {QStringLiteral("--contract"), QStringLiteral("--daemon"), m_data};
    else
        words += {QStringLiteral("--seed"), QStringLiteral("7")};
    const QString said = m_data + QStringLiteral(".devnet.jsonl");
    m_devnet = startChild(m_environment, program("fil-fil"), words, said);
    const auto url = [&said] {
        QFile file(said);
        if (!file.open(QIODevice::ReadOnly)) return QString();
        const QByteArray line = file.readLine();
        return line.endsWith('\n') ? QJsonDocument::fromJson(line).object().value(QLatin1String("url")).toString()
                                   : QString();
    };
    if (!QTest::qWaitFor([&] { return !(m_node = url()).isEmpty(); }, soon))
        return QStringLiteral("the devnet does not say where it listens");
    return {};
}

QString Site::startDaemon() {
    QStringList words = {QStringLiteral("daemon"),      QStringLiteral("--json"),
                         QStringLiteral("--data"),      m_data,
                         QStringLiteral("--api"),       QStringLiteral("127.0.0.1:0"),
                         QStringLiteral("--log-level"), QStringLiteral("error")};
    // A devnet that plays the contract has written down what its daemon has to know.
    if (m_kind == Kind::ChainAlone)
        words += {QStringLiteral("--node"),      m_node,
                  QStringLiteral("--network"),   QStringLiteral("devnet"),
                  QStringLiteral("--bootstrap"), QStringLiteral("node")};
    m_daemon = startChild(m_environment, program("fil-fil"), words, m_data + QStringLiteral(".daemon.jsonl"));
    const auto isInStep = [this] {
        return ask({QStringLiteral("status")}).value(QLatin1String("state")).toString() == QLatin1String("synced");
    };
    if (QTest::qWaitFor(isInStep, soon)) return {};
    QFile said(m_data + QStringLiteral(".daemon.jsonl.err"));
    return QStringLiteral("the daemon does not come into step: ") +
           (said.open(QIODevice::ReadOnly) ? QString::fromUtf8(said.readAll()) : QString());
}

void Site::killDaemon() {
    if (!m_daemon) return;
    m_daemon->kill();
    m_daemon->waitForFinished(soon);
    m_daemon.reset();
}

void Site::end() {
    endChild(m_daemon);
    endChild(m_devnet);
}

QJsonObject Site::ask(const QStringList& words) const {
    QProcess process;
    process.setProcessEnvironment(m_environment);
    dieTogether(process);
    process.start(program("fil-fil"), words + QStringList{QStringLiteral("--data"), m_data, QStringLiteral("--json")});
    process.waitForFinished(soon);
    return QJsonDocument::fromJson(process.readAllStandardOutput().split('\n').constFirst()).object();
}

}    // namespace filfil::e2e
