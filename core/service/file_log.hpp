// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/result.hpp"
#include "base/units.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace filfil::service {

struct FileLogOptions {
    std::uint64_t file_size = 16 * MiB;    ///< bytes after which the next file begins
    std::size_t files = 5;                 ///< in all, at least 1
};

/// "2026-01-01T00:00:00.000Z warning node: message".
std::string log_line(Clock::Duration time, LogLevel level, std::string_view module, std::string_view message);

/// Writes a line a message to FOLDER/fil-fil.log; a full file becomes fil-fil.1.log, that one fil-fil.2.log, and so on.
/// The system's own files: not for simulations. Where a disk is full lines are lost, and the next that can be written
/// says how many. @param folder must be there; clock must outlive it
/// @return Error::io where no file can be opened there
Result<std::unique_ptr<LogSink>> open_file_log(const std::string& folder, const Clock& clock,
                                               const FileLogOptions& options = {});

}    // namespace filfil::service
