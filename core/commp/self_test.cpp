// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "commp/kernel.hpp"
#include "ipld/digest.hpp"

#include <algorithm>
#include <array>

namespace filfil::commp {
namespace {

/// SHA-256 over all nodes that `quads` quads have at `level`, for the payload whose byte i is (i · 167 + 13) mod 251;
/// 251 is no factor of 127, so no two quads are alike. Computed with tests/vectors/self_test.py.
struct Expected {
    std::size_t quads;
    unsigned level;
    std::string_view sha256_hex;
};

constexpr std::array<Expected, 6> expected_nodes{{
    {1, 2, "1fc161a4e3ef22d4b766a1e5907e4f4e451032c52f0a1ad1f8e0e8c42eb66047"},
    {3, 2, "879c800c39a50bda475698201e87197b45346bbaee95ef77ab318ae9d0c30a12"},
    {37, 8, "fabdd5d347fdaa2f1b9195150ed61dd56b703e69fbda6a90251a87e39bf51279"},
    {200, 4, "436327b3640790b6465d01b0247d6bae477ed8393d2d482cec5d366d063466ea"},
    {1537, 7, "f9f6338770d56f8d46133de58fc5475555f6fec9af211de5004241397ba3ccfa"},
    {3072, 12, "ed09d279217c5e0508bfa351f2d9dfdef7176d734ae62ed1dc2e8cece2c17f14"},
}};
static_assert(std::ranges::all_of(expected_nodes, [](const Expected& expected) {
    return expected.quads <= self_test_quads && expected.level <= self_test_level;
}));

}    // namespace

bool self_test(const QuadHasher& hasher, std::byte* memory) {
    // Payload in real life starts at any address: so does this one.
    std::byte* const payload = memory + 1;
    for (std::size_t i = 0; i < self_test_quads * quad_payload; ++i)
        payload[i] = static_cast<std::byte>((i * 167 + 13) % 251);
    std::vector<Node> nodes;
    return std::ranges::all_of(expected_nodes, [&](const Expected& expected) {
        if (!hasher(payload, expected.quads, expected.level, nodes)) return false;
        return to_hex(ipld::sha2_256(std::as_bytes(std::span(nodes)))) == expected.sha256_hex;
    });
}

bool self_test(const Kernel& kernel) {
    Bytes memory(2 + self_test_quads * quad_payload);
    return self_test(
        [&](const std::byte* payload, std::size_t quads, unsigned level, std::vector<Node>& nodes) {
            hash_quads(kernel, payload, quads, level, nodes);
            return true;
        },
        memory.data());
}

}    // namespace filfil::commp
