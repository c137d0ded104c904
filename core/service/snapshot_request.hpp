// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/clock.hpp"
#include "journal/journal.hpp"
#include "rpc/json.hpp"
#include "snapshot/engine.hpp"
#include "snapshot/export.hpp"
#include "snapshot/recipe.hpp"

#include <optional>
#include <string>

namespace filfil::service {

/// A snapshot that somebody wants.
struct SnapshotRequest {
    /// Which tipset: at most one of these; none: the head's.
    snapshot::TipsetChoice tipset{};
    bool finalized = false;    ///< the newest that cannot be reverted any more

    snapshot::Recipe recipe{};
    snapshot::Target::Kind kind = snapshot::Target::Kind::nothing;    ///< nothing, file or pieces
    std::string folder{};                                             ///< where files go
    car::Compression compression = car::Compression::none;
    bool sha256 = false;
    std::string network{};                    ///< for file names; "": the one that is followed
    std::optional<Clock::Duration> keep{};    ///< blocks stay in memory for so long after it was taken; nothing: as set
    bool keep_always = false;                 ///< or until it is forgotten, or given up by its schedule
    std::string asked_by = "api";
};

/// How a snapshot was come by this time.
struct TakenTimes {
    double layout_seconds = 0;
    double emit_seconds = 0;
    bool reused = false;    ///< nothing was hashed: it had been taken before
};

/// As `fil-fil snapshot export --json` tells of it, and "id", "network", "path", "compression", "hold", "device",
/// "reused" behind that. @param with_paths false leaves paths of pieces null, where no piece files were asked for
rpc::Json json_of_taken(const journal::SnapshotRecord& snapshot, const TakenTimes& times, bool with_paths);

/// The same of a snapshot that was taken at some time: with its own times, all paths and "taken_at".
rpc::Json json_of(const journal::SnapshotRecord& snapshot);

}    // namespace filfil::service
