// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/files.hpp"
#include "car/byte_source.hpp"

#include <memory>

namespace filfil::cli {

/// `length` bytes of `file` from `offset`, as a file of its own. `file` must be a regular one and outlive the view.
std::unique_ptr<ReadableFile> part_of(ReadableFile& file, std::uint64_t offset, std::uint64_t length);

/// The uncompressed bytes of a source, as a stream.
std::unique_ptr<ReadableFile> stream_of(std::unique_ptr<car::ByteSource> source);

/// `file` itself, for what wants to own its file. `file` must outlive the view.
std::unique_ptr<ReadableFile> borrowed(ReadableFile& file);

/// How many zero bytes a regular file ends with.
Result<std::uint64_t> trailing_zeros(ReadableFile& file);

}    // namespace filfil::cli
