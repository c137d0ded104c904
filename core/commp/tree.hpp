// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "commp/node.hpp"

#include <array>
#include <cstdint>

namespace filfil::commp {

/// The node over two children.
Node parent_of(const Node& left, const Node& right) noexcept;

/// The root of a tree whose nodes of one level come one by one, in order, their number not known before.
///
/// A binary counter: at most one waiting node a level, so memory is constant. What is missing to the next power of two
/// counts as zeros. Not thread-safe.
class Accumulator {
public:
    /// @param level of the nodes that will come, 0 to max_level
    explicit Accumulator(unsigned level) noexcept : m_level(level) {}

    void push(const Node& node) noexcept;

    [[nodiscard]] std::uint64_t count() const noexcept { return m_count; }

    /// Level of root(): m nodes of level l have their root at l + ceil(log2 m); none at all, at l.
    [[nodiscard]] unsigned root_level() const noexcept;

    /// The root over all nodes so far.
    [[nodiscard]] Node root() const noexcept;

private:
    unsigned m_level;
    std::uint64_t m_count = 0;
    std::array<Node, max_level + 1> m_waiting;    ///< [l] is set where bit l - m_level of m_count is
};

}    // namespace filfil::commp
