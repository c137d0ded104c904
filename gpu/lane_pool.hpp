// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "gpu/lane.hpp"

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace filfil::gpu {

/// The lanes of all cards that work. Thread-safe.
class LanePool {
public:
    void add(std::unique_ptr<Lane> lane);

    /// A lane of any card that works; waits until one is free. @return null when no card is left
    [[nodiscard]] std::unique_ptr<Lane> take();

    /// Brings back a lane that works.
    void put(std::unique_ptr<Lane> lane);

    /// Gives up a lane whose card failed, and with it the card. Its lanes go together, when the last that is taken is
    /// back: a card frees memory only when all that it does is done, so one lane could wait for another that hangs.
    /// @return whether the card was in use until now
    bool retire(std::unique_ptr<Lane> lane);

    /// The cards that work, e.g. "cuda:0, cuda:1"; "" if none does.
    [[nodiscard]] std::string names() const;

private:
    struct Card {
        unsigned out = 0;    ///< lanes that are taken
        bool is_retired = false;
        bool hangs = false;                           ///< did not answer one of its lanes
        std::vector<std::unique_ptr<Lane>> parked;    ///< of a retired card, until all are here
    };

    /// Brings back a lane, or its card's end. @return whether the card was in use until now
    bool bring_back(std::unique_ptr<Lane> lane, bool failed);
    [[nodiscard]] bool has_cards() const;    ///< that work; with m_mutex held

    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    std::vector<std::unique_ptr<Lane>> m_free;    ///< the one that rested longest first
    std::map<unsigned, Card> m_cards;             ///< gone when retired and all lanes are back
};

}    // namespace filfil::gpu
