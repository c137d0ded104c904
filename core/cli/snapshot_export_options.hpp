// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/result.hpp"
#include "car/byte_source.hpp"
#include "chain/tipset.hpp"
#include "cli/device_options.hpp"
#include "snapshot/export.hpp"
#include "snapshot/recipe.hpp"

#include <optional>
#include <string>

namespace CLI {
class App;
}

namespace filfil::cli {

/// The options that say what a snapshot is and where it goes, as they were typed. `snapshot export` has them, and what
/// takes a snapshot elsewhere.
struct ExportOptions {
    std::string head{};
    std::string epoch{};
    std::string recent_stateroots{};
    bool skip_old_msgs = false;
    bool keep_all_messages = false;
    std::string format = "v1";
    std::string compress = "none";
    std::string piece_size{};
    std::string network{};
    bool sha256 = false;
    bool no_file = false;
    std::string output{};
    DeviceOptions device{};
};

/// Adds them. `options` must live as long as `command`.
void add_export_options(CLI::App* command, ExportOptions& options);

/// What they ask for.
struct ExportRequest {
    chain::TipsetKey head{};    ///< empty where an epoch or nothing was named
    std::optional<Epoch> epoch{};
    snapshot::Recipe recipe{};
    snapshot::Target::Kind kind = snapshot::Target::Kind::nothing;
    std::string path{};    ///< of the file or the folder of pieces
    car::Compression compression = car::Compression::none;
    std::string network{};    ///< "" where the genesis decides
    bool sha256 = false;
};

/// @return Error::invalid_argument for values that cannot be, or options that contradict one another
Result<ExportRequest> read_export_options(const ExportOptions& options);

}    // namespace filfil::cli
