// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "row.hpp"

namespace filfil::bench {

/// What the figures were measured on: {"cpu", "isas", "cpus", "memory_gib", "kernel", "compiler", "load_average"}.
Json describe_machine();

}    // namespace filfil::bench
