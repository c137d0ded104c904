// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/executor.hpp"
#include "map_source.hpp"
#include "random_chain.hpp"
#include "snapshot/durable_engine.hpp"

#include <memory>
#include <string>
#include <vector>

namespace filfil::snapshot {

/// What happens to an engine over a random chain, and what an engine that was never restarted looks like after each of
/// the steps: others are held to it.
struct Script {
    struct Op {
        enum class Kind : std::uint8_t { move, hold, release };
        Kind kind = Kind::move;
        std::vector<chain::HeadChange> changes;
        chain::TipsetKey key;
        std::int64_t recent = 0;
        std::uint64_t hold = 0;
    };
    reference::RandomChain chain;
    EngineOptions options;
    std::vector<Op> ops;
    std::vector<std::string> looks;    ///< [0] is that of the first tipset alone, [i] that after ops[i - 1]
};

/// Small segments, so that blocks move, and a short window.
EngineOptions small_engine(std::uint64_t seed);

/// @param seed decides on all
Script make_script(std::uint64_t seed, std::size_t ops, const reference::ChainShape& shape = {});

/// Head, tree, holds with their numbers, pins, headers, live blocks and bytes, and the bytes of the layouts of the head
/// and of all holds. Frees what died before.
std::string look_of(Engine& engine);

/// The same step to each.
Result<void> perform(Engine& engine, const Script::Op& op, BlockSource& source);
Result<void> perform(DurableEngine& engine, const Script::Op& op, BlockSource& source);

/// Opens a folder of Files with the options of a script.
Result<std::unique_ptr<DurableEngine>> open_durable(Files& files, const std::string& folder, const Script& script);

/// As open_durable(), and starts a fresh one at genesis.
Result<std::unique_ptr<DurableEngine>> open_started(Files& files, const std::string& folder, const Script& script);

/// All that an audit finds, which is nothing.
std::string faults(Engine& engine);

}    // namespace filfil::snapshot
