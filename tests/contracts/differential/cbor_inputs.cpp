// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/model/addresses.hpp"
#include "incentive/model/cbor_reader.hpp"
#include "incentive/model/proposal.hpp"
#include "ipld/cbor_head.hpp"
#include "sequencer.hpp"

#include <algorithm>

// What miners and the market send: well-formed, close to it, or not at all.

namespace filfil::incentive::differential {
namespace {

using model::cbor_bytes;
using model::cbor_head;
using model::cbor_number;

void append(Bytes& to, const Bytes& more) { to.insert(to.end(), more.begin(), more.end()); }

Bytes cbor_integer(std::int64_t value) {
    return value >= 0 ? cbor_number(static_cast<std::uint64_t>(value))
                      : cbor_head(ipld::cbor_negative, static_cast<std::uint64_t>(-(value + 1)));
}

Bytes list(std::initializer_list<Bytes> items) {
    Bytes out = cbor_head(ipld::cbor_list, items.size());
    for (const Bytes& item : items) append(out, item);
    return out;
}

Bytes truth(bool value) { return {value ? std::byte{0xf5} : std::byte{0xf4}}; }

}    // namespace

Bytes Sequencer::piece_cid_v1(const model::Root& root) {
    Bytes cid = {std::byte{0x00}, std::byte{0x01}, std::byte{0x81}, std::byte{0xe2},
                 std::byte{0x03}, std::byte{0x92}, std::byte{0x20}, std::byte{0x20}};
    cid.insert(cid.end(), root.begin(), root.end());
    Bytes out = cbor_head(ipld::cbor_tag, 42);
    append(out, cbor_bytes(one_in(40) ? mutated(cid, m_random) : cid));
    return out;
}

Bytes Sequencer::piece_cid_v2(const contract::Piece& piece) {
    Bytes digest;
    std::uint64_t padding = model::capacity(piece.log2_padded) - piece.raw_size;
    for (; padding >= 0x80; padding >>= 7) digest.push_back(static_cast<std::byte>(0x80 | (padding & 0x7f)));
    digest.push_back(static_cast<std::byte>(padding));
    digest.push_back(static_cast<std::byte>(piece.log2_padded - 5));
    digest.insert(digest.end(), piece.root.begin(), piece.root.end());
    Bytes out = {std::byte{0x01}, std::byte{0x55}, std::byte{0x91}, std::byte{0x20},
                 static_cast<std::byte>(digest.size())};
    append(out, digest);
    return one_in(6) ? mutated(out, m_random) : out;
}

/// Mostly one of what is staged for the slot.
contract::Piece Sequencer::some_piece(std::uint32_t slot) {
    const auto found = m_contract.state().slots.find(slot);
    contract::Piece out{.root = fresh_root(), .raw_size = 127, .log2_padded = 7};
    if (found == m_contract.state().slots.end() || one_in(20)) return out;
    const bool alternative = !found->second.alternatives.empty() && one_in(2);
    return any_of(found->second.staging(alternative));
}

Bytes Sequencer::sector_changes(Miner miner) {
    const std::uint64_t sectors = one_in(4) ? pick(0, 3) : 1;
    Bytes out = cbor_head(ipld::cbor_list, sectors);
    for (std::uint64_t i = 0; i < sectors; ++i) {
        const std::uint64_t sector = one_in(10) ? m_random.next() >> m_random.below(64) : pick(1, 300);
        std::int64_t until = static_cast<std::int64_t>(m_now + pick(1, 700));
        if (one_in(10)) until = static_cast<std::int64_t>(m_random.next() >> pick(1, 40)) - 5;
        auto& known = m_neighbours.miners[miner].sectors[sector];
        known = {.status = model::Neighbours::Sector::Status::active,
                 .deadline = sector % 48,
                 .partition = sector / 48 % 64,
                 .expiration = static_cast<std::uint64_t>(until)};
        const std::uint32_t slot = staged_slot();
        std::vector<contract::Piece> pieces;
        const auto staged = m_contract.state().slots.find(slot);
        if (staged != m_contract.state().slots.end() && one_in(2))
            pieces = staged->second.staging(!staged->second.alternatives.empty() && one_in(2));
        else
            for (std::uint64_t n = pick(0, 2); n > 0; --n) pieces.push_back(some_piece(slot));
        append(out, cbor_head(ipld::cbor_list, 3));
        append(out, cbor_number(sector));
        append(out, cbor_integer(until));
        append(out, cbor_head(ipld::cbor_list, pieces.size()));
        for (const contract::Piece& piece : pieces)
            append(out, list({piece_cid_v1(piece.root),
                              cbor_number((std::uint64_t{1} << piece.log2_padded) * (one_in(20) ? 2 : 1)),
                              cbor_bytes(Bytes(m_random.below(4), std::byte{7}))}));
    }
    return one_in(12) ? mutated(out, m_random) : out;
}

/// @param miner whose deal it is: mostly one that may store it
Bytes Sequencer::proposal(Miner& miner) {
    const std::uint32_t slot = staged_slot();
    const contract::Piece piece = some_piece(slot);
    for (const auto& [one, provider] : m_contract.state().providers)
        if (const auto known = m_contract.state().slots.find(slot); known != m_contract.state().slots.end())
            if (provider.elected(round_of(slot)) &&
                provider.place_in(round_of(slot)) / known->second.replicas == index_of(slot) && one_in(2))
                miner = one;
    Bytes client = one_in(2) ? model::delegated_address(m_out.self) : model::id_address(3'001'234);
    if (one_in(20)) client = one_in(2) ? model::id_address(pick(1, 9)) : mutated(client, m_random);
    Bytes provider = model::id_address(miner);
    if (one_in(25)) provider = one_in(2) ? mutated(provider, m_random) : model::delegated_address(controller(miner));
    auto start = static_cast<std::int64_t>(m_now + pick(one_in(8) ? 0 : 1, 60));
    if (one_in(15)) start = static_cast<std::int64_t>(m_now + pick(40'319, 40'322));
    const auto there = m_contract.state().slots.find(slot);
    if (there != m_contract.state().slots.end() && one_in(2))
        start = static_cast<std::int64_t>(there->second.close + pick(0, 20));
    if (one_in(30)) start = -start;
    std::int64_t end = start + static_cast<std::int64_t>(pick(one_in(8) ? 0 : 100, 900));
    if (one_in(40)) end = (std::int64_t{1} << 62) + 5;
    const auto amount = [&](bool zero) {
        Bytes digits = zero ? Bytes{} : U256(pick(1, 1U << 20)).amount();
        if (one_in(40)) digits = mutated(digits, m_random);
        return cbor_bytes(digits);
    };
    const Bytes label = one_in(2) ? Bytes{std::byte{0x61}, std::byte{'x'}} : cbor_bytes(Bytes(m_random.below(3)));
    const Bytes out = list({piece_cid_v1(piece.root), cbor_number(std::uint64_t{1} << piece.log2_padded),
                            truth(one_in(20)), cbor_bytes(client), cbor_bytes(provider), label, cbor_integer(start),
                            cbor_integer(end), amount(!one_in(20)), amount(one_in(2)), amount(!one_in(20))});
    return one_in(20) ? mutated(out, m_random) : out;
}

}    // namespace filfil::incentive::differential
