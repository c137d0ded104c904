// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/files.hpp"
#include "base/progress.hpp"
#include "base/random.hpp"

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>

namespace filfil::snapshot {

struct DiffOptions {
    Progress* progress = nullptr;    ///< told of the bytes of the files that are read
    std::stop_token stop{};
};

struct DiffReport {
    std::uint64_t added = 0;      ///< sections of the target that the base does not have
    std::uint64_t removed = 0;    ///< different sections of the base that the target does not have
    std::uint64_t bytes = 0;      ///< of the diff
};

/// Compares two CARs, of any version and compression and in any order, and writes what makes the target of the base:
/// see snapshot/diff_format.hpp. Of a CARv2 the CARv1 inside counts. Reads the base once and the target once, or twice
/// where a diff is written; takes some 30 bytes of memory for each section of the base.
/// @param output where the diff goes, which appears when it is whole; nothing: only its report is wanted
/// @param random gives the key of the comparison
/// @return Error::mismatch if the target changed between the two readings, Error::cancelled, else what car::Reader and
/// Files give
Result<DiffReport> make_diff(Files& files, const std::string& base, const std::string& target,
                             const std::optional<std::string>& output, Random& random, const DiffOptions& options);

struct ApplyReport {
    std::uint64_t added = 0;      ///< as in DiffReport
    std::uint64_t removed = 0;    ///< as in DiffReport
    std::uint64_t bytes = 0;      ///< of the target
};

/// Makes the target of a diff, byte for byte the CARv1 that it was made from, uncompressed. The base may be compressed
/// or not, whichever it was when the diff was made; a compressed one is unpacked into OUTPUT.base meanwhile, which
/// takes its size on the disk. Memory is that of the diff's run lists, some bytes for each stretch that is the same.
/// @param output appears when it is whole and has the SHA-256 that the diff names
/// @return Error::mismatch for another base; Error::corrupt, truncated or mismatch for a diff that is damaged or
/// contradicts itself; Error::unsupported for one of a newer format; Error::cancelled; else what car::Reader and Files
/// give
Result<ApplyReport> apply_diff(Files& files, const std::string& base, const std::string& diff,
                               const std::string& output, const DiffOptions& options);

}    // namespace filfil::snapshot
