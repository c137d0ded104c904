// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/transport.hpp"

#include <memory>

namespace filfil::retrieval {

/// Whether this build has libzstd.
bool can_compress() noexcept;

/// A body that gives another one as a single zstd frame with a checksum, as `Content-Encoding: zstd` has it (RFC 8878;
/// the window is at most 8 MiB, RFC 9659). Its size is not known beforehand; what goes wrong below goes wrong in it.
/// @param level 1 to 19; others are taken as the nearest of these
/// @return Error::io without memory; Error::unsupported in a build without libzstd
Result<std::shared_ptr<BodyStream>> zstd_stream(std::shared_ptr<BodyStream> plain, int level);

}    // namespace filfil::retrieval
