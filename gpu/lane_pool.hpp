// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "gpu/lane.hpp"

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <set>
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

    /// Gives up a lane whose card failed, and with it the card: its other lanes go when they are free.
    /// @return whether the card was in use until now
    bool retire(std::unique_ptr<Lane> lane);

    /// The cards that work, e.g. "cuda:0, cuda:1"; "" if none does.
    [[nodiscard]] std::string names() const;

private:
    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    std::vector<std::unique_ptr<Lane>> m_free;
    std::map<unsigned, unsigned> m_lanes;    ///< of each card that works, taken ones too
    std::set<unsigned> m_hanging;            ///< cards that did not answer
};

}    // namespace filfil::gpu
