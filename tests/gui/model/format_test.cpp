// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/model/format.hpp"
#include "gui/model/json_fields.hpp"
#include "tests.hpp"

#include <QJsonArray>
#include <QTest>

#include <limits>

namespace filfil::gui::test {

class FormatTest : public QObject {
    Q_OBJECT

private slots:
    void money_data() {
        QTest::addColumn<QString>("atto");
        QTest::addColumn<QString>("text");
        QTest::newRow("none") << QString() << QString();
        QTest::newRow("nothing") << "0" << "0 FIL";
        QTest::newRow("one") << "1000000000000000000" << "1 FIL";
        QTest::newRow("two and a half") << "2500000000000000000" << "2.5 FIL";
        QTest::newRow("more than a double holds")
            << "123456789012345678901234567890" << "123,456,789,012.345678901 FIL";
        QTest::newRow("nano") << "1000000000" << "0.000000001 FIL";
        QTest::newRow("less than nano") << "999999999" << "999999999 attoFIL";
        QTest::newRow("leading zeros") << "0002000000000000000000" << "2 FIL";
        QTest::newRow("no number") << "many" << "many attoFIL";
        QTest::newRow("negative") << "-5" << "-5 attoFIL";
    }
    void money() {
        QFETCH(QString, atto);
        QFETCH(QString, text);
        Format format;
        format.setLocale(QLocale(QLocale::English, QLocale::UnitedStates));
        QCOMPARE(format.fil(atto), text);
    }

    void sumsAreExact() {
        QCOMPARE(Format::sum(QStringLiteral("999999999999999999999"), QStringLiteral("1")),
                 QStringLiteral("1000000000000000000000"));
        QCOMPARE(Format::sum(QStringLiteral("x"), QStringLiteral("7")), QStringLiteral("7"));
        QCOMPARE(Format::difference(QStringLiteral("1000000000000000000000"), QStringLiteral("1")),
                 QStringLiteral("999999999999999999999"));
        QCOMPARE(Format::difference(QStringLiteral("1"), QStringLiteral("2")), QStringLiteral("0"));
        QCOMPARE(Format::compareAmounts(QStringLiteral("9"), QStringLiteral("10")), -1);
        QCOMPARE(Format::compareAmounts(QStringLiteral("010"), QStringLiteral("10")), 0);
        QCOMPARE(Format::compareAmounts(QStringLiteral("20"), QStringLiteral("10")), 1);
    }

    void sizesAndRates() {
        Format format;
        format.setLocale(QLocale::c());
        QCOMPARE(format.bytes(32.0 * 1024 * 1024 * 1024), QStringLiteral("32 GiB"));
        QCOMPARE(format.bytes(1536), QStringLiteral("1.50 KiB"));
        QCOMPARE(format.bytes(-1), QString());
        QCOMPARE(format.bytes(std::numeric_limits<double>::quiet_NaN()), QString());
        QVERIFY(format.bytes(1e30).endsWith(QLatin1String("EiB")));
        QCOMPARE(format.percent(0.9999), QStringLiteral("99.9 %"));
        QCOMPARE(format.percent(1), QStringLiteral("100 %"));
    }

    void timesAndDurations() {
        Format format;
        format.setLocale(QLocale::c());
        format.setUtc(true);
        QCOMPARE(format.time(1767225690), QStringLiteral("2026-01-01 00:01:30"));
        QCOMPARE(format.time(0), QString());
        QCOMPARE(format.time(1e300), QString());
        QCOMPARE(format.duration(16500), QStringLiteral("4 h 35 min"));
        QCOMPARE(format.duration(90), QStringLiteral("1 min 30 s"));
        QCOMPARE(format.duration(-3), QString());
        QCOMPARE(format.eta(-1), QStringLiteral("estimating"));
        QCOMPARE(format.epochTime(100), QString());
        format.setAnchor(100, 1767225690);
        QCOMPARE(format.epochTime(102), QStringLiteral("2026-01-01 00:02"));
        format.setClockSkew(3600);
        QVERIFY(format.ago(format.now() - 60).contains(QLatin1String("1 min")));
    }

    void cidsAreElidedInTheMiddle() {
        Format format;
        QCOMPARE(format.elide(QStringLiteral("baga6ea4seaqao7s73y24kcutaosvacpdjgfe5pw76ooefnyqw4ynr3d2y6x2mpq"), 8),
                 QStringLiteral("baga6ea4…2y6x2mpq"));
        QCOMPARE(format.elide(QStringLiteral("short"), 8), QStringLiteral("short"));
    }

    void aNumberFromOutsideIsWholeAndHasAnEnd() {
        constexpr qint64 most = 9'007'199'254'740'992;
        QCOMPARE(whole(41.9), 41);
        QCOMPARE(whole(-1.5), -1);
        QCOMPARE(whole(1e300), most);
        QCOMPARE(whole(-std::numeric_limits<double>::infinity()), -most);
        QCOMPARE(whole(std::numeric_limits<double>::quiet_NaN()), 0);
    }

    void aCellOfAnotherShapeIsStillACell() {
        Format format;
        format.setLocale(QLocale::c());
        QCOMPARE(format.cell(ColumnKind::Bytes, QJsonValue(QStringLiteral("many"))), QStringLiteral("many"));
        QCOMPARE(format.cell(ColumnKind::Time, QJsonValue()), QString());
        QCOMPARE(format.cell(ColumnKind::Epoch, QJsonValue(QJsonObject())), QString());
        QCOMPARE(format.cell(ColumnKind::Fil, QJsonValue(12)), QStringLiteral("12"));
        QCOMPARE(format.cell(ColumnKind::State, QJsonValue(QStringLiteral("of_tomorrow"))),
                 QStringLiteral("of tomorrow"));
        QCOMPARE(format.cell(ColumnKind::Text, QJsonValue(QString(100'000, u'x'))).size(), 1000);
    }
};

std::unique_ptr<QObject> formatTest() { return std::make_unique<FormatTest>(); }

}    // namespace filfil::gui::test

#include "format_test.moc"
