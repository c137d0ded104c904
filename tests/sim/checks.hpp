// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "api_user.hpp"
#include "base/clock.hpp"
#include "base/files.hpp"
#include "commp/backend.hpp"
#include "recorded_chain.hpp"
#include "snapshot/engine.hpp"
#include "watched_journal.hpp"

#include <set>
#include <string>
#include <vector>

namespace filfil::sim {

/// What the disk of a daemon that has stopped must have; each finding is a sentence.
struct Findings {
    std::vector<std::string> wrong;
    void add(bool good, const std::string& what) {
        if (!good) wrong.push_back(what);
    }
};

/// The engine against the reference: audit, the snapshot of its head byte by byte, and each live block.
void check_engine(Findings& out, Files& files, const std::string& folder, const snapshot::EngineOptions& options,
                  const Clock& clock, const RecordedChain& chain, journal::Journal& journal);

/// Each row against the reference CAR; and what was acknowledged or told against the rows. @return how many rows
std::uint64_t check_snapshots(Findings& out, journal::Journal& journal, const RecordedChain& chain,
                              const Acknowledged& acknowledged, const ApiUser& user, Files& files,
                              commp::Backend& hasher);

/// Epochs of schedules: none twice, the newest one not left out, each of the right tipset. @return how many were taken
std::uint64_t check_schedules(Findings& out, journal::Journal& journal, const RecordedChain& chain,
                              const Acknowledged& acknowledged, const ApiUser& user,
                              const std::set<std::string>& given_up);

}    // namespace filfil::sim
