// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "service/snapshot_service.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace filfil::service {

/// A take from being asked for to its end.
struct SnapshotService::Running {
    std::string name;
    std::shared_ptr<Taking> taking;
    std::optional<std::uint64_t> job;
    std::optional<std::int64_t> snapshot;     ///< that the journal has already
    std::optional<std::uint64_t> own_hold;    ///< taken for it, and not yet the snapshot's
    std::vector<Handler<std::uint64_t>> begun;
    std::vector<Jobs::Watcher> ended;
    std::shared_ptr<JobContext> context;
    std::function<void(Result<rpc::Json>)> done;
};

}    // namespace filfil::service
