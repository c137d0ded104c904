// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "commp/tree.hpp"

#include "commp/kernel.hpp"

#include <bit>

namespace filfil::commp {

Node parent_of(const Node& left, const Node& right) noexcept {
    const std::array<Node, 2> children{left, right};
    Node parent;
    portable_kernel.parents(children.data(), &parent, 1);
    return parent;
}

void Accumulator::push(const Node& node) noexcept {
    Node carried = node;
    unsigned level = m_level;
    for (; (m_count >> (level - m_level) & 1) != 0; ++level) carried = parent_of(m_waiting[level], carried);
    m_waiting[level] = carried;
    ++m_count;
}

unsigned Accumulator::root_level() const noexcept {
    return m_count <= 1 ? m_level : m_level + static_cast<unsigned>(std::bit_width(m_count - 1));
}

Node Accumulator::root() const noexcept {
    if (m_count == 0) return zero_node(m_level);
    // From the lowest waiting node up: a set bit is its left sibling, a clear one means zeros to its right.
    const unsigned top = root_level();
    unsigned level = m_level + static_cast<unsigned>(std::countr_zero(m_count));
    Node node = m_waiting[level];
    for (; level < top; ++level) {
        const bool has_left = level != m_level + static_cast<unsigned>(std::countr_zero(m_count)) &&
                              (m_count >> (level - m_level) & 1) != 0;
        node = has_left ? parent_of(m_waiting[level], node) : parent_of(node, zero_node(level));
    }
    return node;
}

}    // namespace filfil::commp
