// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/files.hpp"
#include "base/progress.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace filfil::car {

/// How a CAR lies on the disk.
enum class Compression {
    none,
    zstd,      ///< one or more zstd frames
    forest,    ///< zstd frames with Forest's index and footer behind them (forest.car.zst)
};

/// "none", "zstd" or "forest", as it stands in JSON.
std::string_view name_of(Compression compression) noexcept;

/// Uncompressed bytes, from front to back. Not thread-safe.
class ByteSource {
public:
    virtual ~ByteSource() = default;

    /// The file's name, for messages.
    [[nodiscard]] virtual const std::string& name() const noexcept = 0;
    [[nodiscard]] virtual Compression compression() const noexcept = 0;

    /// Fills `out`. @return bytes given; fewer than asked only at the end or where the next call fails.
    [[nodiscard]] virtual Result<std::size_t> read(ByteSpan out) = 0;

    /// How many bytes are there in all, where that is known before reading: never for compressed files and pipes.
    [[nodiscard]] virtual std::optional<std::uint64_t> size() const noexcept = 0;
};

/// Reads `file` from its current place (its start), undoing zstd where the first bytes say so, whatever the file is
/// called.
///
/// zstd data may have many frames; skippable frames are skipped; memory stays bounded by the frames' windows, and a
/// window over 128 MiB is Error::unsupported. Broken frames are Error::corrupt, a file that ends inside one
/// Error::truncated; both name the byte of the file and the frame. A build without libzstd reads plain files alone:
/// zstd data is Error::unsupported there.
/// @param progress told of the bytes of the file (not of the uncompressed stream); may be null, else must outlive the
/// source
Result<std::unique_ptr<ByteSource>> open_source(std::unique_ptr<ReadableFile> file, Progress* progress = nullptr);

}    // namespace filfil::car
