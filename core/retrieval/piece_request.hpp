// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "ipld/cid.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace filfil::retrieval {

/// Bytes of a request's target; longer ones are refused.
inline constexpr std::size_t max_target_bytes = 4096;

/// A request's target in its parts, percent-decoded: printable ASCII without "/" in a segment, nothing else gets in.
struct Target {
    std::vector<std::string> segments{};    ///< of the path: none for "/"; the last one is empty after a final "/"
    std::vector<std::pair<std::string, std::string>> query{};    ///< in the order in which they stand

    /// @return the parameter's value; nothing where it is missing; Error::invalid_argument where it stands twice
    [[nodiscard]] Result<std::optional<std::string>> parameter(std::string_view name) const;
};

/// Reads "/piece/baga…?x=y", also behind "http://host" (RFC 9112 section 3.2.2).
/// @return Error::invalid_argument names what is wrong: too long, no path, a bad "%", NUL and other control characters,
/// bytes beyond ASCII, "." and ".." and empty segments inside the path, a "/" that was encoded
Result<Target> parse_target(std::string_view target);

/// Which piece is asked for.
struct AskedPiece {
    ipld::Cid piece_cid;    ///< of version 1, whatever version was given
    std::optional<std::uint64_t> payload_size{};
    std::optional<std::uint64_t> padded_size{};    ///< both where a CID of version 2 was given
};

/// @return Error::invalid_argument for what is no CID, or no piece's
Result<AskedPiece> parse_asked_piece(std::string_view text);

/// A text of a client's as it may be shown in a message: printable ASCII, at most 100 characters.
std::string shown(std::string_view text);

}    // namespace filfil::retrieval
