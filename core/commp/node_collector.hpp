// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "commp/backend.hpp"
#include "commp/tree.hpp"

#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <vector>

namespace filfil::commp {

/// Puts the nodes of one piece's jobs, which end in any order, into its tree. Tickets are the jobs' numbers, from 0.
/// Thread-safe.
class NodeCollector final : public JobSink {
public:
    /// @param level of the nodes that all jobs give
    explicit NodeCollector(unsigned level) noexcept : m_tree(level) {}

    void on_nodes(std::uint64_t ticket, std::span<const Node> nodes) noexcept override;
    void on_failure(std::uint64_t ticket, Error error, ByteView quads) noexcept override;

    /// Waits until `jobs` jobs have ended. @return the root of the tree over all their nodes, or the first failure.
    Result<Node> wait_for(std::uint64_t jobs);

    /// The first failure so far, if any: lets a producer stop early.
    [[nodiscard]] std::optional<Error> failure() const;

private:
    mutable std::mutex m_mutex;
    std::condition_variable m_ended_one;
    Accumulator m_tree;
    std::uint64_t m_ended = 0;
    std::uint64_t m_next = 0;
    std::map<std::uint64_t, std::vector<Node>> m_early;    ///< at most as many as the backend has staging buffers
    std::optional<Error> m_failure;
};

}    // namespace filfil::commp
