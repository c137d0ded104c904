// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "retrieval/fetch/plan.hpp"

#include "base/bytes.hpp"
#include "base/units.hpp"
#include "ipld/piece_cid.hpp"

#include <bit>

namespace filfil::retrieval {
namespace {

/// A piece of the largest sectors.
constexpr std::uint64_t most_padded = 64 * GiB;

Error bad_piece(std::size_t i, std::string why) {
    return {ErrorCode::invalid_argument, "piece " + std::to_string(i + 1) + " " + std::move(why),
            "check where the list of pieces comes from"};
}

}    // namespace

Result<void> FetchPlan::check() const {
    if (pieces.empty() || pieces.size() > max_fetched_pieces)
        return Error(ErrorCode::invalid_argument,
                     "there are " + std::to_string(pieces.size()) + " pieces to be fetched, and 1 to " +
                         std::to_string(max_fetched_pieces) + " can be",
                     "check where the list of pieces comes from");
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        const WantedPiece& piece = pieces[i];
        if (!std::has_single_bit(piece.padded_size) || piece.padded_size < 128 || piece.padded_size > most_padded)
            return bad_piece(
                i, "is said to have " + std::to_string(piece.padded_size) + " padded bytes, and no piece has");
        if (piece.payload_size == 0 || piece.payload_size > ipld::capacity_of(piece.padded_size))
            return bad_piece(i, "is said to have " + std::to_string(piece.payload_size) +
                                    " bytes of payload, which do not fit into " + format_size(piece.padded_size));
        if ((piece.root.back() & std::byte{0xc0}) != std::byte{})
            return bad_piece(i, "has a commitment that is none: its two top bits are set");
        if (piece.sources.empty())
            return Error(ErrorCode::not_found,
                         "nobody is known who serves piece " + std::to_string(i + 1) + " of " +
                             std::to_string(pieces.size()) + " (" + cid_text(piece) + ")",
                         "name a server that has it with --from URL, or try again when more providers hold it");
        for (const std::size_t source : piece.sources)
            if (source >= sources.size()) return bad_piece(i, "names a source that there is not");
    }
    return {};
}

std::string FetchPlan::id() const {
    Bytes all;
    const auto number = [&](std::uint64_t value) {
        for (unsigned shift = 0; shift < 64; shift += 8) all.push_back(static_cast<std::byte>(value >> shift));
    };
    for (const WantedPiece& piece : pieces) {
        all.insert(all.end(), piece.root.begin(), piece.root.end());
        number(piece.payload_size);
        number(piece.padded_size);
    }
    return to_hex(ipld::blake2b_256(all));
}

std::string cid_text(const WantedPiece& piece) { return ipld::piece_cid_v1(piece.root).text(); }

Url piece_url(const PieceSource& source, const WantedPiece& piece) {
    Url out = source.base;
    out.target = out.target.substr(0, out.target.find('?'));
    while (out.target.ends_with('/')) out.target.pop_back();
    out.target += (source.locator_token.empty() ? "/piece/" : "/pieces?id=") + cid_text(piece);
    return out;
}

Result<PieceSource> parse_source(std::string_view text) {
    auto url = parse_url(text.substr(0, text.find('#')));
    if (!url.ok()) return std::move(url).error();
    if (url->scheme != Url::Scheme::http && url->scheme != Url::Scheme::https)
        return Error(ErrorCode::invalid_argument, "'" + std::string(text) + "' is no URL of an HTTP server",
                     "give one that begins with http:// or https://");
    std::string name = text_of(*url, true);
    while (name.ends_with('/')) name.pop_back();
    return PieceSource{std::move(*url), std::move(name)};
}

}    // namespace filfil::retrieval
