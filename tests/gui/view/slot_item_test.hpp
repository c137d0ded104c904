// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <QtTest/QtTest>

class SlotItemTest : public QObject {
    Q_OBJECT

private slots:
    void readsModelsByTheNamesOfTheirRoles();
    void showsWhatTheModelHas();
    void followsTheModel();
    void aModelThatGoesIsForgotten();
    void keysMoveTheSelection();
    void keysOfTheMonth();
    void theSelectionSurvivesNewData();
    void mouseSelectsHoversAndActivates();
    void theStripZooms();
    void zoomHasLimits();
    void theLineOfThePresentMovesAlone();
    void timeZonesChangeTheDay();
    void tellsAScreenReader();
    void theFocusCanBeSeen();
    void exportsAndSaysSo();
    void scrollsLanesByWheelAndSelection();
    void themeAndMirroring();
    void tenThousandRows();
    void survivesAMonkey();
};
