// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "commp/kernel.hpp"

#include <array>

namespace filfil::commp {

const Node& zero_node(unsigned level) noexcept {
    static const std::array<Node, max_level + 1> nodes = [] {
        std::array<Node, max_level + 1> made{};
        for (unsigned l = 1; l <= max_level; ++l) {
            const std::array<Node, 2> children{made[l - 1], made[l - 1]};
            portable_kernel.parents(children.data(), &made[l], 1);
        }
        return made;
    }();
    return nodes[level];
}

}    // namespace filfil::commp
