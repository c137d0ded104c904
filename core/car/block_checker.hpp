// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "car/section.hpp"
#include "ipld/digest.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace filfil::car {

/// Whether a block's bytes have the hash that its CID says.
enum class Verdict : std::uint8_t {
    right,
    wrong,
    unknown,    ///< the hash cannot be computed from the bytes: commitments, functions that are not known here
};

/// Hashes the blocks of whole batches, which is faster than one after the other. Keeps its memory between calls. Not
/// thread-safe.
class BlockChecker {
public:
    /// @return a verdict for each section, valid until the next call
    std::span<const Verdict> check(std::span<const Section> sections);

private:
    std::vector<Verdict> m_verdicts;
    std::vector<std::size_t> m_blake2b;    ///< sections that have the chain's usual hash
    std::vector<ByteView> m_data;
    std::vector<ipld::Digest256> m_digests;
};

}    // namespace filfil::car
