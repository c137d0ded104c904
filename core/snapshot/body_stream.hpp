// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "car/reader.hpp"
#include "ipld/digest.hpp"

#include <concepts>
#include <optional>
#include <stop_token>

namespace filfil::snapshot {

/// The sections of a CAR one by one or as bytes, whichever is asked for next. Not thread-safe.
class BodyStream {
public:
    BodyStream(car::Reader& reader, std::stop_token stop) : m_reader(reader), m_stop(std::move(stop)) {}

    /// The next section whole; only where no section was taken in part. Valid until the next call.
    /// @return nothing at the clean end; Error::cancelled, or what the reader gives
    [[nodiscard]] Result<std::optional<car::Section>> next();

    /// The next bytes of the body, at most `most` and at least one, valid until the next call; none at the clean end.
    [[nodiscard]] Result<ByteView> take(std::uint64_t most);

private:
    /// @return whether there is something left
    [[nodiscard]] Result<bool> fill();

    car::Reader& m_reader;
    std::stop_token m_stop;
    car::Batch m_batch;
    std::size_t m_section = 0;    ///< of the batch, the next one
    std::size_t m_byte = 0;       ///< of the batch, the next one
};

}    // namespace filfil::snapshot
