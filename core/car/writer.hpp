// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "car/section.hpp"
#include "car/sink.hpp"

#include <cstdint>
#include <span>

namespace filfil::car {

/// Appends one section: `varint(length of CID and data) | CID | data`.
void append_section(Bytes& out, ByteView cid, ByteView data);

/// Writes a CARv1 into a sink, in large pieces. Not thread-safe.
class Writer {
public:
    /// @param sink must outlive the writer
    explicit Writer(ByteSink& sink) : m_sink(sink) {}

    /// The header; once, first.
    [[nodiscard]] Result<void> header(std::span<const ipld::Cid> roots);

    /// One block. The CID is written as it is given; nobody checks it against the data here.
    [[nodiscard]] Result<void> block(ByteView cid, ByteView data);

    /// Bytes that are whole sections, or a header, already.
    [[nodiscard]] Result<void> raw(ByteView bytes);

    /// Hands on what is still buffered; to be called once, last.
    [[nodiscard]] Result<void> finish();

    /// Bytes of the CAR so far.
    [[nodiscard]] std::uint64_t written() const noexcept { return m_written; }

private:
    Result<void> flush_full();

    ByteSink& m_sink;
    Bytes m_buffer;
    std::uint64_t m_written = 0;
};

}    // namespace filfil::car
