// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/model/format.hpp"
#include "gui/model/record_proxy.hpp"
#include "tests.hpp"

#include <QAbstractItemModelTester>
#include <QRandomGenerator>
#include <QSignalSpy>
#include <QTest>
#include <QTranslator>

namespace filfil::gui::test {
namespace {

QJsonObject row(int id, const QString& name, const QString& amount = QStringLiteral("0"),
                const QString& state = QStringLiteral("open")) {
    return {{QStringLiteral("id"), id},
            {QStringLiteral("name"), name},
            {QStringLiteral("amount"), amount},
            {QStringLiteral("state"), state}};
}

QList<Column> columns() {
    return {{QStringLiteral("id"), "No.", ColumnKind::Number, 60},
            {QStringLiteral("name"), "Name", ColumnKind::Text, 100},
            {QStringLiteral("amount"), "Amount", ColumnKind::Fil, 100},
            {QStringLiteral("state"), "State", ColumnKind::State, 100}};
}

/// A language in which everything is said with its context, and aloud.
class Loud final : public QTranslator {
public:
    [[nodiscard]] bool isEmpty() const override { return false; }
    [[nodiscard]] QString translate(const char* context, const char* source, const char*, int) const override {
        return QString(QString::fromLatin1(context) + QStringLiteral(": ") + QString::fromUtf8(source) + u'!');
    }
};

}    // namespace

class RecordModelTest : public QObject {
    Q_OBJECT

    Format m_format;

    std::unique_ptr<RecordModel> make() {
        return std::make_unique<RecordModel>(RecordModel::field(QStringLiteral("id")), columns(),
                                             QStringList{QStringLiteral("hidden")}, &m_format);
    }

    /// All of it at once, however slow the machine is.
    static void give(RecordModel& model, QList<QJsonObject> records) {
        model.setRecords(std::move(records));
        model.settle();
    }

private slots:
    void aListIsTakenOverByDifferences() {
        const auto model = make();
        QAbstractItemModelTester tester(model.get(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        give(*model, {row(1, QStringLiteral("a")), row(2, QStringLiteral("b")), row(3, QStringLiteral("c"))});
        QCOMPARE(model->count(), 3);
        const QPersistentModelIndex second = model->index(1, 0);
        QSignalSpy resets(model.get(), &QAbstractItemModel::modelReset);
        QSignalSpy changes(model.get(), &QAbstractItemModel::dataChanged);
        give(*model, {row(4, QStringLiteral("d")), row(3, QStringLiteral("c")), row(2, QStringLiteral("B"))});
        QCOMPARE(model->count(), 3);
        QCOMPARE(resets.count(), 0);
        QCOMPARE(changes.count(), 1);
        QVERIFY(second.isValid());
        QCOMPARE(second.data(RecordModel::KeyRole).toString(), QStringLiteral("2"));
        QCOMPARE(model->record(QStringLiteral("2")).value(QLatin1String("name")).toString(), QStringLiteral("B"));
        QVERIFY(!model->contains(QStringLiteral("1")));
        // The same again changes nothing at all.
        give(*model, {row(4, QStringLiteral("d")), row(3, QStringLiteral("c")), row(2, QStringLiteral("B"))});
        QCOMPARE(changes.count(), 1);
    }

    void anyChangesLeaveItConsistent() {
        QRandomGenerator random(7);
        const auto model = make();
        QAbstractItemModelTester tester(model.get(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        RecordProxy proxy;
        proxy.setRecords(model.get());
        proxy.setSortKey(QStringLiteral("name"));
        proxy.setFilterText(QStringLiteral("1"));
        QAbstractItemModelTester proxyTester(&proxy, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QHash<QString, QJsonObject> expected;
        for (int round = 0; round < 400; ++round) {
            const int id = static_cast<int>(random.bounded(60));
            const QString key = QString::number(id);
            switch (random.bounded(4)) {
                case 0:
                case 1: {
                    const QJsonObject one = row(id, QString::number(random.bounded(1000)));
                    model->upsert(one);
                    expected.insert(key, one);
                    break;
                }
                case 2:
                    model->remove(key);
                    expected.remove(key);
                    break;
                default: {
                    expected.clear();
                    QList<QJsonObject> list;
                    for (int i = 0; i < 40; ++i) {
                        const int other = static_cast<int>(random.bounded(60));
                        const QJsonObject one = row(other, QString::number(random.bounded(1000)));
                        list << one;
                        expected.insert(QString::number(other), one);
                    }
                    model->setRecords(list);
                    model->settle();
                }
            }
            QCOMPARE(model->count(), expected.size());
            int shown = 0;
            for (auto one = expected.begin(); one != expected.end(); ++one) {
                QCOMPARE(model->record(one.key()), one.value());
                QCOMPARE(model->keyAt(model->rowOf(one.key())), one.key());
                if (one.value().value(QLatin1String("name")).toString().contains(u'1') || one.key().contains(u'1'))
                    ++shown;
            }
            QCOMPARE(proxy.count(), shown);
            for (int i = 1; i < proxy.count(); ++i)
                QVERIFY(QString::compare(proxy.recordAt(i - 1).value(QLatin1String("name")).toString(),
                                         proxy.recordAt(i).value(QLatin1String("name")).toString()) <= 0);
        }
    }

    void whatAnEventSaysGoesBeforeAListThatIsStillTakenOver() {
        const auto model = make();
        QList<QJsonObject> list;
        for (int i = 0; i < 20'000; ++i) list << row(i, QStringLiteral("old"));
        model->setRecords(list);
        if (!model->settling()) QSKIP("this machine takes over twenty thousand rows in a turn");
        model->upsert(row(19'999, QStringLiteral("new")));
        model->remove(QStringLiteral("19998"));
        QSignalSpy settled(model.get(), &RecordModel::settled);
        QVERIFY(settled.wait(20'000));
        QCOMPARE(model->count(), 19'999);
        QCOMPARE(model->record(QStringLiteral("19999")).value(QLatin1String("name")).toString(), QStringLiteral("new"));
        QVERIFY(!model->contains(QStringLiteral("19998")));
    }

    void whatAnEventSaysGoesBeforeAListThatWasAskedForEarlier() {
        const auto model = make();
        give(*model, {row(1, QStringLiteral("old")), row(2, QStringLiteral("old")), row(3, QStringLiteral("old"))});
        model->expectRecords();
        model->upsert(row(1, QStringLiteral("new")));
        model->upsert(row(4, QStringLiteral("new")));
        model->remove(QStringLiteral("2"));
        give(*model, {row(1, QStringLiteral("old")), row(2, QStringLiteral("old")), row(3, QStringLiteral("other"))});
        QCOMPARE(model->record(QStringLiteral("1")).value(QLatin1String("name")).toString(), QStringLiteral("new"));
        QVERIFY(model->contains(QStringLiteral("4")));
        QVERIFY(!model->contains(QStringLiteral("2")));
        QCOMPARE(model->record(QStringLiteral("3")).value(QLatin1String("name")).toString(), QStringLiteral("other"));
        // The next list was asked for later, and knows better.
        give(*model, {row(1, QStringLiteral("old"))});
        QCOMPARE(model->count(), 1);
        QCOMPARE(model->record(QStringLiteral("1")).value(QLatin1String("name")).toString(), QStringLiteral("old"));
    }

    void moneyIsSortedByAmountAndNumbersByValue() {
        const auto model = make();
        give(*model, {row(10, QStringLiteral("x"), QStringLiteral("9")),
                      row(9, QStringLiteral("y"), QStringLiteral("100000000000000000000000")),
                      row(100, QStringLiteral("z"), QStringLiteral("10"))});
        RecordProxy proxy;
        proxy.setRecords(model.get());
        const auto keys = [&] {
            QStringList out;
            for (int i = 0; i < proxy.count(); ++i) out << proxy.keyAt(i);
            return out.join(u' ');
        };
        proxy.setSortKey(QStringLiteral("amount"));
        QCOMPARE(keys(), QStringLiteral("10 100 9"));
        proxy.sortBy(QStringLiteral("amount"));
        QCOMPARE(keys(), QStringLiteral("9 100 10"));
        proxy.sortBy(QStringLiteral("id"));
        QCOMPARE(keys(), QStringLiteral("9 10 100"));
        QCOMPARE(proxy.rowOf(QStringLiteral("100")), 2);
    }

    void filtersCombine() {
        const auto model = make();
        give(*model, {row(1, QStringLiteral("Anna"), QStringLiteral("0"), QStringLiteral("sealing")),
                      row(2, QStringLiteral("Bert"), QStringLiteral("0"), QStringLiteral("paid")),
                      row(3, QStringLiteral("anne"), QStringLiteral("0"), QStringLiteral("paid"))});
        RecordProxy proxy;
        proxy.setRecords(model.get());
        proxy.setFilterText(QStringLiteral("ANN"));
        QCOMPARE(proxy.count(), 2);
        proxy.setStates({QStringLiteral("paid")});
        QCOMPARE(proxy.count(), 1);
        QCOMPARE(proxy.keyAt(0), QStringLiteral("3"));
        proxy.setFilterText({});
        proxy.setEquals({{QStringLiteral("name"), QStringLiteral("Bert")}});
        QCOMPARE(proxy.keyAt(0), QStringLiteral("2"));
        QCOMPARE(proxy.rowOf(QStringLiteral("3")), -1);
    }

    void csvHasNoFormulas() {
        const auto model = make();
        give(*model, {row(1, QStringLiteral("=cmd|' /C calc'!A0,\"x\"\n"))});
        RecordProxy proxy;
        proxy.setRecords(model.get());
        const QString csv = proxy.csv();
        QVERIFY2(csv.startsWith(QLatin1String("No.,Name,Amount,State\r\n1,\"'=cmd")), qPrintable(csv));
        QVERIFY(csv.contains(QLatin1String("\"\"x\"\"")));
    }

    void recordsWithoutAKeyAreLeftOut() {
        const auto model = make();
        give(*model, {QJsonObject(),
                      {{QStringLiteral("id"), QJsonValue()}},
                      {{QStringLiteral("id"), QJsonArray()}},
                      row(5, {})});
        QCOMPARE(model->count(), 1);
        model->upsert({{QStringLiteral("id"), true}});
        QCOMPARE(model->count(), 1);
    }

    void rolesHaveTheFieldsNames() {
        const auto model = make();
        give(*model, {{{QStringLiteral("id"), 7}, {QStringLiteral("hidden"), QStringLiteral("h")}}});
        const QHash<int, QByteArray> names = model->roleNames();
        const int hidden = names.key("hidden", -1);
        QVERIFY(hidden >= 0);
        QCOMPARE(model->index(0, 0).data(hidden).toString(), QStringLiteral("h"));
        QCOMPARE(model->index(0, 0).data(RecordModel::AccessibleRole).toString(), QStringLiteral("No.: 7"));
        QCOMPARE(model->index(0, 1).data(RecordModel::AccessibleRole).toString(), QStringLiteral("Name: unknown"));
        QCOMPARE(model->headerData(1, Qt::Horizontal).toString(), QStringLiteral("Name"));
    }

    void titlesFollowTheLanguage() {
        QObject owner;
        RecordModel model(RecordModel::field(QStringLiteral("id")), columns(), {}, &m_format, &owner);
        QSignalSpy titled(&model, &RecordModel::columnsChanged);
        QSignalSpy headed(&model, &QAbstractItemModel::headerDataChanged);
        Loud loud;
        QCoreApplication::installTranslator(&loud);
        m_format.setLocale(QLocale::c());
        QCOMPARE(titled.count(), 1);
        QCOMPARE(headed.count(), 1);
        // In the words of who has the table.
        QCOMPARE(model.headerData(1, Qt::Horizontal).toString(), QStringLiteral("QObject: Name!"));
        QCOMPARE(model.columns()[1].toMap().value(QStringLiteral("title")).toString(),
                 QStringLiteral("QObject: Name!"));
        QCoreApplication::removeTranslator(&loud);
        m_format.setLocale(QLocale::c());
        QCOMPARE(model.headerData(1, Qt::Horizontal).toString(), QStringLiteral("Name"));
    }
};

std::unique_ptr<QObject> recordModelTest() { return std::make_unique<RecordModelTest>(); }

}    // namespace filfil::gui::test

#include "record_model_test.moc"
