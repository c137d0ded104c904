// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "car/forest_index.hpp"
#include "car/reader.hpp"
#include "car/sink.hpp"

#include <cstdint>
#include <memory>
#include <stop_token>

namespace filfil::car {

struct ForestSummary {
    std::uint64_t blocks = 0;
    std::uint64_t frames = 0;         ///< with blocks, so without the header's
    std::uint64_t index_bytes = 0;    ///< with the headers of its frames
    std::uint64_t file_bytes = 0;
};

/// Writes a forest.car.zst: a zstd frame with the header, frames of whole sections, cut as soon as one has more than 8
/// KiB compressed, the index, the footer. The level is zstd's 3, so blocks lie in the frames as Forest's own encoder
/// cuts them with the same version of zstd (Forest src/db/car/forest.rs Encoder). Takes 16 bytes of memory a block. Not
/// thread-safe.
class ForestWriter {
public:
    /// @param sink must outlive the writer
    /// @return Error::io without memory for the compressor; Error::unsupported in a build without libzstd
    static Result<ForestWriter> open(ByteSink& sink);
    ForestWriter(ForestWriter&&) noexcept;
    ForestWriter& operator=(ForestWriter&&) noexcept;
    ~ForestWriter();

    /// The CARv1 header as it stands in a CAR, varint included; once, first.
    [[nodiscard]] Result<void> header(ByteView bytes);

    /// One section; `bytes`, `codec` and `hash` of it are used.
    [[nodiscard]] Result<void> block(const Section& section);

    /// Ends the frame, so that the next block begins one of its own; does nothing where a frame has just begun. Forest
    /// puts the two blocks of FRC-0108 into frames of their own, since reading one means decompressing its frame.
    [[nodiscard]] Result<void> cut();

    /// Puts the frames of a part behind those here: of a writer without header that was not finished. So parts can be
    /// compressed side by side. The part is used up.
    /// @param bytes what the part's sink has after cut()
    [[nodiscard]] Result<void> append(ForestWriter part, ByteView bytes);

    /// The last frame, the index and the footer; once, last.
    [[nodiscard]] Result<ForestSummary> finish();

private:
    struct State;
    explicit ForestWriter(std::unique_ptr<State> state) noexcept;
    std::unique_ptr<State> m_state;
};

/// Writes all that is left of `reader`, whose CARv1 it keeps byte for byte. @return also Error::cancelled
Result<ForestSummary> write_forest_car(Reader& reader, ByteSink& sink, std::stop_token stop = {});

}    // namespace filfil::car
