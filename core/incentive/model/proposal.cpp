// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/model/proposal.hpp"

#include <algorithm>

namespace filfil::incentive::model {

Proposal read_proposal(ByteView data) {
    CborReader reader(data);
    Proposal out;
    reader.tuple(11);
    out.root = reader.commitment();
    out.size = reader.number();
    out.verified = reader.boolean();
    out.client = to_bytes(reader.bytes());
    out.provider = to_bytes(reader.bytes());
    reader.skip_string();    // the label
    out.start = reader.integer();
    out.end = reader.integer();
    out.priced = !reader.big_int().magnitude.zero();
    (void)reader.big_int();    // the provider's collateral
    out.escrowed = !reader.big_int().magnitude.zero();
    reader.end();
    return out;
}

std::optional<PieceOfCid> read_piece_cid(ByteView cid) {
    const auto at = [&](std::size_t i) { return std::to_integer<unsigned>(cid[i]); };
    // version 1, raw, 0x1011 as LEB128; then the digest's size; in it: padding as LEB128, height of the tree, root
    constexpr std::size_t front = 5;
    constexpr std::size_t back = 33;
    if (cid.size() < front + 1 + back || cid.size() > front + 10 + back) return std::nullopt;
    if (at(0) != 0x01 || at(1) != 0x55 || at(2) != 0x91 || at(3) != 0x20 || at(4) != cid.size() - front)
        return std::nullopt;
    const ByteView digits = cid.subspan(front, cid.size() - front - back);
    U256 padding;
    for (std::size_t i = digits.size(); i-- > 0;) {
        const auto digit = std::to_integer<std::uint64_t>(digits[i]);
        const bool last = i + 1 == digits.size();
        if ((digit < 0x80) != last || (last && digit == 0 && i != 0)) return std::nullopt;
        padding = *add(*multiply(padding, 128), digit & 0x7f);
    }
    PieceOfCid out;
    out.log2_padded = at(cid.size() - back) + 5;
    if (out.log2_padded < 7 || out.log2_padded > 63) return std::nullopt;
    if (padding >= U256(capacity(out.log2_padded))) return std::nullopt;
    out.raw_size = capacity(out.log2_padded) - *padding.as_uint64();
    std::ranges::copy(cid.last(out.root.size()), out.root.begin());
    return out;
}

}    // namespace filfil::incentive::model
