// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/model/log_model.hpp"
#include "gui/model/format.hpp"
#include "tests.hpp"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

namespace filfil::gui::test {
namespace {

std::vector<LogModel::Line> lines(qint64 first, int count) {
    std::vector<LogModel::Line> out;
    for (int i = 0; i < count; ++i) {
        const qint64 seq = first + i;
        out.push_back({seq, 1'767'225'690.0, static_cast<int>(seq % 4),
                       seq % 2 == 0 ? QStringLiteral("net") : QStringLiteral("service"),
                       QStringLiteral("line %1").arg(seq)});
    }
    return out;
}

}    // namespace

class LogModelTest : public QObject {
    Q_OBJECT

    Format m_format;

private slots:
    void aMillionLinesKeepTheNewest() {
        LogModel model(&m_format, 10'000, nullptr);
        for (qint64 first = 0; first < 1'000'000; first += 1000) model.append(lines(first, 1000));
        model.settle();
        QVERIFY(model.total() <= 10'000);
        QVERIFY(model.total() > 8'000);
        QCOMPARE(model.count(), model.total());
        QCOMPARE(model.lineAt(model.count() - 1).seq, 999'999);
        QCOMPARE(model.lineAt(0).seq, 1'000'000 - model.total());
    }

    void aRingThatTurnsIsAConsistentModel() {
        LogModel model(&m_format, 100, nullptr);
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setFilter(1, {}, QStringLiteral("1"));
        for (qint64 first = 0; first < 2000; first += 37) model.append(lines(first, 37));
        model.settle();
        QVERIFY(model.count() > 0 && model.count() < model.total());
        model.clear();
        QCOMPARE(model.count(), 0);
        model.append(lines(5000, 500));
        QVERIFY(model.total() <= 100);
    }

    void theFilterIsAppliedToOldAndNewLines() {
        LogModel model(&m_format, 100'000, nullptr);
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.append(lines(0, 5'000));
        model.setFilter(3, QStringLiteral("service"), QStringLiteral("LINE 1"));
        model.settle();
        QVERIFY(model.count() > 0);
        for (int row = 0; row < model.count(); ++row) {
            QCOMPARE(model.lineAt(row).level, 3);
            QVERIFY(model.lineAt(row).message.startsWith(QLatin1String("line 1")));
        }
        const int before = model.count();
        model.append({{100'001, 0, 3, QStringLiteral("service"), QStringLiteral("line 1 again")},
                      {100'002, 0, 0, QStringLiteral("service"), QStringLiteral("line 1")}});
        model.settle();
        QCOMPARE(model.count(), before + 1);
        model.setFilter(0, {}, {});
        model.settle();
        QCOMPARE(model.count(), model.total());
    }

    void filteringGoesOnByItselfAndNeverStopsHalfWay() {
        LogModel model(&m_format, 400'000, nullptr);
        model.append(lines(0, 300'000));
        model.setFilter(0, {}, QStringLiteral("999"));
        QTRY_VERIFY_WITH_TIMEOUT(!model.filtering(), 20'000);
        int expected = 0;
        for (int i = 0; i < 300'000; ++i) expected += QString::number(i).contains(QLatin1String("999")) ? 1 : 0;
        QCOMPARE(model.count(), expected);
    }

    void copiedTextHasALineEach() {
        LogModel model(&m_format, 100, nullptr);
        model.append(lines(0, 3));
        const QString text = model.text(0, 99);
        QCOMPARE(text.count(u'\n'), 3);
        QVERIFY(text.contains(QLatin1String("2026-01-01T00:01:30Z debug net: line 0")));
    }
};

std::unique_ptr<QObject> logModelTest() { return std::make_unique<LogModelTest>(); }

}    // namespace filfil::gui::test

#include "log_model_test.moc"
