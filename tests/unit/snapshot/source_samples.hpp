// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "samples.hpp"
#include "snapshot/section_source.hpp"

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace filfil::snapshot::samples {

using car::samples::Block;
using car::samples::MemoryFiles;

/// A CAR in memory as a source.
class MemorySource final : public SectionSource {
public:
    MemorySource(const std::vector<ipld::Cid>& roots, const std::vector<Block>& blocks);

    [[nodiscard]] ByteView header() const noexcept override { return m_header; }
    [[nodiscard]] std::uint64_t body_size() const noexcept override { return m_body.size(); }
    [[nodiscard]] std::uint64_t sections() const noexcept override { return m_ends.size(); }
    [[nodiscard]] Result<std::uint64_t> boundary_at(std::uint64_t offset) const override;
    [[nodiscard]] Result<void> read(std::uint64_t offset, ByteSpan out) const override;

    /// Called before every read; what it returns is that read's fault.
    std::function<Result<void>(std::uint64_t offset)> on_read;

private:
    Bytes m_header;
    Bytes m_body;
    std::vector<std::uint64_t> m_ends;
};

/// A source of random raw blocks of up to 400 bytes, the first its root.
std::unique_ptr<MemorySource> random_source(std::uint64_t seed, std::size_t blocks);

/// The bytes of the CAR.
Bytes car_of(const SectionSource& source);

/// A disk that has room for so many bytes, in files that are whole or not; the rest of it is MemoryFiles.
class SmallDisk final : public Files {
public:
    explicit SmallDisk(std::uint64_t room) : m_room(room) {}

    [[nodiscard]] Result<std::unique_ptr<ReadableFile>> open(const std::string& path) override {
        return memory.open(path);
    }
    [[nodiscard]] Result<std::unique_ptr<ReadableFile>> open_standard_input() override {
        return memory.open_standard_input();
    }
    [[nodiscard]] Result<std::unique_ptr<OutputFile>> create(const std::string& path) override;
    [[nodiscard]] Result<std::unique_ptr<AppendFile>> open_append(const std::string& path) override {
        return memory.open_append(path);
    }
    [[nodiscard]] Result<FileInfo> info(const std::string& path) override { return memory.info(path); }
    [[nodiscard]] Result<std::vector<std::string>> list(const std::string& folder) override {
        return memory.list(folder);
    }
    [[nodiscard]] Result<void> make_folders(const std::string&) override { return {}; }
    [[nodiscard]] Result<void> remove(const std::string& path) override { return memory.remove(path); }

    /// Commits fail from this one on, counted from 0.
    std::optional<unsigned> fail_commit_at;
    MemoryFiles memory;

private:
    friend class SmallDiskOutput;
    std::uint64_t m_room;
    unsigned m_commits = 0;
};

}    // namespace filfil::snapshot::samples
