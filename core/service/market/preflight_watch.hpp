// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "service/alerts.hpp"
#include "service/market/preflight_run.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace filfil::service {

/// Runs the preflight by itself before an own window opens, for miners whose slots are stored by themselves: a window's
/// length or six hours before, whichever is less. Once a window where nothing is bad, else again every ten minutes
/// until nothing is, or the window is closed. Lives on the loop, within the house.
class PreflightWatch {
public:
    explicit PreflightWatch(House& house) : m_house(house) {}

    /// Time has passed: does what is due.
    void look();

    /// One for each row that is bad: "preflight_f01000_3", by the row's place in FilFil.Preflight's answer, from 1.
    [[nodiscard]] std::vector<Alert> alerts() const;

private:
    struct Watched {
        std::uint32_t slot = 0;
        std::uint64_t target = 0;
        bool busy = false;
        bool good = false;
        Clock::Duration next_at{};
        std::vector<Alert> bad{};
    };

    void run(std::uint64_t miner, Watched& watched);
    void found(const MinerPreflight& told, std::uint32_t slot);

    House& m_house;
    std::map<std::uint64_t, Watched> m_watched;    ///< by miner: its soonest window
    std::shared_ptr<int> m_alive = std::make_shared<int>(0);
};

}    // namespace filfil::service
