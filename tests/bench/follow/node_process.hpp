// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/url.hpp"
#include "chaingen/config.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace filfil::bench {

/// The chains that are followed.
enum class ChainKind {
    long_run,        ///< many small tipsets with forks and null rounds on some 400 MB of state
    head_changes,    ///< tipsets of about 5,000 new blocks and 8 MB, one after the other
};

chaingen::Config config_of(ChainKind kind, std::uint64_t tipsets, std::uint64_t seed);

/// The node: a devnet at a port of this machine, whose head goes on when Devnet.Step is called. Beside it a server that
/// answers every call at once with the same block of `answer_bytes`: what reading could be if a node had nothing to do.
/// Prints both ports in a line and serves until it is killed.
int serve_node(const std::vector<std::string>& arguments);

/// What the process of serve_node() is started with.
std::vector<std::string> node_arguments(ChainKind kind, std::uint64_t tipsets, std::uint64_t seed);

inline constexpr std::size_t answer_bytes = 1600;

}    // namespace filfil::bench
