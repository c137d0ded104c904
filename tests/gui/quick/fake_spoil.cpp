// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "tests/gui/quick/fake_spoil.hpp"

#include <QJsonArray>
#include <QJsonDocument>

namespace filfil::gui::test {
namespace {

QJsonValue oddValue(Dice& dice) {
    switch (dice.below(12)) {
        case 0: return QJsonValue(QJsonValue::Null);
        case 1: return dice.oneIn(2);
        case 2: return dice.of({-1.0, 0.0, 0.5, 1e308, -1e308, 9007199254740993.0, 4294967296.0, -2147483649.0});
        case 3: return QJsonArray();
        case 4: return QJsonObject();
        case 5: return QJsonArray{QJsonValue(), 5, QStringLiteral("x"), QJsonArray{QJsonArray()}, QJsonObject()};
        case 6: return QJsonObject{{QStringLiteral("id"), QJsonObject()}, {QStringLiteral("key"), 5}};
        case 7: {
            QJsonValue deep = QJsonObject();
            for (int i = 0; i < 100; ++i) deep = QJsonArray{QJsonObject{{QStringLiteral("deals"), deep}}};
            return deep;
        }
        default: return oddText(dice);
    }
}

QString written(const QJsonObject& object) {
    return QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Compact));
}

}    // namespace

QString oddText(Dice& dice) {
    switch (dice.below(10)) {
        case 0: return {};
        case 1: return QString(dice.between(1'000, 20'000), u'x');
        case 2: return QStringLiteral("<b>bold</b><img src=\"file:///dev/null\"><a href=\"x\">&amp;</a>");
        case 3: return QStringLiteral("\u202Eabc\u202C \u0627\u0644\u0639\u0631\u0628\u064A\u0629 \u05E2\u05D1");
        case 4: return QStringLiteral("\u7A97\u53E3 \U0001F5C4\uFE0F e\u0301\u0301\u0301\u0301 \uFFFD");
        case 5: return QString(QChar(0xD800)) + QStringLiteral("half a pair");
        case 6: return QStringLiteral("line\nline\r\nline\ttab\u0000nul\u0007\u001b[31m").left(30);
        case 7: return QStringLiteral("%1 %n %L1 %99 ${x} {0}");
        case 8: return QStringLiteral("-0");
        default: return QString::number(dice.below(1 << 30)) + QStringLiteral("000000000000000000000000");
    }
}

QJsonValue spoiled(const QJsonValue& value, Dice& dice, int rate) {
    if (dice.oneIn(rate)) return oddValue(dice);
    if (value.isObject()) {
        QJsonObject out;
        const QJsonObject object = value.toObject();
        for (auto field = object.begin(); field != object.end(); ++field)
            if (!dice.oneIn(rate)) out.insert(field.key(), spoiled(field.value(), dice, rate));
        return out;
    }
    if (value.isArray()) {
        QJsonArray out;
        for (const QJsonValue& one : value.toArray()) {
            out << spoiled(one, dice, rate);
            if (dice.oneIn(rate)) out << one;
        }
        return out;
    }
    return value;
}

QList<std::pair<int, QString>> spoiledAnswer(const QJsonObject& reply, Dice& dice) {
    const int late = dice.oneIn(3) ? dice.between(1, 400) : 0;
    QJsonObject bent = reply;
    switch (dice.below(14)) {
        case 0: return {};
        case 1: return {{late, written(reply).left(dice.below(400))}};
        case 2: return {{late, written(reply)}, {late + dice.below(50), written(reply)}};
        case 3: return {{late, oddText(dice)}, {late, written(reply)}};
        case 4:
            bent.insert(QStringLiteral("id"), oddValue(dice));
            return {{late, written(bent)}, {late, written(reply)}};
        case 5: bent.insert(QStringLiteral("result"), oddValue(dice)); return {{late, written(bent)}};
        case 6:
            bent.remove(QStringLiteral("result"));
            bent.insert(QStringLiteral("error"), oddValue(dice));
            return {{late, written(bent)}};
        case 7: return {{dice.between(400, 3'000), written(reply)}};
        default:
            bent.insert(QStringLiteral("result"),
                        spoiled(reply.value(QLatin1String("result")), dice, dice.of({20, 100, 400})));
            return {{late, written(bent)}};
    }
}

}    // namespace filfil::gui::test
