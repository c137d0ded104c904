// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "check/payload.hpp"
#include "ipld/piece_cid.hpp"

#include <algorithm>
#include <vector>

namespace filfil::check {
namespace {

/// See tests/vectors/README.md. Sizes in bytes; pad_to is 0 where there is no padded commitment.
struct Vector {
    std::string_view name;
    std::string_view generator;
    std::string_view cid_v1;
    std::string_view cid_v2;
    std::string_view root;
    std::string_view padded_root;
    std::uint64_t length;
    std::uint64_t padded_size;
    std::uint64_t pad_to;
};

const std::vector<Vector> vectors{
#define FILFIL_VECTOR(name, gen, v1, v2, root, padded_root, len, padded_size, pad_to) \
    {name, gen, v1, v2, root, padded_root, len, padded_size, pad_to},
#include "vectors.inc"
#undef FILFIL_VECTOR
};

/// SHA-256(seed || LE64(i)) for i = 0, 1, …: those of the rule sha256ctr are its beginnings.
Bytes sha256ctr(std::size_t size) {
    Bytes block = to_bytes(bytes_of("fil-fil commp test v1"));
    const std::size_t seed = block.size();
    block.resize(seed + 8);
    Bytes out;
    out.reserve(size + 32);
    for (std::uint64_t i = 0; out.size() < size; ++i) {
        for (std::size_t b = 0; b < 8; ++b) block[seed + b] = static_cast<std::byte>(i >> (8 * b) & 0xff);
        const ipld::Digest256 digest = ipld::sha2_256(block);
        out.insert(out.end(), digest.begin(), digest.end());
    }
    return out;
}

Result<void> check_vector(const Context& context, commp::Backend& backend, const Vector& vector, ByteView payload) {
    FILFIL_TRY(const commp::Piece piece, hash(context, backend, payload));
    FILFIL_CHECK(still_on_card(backend));
    const auto same = [&](std::string_view what, const std::string& got, std::string_view expected) -> Result<void> {
        if (got == expected) return {};
        return wrong("vector " + std::string(vector.name) + ": " + std::string(what) + " is " + got + " and not " +
                     std::string(expected));
    };
    FILFIL_CHECK(same("the root", to_hex(piece.root), vector.root));
    FILFIL_CHECK(same("the padded size", std::to_string(piece.padded_size), std::to_string(vector.padded_size)));
    FILFIL_CHECK(same("the piece CID", commp::piece_cid_v1(piece).text(), vector.cid_v1));
    FILFIL_CHECK(same("the piece CID of version 2", commp::piece_cid_v2(piece).text(), vector.cid_v2));
    if (vector.pad_to == 0) return {};
    FILFIL_TRY(const commp::Piece padded, commp::pad_to(piece, vector.pad_to));
    return same("the padded root", to_hex(padded.root), vector.padded_root);
}

}    // namespace

Outcome published_vectors(const Context& context) {
    std::size_t longest = 0;
    const auto wanted = [&](const Vector& vector) {
        return context.extent != Extent::small || vector.length <= 130'048;
    };
    for (const Vector& vector : vectors)
        if (vector.generator == "sha256ctr" && wanted(vector)) longest = std::max<std::size_t>(longest, vector.length);
    const Bytes stream = sha256ctr(longest);
    FILFIL_TRY(const auto backend, open_backend(context));
    std::size_t count = 0;
    for (const Vector& vector : vectors) {
        if (!wanted(vector)) continue;
        const Bytes constant(vector.length, vector.generator == "0xff" ? std::byte{0xff} : std::byte{0});
        const bool drawn = vector.generator == "sha256ctr";
        FILFIL_CHECK(check_vector(context, *backend, vector,
                                  drawn ? ByteView(stream).first(vector.length) : ByteView(constant)));
        ++count;
    }
    return std::to_string(count) + " of " + std::to_string(vectors.size()) + " vectors of other implementations";
}

}    // namespace filfil::check
