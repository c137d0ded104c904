// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/files.hpp"
#include "car/verify.hpp"
#include "cli/piece_cid_text.hpp"
#include "commp/piece.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace filfil::cli {

/// How a file can differ from the piece it should be.
enum class Difference {
    truncated,         ///< its end is missing
    trailing_bytes,    ///< the piece's payload is its beginning
    zero_padding,      ///< zeros at its end make the whole difference
    other_padding,     ///< the same payload and tree, in a piece of another size than the CID says
    compressed,        ///< the piece is that of the bytes inside
    inner_car,         ///< the piece is that of the CARv1 inside this CARv2
    not_a_car,
    damaged_car,          ///< its sections cannot be read to the end
    bad_blocks,           ///< blocks do not have the hashes that their CIDs say
    different_content,    ///< none of the above
};

/// "truncated", "trailing bytes", … as it stands at the front of JSON's `diagnosis`.
std::string_view name_of(Difference difference) noexcept;

struct Diagnosis {
    Difference difference = Difference::different_content;
    std::string text{};    ///< one sentence without its name and final full stop

    /// "truncated: …", as JSON and people read it.
    [[nodiscard]] std::string sentence() const;
};

/// The piece that the CID names, if `natural` (unpadded further than it needs) is it: version 1 at any padded size from
/// its own up, version 2 only with the payload size and at the padded size it says.
std::optional<commp::Piece> find_match(const commp::Piece& natural, const PieceCid& expected);

/// What a diagnosis may use to find out more.
struct Evidence {
    const PieceCid& expected;
    const commp::Piece& natural;    ///< of the whole file; does not match `expected`
    ReadableFile& file;             ///< a pipe is never read again

    /// Hashes other bytes than those of the whole file, of any length, to their unpadded piece; the text says what is
    /// tried.
    std::function<Result<commp::Piece>(ReadableFile& bytes, const std::string& what)> hash;

    /// Re-hashes the blocks of the file as a CAR, compressed or not. See car::verify for the errors.
    std::function<Result<car::VerifyReport>()> check_blocks;
};

/// Finds out why a file is not the piece it should be; each suspicion is checked by hashing before it is told, unless
/// the sizes alone prove it. Reads the file again, at most four times.
/// @return Error::cancelled or Error::io where that could not be done
Result<Diagnosis> diagnose(const Evidence& evidence);

/// What is wrong with a CAR's blocks or structure, or nothing: for a file that is the right piece.
std::optional<Diagnosis> diagnose_blocks(const car::VerifyReport& report);

}    // namespace filfil::cli
