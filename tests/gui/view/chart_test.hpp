// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <QtTest/QtTest>

class ChartTest : public QObject {
    Q_OBJECT

private slots:
    void figuresAndUnits();
    void axesEndAtRoundNumbers();
    void sparklineTellsAndDraws();
    void barsTellAndDraw();
    void treeKnowsWhatIsDone();
    void treeTellsAndDraws();
    void usageTellsAndDraws();
    void oddValuesAreHarmless_data();
    void oddValuesAreHarmless();
    void looksWell();
};
