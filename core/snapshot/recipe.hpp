// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/units.hpp"
#include "ipld/digest.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace filfil::snapshot {

/// How a snapshot's CAR begins.
enum class Format : std::uint8_t {
    v1 = 1,    ///< with the head's headers: what `lotus chain export` writes
    v2 = 2,    ///< with a metadata block (FRC-0108)
};

/// "v1" or "v2".
std::string_view name_of(Format format) noexcept;

/// @return Error::invalid_argument unless `text` is "v1" or "v2"
Result<Format> parse_format(std::string_view text);

/// What, beside the chain and its head, decides on the bytes of a snapshot and on its pieces. Everybody who follows the
/// chain and takes the same recipe gets the same piece CIDs, so one hash of it says which were meant.
struct Recipe {
    Format format = Format::v1;
    std::uint64_t recent_stateroots = 2000;    ///< N: state of epochs above head - N is kept; below 2^63
    bool skip_old_msgs = true;                 ///< messages of those epochs only, not of all
    std::uint64_t piece_size = 32 * GiB;       ///< padded bytes, a power of two of at least 128

    bool operator==(const Recipe&) const = default;
};

/// @return Error::invalid_argument names the field that is out of its range
Result<void> check(const Recipe& recipe);

/// The canonical DAG-CBOR of a recipe that check() accepts: a map {"format": 1, "recipe": 1, "piece_size": …,
/// "skip_old_msgs": …, "recent_stateroots": …}, "recipe" being the version of this encoding.
Bytes encode(const Recipe& recipe);

/// @return Error::corrupt for what is no recipe, unsupported for one of a newer version, invalid_argument as check()
Result<Recipe> decode_recipe(ByteView bytes);

/// BLAKE2b-256 of encode(): what is staged on chain.
ipld::Digest256 hash_of(const Recipe& recipe);

/// "v1,2000,skip,32GiB", or "keep" in place of "skip".
std::string text_of(const Recipe& recipe);

/// Reads what text_of() writes. @return Error::invalid_argument says what is wrong
Result<Recipe> parse_recipe(std::string_view text);

}    // namespace filfil::snapshot
