// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "cli/context.hpp"
#include "cli/daemon_link.hpp"
#include "cli/output.hpp"

#include <string>

namespace filfil::cli {

/// Calls a method of the daemon that answers {"job": number}, waits for the job's end and shows how far it is. Ctrl-C
/// ends the daemon's work as well.
/// @param label of the progress, and of the work in the error of one that was cancelled: "snapshot"
/// @return the job's result, or why it failed
Result<Json> run_job(Context& context, DaemonLink& daemon, const std::string& method, Json params,
                     const std::string& label);

}    // namespace filfil::cli
