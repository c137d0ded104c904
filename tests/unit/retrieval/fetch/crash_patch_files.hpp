// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/patch_file.hpp"
#include "crash_files.hpp"

namespace filfil::retrieval::samples {

/// Files that are filled at any place, on a disk whose machine can lose its power.
class CrashPatchFiles final : public PatchFiles {
public:
    explicit CrashPatchFiles(CrashFiles& files) : m_files(files) {}

    Result<std::unique_ptr<PatchFile>> open_patch(const std::string& path) override {
        FILFIL_TRY(auto file, m_files.open_random(path, true));
        return std::unique_ptr<PatchFile>(std::make_unique<File>(std::move(file)));
    }
    Result<void> publish(const std::string& from, const std::string& to) override { return m_files.rename(from, to); }
    Result<std::uint64_t> free_space(const std::string&) override { return std::uint64_t{1} << 40; }

private:
    class File final : public PatchFile {
    public:
        explicit File(std::unique_ptr<RandomAccessFile> file) : m_file(std::move(file)) {}
        Result<std::size_t> read_at(std::uint64_t offset, ByteSpan out) override {
            return m_file->read_at(offset, out);
        }
        Result<void> write_at(std::uint64_t offset, ByteView bytes) override { return m_file->write_at(offset, bytes); }
        Result<void> truncate(std::uint64_t size) override { return m_file->truncate(size); }
        Result<void> sync() override { return m_file->sync(); }

    private:
        std::unique_ptr<RandomAccessFile> m_file;
    };

    CrashFiles& m_files;
};

}    // namespace filfil::retrieval::samples
