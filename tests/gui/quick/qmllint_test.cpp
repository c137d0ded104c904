// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLibraryInfo>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QtTest/QtTest>

namespace {

struct Lint {
    QString failure;       ///< why nothing came of it; "" where something did
    QStringList faults;    ///< "Page.qml:12: what"
};

bool isIdOf(const QString& text, const QString& name) {
    static const QRegularExpression word(QStringLiteral("^\\w+$"));
    return word.match(name).hasMatch() &&
           QRegularExpression(QStringLiteral("\\bid:\\s*%1\\b").arg(name)).match(text).hasMatch();
}

/// Only warnings count, and names that are of nothing. qmllint of Qt 6.4 tells so of every id that is used from inside
/// a delegate, too, as "pragma ComponentBehavior: Bound" came later.
Lint lint(const QString& folder, const QStringList& files) {
    QStringList arguments = {QStringLiteral("--json"),
                             QStringLiteral("-"),
                             QStringLiteral("--bare"),
                             QStringLiteral("-I"),
                             QStringLiteral(QML_FOLDER),
                             QStringLiteral("-I"),
                             QLibraryInfo::path(QLibraryInfo::QmlImportsPath)};
    const QDir resources(QStringLiteral(QML_RESOURCES));
    for (const QFileInfo& resource : resources.entryInfoList({QStringLiteral("*.qrc")}, QDir::Files))
        arguments << QStringLiteral("--resource") << resource.filePath();
    QProcess tool;
    tool.setWorkingDirectory(folder);
    tool.start(QStringLiteral(QMLLINT), arguments + files);
    if (!tool.waitForFinished(-1)) return {tool.errorString(), {}};
    const QJsonArray told = QJsonDocument::fromJson(tool.readAllStandardOutput()).object()[u"files"].toArray();
    if (told.size() != files.size())
        return {QStringLiteral("it told of %1 files of %2: %3")
                    .arg(told.size())
                    .arg(files.size())
                    .arg(QString::fromUtf8(tool.readAllStandardError())),
                {}};
    Lint out;
    for (const QJsonValue& file : told) {
        const QString name = file[u"filename"].toString();
        QFile source(QDir(folder).filePath(name));
        if (!source.open(QIODevice::ReadOnly)) return {source.errorString(), {}};
        const QString text = QString::fromUtf8(source.readAll());
        for (const QJsonValue& one : file[u"warnings"].toArray()) {
            const QString message = one[u"message"].toString();
            const QString what = text.mid(one[u"charOffset"].toInt(), one[u"length"].toInt());
            const bool unqualified = message.startsWith(QLatin1String("Unqualified access"));
            if (unqualified ? isIdOf(text, what) : one[u"type"] == QLatin1String("info")) continue;
            out.faults << QStringLiteral("%1:%2: %3 (%4)").arg(name).arg(one[u"line"].toInt()).arg(message, what);
        }
    }
    return out;
}

}    // namespace

class QmlLintTest : public QObject {
    Q_OBJECT

private slots:
    void nothingIsWrong();
    void faultsAreFound_data();
    void faultsAreFound();
};

void QmlLintTest::nothingIsWrong() {
    const QDir folder(QStringLiteral(FILFIL_SOURCE_DIR "/gui/qml"));
    QStringList files;
    for (QDirIterator all(folder.path(), {QStringLiteral("*.qml")}, QDir::Files, QDirIterator::Subdirectories);
         all.hasNext();)
        files << folder.relativeFilePath(all.next());
    files.sort();
    QVERIFY(files.contains(QStringLiteral("Main.qml")));
    const Lint said = lint(folder.path(), files);
    QVERIFY2(said.failure.isEmpty(), qPrintable(said.failure));
    QVERIFY2(said.faults.isEmpty(), qPrintable(said.faults.join(u'\n')));
}

void QmlLintTest::faultsAreFound_data() {
    QTest::addColumn<QString>("line");
    QTest::addColumn<int>("faults");
    QTest::newRow("none") << QStringLiteral("text: page.title") << 0;
    QTest::newRow("an id from inside a delegate")
        << QStringLiteral("Repeater { model: 2; Text { text: page.title } }") << 0;
    QTest::newRow("a name that is of nothing") << QStringLiteral("text: nobody") << 1;
    QTest::newRow("a property that there is not") << QStringLiteral("txet: page.title") << 1;
    QTest::newRow("a property of the model that there is not") << QStringLiteral("text: page.app.session.nmae") << 1;
    QTest::newRow("a property of the theme that there is not") << QStringLiteral("color: Theme.textFiant") << 1;
    QTest::newRow("an id that makes a control slower")
        << QStringLiteral("T.Button { contentItem: Item { id: inside } }") << 1;
}

void QmlLintTest::faultsAreFound() {
    QFETCH(const QString, line);
    QFETCH(const int, faults);
    const QTemporaryDir folder;
    QFile file(folder.filePath(QStringLiteral("Planted.qml")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(QStringLiteral("import QtQuick\nimport QtQuick.Templates as T\nimport FilFil\nimport FilFil.Model\n\n"
                              "AppText {\n    id: page\n\n    required property App app\n"
                              "    property string title\n    property color ink: Theme.text\n"
                              "    property T.Button button: null\n\n    %1\n}\n")
                   .arg(line)
                   .toUtf8());
    file.close();
    const Lint said = lint(folder.path(), {QStringLiteral("Planted.qml")});
    QVERIFY2(said.failure.isEmpty(), qPrintable(said.failure));
    QVERIFY2(said.faults.size() == faults, qPrintable(said.faults.join(u'\n')));
}

QTEST_GUILESS_MAIN(QmlLintTest)
#include "qmllint_test.moc"
