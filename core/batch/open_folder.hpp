// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "batch/left_out.hpp"

#include <algorithm>
#include <vector>

namespace filfil::batch {

/// The folders that a walk stands in, outermost first.
using OpenFolders = std::vector<FileInfo>;

/// Stands in one folder of a walk for as long as it lives, so that a link back up is seen as the loop it is.
class OpenFolder {
public:
    OpenFolder(OpenFolders& open, const FileInfo& folder)
        : m_open(open),
          m_loop(std::any_of(open.begin(), open.end(), [&](const FileInfo& f) { return same_file(f, folder); })) {
        m_open.push_back(folder);
    }
    ~OpenFolder() { m_open.pop_back(); }
    OpenFolder(const OpenFolder&) = delete;
    OpenFolder& operator=(const OpenFolder&) = delete;

    [[nodiscard]] bool is_loop() const noexcept { return m_loop; }

private:
    OpenFolders& m_open;
    bool m_loop;
};

}    // namespace filfil::batch
