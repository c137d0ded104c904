// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "car/sink.hpp"

#include <cstdint>
#include <memory>

namespace filfil::car {

/// Compresses what is written into one zstd frame, which carries a checksum of its content. Not thread-safe.
class ZstdSink final : public ByteSink {
public:
    /// @param sink must outlive this
    /// @param size bytes that will be written in all; the frame's header says so
    /// @param workers threads of zstd's own that compress beside the caller; 0 means the caller alone. Where this
    /// build of zstd has no threads the caller does it all. Some 10 MiB of memory each
    /// @return Error::io without memory for the compressor; Error::unsupported in a build without libzstd
    static Result<std::unique_ptr<ZstdSink>> open(ByteSink& sink, std::uint64_t size, unsigned workers);
    ~ZstdSink() override;
    ZstdSink(ZstdSink&&) = delete;
    ZstdSink& operator=(ZstdSink&&) = delete;

    [[nodiscard]] Result<void> write(ByteView bytes) override;

    /// Ends the frame; once, last. @return compressed bytes in all
    [[nodiscard]] Result<std::uint64_t> finish();

private:
    struct State;
    explicit ZstdSink(std::unique_ptr<State> state) noexcept;
    std::unique_ptr<State> m_state;
};

}    // namespace filfil::car
