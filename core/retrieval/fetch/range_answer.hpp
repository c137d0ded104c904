// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/transport.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace filfil::retrieval {

/// "bytes 0-99/1234" (RFC 9110 section 14.4).
struct ContentRange {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    std::optional<std::uint64_t> size{};    ///< of the whole; nothing for "*"
    bool operator==(const ContentRange&) const = default;
};

/// @return nothing for what is malformed, has its last byte before its first, or outside of the size
std::optional<ContentRange> parse_content_range(std::string_view field) noexcept;

/// The bytes that a source was asked for.
struct AskedRange {
    std::uint64_t offset = 0;
    std::uint64_t length = 0;    ///< at least 1
    std::uint64_t piece_size = 0;
    bool slice = false;    ///< by "?slice=", so that the bytes are the whole answer and may be compressed
};

/// What an answer is worth.
struct Judged {
    enum class Kind : std::uint8_t {
        good,       ///< its body is the bytes that were asked for, or (see `compressed`) zstd of them
        missing,    ///< the source does not have this piece
        later,      ///< it is busy: ask again after `wait`
        failed,     ///< something broke there: ask again, but not for ever
        refused,    ///< it does not serve us: do not ask again
        wrong,      ///< it breaks the rules of HTTP, or gives what nobody asked for: do not ask again
    };
    Kind kind = Kind::good;
    std::string why{};    ///< "it answered HTTP 404"
    Clock::Duration wait{};
    bool compressed = false;
};

/// Looks at status, fields and length.
Judged judge_answer(const HttpResponse& answer, const AskedRange& asked);

/// What no answer at all is worth: an Error of Transport::request().
Judged judge_failure(const Error& error);

/// Undoes zstd. @param size bytes that have to come out
/// @return Error::corrupt for anything else than one frame of that size, unsupported in a build without libzstd
Result<std::string> unpack_slice(std::string_view packed, std::uint64_t size);

}    // namespace filfil::retrieval
