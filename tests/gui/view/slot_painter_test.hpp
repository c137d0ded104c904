// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <QtTest/QtTest>

class SlotPainterTest : public QObject {
    Q_OBJECT

private slots:
    void looksAsItDid_data();
    void looksAsItDid();
    void aChangedPictureIsSeen();
    void everyStateDiffersInGrey();
    void wordsCanBeRead_data();
    void wordsCanBeRead();
    void tenThousandWindowsAreOneFrame();
    void rightToLeftIsTheMirrorImage();
    void paintsNothingBeyondItsSize();
    void emptyAndTinyCalendarsArePainted();
    void exportsPng();
    void exportsPdfAsLines();
    void exportSaysWhatIsWrong();
    void legendNamesAllStates();
    void aDayCountsWhatIsAheadOfItAlone_data();
    void aDayCountsWhatIsAheadOfItAlone();
};
