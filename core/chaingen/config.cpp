// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "chaingen/config.hpp"

#include <algorithm>
#include <string>
#include <string_view>

namespace filfil::chaingen {
namespace {

// Averages, as sections. What a message writes anew in the map of actors is more than the message.
constexpr std::uint64_t header_bytes = 1100;
constexpr std::uint64_t message_bytes = 520;
constexpr std::uint64_t actor_node_bytes = 3200;

Result<void> in_range(std::string_view name, std::uint64_t value, std::uint64_t least, std::uint64_t most) {
    if (value >= least && value <= most) return {};
    return Error(ErrorCode::invalid_argument, "a chain cannot be made with " + std::string(name) + " = " +
                                                  std::to_string(value) + ": it goes from " + std::to_string(least) +
                                                  " to " + std::to_string(most));
}

}    // namespace

Config Config::of_size(std::uint64_t bytes, std::uint64_t seed) {
    Config config;
    config.seed = seed;
    config.state_bytes = bytes / 10 * 7;
    // Enough tipsets to fill a window of 2000 from 8 GiB on; a few with small chains.
    config.tipsets = std::max(bytes / (4 * MiB), std::clamp<std::uint64_t>(bytes / (64 * KiB), 8, 40));
    // A step that forks makes 2 to 3 tipsets that do not stay.
    const std::uint64_t made = config.tipsets + config.tipsets * config.fork_rate * (config.max_fork + 3) / 4 / 1000;
    config.tipset_bytes = (bytes - config.state_bytes) / std::max<std::uint64_t>(made, 1);
    config.blocks_per_tipset = std::clamp<std::uint64_t>(config.tipset_bytes / (8 * header_bytes), 1, 5);
    // A third for messages and actors, so that most of what is rewritten is sectors.
    config.messages_per_block = std::clamp<std::uint64_t>(
        config.tipset_bytes / 3 / (message_bytes + actor_node_bytes) / config.blocks_per_tipset, 2, 300);
    return config;
}

Result<void> Config::check() const {
    FILFIL_CHECK(in_range("state_bytes", state_bytes, 64 * KiB, 1024 * GiB));
    FILFIL_CHECK(in_range("tipset_bytes", tipset_bytes, 0, GiB));
    FILFIL_CHECK(in_range("blocks_per_tipset", blocks_per_tipset, 1, 50));
    FILFIL_CHECK(in_range("messages_per_block", messages_per_block, 0, 10'000));
    FILFIL_CHECK(in_range("sector_leaf_bytes", sector_leaf_bytes, 300, 3000));
    FILFIL_CHECK(in_range("null_rate", null_rate, 0, 999));
    FILFIL_CHECK(in_range("fork_rate", fork_rate, 0, 1000));
    FILFIL_CHECK(in_range("max_fork", max_fork, 1, 900));
    return in_range("grow_rate", grow_rate, 0, 1000);
}

}    // namespace filfil::chaingen
