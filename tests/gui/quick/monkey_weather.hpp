// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "tests/gui/quick/dice.hpp"
#include "tests/gui/quick/stage.hpp"

namespace filfil::gui::test {

/// What can happen to a window from outside, by chance: its daemon's condition changes, answers are late or hostile,
/// events come that nobody understands, the connection is cut and comes back, another daemon takes its place.
class MonkeyWeather {
public:
    MonkeyWeather(Stage& stage, Dice& dice);

    /// Lets one thing happen. @return what it was
    QString change();

    /// As a good day: all daemons there, in full, answering rightly, and the window on the first one.
    void clear();

private:
    QString pushEvent();
    QString switchDaemon();
    [[nodiscard]] QJsonObject someRecord(const char* method, const char* list);

    Stage& m_stage;
    Dice& m_dice;
    FakeDaemon m_second;
    bool m_hostile = false;
};

}    // namespace filfil::gui::test
