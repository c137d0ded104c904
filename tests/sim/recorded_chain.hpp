// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "chain/head_change.hpp"
#include "chaingen/config.hpp"
#include "reference_blocks.hpp"
#include "snapshot/block_source.hpp"

#include <cstdint>
#include <memory>
#include <vector>

namespace filfil::sim {

/// A chain with all that came of it, as a node that never forgets has it.
struct RecordedChain {
    reference::Blocks blocks;
    std::vector<chain::HeadChanges> events;

    [[nodiscard]] const chain::HeadChange& last() const { return events.back().back(); }

    /// The tipset of an epoch on the chain that is the head's in the end; empty for a null round.
    [[nodiscard]] chain::TipsetKey at(Epoch epoch) const;
};

Result<RecordedChain> record(const chaingen::Config& config);

/// Reads from a recorded chain.
class RecordedSource final : public snapshot::BlockSource {
public:
    explicit RecordedSource(std::shared_ptr<const RecordedChain> chain) : m_chain(std::move(chain)) {}
    std::vector<Result<Bytes>> fetch(std::span<const ipld::Cid> cids) override;

private:
    std::shared_ptr<const RecordedChain> m_chain;
};

}    // namespace filfil::sim
