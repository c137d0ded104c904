// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "incentive/model/cbor_reader.hpp"

namespace filfil::incentive::model {

/// What of a deal proposal matters to the contract.
struct Proposal {
    Root root{};    ///< of the piece commitment; zeros: the CID is of another kind
    std::uint64_t size = 0;
    bool verified = false;
    Bytes client{};
    Bytes provider{};
    std::int64_t start = 0;
    std::int64_t end = 0;
    bool priced = false;      ///< the price for an epoch is not 0
    bool escrowed = false;    ///< the client's collateral is not 0
};

/// A list of eleven, and nothing behind it.
Proposal read_proposal(ByteView data);

/// What a piece CID of version 2 (FRC-0069) says.
struct PieceOfCid {
    Root root{};
    unsigned log2_padded = 0;
    std::uint64_t raw_size = 0;
};

/// Nothing where it is not one in its shortest form.
std::optional<PieceOfCid> read_piece_cid(ByteView cid);

/// How much of a piece of this padded size is payload: 127 parts of 128.
constexpr std::uint64_t capacity(unsigned log2_padded) { return (std::uint64_t{1} << log2_padded) / 128 * 127; }

}    // namespace filfil::incentive::model
