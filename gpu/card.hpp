// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "gpu/runtime.hpp"

#include <cstddef>

namespace filfil::gpu {

/// How a card is used best, and what it did in a short trial.
struct CardTrial {
    TileVariant variant = TileVariant::plain;    ///< the fastest of all
    std::size_t quads = 0;             ///< of a submission: the least from which copies run at their full rate
    unsigned lanes = 0;                ///< as many as keep copying and hashing going at the same time
    double nodes_per_s = 0;            ///< of tiles alone, a leaf pair's node counted as one like any other
    double copy_bytes_per_s = 0;       ///< from pinned memory, of payload
    double payload_bytes_per_s = 0;    ///< what the lanes together can come to: the slower of the two
};

/// "NVIDIA H200, 139.72 GiB, 132 multiprocessors, compute capability 9.0, driver for CUDA 13.0".
std::string description_of(const CardFacts& facts);

/// Opens the card, holds every way of hashing against fixed vectors, and measures for a tenth of a second.
/// @return Error::unsupported for a card that is too old, Error::too_large if others have its memory, Error::mismatch
/// if it computes wrongly, Error::device if it fails
Result<CardTrial> try_card(Runtime& runtime, const CardFacts& facts, const Clock& clock);

}    // namespace filfil::gpu
