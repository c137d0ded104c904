// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "cli/context.hpp"
#include "cli/output.hpp"

namespace filfil::cli {

/// What hashes on this machine, each tested and timed for a moment: a list of the objects that `fil-fil devices --json`
/// prints.
Json device_report(Context& context);

}    // namespace filfil::cli
