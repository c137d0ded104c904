// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "fake_runtime.hpp"
#include "gpu/lane.hpp"

namespace filfil::test {

/// Memory that a card has to have free for submissions of so many quads to be tried: two lanes' buffers, and some to
/// spare.
inline std::uint64_t memory_for(std::size_t quads) {
    const auto level = commp::quad_level + static_cast<unsigned>(std::bit_width(quads) - 1);
    return 2 * gpu::LaneShape{quads, level}.card_bytes() + 64 * MiB;
}

/// A card whose memory holds the smallest submissions only, so that a trial of it takes a few milliseconds.
inline FakeCard small_card(unsigned number = 0) {
    FakeCard card = fake_card(number);
    card.free_memory = memory_for(1U << 15);
    return card;
}

}    // namespace filfil::test
