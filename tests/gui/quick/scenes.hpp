// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "tests/gui/quick/stage.hpp"

#include <functional>
#include <vector>

namespace filfil::gui::test {

/// What a picture is of.
struct Scene {
    QString name;                            ///< of its file, without the theme
    std::function<bool(Stage&)> begin;       ///< brings it on; false where it did not come
    std::function<void(Stage&)> end = {};    ///< puts away what would stand in the next one's way
    bool moves = false;                      ///< it never comes to rest: shown as it is at a moment
};

/// Scenes that share a window.
struct Act {
    Mood mood = Mood::Full;
    bool connected = true;
    std::function<void(Stage&)> prepare = {};
    std::vector<Scene> scenes;
};

/// Every page in every condition, what the calendar and the settings show otherwise, and what opens over the pages.
std::vector<Act> allActs();

}    // namespace filfil::gui::test
