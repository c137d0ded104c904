// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/bytes.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace filfil {

/// A file that is filled at any place, in any order, over several runs of a program: a download that is resumed. It
/// stays when it is closed. read_at() and write_at() are thread-safe.
class PatchFile {
public:
    virtual ~PatchFile() = default;

    /// Fills `out` from `offset`. @return bytes read, short only at the end of the file
    [[nodiscard]] virtual Result<std::size_t> read_at(std::uint64_t offset, ByteSpan out) = 0;

    /// What lies between the end of the file and `offset` reads as zeros.
    [[nodiscard]] virtual Result<void> write_at(std::uint64_t offset, ByteView bytes) = 0;
    [[nodiscard]] virtual Result<void> truncate(std::uint64_t size) = 0;
    [[nodiscard]] virtual Result<void> sync() = 0;
};

/// The part of the file system that makes them. Apart from Files, since few need it. Thread-safe.
class PatchFiles {
public:
    virtual ~PatchFiles() = default;

    /// Opens for reading and writing; made where it is missing. Error::busy where another program has it open so.
    [[nodiscard]] virtual Result<std::unique_ptr<PatchFile>> open_patch(const std::string& path) = 0;

    /// Gives a file that was synced its final name, in place of what was there, durably.
    [[nodiscard]] virtual Result<void> publish(const std::string& from, const std::string& to) = 0;

    /// Bytes that may still be written in the folder of `path`.
    [[nodiscard]] virtual Result<std::uint64_t> free_space(const std::string& path) = 0;
};

/// The operating system's.
class SystemPatchFiles final : public PatchFiles {
public:
    [[nodiscard]] Result<std::unique_ptr<PatchFile>> open_patch(const std::string& path) override;
    [[nodiscard]] Result<void> publish(const std::string& from, const std::string& to) override;
    [[nodiscard]] Result<std::uint64_t> free_space(const std::string& path) override;
};

}    // namespace filfil
