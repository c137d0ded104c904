// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/bytes.hpp"
#include "commp/node.hpp"

#include <cstddef>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

namespace filfil::commp {

/// The node hashing of one instruction set: a table of functions, chosen at run time. All are pure and thread-safe.
struct Kernel {
    std::string_view name;
    std::string_view description;

    /// Whether this CPU and operating system can run it. The functions below must not be called otherwise.
    bool (*supported)() noexcept;

    /// Subtrees that one call of `subtrees` hashes side by side.
    std::size_t lanes;

    /// The largest log2_quads for which the kernel's working set stays in the first-level cache.
    unsigned best_log2_quads;

    /// Roots of `lanes` subtrees of 2^log2_quads quads each (log2_quads 0 to 10). payload[i] points to the 127 ·
    /// 2^log2_quads bytes of lane i; one byte after them may be read.
    void (*subtrees)(const std::byte* const* payload, unsigned log2_quads, Node* roots) noexcept;

    /// parents[i] = node over children[2i], children[2i+1], for i below `count`. `parents` may be the same array as
    /// `children`.
    void (*parents)(const Node* children, Node* parents, std::size_t count) noexcept;
};

extern const Kernel portable_kernel;
#ifdef FILFIL_COMMP_OPENSSL
extern const Kernel openssl_kernel;
#endif
#ifdef FILFIL_COMMP_X86
extern const Kernel avx2_kernel;
extern const Kernel shani_kernel;
extern const Kernel avx512_kernel;
#endif

/// Every kernel of this build, fastest expected first; the portable one is always last.
std::span<const Kernel* const> all_kernels() noexcept;

/// Most nodes a kernel call may give at once; callers size their scratch by it.
inline constexpr std::size_t max_lanes = 64;

/// Hashes `quads` whole quads to their nodes at `level`, ceil(quads / 2^(level-2)) of them; the part of the last node
/// that the quads do not reach counts as zero quads.
/// @param payload quads · 127 bytes; one byte after them may be read
/// @param level quad_level to max_level
void hash_quads(const Kernel& kernel, const std::byte* payload, std::size_t quads, unsigned level,
                std::vector<Node>& nodes);

/// Hashes quads to their nodes at a level, as hash_quads does. @return false if it could not
using QuadHasher =
    std::function<bool(const std::byte* payload, std::size_t quads, unsigned level, std::vector<Node>& nodes)>;

/// What self_test hashes at most.
inline constexpr std::size_t self_test_quads = 3072;
inline constexpr unsigned self_test_level = 12;

/// Whether the hasher gives the right nodes for fixed inputs of up to self_test_quads quads and self_test_level.
/// @param memory 2 + self_test_quads · 127 bytes for the payload, which begins at the second byte
bool self_test(const QuadHasher& hasher, std::byte* memory);

/// Whether the kernel gives the right nodes for fixed inputs, unaligned on purpose, over every path that it has.
bool self_test(const Kernel& kernel);

}    // namespace filfil::commp
