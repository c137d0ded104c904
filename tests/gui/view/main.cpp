// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "chart_test.hpp"
#include "shader_test.hpp"
#include "slot_item_test.hpp"
#include "slot_layout_test.hpp"
#include "slot_painter_test.hpp"
#include "slot_words_test.hpp"

#include <QGuiApplication>

int main(int argc, char** argv) {
    QGuiApplication app(argc, argv);
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedKingdom));
    // With the name of a class only that one runs: gui_view_test ShaderTest
    QStringList arguments = QCoreApplication::arguments();
    QString only;
    if (arguments.size() > 1 && arguments[1].endsWith(QStringLiteral("Test"))) only = arguments.takeAt(1);
    int failed = 0;
    const auto run = [&](QObject&& test) {
        if (only.isEmpty() || only == QString::fromLatin1(test.metaObject()->className()))
            failed += QTest::qExec(&test, arguments);
    };
    run(SlotWordsTest());
    run(SlotLayoutTest());
    run(SlotPainterTest());
    run(SlotItemTest());
    run(ChartTest());
    run(ShaderTest());
    return failed;
}
