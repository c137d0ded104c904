// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "chain/tipset.hpp"
#include "cli/output.hpp"
#include "snapshot/export.hpp"
#include "snapshot/recipe.hpp"

#include <string>
#include <vector>

namespace filfil::cli {

/// A snapshot that was taken, and how.
struct TakenSnapshot {
    chain::TipsetKey head;
    Epoch epoch;
    snapshot::Recipe recipe;
    std::vector<ipld::Cid> roots;    ///< of the CAR
    std::string device;              ///< what hashed
    double load_seconds = 0;
    double layout_seconds = 0;
    snapshot::ExportReport report;
};

/// head epoch recent_stateroots recipe blocks car_bytes root_cids pieces load_seconds layout_seconds emit_seconds, and
/// car_sha256 where it was made. `recipe` is {"format", "recent_stateroots", "skip_old_msgs", "piece_size", "hash"}.
Json json_of(const TakenSnapshot& taken);

/// The same for people. @param title what the snapshot is called: where it went
std::string text_of(const TakenSnapshot& taken, const std::string& title);

}    // namespace filfil::cli
