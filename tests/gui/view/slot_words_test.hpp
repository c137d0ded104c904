// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <QtTest/QtTest>

class SlotWordsTest : public QObject {
    Q_OBJECT

private slots:
    void wordsOfTheDaemonAreStates_data();
    void wordsOfTheDaemonAreStates();
    void windowsOpenAndEndByThemselves();
    void marksStandAtRoundLocalTimes();
    void sentencesForScreenReaders();
    void durationsAreShort();
    void titlesTellTheRange();
};
