// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/files.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace filfil::snapshot {

/// A file of records that is only ever appended to. After a crash at any point it holds whole records and perhaps a
/// torn last one: each record carries a checksum over itself and its place, so a tear shows, and so does what a disk
/// gives back of another log.
///
/// A record is `u32 length | u8 type | payload | first 8 bytes of BLAKE2b-256(u64 log | u64 offset | u32 length | type
/// | payload)`, numbers little-endian: `log` is the number of the log, the offset that of the record in the file, the
/// length that of the payload.
class StateLog {
public:
    /// What stands in a record; the numbers are those in the file.
    enum class Type : std::uint8_t {
        state = 1,      ///< the engine when the log began; first, and once
        blocks = 2,     ///< whole CAR sections, for the change that follows
        changes = 3,    ///< one head change
        hold = 4,
        release = 5,
        window = 6,    ///< other numbers of epochs are kept from here on
    };

    static constexpr std::uint64_t max_payload = std::uint64_t{1} << 31;

    /// Opens a log to append behind `size` bytes, dropping what stands there. A file that is missing is made.
    /// @param log its number
    static Result<StateLog> open(Files& files, const std::string& path, std::uint64_t log, std::uint64_t size);

    /// Appends a record; it is durable after sync(). After an error the record is not in the log, as far as the disk
    /// lets that be: the file is cut back, and if that fails every later call fails too.
    /// @return Error::too_large past max_payload, or what the file gives
    Result<void> append(Type type, ByteView payload);

    /// The same for a record each, all of them or none.
    Result<void> append(Type type, std::span<const Bytes> payloads);

    /// Makes all records durable. After an error nobody knows which of them are, and every later call fails.
    Result<void> sync();

    [[nodiscard]] std::uint64_t size() const noexcept { return m_size; }

private:
    Result<void> append_all(Type type, std::span<const ByteView> payloads);
    StateLog(std::unique_ptr<AppendFile> file, std::string path, std::uint64_t log, std::uint64_t size)
        : m_file(std::move(file)), m_path(std::move(path)), m_log(log), m_size(size) {}

    std::unique_ptr<AppendFile> m_file;
    std::string m_path;
    std::uint64_t m_log = 0;
    std::uint64_t m_size = 0;
    Bytes m_buffer;    ///< kept for its memory
    std::optional<Error> m_broken;
};

/// Reads a log from front to back. Memory is one record.
class StateLogReader {
public:
    /// @param log its number
    static Result<StateLogReader> open(Files& files, const std::string& path, std::uint64_t log);

    struct Record {
        StateLog::Type type{};
        Bytes payload;
        std::uint64_t offset = 0;
    };

    /// @return the next record; nothing at the end, which may be a tear: then good() is less than the file's size.
    /// Error::io where the file cannot be read
    Result<std::optional<Record>> next();

    /// Bytes of whole, right records so far.
    [[nodiscard]] std::uint64_t good() const noexcept { return m_offset; }
    [[nodiscard]] std::uint64_t size() const noexcept { return m_size; }

private:
    StateLogReader(std::unique_ptr<ReadableFile> file, std::uint64_t log, std::uint64_t size)
        : m_file(std::move(file)), m_log(log), m_size(size) {}

    std::unique_ptr<ReadableFile> m_file;
    std::uint64_t m_log = 0;
    std::uint64_t m_size = 0;
    std::uint64_t m_offset = 0;
};

}    // namespace filfil::snapshot
