// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "batch/folder.hpp"

#include "batch/open_folder.hpp"
#include "batch/paths.hpp"

namespace filfil::batch {
namespace {

class Walker {
public:
    Walker(Files& files, const LeftOut& left_out) : m_files(files), m_left_out(left_out) {}

    void walk(const std::string& folder, const std::vector<std::string>& names) {
        for (const std::string& name : names) {
            if (name.starts_with('.') || name.ends_with(".part")) continue;
            const std::string path = tidy_path(join_path(folder, name));
            const auto info = m_files.info(path);
            if (!info.ok() || info->kind != FileInfo::Kind::folder) {
                if (!m_left_out.has(m_files, path)) entries.push_back({path, nullptr, 0});
                continue;
            }
            const OpenFolder here(m_open, *info);
            if (here.is_loop()) continue;
            if (auto below = m_files.list(path); below.ok())
                walk(path, *below);
            else
                entries.push_back({path, std::make_shared<Ask>(Ask{{}, {}, 0, below.error().text()}), 0});
        }
    }

    OpenFolders& open() { return m_open; }
    std::vector<Entry> entries;

private:
    Files& m_files;
    const LeftOut& m_left_out;
    OpenFolders m_open;
};

}    // namespace

Result<std::vector<Entry>> read_folder(Files& files, const std::string& folder, const LeftOut& left_out) {
    FILFIL_TRY(const FileInfo info, files.info(folder));
    FILFIL_TRY(const std::vector<std::string> names, files.list(folder));
    Walker walker(files, left_out);
    const OpenFolder here(walker.open(), info);
    walker.walk(folder, names);
    return std::move(walker.entries);
}

}    // namespace filfil::batch
