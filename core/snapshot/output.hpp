// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/executor.hpp"
#include "base/progress.hpp"
#include "car/byte_source.hpp"
#include "car/cut.hpp"
#include "car/sink.hpp"
#include "snapshot/section_source.hpp"

#include <cstdint>
#include <stop_token>

namespace filfil::snapshot {

struct WriteOptions {
    /// Compresses for Compression::forest, beside the calling thread, which may be none of its own; null: the caller
    /// alone. The file is the same for any number of threads.
    Executor* packing = nullptr;

    unsigned compressors = 0;        ///< threads that zstd may use beside the caller, for Compression::zstd
    Progress* progress = nullptr;    ///< told of the uncompressed bytes
    std::stop_token stop{};
};

/// Writes the header and a run of sections of a CAR as they are. @return bytes; Error::cancelled, or what the source or
/// the sink gives
Result<std::uint64_t> write_range(const SectionSource& source, car::BodyRange range, car::ByteSink& sink,
                                  const WriteOptions& options);

/// Writes a whole CAR, compressed as asked: as one zstd frame, or as a forest.car.zst, where the blocks of FRC-0108
/// have frames of their own (forest src/chain/mod.rs export_v2).
/// @return bytes written; errors as write_range(), and Error::unsupported where a build without libzstd is to compress
Result<std::uint64_t> write_car(const SectionSource& source, car::Compression compression, car::ByteSink& sink,
                                const WriteOptions& options);

}    // namespace filfil::snapshot
