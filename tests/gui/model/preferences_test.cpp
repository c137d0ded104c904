// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/model/preferences.hpp"
#include "tests.hpp"

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

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
