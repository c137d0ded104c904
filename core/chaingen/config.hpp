// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/units.hpp"

#include <cstdint>

namespace filfil::chaingen {

/// What a generated chain is like. Rates are in thousandths. The same values give the same bytes on every machine.
struct Config {
    std::uint64_t seed = 1;

    /// Tipsets above genesis on the chain that is the head's in the end; 0: without end. The last one has exactly
    /// `blocks_per_tipset` blocks.
    std::uint64_t tipsets = 0;

    /// Size that the genesis state aims at, as sections of a CAR; at least 64 KiB. About 1/20 of it is kept in memory.
    std::uint64_t state_bytes = 64 * MiB;

    /// What a tipset aims at on average: its headers, messages and the part of the state that its parents rewrote.
    /// Mainnet: 1 to 8 MB on 75 GiB of state.
    std::uint64_t tipset_bytes = 256 * KiB;

    std::uint64_t blocks_per_tipset = 5;           ///< on average, 1 to 50: drawn from 1 to one less than twice as many
    std::uint64_t messages_per_block = 40;         ///< at most 10,000
    std::uint64_t sector_leaf_bytes = 1200;        ///< average of the blocks that hold sectors: 300 to 3000
    std::uint64_t null_rate = 30;                  ///< of epochs that have no block; below 1000
    std::uint64_t fork_rate = 40;                  ///< of steps that change to another branch
    std::uint64_t max_fork = 5;                    ///< tipsets that such a step reverts at most, 1 to 900
    std::uint64_t grow_rate = 20;                  ///< of steps that only add a block to the head's tipset
    std::uint64_t genesis_time = 1'600'000'000;    ///< seconds since 1970
    std::uint64_t seconds_per_epoch = 30;

    /// Every state also holds, rewritten with each tipset: a link twice in a block; one digest as a raw block and as a
    /// DAG-CBOR block with links; a DAG-CBOR block inlined in an identity CID, through which alone another block is
    /// reached; a CBOR block (0x51) with what looks like a link.
    bool oddities = false;

    /// A chain whose blocks take about `bytes` as sections of a CAR, forks included: 70 % of it the genesis state.
    /// @param bytes at least 512 KiB
    static Config of_size(std::uint64_t bytes, std::uint64_t seed);

    /// @return Error::invalid_argument names what is out of its range
    [[nodiscard]] Result<void> check() const;
};

}    // namespace filfil::chaingen
