// SPDX-License-Identifier: Apache-2.0 OR MIT

// Every instruction set against the portable one: same quads, same level, same nodes.
#include "commp/kernel.hpp"

#include <cstdint>
#include <cstdlib>
#include <cstring>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace filfil;
    if (size < 4) return 0;
    // Repeating the input to a length it names reaches whole kernel calls from inputs of a few bytes.
    const unsigned level = commp::quad_level + data[0] % 14;
    const std::size_t quads = 1 + (data[1] | std::size_t{data[2]} << 8) % 1700;
    const std::size_t shift = data[3] % 64;
    data += 3;
    size -= 3;
    Bytes memory(shift + quads * commp::quad_payload + 1);
    for (std::size_t at = shift; at < memory.size(); at += size)
        std::memcpy(memory.data() + at, data, size < memory.size() - at ? size : memory.size() - at);
    std::vector<commp::Node> expected;
    std::vector<commp::Node> nodes;
    commp::hash_quads(commp::portable_kernel, memory.data() + shift, quads, level, expected);
    for (const commp::Kernel* kernel : commp::all_kernels()) {
        if (!kernel->supported()) continue;
        commp::hash_quads(*kernel, memory.data() + shift, quads, level, nodes);
        if (nodes != expected) std::abort();
    }
    return 0;
}
