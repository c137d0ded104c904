// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "crash_node.hpp"

#include <algorithm>

namespace filfil {

class CrashFiles::Accessing final : public RandomAccessFile {
public:
    Accessing(CrashFiles& files, std::string path, std::shared_ptr<Node> node)
        : m_files(files), m_path(std::move(path)), m_node(std::move(node)), m_generation(files.m_generation) {}
    ~Accessing() override {
        const std::lock_guard lock(m_files.m_mutex);
        m_node->locks.erase(this);
    }

    Result<std::size_t> read_at(std::uint64_t offset, ByteSpan out) override {
        const std::lock_guard lock(m_files.m_mutex);
        FILFIL_CHECK(m_files.alive(m_generation));
        const Bytes& bytes = m_node->bytes;
        if (offset >= bytes.size()) return std::size_t{0};
        const auto from = static_cast<std::size_t>(offset);
        const std::size_t size = std::min(out.size(), bytes.size() - from);
        std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(from), size, out.begin());
        return size;
    }

    Result<void> write_at(std::uint64_t offset, ByteView bytes) override {
        const std::lock_guard lock(m_files.m_mutex);
        FILFIL_CHECK(m_files.alive(m_generation));
        // The one with which the power goes may have begun.
        const auto alive = m_files.change(m_generation);
        const std::uint64_t room = m_files.m_room;
        auto written = m_files.write(*m_node, offset, bytes);
        const auto fits = static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), room));
        m_node->unsynced.push_back({.offset = offset, .bytes = to_bytes(bytes.first(fits))});
        return alive.ok() ? std::move(written) : alive;
    }

    Result<void> truncate(std::uint64_t size) override {
        const std::lock_guard lock(m_files.m_mutex);
        FILFIL_CHECK(m_files.alive(m_generation));
        const auto alive = m_files.change(m_generation);
        if (alive.ok() && m_files.m_fail_truncations) return Error(ErrorCode::io, m_path + ": cannot truncate");
        m_node->bytes.resize(static_cast<std::size_t>(size));
        m_node->unsynced.push_back({.offset = size, .bytes = {}, .truncation = true});
        return alive;
    }

    Result<void> sync() override {
        const std::lock_guard lock(m_files.m_mutex);
        FILFIL_CHECK(m_files.change(m_generation));
        if (m_files.m_fail_syncs) return Error(ErrorCode::io, m_path + ": cannot sync");
        m_node->sync_changes();
        return {};
    }

    Result<std::uint64_t> size() override {
        const std::lock_guard lock(m_files.m_mutex);
        FILFIL_CHECK(m_files.alive(m_generation));
        return std::uint64_t{m_node->bytes.size()};
    }

    Result<bool> lock(Lock level) override {
        const std::lock_guard lock(m_files.m_mutex);
        FILFIL_CHECK(m_files.alive(m_generation));
        Lock& own = m_node->locks[this];
        Lock others = Lock::none;
        for (const auto& [handle, held] : m_node->locks)
            if (handle != this) others = std::max(others, held);
        if (own >= level) return true;
        switch (level) {
            case Lock::none: break;
            case Lock::shared:
                if (others >= Lock::pending) return false;
                break;
            case Lock::reserved:
                if (others >= Lock::reserved) return false;
                break;
            case Lock::pending:
            case Lock::exclusive:
                if (others >= Lock::reserved) return false;
                if (level == Lock::exclusive && others > Lock::none) {
                    // Keeps new readers out until the last one has gone.
                    own = Lock::pending;
                    return false;
                }
                break;
        }
        own = level;
        return true;
    }

    void unlock(Lock level) override {
        const std::lock_guard lock(m_files.m_mutex);
        Lock& own = m_node->locks[this];
        own = std::min(own, level);
    }

    Result<bool> is_reserved() override {
        const std::lock_guard lock(m_files.m_mutex);
        FILFIL_CHECK(m_files.alive(m_generation));
        return std::ranges::any_of(m_node->locks, [](const auto& held) { return held.second >= Lock::reserved; });
    }

private:
    CrashFiles& m_files;
    std::string m_path;
    std::shared_ptr<Node> m_node;
    std::uint64_t m_generation;
};

Result<std::unique_ptr<RandomAccessFile>> CrashFiles::open_random(const std::string& path, bool make) {
    const std::lock_guard lock(m_mutex);
    FILFIL_CHECK(alive(m_generation));
    if (!m_names.contains(path)) {
        if (!make) return Error(ErrorCode::not_found, path + ": is not there");
        FILFIL_CHECK(change(m_generation));
        m_names[path] = std::make_shared<Node>();
    }
    return std::unique_ptr<RandomAccessFile>(std::make_unique<Accessing>(*this, path, m_names[path]));
}

Result<void> CrashFiles::rename(const std::string& from, const std::string& to) {
    const std::lock_guard lock(m_mutex);
    FILFIL_CHECK(change(m_generation));
    const auto found = m_names.find(from);
    if (found == m_names.end()) return Error(ErrorCode::not_found, from + ": is not there");
    m_names[to] = found->second;
    m_names.erase(from);
    FILFIL_CHECK(change(m_generation));
    sync_names();
    return {};
}

Result<void> CrashFiles::sync_folder() {
    const std::lock_guard lock(m_mutex);
    FILFIL_CHECK(change(m_generation));
    if (m_fail_syncs) return Error(ErrorCode::io, "cannot sync the folder");
    sync_names();
    return {};
}

}    // namespace filfil
