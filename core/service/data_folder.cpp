// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/data_folder.hpp"

#include "base/units.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string_view>

namespace filfil::service {
namespace {

constexpr std::string_view version_line = "fil-fil data ";
constexpr unsigned version = 1;

// What may be there before VERSION is: settings and tokens made beforehand, and what a crash left of the first start.
constexpr std::array<std::string_view, 10> ours{"LOCK",       "VERSION.part", "config.toml", "config.toml.part",
                                                "token.read", "token.admin",  "engine",      "snapshots",
                                                "log",        "lost+found"};

Result<unsigned> parse_version(std::string_view text, const std::string& path) {
    const Error none(ErrorCode::corrupt, path + ": a line '" + std::string(version_line) + "NUMBER' is expected",
                     "take another folder, or put back the file that was there");
    if (!text.starts_with(version_line) || !text.ends_with('\n')) return none;
    text.remove_prefix(version_line.size());
    text.remove_suffix(1);
    unsigned out = 0;
    const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (status != std::errc{} || end != text.data() + text.size() || out == 0) return none;
    return out;
}

/// @return nothing where there is no such file
Result<std::optional<unsigned>> read_version(Files& files, const std::string& path) {
    auto file = files.open(path);
    if (!file.ok()) {
        if (file.error().code == ErrorCode::not_found) return std::optional<unsigned>();
        return std::move(file).error();
    }
    FILFIL_TRY(const Bytes text, read_all(**file, 4 * KiB));
    FILFIL_TRY(const unsigned found, parse_version(chars_of(text), path));
    return std::optional(found);
}

Result<void> check_is_ours(Files& files, const std::string& folder) {
    FILFIL_TRY(const std::vector<std::string> names, files.list(folder));
    const auto stranger = std::ranges::find_if(names, [](const std::string& name) {
        return std::ranges::find(ours, name) == ours.end() && !name.starts_with("token.");
    });
    if (stranger == names.end()) return {};
    return Error(ErrorCode::invalid_argument,
                 folder + ": is no folder of a daemon, and not empty: '" + *stranger + "' is in it",
                 "name an empty folder, or one that is not there yet");
}

}    // namespace

DataPaths::DataPaths(std::string folder_)
    : folder(std::move(folder_)),
      version(join_path(folder, "VERSION")),
      lock(join_path(folder, "LOCK")),
      config(join_path(folder, "config.toml")),
      token_read(join_path(folder, "token.read")),
      token_admin(join_path(folder, "token.admin")),
      engine(join_path(folder, "engine")),
      journal(join_path(folder, "journal.db")),
      snapshots(join_path(folder, "snapshots")),
      log(join_path(folder, "log")),
      export_car(join_path(folder, "export.car")) {}

DataFolder::DataFolder(DataPaths paths, std::unique_ptr<AppendFile> lock)
    : m_paths(std::move(paths)), m_lock(std::move(lock)) {}

Result<std::unique_ptr<DataFolder>> DataFolder::open(Files& files, const std::string& path) {
    DataPaths paths(path);
    FILFIL_CHECK(files.make_folders(path));
    // Looked at before anything is put into it, and again under the lock.
    FILFIL_TRY(std::optional<unsigned> found, read_version(files, paths.version));
    if (!found) FILFIL_CHECK(check_is_ours(files, path));

    auto lock = files.open_append(paths.lock);
    if (!lock.ok()) {
        if (lock.error().code != ErrorCode::busy) return std::move(lock).error();
        return Error(
            ErrorCode::busy, path + ": another daemon is running with this folder",
            "stop that one (`fil-fil status --data " + path + "` shows it), or name another folder with --data");
    }
    FILFIL_TRY(found, read_version(files, paths.version));
    if (found && *found > version)
        return Error(ErrorCode::unsupported,
                     path + ": this folder was written by a newer fil-fil (version " + std::to_string(*found) +
                         ", and " + std::to_string(version) + " is the latest known here)",
                     "use that fil-fil, or another folder");
    if (!found) {
        FILFIL_TRY(const std::unique_ptr<OutputFile> file, files.create(paths.version));
        FILFIL_CHECK(file->write(bytes_of(std::string(version_line) + std::to_string(version) + "\n")));
        FILFIL_CHECK(file->commit());
    }
    for (const std::string& folder : {paths.engine, paths.snapshots, paths.log})
        FILFIL_CHECK(files.make_folders(folder));
    return std::unique_ptr<DataFolder>(new DataFolder(std::move(paths), std::move(*lock)));
}

}    // namespace filfil::service
