// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/model/session.hpp"

#include <QDir>
#include <QFile>
#include <QFileInfo>
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

QUrl urlOf(const QString& text) {
    if (text.contains(QLatin1String("://"))) {
        QUrl url(text, QUrl::StrictMode);
        if (url.path().isEmpty() || url.path() == QLatin1String("/")) url.setPath(QStringLiteral("/rpc/v1"));
        return url;
    }
    return QUrl(QStringLiteral("ws://") + text + QStringLiteral("/rpc/v1"), QUrl::StrictMode);
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
    out.address.url = urlOf(text);
    const QString scheme = out.address.url.scheme();
    if (!out.address.url.isValid() || out.address.url.host().isEmpty() ||
        (scheme != QLatin1String("ws") && scheme != QLatin1String("wss"))) {
        out.problem = tr("'%1' is no address of a daemon").arg(text.left(200));
        out.remedy = tr("give HOST:PORT, or an address that begins with ws:// or wss://");
        return out;
    }
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
    out.problem = why.isEmpty() ? tr("There is no token for %1").arg(out.name)
                                : tr("There is no token for %1: %2").arg(out.name, why);
    out.remedy = tr("name the daemon's data folder, or paste the token that stands in its token.admin");
    return out;
}

}    // namespace filfil::gui
