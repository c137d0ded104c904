// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "chaingen/block_batch.hpp"
#include "chaingen/slots.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace filfil::chaingen {

/// EVM contracts: a state block that leads to bytecode, a raw block that several may share, and to storage. Not
/// thread-safe.
class Contracts {
public:
    /// @param tables must outlive this
    Contracts(std::uint64_t seed, Tables& tables) : m_seed(seed), m_tables(&tables) {}

    /// Once.
    Result<void> make(std::uint32_t count, BlockBatch& batch);

    /// Makes storage and state of these contracts anew. @param contracts each once
    Result<void> rewrite(std::span<const std::uint32_t> contracts, BlockBatch& batch);

    [[nodiscard]] std::uint32_t size() const noexcept { return m_count; }
    [[nodiscard]] std::uint32_t head_slot(std::uint32_t contract) const noexcept;

private:
    Result<void> make_states(std::span<const std::uint32_t> contracts, BlockBatch& batch);
    void put_storage(ipld::CborWriter& out, std::uint32_t contract) const;
    void put_state(ipld::CborWriter& out, std::uint32_t contract) const;

    std::uint64_t m_seed;
    Tables* m_tables;
    std::uint32_t m_count = 0;
    std::uint32_t m_codes = 0;
    std::uint32_t m_first_slot = 0;    ///< codes, then two a contract: storage and state
    std::uint32_t m_first_version = 0;
};

}    // namespace filfil::chaingen
