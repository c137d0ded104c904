// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/url.hpp"
#include "ipld/digest.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace filfil::retrieval {

/// Pieces that one fetch can have: the contract stages at most so many.
inline constexpr std::size_t max_fetched_pieces = 64;

/// One piece of a snapshot as the contract commits to it: the truth that all bytes are held to.
struct WantedPiece {
    ipld::Digest256 root{};
    std::uint64_t payload_size = 0;    ///< bytes of the piece's CARv1
    std::uint64_t padded_size = 0;     ///< a power of two that holds it

    /// Places in FetchPlan::sources of those that are said to have it.
    std::vector<std::size_t> sources{};
};

/// A server of pieces: a piece is at BASE/piece/{pieceCid}.
struct PieceSource {
    Url base;
    std::string name;    ///< for messages and reports: the URL as it was given

    /// With which its piece locator opens: then a piece is at BASE/pieces?id={pieceCid}. "": not by the locator.
    std::string locator_token{};
};

/// What is fetched, and from whom.
struct FetchPlan {
    std::vector<WantedPiece> pieces;    ///< in the order in which they are joined
    std::vector<PieceSource> sources;

    /// @return Error::invalid_argument naming what cannot be; not_found where a piece has no source
    [[nodiscard]] Result<void> check() const;

    /// Which pieces these are, wherever they come from: BLAKE2b-256 of roots and sizes, in hexadecimal.
    [[nodiscard]] std::string id() const;
};

/// "baga6ea4seaq…" of a piece.
std::string cid_text(const WantedPiece& piece);

/// The URL of a piece at a source. Where the base has a path it is kept, a query is not.
Url piece_url(const PieceSource& source, const WantedPiece& piece);

/// Reads the base URL of a source: http(s), without what follows a '#', which says nothing of where the server is.
/// @return Error::invalid_argument
Result<PieceSource> parse_source(std::string_view text);

}    // namespace filfil::retrieval
