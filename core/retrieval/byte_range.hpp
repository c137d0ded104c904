// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <cstdint>
#include <string_view>

namespace filfil::retrieval {

/// What a Range header field asks of a body of a known size (RFC 9110 section 14).
struct ByteRange {
    enum class Kind : std::uint8_t {
        whole,            ///< the whole body: nothing was asked for that is understood, or several ranges
        part,             ///< `length` bytes from `offset`, at least one
        unsatisfiable,    ///< 416: nothing of it lies inside
    };
    Kind kind = Kind::whole;
    std::uint64_t offset = 0;
    std::uint64_t length = 0;

    bool operator==(const ByteRange&) const = default;
};

/// Reads "bytes=A-B", "bytes=A-" and "bytes=-N" (the last N). A range that begins inside and ends outside is cut. Other
/// units, several ranges, and what the RFC calls invalid give the whole body, as it allows and demands.
/// @param field the values of all Range fields, joined with ", "
/// @param size of the body, bytes
ByteRange parse_byte_range(std::string_view field, std::uint64_t size) noexcept;

}    // namespace filfil::retrieval
