// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/files.hpp"
#include "ipld/digest.hpp"
#include "snapshot/export.hpp"
#include "snapshot/section_source.hpp"

#include <string>
#include <vector>

namespace filfil::service {

/// Writes the files of a snapshot whose pieces are known already, without hashing them again: as export_snapshot()
/// does, all or nothing. @param ranges of the pieces @return the paths, one of the file, or one a piece; none for a
/// target of nothing
Result<std::vector<std::string>> write_snapshot_files(const snapshot::SectionSource& source,
                                                      const std::vector<car::BodyRange>& ranges, Files& files,
                                                      const snapshot::Target& target, unsigned compressors,
                                                      Progress* progress, const std::stop_token& stop);

/// SHA-256 of the whole CAR.
Result<ipld::Digest256> sha256_of(const snapshot::SectionSource& source, Progress* progress,
                                  const std::stop_token& stop);

/// Removes what a crash left behind of files that were being written: every "*.part" in the folder. A folder that is
/// not there is no error. @return how many
Result<std::size_t> remove_parts(Files& files, const std::string& folder);

}    // namespace filfil::service
