// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/model/session.hpp"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QHostAddress>
#include <QUrl>

#include <utility>

namespace filfil::gui {
namespace {

struct Text {
    QString text;
    QString problem;
};

/// The one line of a small file.
Text readLine(const QString& path) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) return {{}, file.errorString()};
    return {QString::fromUtf8(file.read(4096)).trimmed(), {}};
}

/// What is sent there stays on this machine.
bool isLoopback(const QUrl& url) {
    return url.host() == QLatin1String("localhost") || QHostAddress(url.host()).isLoopback();
}

QUrl urlOf(const QString& text) {
    if (text.contains(QLatin1String("://"))) {
        QUrl url(text, QUrl::StrictMode);
        if (url.path().isEmpty() || url.path() == QLatin1String("/")) url.setPath(QStringLiteral("/rpc/v1"));
        return url;
    }
    QUrl url(QStringLiteral("wss://") + text + QStringLiteral("/rpc/v1"), QUrl::StrictMode);
    // A daemon has no certificate for its own machine, as a rule, nor does the near end of a tunnel.
    if (isLoopback(url)) url.setScheme(QStringLiteral("ws"));
    return url;
}

struct Address {
    QUrl url;
    QString problem;
    QString remedy;
};

Address addressOf(const QString& text) {
    Address out{urlOf(text), {}, {}};
    const QString scheme = out.url.scheme();
    if (!out.url.isValid() || out.url.host().isEmpty() ||
        (scheme != QLatin1String("ws") && scheme != QLatin1String("wss"))) {
        out.problem = Session::tr("'%1' is no address of a daemon").arg(text.left(200));
        out.remedy = Session::tr("give HOST:PORT, or an address that begins with ws:// or wss://");
    } else if (scheme == QLatin1String("ws") && !isLoopback(out.url)) {
        out.problem =
            Session::tr("%1 is called without TLS, and the token could be read on the way").arg(out.url.host());
        out.remedy = Session::tr(
            "give the daemon a certificate (api.tls_cert, api.tls_key) and write wss://, or lead a "
            "tunnel there (ssh -L) and give its port on 127.0.0.1");
    }
    return out;
}

}    // namespace

Session::Target Session::resolve(const QVariantMap& daemon) {
    Target out;
    const QString folder = daemon.value(QStringLiteral("folder")).toString();
    QString text = daemon.value(QStringLiteral("url")).toString();
    out.name = daemon.value(QStringLiteral("name")).toString();
    if (text.isEmpty() && !folder.isEmpty()) {
        const Text address = readLine(QDir(folder).filePath(QStringLiteral("api.url")));
        text = address.text;
        if (text.isEmpty()) {
            out.problem = tr("No daemon runs over the folder %1").arg(folder);
            out.remedy = tr("start one, or choose another folder");
            return out;
        }
    }
    const Address address = addressOf(text);
    out.address.url = address.url;
    out.problem = address.problem;
    out.remedy = address.remedy;
    if (!out.problem.isEmpty()) return out;
    if (out.name.isEmpty()) out.name = out.address.url.authority(QUrl::FullyEncoded);
    out.address.caFile = daemon.value(QStringLiteral("caFile")).toString();
    out.address.token = daemon.value(QStringLiteral("token")).toString();
    if (!out.address.token.isEmpty()) return out;
    QStringList files = {daemon.value(QStringLiteral("tokenFile")).toString()};
    if (!folder.isEmpty())
        files << QDir(folder).filePath(QStringLiteral("token.admin"))
              << QDir(folder).filePath(QStringLiteral("token.read"));
    QString why;
    for (const QString& file : std::as_const(files)) {
        if (file.isEmpty()) continue;
        const Text token = readLine(file);
        if (token.text.isEmpty()) {
            why = token.problem.isEmpty() ? tr("%1 is empty").arg(file) : tr("%1: %2").arg(file, token.problem);
            continue;
        }
        out.address.token = token.text;
        out.readOnly = QFileInfo(file).fileName() == QLatin1String("token.read");
        return out;
    }
    out.noToken = true;
    out.problem = why.isEmpty() ? tr("There is no token for %1").arg(out.name)
                                : tr("There is no token for %1: %2").arg(out.name, why);
    out.remedy = tr("name the daemon's data folder, or paste the token that stands in its token.admin");
    return out;
}

QString Session::addressProblem(const QString& url) {
    const Address address = addressOf(url.trimmed());
    return address.problem.isEmpty() ? QString() : address.problem + QStringLiteral(". ") + address.remedy;
}

}    // namespace filfil::gui
