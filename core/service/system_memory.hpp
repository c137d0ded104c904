// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/files.hpp"
#include "service/memory_gauge.hpp"

#include <string>

namespace filfil::service {

/// Reads Linux's /proc, and the limit of the control group (version 2) that this process is in, which is what systemd's
/// MemoryMax and containers set. @param root stands before all paths: "" but in tests
/// @return what could be read; the rest is 0
MemoryReading read_system_memory(Files& files, const std::string& root = {});

}    // namespace filfil::service
