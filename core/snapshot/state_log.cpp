// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "snapshot/state_log.hpp"

#include "base/units.hpp"
#include "ipld/digest.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace filfil::snapshot {
namespace {

constexpr std::size_t head_size = 5;
constexpr std::size_t checksum_size = 8;

template <class T>
void put_little_endian(Bytes& out, T value) {
    for (std::size_t i = 0; i < sizeof(T); ++i) out.push_back(static_cast<std::byte>(value >> (8 * i) & 0xff));
}

constexpr std::size_t place_size = 2 * sizeof(std::uint64_t);

/// More of the buffer is given back after each call.
constexpr std::size_t most_buffer_kept = 16 * MiB;

/// Appends head and payload of a record with its place before them, whose digest is the checksum.
void put_checked(Bytes& out, std::uint64_t log, std::uint64_t offset, StateLog::Type type, ByteView payload) {
    put_little_endian(out, log);
    put_little_endian(out, offset);
    put_little_endian(out, static_cast<std::uint32_t>(payload.size()));
    out.push_back(static_cast<std::byte>(type));
    out.insert(out.end(), payload.begin(), payload.end());
}

}    // namespace

Result<StateLog> StateLog::open(Files& files, const std::string& path, std::uint64_t log, std::uint64_t size) {
    FILFIL_TRY(std::unique_ptr<AppendFile> file, files.open_append(path));
    FILFIL_CHECK(file->truncate(size));
    return StateLog(std::move(file), path, log, size);
}

Result<void> StateLog::append(Type type, ByteView payload) { return append_all(type, {&payload, 1}); }

Result<void> StateLog::append(Type type, std::span<const Bytes> payloads) {
    const std::vector<ByteView> views(payloads.begin(), payloads.end());
    return append_all(type, views);
}

Result<void> StateLog::append_all(Type type, std::span<const ByteView> payloads) {
    if (m_broken) return *m_broken;
    std::size_t size = 0;
    for (const ByteView payload : payloads) {
        if (payload.size() > max_payload)
            return Error(ErrorCode::too_large, m_path + ": a record of " + std::to_string(payload.size()) +
                                                   " bytes is too large for the log");
        size += place_size + head_size + payload.size() + checksum_size;
    }
    m_buffer.clear();
    m_buffer.reserve(size);
    std::uint64_t end = m_size;
    std::vector<std::size_t> begins;
    for (const ByteView payload : payloads) {
        begins.push_back(m_buffer.size());
        put_checked(m_buffer, m_log, end, type, payload);
        m_buffer.resize(m_buffer.size() + checksum_size);
        end += head_size + payload.size() + checksum_size;
    }
    // Several are hashed side by side.
    std::vector<ByteView> checked;
    for (std::size_t i = 0; i < payloads.size(); ++i)
        checked.push_back(ByteView(m_buffer).subspan(begins[i], place_size + head_size + payloads[i].size()));
    std::vector<ipld::Digest256> digests(payloads.size());
    ipld::blake2b_256_many(checked, digests);
    for (std::size_t i = 0; i < payloads.size(); ++i) {
        std::copy_n(digests[i].begin(), checksum_size,
                    m_buffer.begin() + static_cast<std::ptrdiff_t>(begins[i] + checked[i].size()));
        const ByteView written =
            ByteView(m_buffer).subspan(begins[i] + place_size, head_size + payloads[i].size() + checksum_size);
        if (auto appended = m_file->append(written); !appended.ok()) {
            if (auto cut = m_file->truncate(m_size); !cut.ok()) m_broken = appended.error();
            return appended;
        }
    }
    m_size = end;
    if (m_buffer.capacity() > most_buffer_kept) m_buffer = {};
    return {};
}

Result<void> StateLog::sync() {
    if (m_broken) return *m_broken;
    auto synced = m_file->sync();
    // What of it reached the disk is not known any more, and later syncs would not tell.
    if (!synced.ok()) m_broken = synced.error();
    return synced;
}

Result<StateLogReader> StateLogReader::open(Files& files, const std::string& path, std::uint64_t log) {
    FILFIL_TRY(std::unique_ptr<ReadableFile> file, files.open(path));
    const auto size = file->size();
    if (!size) return Error(ErrorCode::invalid_argument, path + " is no regular file");
    return StateLogReader(std::move(file), log, *size);
}

Result<std::optional<StateLogReader::Record>> StateLogReader::next() {
    if (m_size - m_offset < head_size + checksum_size) return std::optional<Record>();
    std::array<std::byte, head_size> head{};
    FILFIL_TRY(const std::size_t got, m_file->read_at(m_offset, head));
    if (got < head.size()) return std::optional<Record>();
    std::uint32_t length = 0;
    for (std::size_t i = 4; i-- > 0;) length = length << 8 | std::to_integer<std::uint32_t>(head[i]);
    if (length > StateLog::max_payload || length > m_size - m_offset - head_size - checksum_size)
        return std::optional<Record>();
    Record out{.type = static_cast<StateLog::Type>(head[4]), .payload = Bytes(length), .offset = m_offset};
    FILFIL_TRY(const std::size_t body, m_file->read_at(m_offset + head_size, out.payload));
    std::array<std::byte, checksum_size> checksum{};
    FILFIL_TRY(const std::size_t tail, m_file->read_at(m_offset + head_size + length, checksum));
    if (body < length || tail < checksum.size()) return std::optional<Record>();
    Bytes checked;
    checked.reserve(place_size + head_size + out.payload.size());
    put_checked(checked, m_log, m_offset, out.type, out.payload);
    const ipld::Digest256 digest = ipld::blake2b_256(checked);
    if (!std::ranges::equal(checksum, std::span(digest).first(checksum_size))) return std::optional<Record>();
    m_offset += head_size + length + checksum_size;
    return std::optional<Record>(std::move(out));
}

}    // namespace filfil::snapshot
