// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/model/preferences.hpp"
#include "tests.hpp"

#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

#include <sys/resource.h>

namespace filfil::gui::test {

class PreferencesTest : public QObject {
    Q_OBJECT

private slots:
    void whatIsSetIsThereNextTime() {
        const QTemporaryDir folder;
        const QString file = folder.filePath(QStringLiteral("desktop.ini"));
        {
            Preferences preferences(file);
            QCOMPARE(preferences.theme(), QStringLiteral("system"));
            QSignalSpy changed(&preferences, &Preferences::changed);
            preferences.setTheme(QStringLiteral("dark"));
            preferences.setTheme(QStringLiteral("dark"));
            QCOMPARE(changed.count(), 1);
            preferences.setUtc(true);
            preferences.setNotification(QStringLiteral("paid"), false);
            preferences.setValue(QStringLiteral("width"), 1280);
            QCOMPARE(preferences.addDaemon({{QStringLiteral("name"), QStringLiteral("a")},
                                            {QStringLiteral("folder"), QStringLiteral("/a")}}),
                     0);
            QCOMPARE(preferences.addDaemon({{QStringLiteral("url"), QStringLiteral("wss://b:1")},
                                            {QStringLiteral("token"), QStringLiteral("secret")}}),
                     1);
            QCOMPARE(preferences.addDaemon({{QStringLiteral("name"), QStringLiteral("A")},
                                            {QStringLiteral("folder"), QStringLiteral("/a")}}),
                     0);
            preferences.setDaemon(1);
        }
        Preferences preferences(file);
        QCOMPARE(preferences.theme(), QStringLiteral("dark"));
        QVERIFY(preferences.utc());
        QVERIFY(!preferences.notification(QStringLiteral("paid")));
        QVERIFY(preferences.notification(QStringLiteral("missed")));
        QCOMPARE(preferences.value(QStringLiteral("width")).toInt(), 1280);
        QCOMPARE(preferences.daemons().size(), 2);
        QCOMPARE(preferences.daemons()[0].toMap().value(QStringLiteral("name")).toString(), QStringLiteral("A"));
        QCOMPARE(preferences.daemon(), 1);
        // Tokens are in files of their own, never here.
        QFile ini(file);
        QVERIFY(ini.open(QIODevice::ReadOnly));
        QVERIFY(!ini.readAll().contains("secret"));
    }

    void aTokenIsForItsOwnerAlone() {
        const QTemporaryDir folder;
        Preferences preferences(folder.filePath(QStringLiteral("desktop.ini")));
        const QString path = preferences.saveToken(QStringLiteral("../../evil name"), QStringLiteral(" abc\n"));
        QVERIFY(path.startsWith(folder.path()));
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), QByteArray("abc"));
        QCOMPARE(file.permissions() & (QFile::ReadGroup | QFile::ReadOther | QFile::WriteGroup | QFile::WriteOther),
                 QFile::Permissions());
        const int place = preferences.addDaemon(
            {{QStringLiteral("url"), QStringLiteral("wss://c:1")}, {QStringLiteral("tokenFile"), path}});
        preferences.removeDaemon(place);
        QVERIFY(!QFile::exists(path));
    }

    void everyDaemonHasATokenOfItsOwn() {
        const QTemporaryDir folder;
        Preferences preferences(folder.filePath(QStringLiteral("desktop.ini")));
        const auto read = [](const QString& path) {
            QFile file(path);
            return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("none");
        };
        const auto daemon = [](const QString& url, const QString& token) {
            return QVariantMap{{QStringLiteral("url"), url}, {QStringLiteral("tokenFile"), token}};
        };
        const auto tokenAt = [&](int place) {
            return preferences.daemons()[place].toMap().value(QStringLiteral("tokenFile")).toString();
        };
        const QString first = preferences.saveToken(QStringLiteral("SP 1"), QStringLiteral("one"));
        preferences.addDaemon(daemon(QStringLiteral("wss://a:1"), first));
        const QString second = preferences.saveToken(QStringLiteral("SP-1"), QStringLiteral("two"));
        preferences.addDaemon(daemon(QStringLiteral("wss://b:1"), second));
        QVERIFY(first != second);
        QCOMPARE(read(first), QByteArray("one"));
        QCOMPARE(read(second), QByteArray("two"));

        // Known already, and no token was given: it has one.
        QCOMPARE(preferences.addDaemon({{QStringLiteral("url"), QStringLiteral("wss://a:1")}}), 0);
        QCOMPARE(tokenAt(0), first);
        QCOMPARE(read(first), QByteArray("one"));

        // Another one takes its place.
        const QString third = preferences.saveToken(QStringLiteral("SP 1"), QStringLiteral("three"));
        preferences.updateDaemon(0, daemon(QStringLiteral("wss://a:1"), third));
        QCOMPARE(read(third), QByteArray("three"));
        QVERIFY(!QFile::exists(first));
        QCOMPARE(read(second), QByteArray("two"));

        // As earlier versions kept it: one file for two.
        preferences.addDaemon(daemon(QStringLiteral("wss://c:1"), second));
        preferences.removeDaemon(1);
        QCOMPARE(read(second), QByteArray("two"));
        preferences.removeDaemon(1);
        QVERIFY(!QFile::exists(second));

        // A file that the user named is the user's.
        const QString own = folder.filePath(QStringLiteral("own.token"));
        QFile file(own);
        QVERIFY(file.open(QIODevice::WriteOnly));
        preferences.removeDaemon(preferences.addDaemon(daemon(QStringLiteral("wss://d:1"), own)));
        QVERIFY(QFile::exists(own));
    }

    void aTokenThatCannotBeKeptIsToldOf() {
        const QTemporaryDir folder;
        QFile inTheWay(folder.filePath(QStringLiteral("tokens")));
        QVERIFY(inTheWay.open(QIODevice::WriteOnly));
        Preferences preferences(folder.filePath(QStringLiteral("desktop.ini")));
        QSignalSpy failed(&preferences, &Preferences::failed);
        QCOMPARE(preferences.saveToken(QStringLiteral("a"), QStringLiteral("t")), QString());
        QCOMPARE(failed.count(), 1);
        QVERIFY(failed[0][0].toString().contains(inTheWay.fileName()) && !failed[0][1].toString().isEmpty());

        // A full disk is noticed when what was written goes there, and leaves nothing behind.
        QVERIFY(inTheWay.remove());
        rlimit before{};
        getrlimit(RLIMIT_FSIZE, &before);
        const auto handler = std::signal(SIGXFSZ, SIG_IGN);
        rlimit none{0, before.rlim_max};
        setrlimit(RLIMIT_FSIZE, &none);
        const QString path = preferences.saveToken(QStringLiteral("a"), QStringLiteral("t"));
        setrlimit(RLIMIT_FSIZE, &before);
        std::signal(SIGXFSZ, handler);
        QCOMPARE(path, QString());
        QCOMPARE(failed.count(), 2);
        QVERIFY(QDir(folder.filePath(QStringLiteral("tokens"))).isEmpty());
    }

    void nonsenseInTheFileIsLeftOut() {
        const QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("desktop.ini"));
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("[view]\ntheme=purple\nutc=@Invalid()\n[daemons]\nlist=17, x\ncurrent=never\n\x01\xff broken");
        file.close();
        Preferences preferences(path);
        QCOMPARE(preferences.theme(), QStringLiteral("system"));
        QVERIFY(!preferences.utc());
        QVERIFY(preferences.daemons().isEmpty());
        preferences.removeDaemon(3);
        preferences.reset();
        QCOMPARE(preferences.theme(), QStringLiteral("system"));
    }
};

std::unique_ptr<QObject> preferencesTest() { return std::make_unique<PreferencesTest>(); }

}    // namespace filfil::gui::test

#include "preferences_test.moc"
