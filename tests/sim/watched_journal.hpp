// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "journal/journal.hpp"

#include <map>
#include <memory>
#include <string>

namespace filfil::sim {

/// What a journal has said that it keeps, over all starts of a daemon.
struct Acknowledged {
    unsigned start = 0;    ///< of the daemon, counted by who starts it
    std::map<std::int64_t, journal::SnapshotRecord> snapshots;
    std::map<std::string, unsigned> done;    ///< effects, and the start that did each
    std::map<std::string, unsigned> given_up;
};

/// Passes all on, and notes what was acknowledged.
std::unique_ptr<journal::Journal> watch(std::unique_ptr<journal::Journal> journal, Acknowledged& into);

}    // namespace filfil::sim
