// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/files.hpp"

#include <map>
#include <set>

namespace filfil::batch {

/// A file system in memory, quick enough to be made anew for every input of a fuzzer. Not thread-safe.
class MemoryFiles final : public Files {
public:
    std::map<std::string, std::string> files;

    Result<std::unique_ptr<ReadableFile>> open(const std::string& path) override {
        const auto it = files.find(path);
        if (it == files.end()) return nothing_at(path);
        return memory_file(path, bytes_of(it->second));
    }
    Result<std::unique_ptr<ReadableFile>> open_standard_input() override { return nothing_at("standard input"); }
    Result<std::unique_ptr<OutputFile>> create(const std::string& path) override {
        return std::unique_ptr<OutputFile>(std::make_unique<Output>(*this, path));
    }
    Result<std::unique_ptr<AppendFile>> open_append(const std::string& path) override {
        return std::unique_ptr<AppendFile>(std::make_unique<Append>(files[path]));
    }
    Result<FileInfo> info(const std::string& path) override {
        FileInfo info;
        if (const auto it = files.find(path); it != files.end()) {
            info.kind = FileInfo::Kind::file;
            info.size = it->second.size();
            return info;
        }
        if (names_in(path).empty()) return nothing_at(path);
        info.kind = FileInfo::Kind::folder;
        return info;
    }
    Result<std::vector<std::string>> list(const std::string& folder) override {
        const std::set<std::string> names = names_in(folder);
        if (names.empty()) return nothing_at(folder);
        return std::vector<std::string>(names.begin(), names.end());
    }
    Result<void> make_folders(const std::string&) override { return {}; }
    Result<void> remove(const std::string& path) override {
        files.erase(path);
        return {};
    }

private:
    class Output final : public OutputFile {
    public:
        Output(MemoryFiles& all, std::string path) : m_all(all), m_path(std::move(path)) {}
        Result<void> write(ByteView bytes) override {
            m_content += chars_of(bytes);
            return {};
        }
        Result<void> write_at(std::uint64_t offset, ByteView bytes) override {
            m_content.replace(static_cast<std::size_t>(offset), bytes.size(), chars_of(bytes));
            return {};
        }
        Result<void> commit() override {
            m_all.files[m_path] = m_content;
            return {};
        }

    private:
        MemoryFiles& m_all;
        std::string m_path;
        std::string m_content;
    };

    class Append final : public AppendFile {
    public:
        explicit Append(std::string& content) : m_content(content) {}
        Result<void> append(ByteView bytes) override {
            m_content += chars_of(bytes);
            return {};
        }
        Result<void> sync() override { return {}; }
        Result<void> truncate(std::uint64_t size) override {
            m_content.resize(static_cast<std::size_t>(size));
            return {};
        }

    private:
        std::string& m_content;
    };

    static Error nothing_at(const std::string& path) { return {ErrorCode::not_found, path + ": not there"}; }

    std::set<std::string> names_in(const std::string& folder) const {
        const std::string prefix = folder == "." || folder.empty() ? "" : folder.ends_with('/') ? folder : folder + "/";
        std::set<std::string> names;
        for (const auto& [path, content] : files)
            if (path.starts_with(prefix))
                names.insert(path.substr(prefix.size(), path.find('/', prefix.size()) - prefix.size()));
        names.erase("");
        return names;
    }
};

/// Ends the fuzzer where something that must hold does not.
inline void require(bool holds) {
    if (!holds) __builtin_trap();
}

}    // namespace filfil::batch
