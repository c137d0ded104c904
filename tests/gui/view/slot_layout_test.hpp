// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <QtTest/QtTest>

class SlotLayoutTest : public QObject {
    Q_OBJECT

private slots:
    void ownLanesComeFirstAndOthersInTheirTurn();
    void entriesWithoutASoundTimeAreLeftOut();
    void dayViewPutsTimeOnX();
    void cellsStandInTheirLanes();
    void windowsOverMidnightAreCutAndSaySo();
    void overlappingWindowsStandBelowOneAnother();
    void daysHaveTheHoursOfTheirZone_data();
    void daysHaveTheHoursOfTheirZone();
    void weekHasSevenDaysFromTheLocalesFirst();
    void monthCountsHitsByDay();
    void stripHoldsWhatIsShown();
    void rightToLeftIsMirrored();
    void hitTestFindsWhatIsThere();
    void everyCellIsHitInItsMiddle();
    void arrowsGoThroughLanesAndDays();
    void arrowsEndAtTheEnds();
    void manyLanesScrollBelowOwnOnes();
    void emptyAndTinySizesAreHarmless();
    void edgesAreOnWholeDevicePixels();
    void tenThousandAreLaidOut();
};
