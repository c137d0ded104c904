// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "car/byte_source.hpp"

namespace filfil::car {

/// Whether a file that begins with `head` (its first 4 bytes) is zstd data: a frame, or a skippable frame before one.
/// No CAR begins so: the second byte of its header is 0xa1 or 0xa2.
bool begins_zstd(ByteView head) noexcept;

/// Decompresses `file` from behind `head`, which was already read from it. See open_source() for the rules.
/// @return Error::unsupported in a build without libzstd
Result<std::unique_ptr<ByteSource>> open_zstd_source(std::unique_ptr<ReadableFile> file, ByteView head,
                                                     Compression compression, Progress* progress);

/// One zstd frame's bytes.
class FrameSource : public ByteSource {
public:
    /// Bytes from the start of the file to where the decoder stands: behind the frame once all of it was read.
    [[nodiscard]] virtual std::uint64_t position() const noexcept = 0;
};

/// Decompresses the one frame that begins at `offset`. `file` must have a size and outlive the source.
/// @return Error::unsupported in a build without libzstd
Result<std::unique_ptr<FrameSource>> open_zstd_frame(ReadableFile& file, std::uint64_t offset);

}    // namespace filfil::car
