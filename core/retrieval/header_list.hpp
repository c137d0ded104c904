// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/transport.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace filfil::retrieval {

// Lists in header fields (RFC 9110 sections 5.6 and 12.4.2). What is malformed is as if it did not stand there.

/// The values of all fields of that name, joined with ", "; nothing where there is none.
std::optional<std::string> joined_fields(const HttpFields& fields, std::string_view name);

/// Without spaces and tabs at both ends.
std::string_view trim_field(std::string_view text) noexcept;

/// Equal without regard to the case of ASCII letters.
bool same_word(std::string_view a, std::string_view b) noexcept;

/// Takes the next element off a list: what stands before `separator` outside of quotes, trimmed; may be empty.
std::string_view take_element(std::string_view& list, char separator = ',') noexcept;

/// A weight ("0.75") in thousandths. @return nothing for what is none
std::optional<unsigned> parse_weight(std::string_view text) noexcept;

/// Whether an answer may be, and had best be, compressed with zstd: it is named with a weight over 0 that is not below
/// identity's, or identity is refused and "*" is not.
bool prefers_zstd(std::string_view accept_encoding) noexcept;

/// What a trustless gateway can give (ipfs specs, trustless-gateway.md).
enum class BlockFormat : std::uint8_t { raw, car };

/// The format of the highest weight that an Accept field names; the first of equals. A CAR of a version other than 1 is
/// none, and so are wildcards. "order" and "dups" are wishes: Content-Type says what is given.
std::optional<BlockFormat> accepted_format(std::string_view accept) noexcept;

/// Whether an If-None-Match field names the entity tag (with its quotes), by the weak comparison, or is "*".
bool names_tag(std::string_view if_none_match, std::string_view tag) noexcept;

}    // namespace filfil::retrieval
