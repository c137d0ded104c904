// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "chaingen/contracts.hpp"

#include "chaingen/links.hpp"
#include "ipld/hamt.hpp"

#include <algorithm>
#include <bit>
#include <numeric>

namespace filfil::chaingen {
namespace {

constexpr std::uint64_t for_code = 0x636f6465;
constexpr std::uint64_t for_storage = 0x73746f72;

/// So many contracts share a bytecode, on average.
constexpr std::uint32_t contracts_a_code = 3;

/// Bytes that an Ethereum contract's code has at most, and those of most.
constexpr std::uint64_t large_code = 24'576;
constexpr std::uint64_t usual_code = 4096;

}    // namespace

Result<void> Contracts::make(std::uint32_t count, BlockBatch& batch) {
    m_count = count;
    m_codes = (count + contracts_a_code - 1) / contracts_a_code;
    m_first_slot = m_tables->digests.add(m_codes + std::size_t{2} * count);
    m_first_version = m_tables->versions.add(count);
    for (std::uint32_t i = 0; i < m_codes; ++i) {
        Draws draws(m_seed, for_code, i);
        const std::uint64_t most = draws.below(10) == 0 ? large_code : usual_code;
        const ByteSpan code = batch.begin().grow(64 + draws.below(most - 64));
        draws.fill(code);
        FILFIL_CHECK(batch.end(ipld::Codec::raw, m_tables->digests.change(m_first_slot + i)));
    }
    FILFIL_CHECK(batch.flush());
    std::vector<std::uint32_t> all(count);
    std::iota(all.begin(), all.end(), 0);
    return make_states(all, batch);
}

Result<void> Contracts::rewrite(std::span<const std::uint32_t> contracts, BlockBatch& batch) {
    for (const std::uint32_t contract : contracts) m_tables->write(m_first_version + contract);
    return make_states(contracts, batch);
}

std::uint32_t Contracts::head_slot(std::uint32_t contract) const noexcept {
    return m_first_slot + m_codes + 2 * contract + 1;
}

Result<void> Contracts::make_states(std::span<const std::uint32_t> contracts, BlockBatch& batch) {
    for (const std::uint32_t contract : contracts) {
        put_storage(batch.begin(), contract);
        FILFIL_CHECK(batch.end(ipld::Codec::dag_cbor, m_tables->digests.change(head_slot(contract) - 1)));
    }
    FILFIL_CHECK(batch.flush());
    for (const std::uint32_t contract : contracts) {
        put_state(batch.begin(), contract);
        FILFIL_CHECK(batch.end(ipld::Codec::dag_cbor, m_tables->digests.change(head_slot(contract))));
    }
    return batch.flush();
}

/// One node of a map of words, in the shape of a HAMT's.
void Contracts::put_storage(ipld::CborWriter& out, std::uint32_t contract) const {
    const std::uint32_t version = m_tables->versions[m_first_version + contract];
    Draws draws(m_seed ^ for_storage, contract, version);
    const auto bits = static_cast<std::uint32_t>(draws.next() & draws.next()) | 1U << version % 32;
    const auto count = static_cast<std::uint32_t>(std::popcount(bits));
    ipld::put_hamt_node_head(out, {.bit_field = bits, .count = count});
    for (std::uint32_t i = 0; i < count; ++i) {
        out.list(1);
        out.list(2);
        put_drawn(out, draws, 32);
        put_drawn(out, draws, 32);
    }
}

/// builtin-actors evm State.
void Contracts::put_state(ipld::CborWriter& out, std::uint32_t contract) const {
    const ipld::Digest256& code = m_tables->digests[m_first_slot + contract / contracts_a_code];
    out.list(6);
    put_raw_link(out, code);
    out.string(code);    // in place of its Keccak-256
    put_link(out, m_tables->digests[head_slot(contract) - 1]);
    out.null();
    out.number(1 + contract);
    out.null();
}

}    // namespace filfil::chaingen
