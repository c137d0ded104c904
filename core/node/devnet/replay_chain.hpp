// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/executor.hpp"
#include "base/files.hpp"
#include "base/random.hpp"
#include "node/devnet/chain.hpp"
#include "snapshot/block_source.hpp"

#include <stop_token>
#include <string>
#include <vector>

namespace filfil::node {

/// A chain that was recorded: its blocks, and its head changes one after the other. After the last one it stays there.
class ReplayChain final : public DevnetChain {
public:
    /// @param events the first of them [current]; what they need has to be in `blocks`
    /// @return Error::invalid_argument where the events do not begin so
    static Result<std::unique_ptr<ReplayChain>> make(std::unique_ptr<snapshot::BlockSource> blocks,
                                                     std::vector<chain::HeadChanges> events);

    /// Reads a CAR of all blocks, in any order, and a file of events, one JSON array a line
    /// (chain::parse_head_changes). Hashes are checked on all of the executor's threads.
    /// @return what the files, the CAR and the events give, with the path and the line
    static Result<std::unique_ptr<ReplayChain>> load(Files& files, const std::string& car, const std::string& events,
                                                     Executor& executor, Random& random, std::stop_token stop = {});

    [[nodiscard]] Result<chain::HeadChanges> step() override;
    [[nodiscard]] std::size_t events() const noexcept { return m_events.size(); }

protected:
    [[nodiscard]] Result<Bytes> stored(const ipld::Cid& cid) override;

private:
    ReplayChain(std::unique_ptr<snapshot::BlockSource> blocks, std::vector<chain::HeadChanges> events)
        : m_blocks(std::move(blocks)), m_events(std::move(events)) {}

    std::unique_ptr<snapshot::BlockSource> m_blocks;
    std::vector<chain::HeadChanges> m_events;
    std::size_t m_next = 0;
};

}    // namespace filfil::node
