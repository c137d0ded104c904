// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/files.hpp"
#include "car/cut.hpp"
#include "snapshot/section_source.hpp"

#include <memory>
#include <string>

namespace filfil::snapshot {

/// The header of a CAR and a run of its sections, as a file: what a piece holds, and with the range of the whole body
/// the CAR itself. It takes no memory; read_at() is as thread-safe as the source, read() goes on where it was.
/// @param source must outlive the file
/// @param range inside its body
/// @param name for messages
std::unique_ptr<ReadableFile> range_file(const SectionSource& source, car::BodyRange range, std::string name);

/// The whole CAR.
std::unique_ptr<ReadableFile> whole_file(const SectionSource& source, std::string name);

}    // namespace filfil::snapshot
