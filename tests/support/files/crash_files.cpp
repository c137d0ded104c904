// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "crash_files.hpp"

#include "crash_node.hpp"

#include <algorithm>

namespace filfil {
namespace {

Error off() { return {ErrorCode::io, "the machine is off"}; }
Error absent(const std::string& path) { return {ErrorCode::not_found, path + ": is not there"}; }

/// Atoms of a disk: a part of a write that is there, or not.
constexpr std::size_t sector = 512;

void apply(Bytes& out, std::uint64_t offset, ByteView bytes) {
    const auto from = static_cast<std::size_t>(offset);
    if (out.size() < from + bytes.size()) out.resize(from + bytes.size());
    std::ranges::copy(bytes, out.begin() + static_cast<std::ptrdiff_t>(from));
}

/// What one unsynced write, or truncation, has left.
void apply_maybe(Bytes& out, const CrashFiles::Node::Change& change, Random& random) {
    const std::uint64_t fate = random.below(4);
    if (fate == 0) return;
    if (change.truncation) {
        if (fate != 1) out.resize(static_cast<std::size_t>(change.offset));
        return;
    }
    const ByteView bytes = change.bytes;
    if (fate == 1) return apply(out, change.offset, bytes);
    if (fate == 2)
        return apply(out, change.offset, bytes.first(static_cast<std::size_t>(random.below(bytes.size() + 1))));
    for (std::size_t at = 0; at < bytes.size();) {
        const std::size_t size = std::min(bytes.size() - at, sector - (change.offset + at) % sector);
        if (random.below(2) == 0) apply(out, change.offset + at, bytes.subspan(at, size));
        at += size;
    }
}

/// What may be left of a file that was written anywhere: everything, nothing, or some of the writes.
Bytes after_crash(const CrashFiles::Node& node, Random& random) {
    const std::uint64_t fate = random.below(4);
    if (fate == 0) return node.durable;
    if (fate == 1) return node.bytes;
    Bytes out = node.durable;
    for (const CrashFiles::Node::Change& change : node.unsynced) apply_maybe(out, change, random);
    return out;
}

/// What may be left of a file whose last bytes were not synced.
Bytes after_crash(const Bytes& durable, const Bytes& bytes, Random& random) {
    const bool appended = bytes.size() >= durable.size() && std::equal(durable.begin(), durable.end(), bytes.begin());
    if (!appended) return random.below(2) == 0 ? durable : bytes;
    Bytes out = bytes;
    const std::size_t fresh = bytes.size() - durable.size();
    switch (random.below(4)) {
        case 0: return durable;
        case 1: return bytes;
        case 2: out.resize(durable.size() + random.below(fresh + 1)); return out;
        default: break;
    }
    // The length came to the disk before some of the bytes.
    const std::size_t from = durable.size() + random.below(fresh + 1);
    const std::size_t size = random.below(bytes.size() - from + 1);
    std::fill_n(out.begin() + static_cast<std::ptrdiff_t>(from), size, std::byte{0});
    return out;
}

}    // namespace

class CrashFiles::Reading final : public ReadableFile {
public:
    Reading(std::string name, Bytes bytes) : m_bytes(std::move(bytes)), m_file(memory_file(std::move(name), m_bytes)) {}
    const std::string& name() const noexcept override { return m_file->name(); }
    std::optional<std::uint64_t> size() const noexcept override { return m_file->size(); }
    Result<std::size_t> read(ByteSpan out) override { return m_file->read(out); }
    Result<std::size_t> read_at(std::uint64_t offset, ByteSpan out) override { return m_file->read_at(offset, out); }

private:
    Bytes m_bytes;
    std::unique_ptr<ReadableFile> m_file;
};

class CrashFiles::Writing final : public OutputFile {
public:
    Writing(CrashFiles& files, std::string path, std::shared_ptr<Node> node)
        : m_files(files), m_path(std::move(path)), m_node(std::move(node)), m_generation(files.m_generation) {}
    ~Writing() override {
        const std::lock_guard lock(m_files.m_mutex);
        if (m_committed || m_files.m_crashed || m_files.m_generation != m_generation) return;
        m_files.m_names.erase(m_path + ".part");
    }
    Result<void> write(ByteView bytes) override {
        const std::lock_guard lock(m_files.m_mutex);
        const auto alive = m_files.change(m_generation);
        if (alive.ok() || m_files.m_crashed) {
            auto written = m_files.write(*m_node, m_node->bytes.size(), bytes);
            if (alive.ok()) return written;
        }
        return alive;
    }
    Result<void> write_at(std::uint64_t offset, ByteView bytes) override {
        const std::lock_guard lock(m_files.m_mutex);
        FILFIL_CHECK(m_files.change(m_generation));
        return m_files.write(*m_node, offset, bytes);
    }
    Result<void> commit() override {
        const std::lock_guard lock(m_files.m_mutex);
        FILFIL_CHECK(m_files.change(m_generation));
        if (m_files.m_fail_syncs) return Error(ErrorCode::io, m_path + ": cannot sync");
        m_node->set_durable();
        FILFIL_CHECK(m_files.change(m_generation));
        m_files.m_names.erase(m_path + ".part");
        m_files.m_names[m_path] = m_node;
        m_committed = true;
        FILFIL_CHECK(m_files.change(m_generation));
        m_files.sync_names();
        return {};
    }

private:
    CrashFiles& m_files;
    std::string m_path;
    std::shared_ptr<Node> m_node;
    std::uint64_t m_generation;
    bool m_committed = false;
};

class CrashFiles::Appending final : public AppendFile {
public:
    Appending(CrashFiles& files, std::string path, std::shared_ptr<Node> node)
        : m_files(files), m_path(std::move(path)), m_node(std::move(node)), m_generation(files.m_generation) {
        m_files.m_locked.insert(m_node.get());
    }
    ~Appending() override {
        const std::lock_guard lock(m_files.m_mutex);
        if (m_files.m_generation == m_generation) m_files.m_locked.erase(m_node.get());
    }
    Result<void> append(ByteView bytes) override {
        const std::lock_guard lock(m_files.m_mutex);
        const bool was_off = m_files.m_crashed;
        const auto alive = m_files.change(m_generation);
        if (!alive.ok() && was_off) return alive;
        auto written = m_files.write(*m_node, m_node->bytes.size(), bytes);
        return alive.ok() ? std::move(written) : alive;
    }
    Result<void> sync() override {
        const std::lock_guard lock(m_files.m_mutex);
        FILFIL_CHECK(m_files.change(m_generation));
        if (m_files.m_fail_syncs) return Error(ErrorCode::io, m_path + ": cannot sync");
        m_node->set_durable();
        return {};
    }
    Result<void> truncate(std::uint64_t size) override {
        const std::lock_guard lock(m_files.m_mutex);
        FILFIL_CHECK(m_files.change(m_generation));
        if (m_files.m_fail_truncations) return Error(ErrorCode::io, m_path + ": cannot truncate");
        m_node->bytes.resize(size);
        return {};
    }

private:
    CrashFiles& m_files;
    std::string m_path;
    std::shared_ptr<Node> m_node;
    std::uint64_t m_generation;
};

CrashFiles::CrashFiles() = default;

void CrashFiles::crash_at(std::uint64_t n) {
    const std::lock_guard lock(m_mutex);
    m_crash_at = m_changes + n;
}

bool CrashFiles::crashed() const {
    const std::lock_guard lock(m_mutex);
    return m_crashed;
}

std::uint64_t CrashFiles::changes() const {
    const std::lock_guard lock(m_mutex);
    return m_changes;
}

void CrashFiles::restart(Random& random) {
    const std::lock_guard lock(m_mutex);
    std::map<std::string, std::shared_ptr<Node>> names = m_durable_names;
    std::set<std::string> changed;
    for (const auto& [path, node] : m_names)
        if (!names.contains(path) || names[path] != node) changed.insert(path);
    for (const auto& [path, node] : m_durable_names)
        if (!m_names.contains(path)) changed.insert(path);
    for (const std::string& path : changed) {
        if (random.below(2) == 0) continue;
        if (const auto now = m_names.find(path); now != m_names.end())
            names[path] = now->second;
        else
            names.erase(path);
    }
    m_names.clear();
    for (const auto& [path, node] : names) {
        auto left = std::make_shared<Node>();
        left->bytes =
            node->unsynced.empty() ? after_crash(node->durable, node->bytes, random) : after_crash(*node, random);
        left->durable = left->bytes;
        m_names.emplace(path, std::move(left));
    }
    m_durable_names = m_names;
    m_locked.clear();
    ++m_generation;
    m_crash_at = std::numeric_limits<std::uint64_t>::max();
    m_crashed = false;
}

void CrashFiles::kill() {
    const std::lock_guard lock(m_mutex);
    for (const auto& [path, node] : m_names) node->locks.clear();
    m_locked.clear();
    ++m_generation;
    m_crash_at = std::numeric_limits<std::uint64_t>::max();
    m_crashed = false;
}

void CrashFiles::fill_up_after(std::uint64_t bytes) {
    const std::lock_guard lock(m_mutex);
    m_room = bytes;
}

void CrashFiles::fail_syncs(bool fail) {
    const std::lock_guard lock(m_mutex);
    m_fail_syncs = fail;
}

void CrashFiles::fail_truncations(bool fail) {
    const std::lock_guard lock(m_mutex);
    m_fail_truncations = fail;
}

Bytes CrashFiles::contents(const std::string& path) const {
    const std::lock_guard lock(m_mutex);
    const auto found = m_names.find(path);
    return found == m_names.end() ? Bytes() : found->second->bytes;
}

bool CrashFiles::has(const std::string& path) const {
    const std::lock_guard lock(m_mutex);
    return m_names.contains(path);
}

void CrashFiles::put(const std::string& path, Bytes bytes) {
    const std::lock_guard lock(m_mutex);
    auto node = std::make_shared<Node>();
    node->durable = bytes;
    node->bytes = std::move(bytes);
    m_names[path] = node;
    m_durable_names[path] = std::move(node);
}

void CrashFiles::erase(const std::string& path) {
    const std::lock_guard lock(m_mutex);
    m_names.erase(path);
    m_durable_names.erase(path);
}

std::vector<std::string> CrashFiles::paths() const {
    const std::lock_guard lock(m_mutex);
    std::vector<std::string> out;
    for (const auto& [path, node] : m_names) out.push_back(path);
    return out;
}

Result<void> CrashFiles::alive(std::uint64_t generation) const {
    if (m_crashed || generation != m_generation) return off();
    return {};
}

Result<void> CrashFiles::change(std::uint64_t generation) {
    FILFIL_CHECK(alive(generation));
    if (++m_changes < m_crash_at) return {};
    m_crashed = true;
    return off();
}

Result<void> CrashFiles::write(Node& node, std::uint64_t offset, ByteView bytes) {
    const ByteView fits = bytes.first(static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), m_room)));
    m_room -= fits.size();
    if (node.bytes.size() < offset + fits.size()) node.bytes.resize(offset + fits.size());
    std::ranges::copy(fits, node.bytes.begin() + static_cast<std::ptrdiff_t>(offset));
    if (fits.size() < bytes.size())
        return Error(ErrorCode::io, "cannot write: No space left on device", "free some space");
    return {};
}

Result<std::unique_ptr<ReadableFile>> CrashFiles::open(const std::string& path) {
    const std::lock_guard lock(m_mutex);
    if (m_crashed) return off();
    const auto found = m_names.find(path);
    if (found == m_names.end()) return absent(path);
    return std::unique_ptr<ReadableFile>(std::make_unique<Reading>(path, found->second->bytes));
}

Result<std::unique_ptr<ReadableFile>> CrashFiles::open_standard_input() { return absent("standard input"); }

Result<std::unique_ptr<OutputFile>> CrashFiles::create(const std::string& path) {
    const std::lock_guard lock(m_mutex);
    FILFIL_CHECK(change(m_generation));
    const auto node = std::make_shared<Node>();
    m_names[path + ".part"] = node;
    return std::unique_ptr<OutputFile>(std::make_unique<Writing>(*this, path, node));
}

Result<std::unique_ptr<AppendFile>> CrashFiles::open_append(const std::string& path) {
    const std::lock_guard lock(m_mutex);
    FILFIL_CHECK(change(m_generation));
    auto& node = m_names[path];
    if (node != nullptr && m_locked.contains(node.get()))
        return Error(ErrorCode::busy, path + ": another program is writing to it");
    if (node == nullptr) {
        node = std::make_shared<Node>();
        FILFIL_CHECK(change(m_generation));
    }
    // The system's files sync the folder of one that is new or empty.
    if (node->bytes.empty()) sync_names();
    return std::unique_ptr<AppendFile>(std::make_unique<Appending>(*this, path, node));
}

Result<FileInfo> CrashFiles::info(const std::string& path) {
    const std::lock_guard lock(m_mutex);
    const auto found = m_names.find(path);
    if (found == m_names.end()) return absent(path);
    return FileInfo{.kind = FileInfo::Kind::file, .size = found->second->bytes.size()};
}

Result<std::vector<std::string>> CrashFiles::list(const std::string& folder) {
    const std::lock_guard lock(m_mutex);
    if (m_crashed) return off();
    std::vector<std::string> out;
    for (const auto& [path, node] : m_names)
        if (path.starts_with(folder + "/")) out.push_back(path.substr(folder.size() + 1));
    return out;
}

Result<void> CrashFiles::make_folders(const std::string&) { return {}; }

Result<void> CrashFiles::remove(const std::string& path) {
    const std::lock_guard lock(m_mutex);
    FILFIL_CHECK(change(m_generation));
    if (m_names.erase(path) == 0) return absent(path);
    return {};
}

}    // namespace filfil
