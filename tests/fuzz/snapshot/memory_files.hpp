// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/files.hpp"

#include <map>
#include <utility>

namespace filfil::snapshot {

/// Files in memory, made anew for every input of a fuzzer. Not thread-safe. A file stays readable as long as its entry.
class MemoryFiles final : public Files {
public:
    std::map<std::string, Bytes> stored;

    Result<std::unique_ptr<ReadableFile>> open(const std::string& path) override {
        const auto found = stored.find(path);
        if (found == stored.end()) return absent(path);
        return memory_file(path, found->second);
    }
    Result<std::unique_ptr<ReadableFile>> open_standard_input() override { return absent("standard input"); }
    Result<std::unique_ptr<OutputFile>> create(const std::string& path) override {
        return std::unique_ptr<OutputFile>(std::make_unique<Output>(*this, path));
    }
    Result<std::unique_ptr<AppendFile>> open_append(const std::string& path) override { return absent(path); }
    Result<FileInfo> info(const std::string& path) override {
        if (!stored.contains(path)) return absent(path);
        return FileInfo{.kind = FileInfo::Kind::file, .size = stored[path].size()};
    }
    Result<std::vector<std::string>> list(const std::string& folder) override { return absent(folder); }
    Result<void> make_folders(const std::string&) override { return {}; }
    Result<void> remove(const std::string& path) override {
        // Whoever has it open reads on, as on a disk.
        m_removed.push_back(std::move(stored[path]));
        stored.erase(path);
        return {};
    }

private:
    class Output final : public OutputFile {
    public:
        Output(MemoryFiles& files, std::string path) : m_files(files), m_path(std::move(path)) {}
        Result<void> write(ByteView bytes) override {
            m_bytes.insert(m_bytes.end(), bytes.begin(), bytes.end());
            return {};
        }
        Result<void> write_at(std::uint64_t, ByteView) override {
            return Error(ErrorCode::unsupported, "nobody overwrites here");
        }
        Result<void> commit() override {
            m_files.stored[m_path] = m_bytes;
            return {};
        }

    private:
        MemoryFiles& m_files;
        std::string m_path;
        Bytes m_bytes;
    };

    static Error absent(const std::string& path) { return {ErrorCode::not_found, path + ": is not there"}; }

    std::vector<Bytes> m_removed;
};

}    // namespace filfil::snapshot
