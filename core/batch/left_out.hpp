// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/files.hpp"

#include <string>
#include <vector>

namespace filfil::batch {

/// Whether two descriptions are of one and the same file or folder, under whatever names. False where the file system
/// gives no identity.
inline bool same_file(const FileInfo& a, const FileInfo& b) noexcept {
    return a.inode != 0 && a.inode == b.inode && a.device == b.device;
}

/// Files that a folder or a pattern never means, because they are the batch's own: its manifest, its receipts.
class LeftOut {
public:
    /// Nothing happens where no such file exists.
    void add(Files& files, const std::string& path) {
        if (const auto info = files.info(path); info.ok()) m_files.push_back(*info);
    }

    [[nodiscard]] bool has(Files& files, const std::string& path) const {
        if (m_files.empty()) return false;
        const auto info = files.info(path);
        if (!info.ok()) return false;
        for (const FileInfo& file : m_files)
            if (same_file(file, *info)) return true;
        return false;
    }

private:
    std::vector<FileInfo> m_files;
};

}    // namespace filfil::batch
