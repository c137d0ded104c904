// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/executor.hpp"
#include "car/reader.hpp"
#include "snapshot/block_source.hpp"
#include "snapshot/block_store.hpp"

#include <memory>
#include <stop_token>

namespace filfil::snapshot {

/// Reads all blocks that are left of a CAR into a store, uncounted, checking their hashes on all of the executor's
/// threads. Identity CIDs and blocks of codecs that snapshots do not hold are left out. Headers go on the headers'
/// shelf.
/// @return Error::mismatch for a wrong hash, with the block and its place; Error::cancelled; too_large at the memory
/// limit; what Reader gives
Result<void> read_blocks(car::Reader& reader, BlockStore& store, Executor& executor, bool check_hashes,
                         std::stop_token stop);

/// All blocks of a CAR, in memory, as a source for an engine: a node's part without a node.
class CarBlocks final : public BlockSource {
public:
    /// @param random keys the table. @return as read_blocks()
    static Result<std::unique_ptr<CarBlocks>> load(car::Reader& reader, Executor& executor, Random& random,
                                                   std::stop_token stop = {});

    [[nodiscard]] std::vector<Result<Bytes>> fetch(std::span<const ipld::Cid> cids) override;
    [[nodiscard]] std::uint64_t blocks() const noexcept { return m_store.stats().stored_blocks; }

private:
    explicit CarBlocks(Random& random) : m_store({}, random) {}
    BlockStore m_store;
};

}    // namespace filfil::snapshot
