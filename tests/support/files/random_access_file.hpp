// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/bytes.hpp"

#include <cstdint>

namespace filfil {

/// A file that is read and written at any place, as databases do. Thread-safe.
class RandomAccessFile {
public:
    /// Who holds one of these keeps others from some: SQLite's five levels (https://www.sqlite.org/lockingv3.html).
    enum class Lock : std::uint8_t { none, shared, reserved, pending, exclusive };

    virtual ~RandomAccessFile() = default;

    /// Fills `out` from `offset`. @return bytes read, short only at the end
    [[nodiscard]] virtual Result<std::size_t> read_at(std::uint64_t offset, ByteSpan out) = 0;
    [[nodiscard]] virtual Result<void> write_at(std::uint64_t offset, ByteView bytes) = 0;
    [[nodiscard]] virtual Result<void> truncate(std::uint64_t size) = 0;
    [[nodiscard]] virtual Result<void> sync() = 0;
    [[nodiscard]] virtual Result<std::uint64_t> size() = 0;

    /// Raises this handle's lock. @return false where another's forbids it
    [[nodiscard]] virtual Result<bool> lock(Lock level) = 0;

    /// Lowers it.
    virtual void unlock(Lock level) = 0;

    /// Whether anyone is about to write: has `reserved` or more.
    [[nodiscard]] virtual Result<bool> is_reserved() = 0;
};

}    // namespace filfil
