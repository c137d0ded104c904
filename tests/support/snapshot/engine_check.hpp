// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "reference_chain.hpp"
#include "snapshot/engine.hpp"

#include <string>
#include <vector>

namespace filfil::reference {

/// The engine against the reference: it settles, an audit finds each count right, the snapshot of its head is the
/// reference's byte for byte, and what is stored is what its own pins and headers lead to. Each finding is a sentence;
/// no finding: all is right.
/// @param blocks all of the chain
std::vector<std::string> check_engine(snapshot::Engine& engine, const Blocks& blocks, std::int64_t recent_stateroots);

/// Whether what is stored is what `kept` leads to: no block less, no block more, each with the same bytes.
std::vector<std::string> check_live_set(const snapshot::Engine& engine, const Blocks& blocks, const Kept& kept);

}    // namespace filfil::reference
