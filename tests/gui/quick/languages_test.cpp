// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/desktop/languages.hpp"
#include "gui/model/app.hpp"

#include <QQmlApplicationEngine>
#include <QQmlComponent>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest/QtTest>

using namespace filfil::gui;

namespace {

bool isChinese(const QString& text) {
    static const QRegularExpression han(QStringLiteral("\\p{Han}"));
    return han.match(text).hasMatch();
}

/// All titles of all tables.
QStringList titles(const App& app) {
    const QList<const RecordModel*> models = {app.status()->model(),         app.alerts()->model(),
                                              app.snapshots()->model(),      app.snapshots()->holds(),
                                              app.snapshots()->schedules(),  app.deals()->model(),
                                              app.slotStore()->model(),      app.slotStore()->providers(),
                                              app.slotStore()->reputation(), app.slotStore()->operatorSlots(),
                                              app.slotStore()->events(),     app.payouts()->model(),
                                              app.payouts()->providers(),    app.payouts()->transactions(),
                                              app.devices()->model(),        app.devices()->history(),
                                              app.jobs()->model(),           app.settings()->model(),
                                              app.verifier()->history()};
    QStringList out;
    for (const RecordModel* model : models)
        for (int column = 0; column < model->columnCount(); ++column)
            out << model->headerData(column, Qt::Horizontal).toString();
    return out;
}

}    // namespace

class LanguagesTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::unique_ptr<App> m_app;
    std::unique_ptr<QQmlApplicationEngine> m_engine;
    std::unique_ptr<Languages> m_languages;

    void speak(const QString& language) { m_app->preferences()->setLanguage(language); }

private slots:
    void init() {
        // QML tells of broken bindings as warnings.
        QTest::failOnWarning(QRegularExpression(QStringLiteral("qrc:/qt/qml/FilFil/")));
        registerModelTypes();
        m_app = std::make_unique<App>(App::Options{.settingsFile = m_folder.filePath(QStringLiteral("settings")),
                                                   .dataFolder = m_folder.path(),
                                                   .version = QStringLiteral("1")});
        speak(QStringLiteral("en"));
        m_engine = std::make_unique<QQmlApplicationEngine>();
        m_engine->addImportPath(QStringLiteral("qrc:/qt/qml"));
        m_languages = std::make_unique<Languages>(*m_engine, *m_app);
    }
    void cleanup() {
        m_languages.reset();
        m_engine.reset();
        m_app.reset();
    }

    void pluralsAreRightInEnglish() {
        QCOMPARE(m_app->format()->bytes(1), QStringLiteral("1 byte"));
        QCOMPARE(m_app->format()->bytes(5), QStringLiteral("5 bytes"));
    }

    void everyTitleFollows() {
        const QStringList english = titles(*m_app);
        QVERIFY(english.size() > 100);
        for (const QString& title : english) QVERIFY2(!isChinese(title), qPrintable(title));
        QSignalSpy told(m_app->deals()->model(), &RecordModel::columnsChanged);
        speak(QStringLiteral("zh_CN"));
        QVERIFY(!told.isEmpty());
        // What is called so in Chinese, too.
        const QStringList same = {QStringLiteral("GiB/s"), QStringLiteral("Nonce")};
        for (const QString& title : titles(*m_app))
            QVERIFY2(isChinese(title) || same.contains(title), qPrintable(title));
        speak(QStringLiteral("en"));
        QCOMPARE(titles(*m_app), english);
    }

    void everyStateHasAWord() {
        QQmlComponent component(m_engine.get());
        component.setData("import QtQml\nimport FilFil\nQtObject { readonly property var tones: States.tones }", {});
        const std::unique_ptr<QObject> states(component.create());
        QVERIFY2(states != nullptr, qPrintable(component.errorString()));
        const QVariantMap tones = states->property("tones").value<QJSValue>().toVariant().toMap();
        QVERIFY(tones.contains(QStringLiteral("not_worth_it")));
        speak(QStringLiteral("zh_CN"));
        for (auto tone = tones.begin(); tone != tones.end(); ++tone)
            QVERIFY2(isChinese(m_app->format()->state(tone.key())), qPrintable(tone.key()));
    }

    void whatTheProgramSaysFollows() {
        const auto fastest = [this] {
            return m_app->verifier()->backends().first().toMap().value(QStringLiteral("title")).toString();
        };
        QVERIFY(!isChinese(fastest()));
        QSignalSpy told(m_app->verifier(), &Verifier::backendsChanged);
        speak(QStringLiteral("zh_CN"));
        QVERIFY(!told.isEmpty());
        QVERIFY(isChinese(fastest()));
        QVERIFY(isChinese(m_app->format()->duration(90)));
        m_app->verifier()->setExpected(QStringLiteral("bafyreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy"));
        QVERIFY2(isChinese(m_app->verifier()->expectedProblem()), qPrintable(m_app->verifier()->expectedProblem()));
    }
};

QTEST_MAIN(LanguagesTest)
#include "languages_test.moc"
