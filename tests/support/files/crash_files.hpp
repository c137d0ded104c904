// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/files.hpp"
#include "base/random.hpp"
#include "random_access_file.hpp"

#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <set>

namespace filfil {

/// A disk in memory whose machine can lose its power, as badly as POSIX lets it: bytes that were not synced may be
/// there, be missing from some place on, or be zeros; a name that was made, renamed or removed since its folder was
/// synced may be as before. Of what was written through a RandomAccessFile any write, any part of one, and any
/// truncation may be missing without the others. It can be full, and its calls can fail. Thread-safe.
class CrashFiles final : public Files {
public:
    CrashFiles();

    /// The power goes with the n-th change from now on, counted from 1: that one may have begun. Every later call
    /// fails, until restart().
    void crash_at(std::uint64_t n);
    [[nodiscard]] bool crashed() const;

    /// Changes so far: writes, syncs, renames, removals.
    [[nodiscard]] std::uint64_t changes() const;

    /// The machine comes back with what its disk has. What was open before is of no use any more.
    void restart(Random& random);

    /// The process ends, and the machine does not.
    void kill();

    /// From now on only so many bytes can be written.
    void fill_up_after(std::uint64_t bytes);
    void make_room() { fill_up_after(std::numeric_limits<std::uint64_t>::max()); }

    void fail_syncs(bool fail);
    void fail_truncations(bool fail);

    /// A file as processes see it; empty where there is none.
    [[nodiscard]] Bytes contents(const std::string& path) const;
    [[nodiscard]] bool has(const std::string& path) const;

    /// Sets a file, durably.
    void put(const std::string& path, Bytes bytes);
    void erase(const std::string& path);
    [[nodiscard]] std::vector<std::string> paths() const;

    /// Opens a file for reading and writing anywhere; the same one any number of times. A new one's name is durable
    /// after sync_folder(). @param make where there is none; else that is Error::not_found
    Result<std::unique_ptr<RandomAccessFile>> open_random(const std::string& path, bool make);

    /// Puts one file in another's place, or under a new name, durably.
    Result<void> rename(const std::string& from, const std::string& to);

    /// All that was made, renamed and removed is durable.
    Result<void> sync_folder();

    Result<std::unique_ptr<ReadableFile>> open(const std::string& path) override;
    Result<std::unique_ptr<ReadableFile>> open_standard_input() override;
    Result<std::unique_ptr<OutputFile>> create(const std::string& path) override;
    Result<std::unique_ptr<AppendFile>> open_append(const std::string& path) override;
    Result<FileInfo> info(const std::string& path) override;
    Result<std::vector<std::string>> list(const std::string& folder) override;
    Result<void> make_folders(const std::string& path) override;
    Result<void> remove(const std::string& path) override;

    /// A file without its name.
    struct Node;

private:
    class Reading;
    class Writing;
    class Appending;
    class Accessing;

    /// Error where the machine is off, or the process that opened something has ended since.
    [[nodiscard]] Result<void> alive(std::uint64_t generation) const;
    Result<void> change(std::uint64_t generation);
    Result<void> write(Node& node, std::uint64_t offset, ByteView bytes);
    void sync_names() { m_durable_names = m_names; }

    mutable std::mutex m_mutex;
    std::map<std::string, std::shared_ptr<Node>> m_names;
    std::map<std::string, std::shared_ptr<Node>> m_durable_names;
    std::set<const Node*> m_locked;
    std::uint64_t m_generation = 0;
    std::uint64_t m_changes = 0;
    std::uint64_t m_crash_at = std::numeric_limits<std::uint64_t>::max();
    std::uint64_t m_room = std::numeric_limits<std::uint64_t>::max();
    bool m_crashed = false;
    bool m_fail_syncs = false;
    bool m_fail_truncations = false;
};

}    // namespace filfil
