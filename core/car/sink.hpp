// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/files.hpp"

namespace filfil::car {

/// Takes bytes one after the other. Not thread-safe.
class ByteSink {
public:
    virtual ~ByteSink() = default;
    [[nodiscard]] virtual Result<void> write(ByteView bytes) = 0;
};

/// Passes bytes on to a file, which the caller commits and which must outlive this.
class FileSink final : public ByteSink {
public:
    explicit FileSink(OutputFile& file) noexcept : m_file(file) {}
    [[nodiscard]] Result<void> write(ByteView bytes) override { return m_file.write(bytes); }

private:
    OutputFile& m_file;
};

/// Keeps bytes in memory.
class MemorySink final : public ByteSink {
public:
    [[nodiscard]] Result<void> write(ByteView bytes) override {
        m_bytes.insert(m_bytes.end(), bytes.begin(), bytes.end());
        return {};
    }
    [[nodiscard]] const Bytes& bytes() const noexcept { return m_bytes; }

private:
    Bytes m_bytes;
};

}    // namespace filfil::car
