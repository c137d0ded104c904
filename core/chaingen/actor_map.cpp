// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "chaingen/actor_map.hpp"

#include "chaingen/links.hpp"
#include "ipld/varint.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <string_view>

namespace filfil::chaingen {
namespace {

constexpr ipld::Codec dag_cbor = ipld::Codec::dag_cbor;

/// Of a state's root since network version 18.
constexpr std::uint64_t state_version = 5;

/// What the code of an actor is called: the whole of a raw identity CID.
std::string_view code_of(ActorKind kind) {
    switch (kind) {
        case ActorKind::system: return "fil/1/system";
        case ActorKind::init: return "fil/1/init";
        case ActorKind::reward: return "fil/1/reward";
        case ActorKind::power: return "fil/1/storagepower";
        case ActorKind::account: return "fil/1/account";
        case ActorKind::miner: return "fil/1/storageminer";
        case ActorKind::evm: break;
    }
    return {};
}

void put_code_link(ipld::CborWriter& out, std::string_view code) {
    out.head(ipld::cbor_tag, ipld::cbor_link_tag);
    out.head(ipld::cbor_bytes, 5 + code.size());
    const ByteSpan bytes = out.grow(5 + code.size());
    const auto prefix = detail::byte_array(0x00, 0x01, 0x55, 0x00, code.size());
    std::memcpy(bytes.data(), prefix.data(), prefix.size());
    std::memcpy(bytes.data() + prefix.size(), code.data(), code.size());
}

Bytes key_of(std::uint64_t number) {
    Bytes key{std::byte{0}};
    ipld::append_varint(key, number);
    return key;
}

/// The same, as a byte string.
void put_key(ipld::CborWriter& out, std::uint64_t number) {
    std::array<std::byte, 1 + ipld::max_varint_length> key{};
    std::size_t size = 1;
    for (; number > 0x7f; number >>= 7) key[size++] = static_cast<std::byte>(number | 0x80);
    key[size++] = static_cast<std::byte>(number);
    out.string(ByteView(key).first(size));
}

}    // namespace

std::uint32_t ActorMap::add(std::uint64_t number, ActorKind kind, std::uint32_t head_slot, Purse purse) {
    m_actors.push_back({number, head_slot, kind});
    const std::uint32_t place = m_tables->purses.add(1);
    m_tables->purses.change(place) = purse;
    return place;
}

Result<void> ActorMap::build(BlockBatch& batch) {
    std::vector<Bytes> keys;
    keys.reserve(m_actors.size());
    for (const Actor& actor : m_actors) keys.push_back(key_of(actor.number));
    const std::vector<ByteView> views(keys.begin(), keys.end());
    FILFIL_TRY(m_plan, ipld::plan_hamt(views));

    const std::size_t nodes = m_plan.nodes.size();
    m_first_slot = m_tables->digests.add(nodes + 1);
    m_root_slot = m_first_slot + static_cast<std::uint32_t>(nodes);
    m_node_of_actor.resize(m_actors.size());
    m_depths.resize(nodes);
    std::vector<std::vector<std::uint32_t>> by_depth;
    // Parents stand behind their children, so that from the back a node's depth is known before its children's.
    for (std::size_t i = nodes; i-- > 0;) {
        const ipld::HamtPlan::Node& node = m_plan.nodes[i];
        m_depths[i] = node.parent == i ? 0 : static_cast<std::uint8_t>(m_depths[node.parent] + 1);
        if (m_depths[i] >= by_depth.size()) by_depth.resize(m_depths[i] + 1U);
        by_depth[m_depths[i]].push_back(static_cast<std::uint32_t>(i));
        for (const ipld::HamtPlan::Pointer& pointer :
             std::span(m_plan.pointers).subspan(node.first_pointer, node.count))
            for (std::uint32_t entry = 0; entry < pointer.entries; ++entry)
                m_node_of_actor[m_plan.order[pointer.first_entry + entry]] = static_cast<std::uint32_t>(i);
    }
    return make(by_depth, batch);
}

Result<void> ActorMap::rewrite(std::span<const std::uint32_t> actors, BlockBatch& batch) {
    std::vector<std::vector<std::uint32_t>> by_depth;
    for (const std::uint32_t actor : actors) {
        const std::uint32_t node = m_node_of_actor[actor];
        if (m_depths[node] >= by_depth.size()) by_depth.resize(m_depths[node] + 1U);
        by_depth[m_depths[node]].push_back(node);
    }
    return make(by_depth, batch);
}

/// Makes nodes, the deepest first, and adds their parents to those of the level above.
Result<void> ActorMap::make(std::vector<std::vector<std::uint32_t>>& by_depth, BlockBatch& batch) {
    for (std::size_t depth = by_depth.size(); depth-- > 0;) {
        std::vector<std::uint32_t>& nodes = by_depth[depth];
        std::ranges::sort(nodes);
        nodes.erase(std::ranges::unique(nodes).begin(), nodes.end());
        for (const std::uint32_t node : nodes) {
            put_node(batch.begin(), m_plan.nodes[node]);
            FILFIL_CHECK(batch.end(dag_cbor, m_tables->digests.change(m_first_slot + node)));
            if (depth > 0) by_depth[depth - 1].push_back(m_plan.nodes[node].parent);
        }
        FILFIL_CHECK(batch.flush());
    }
    ipld::CborWriter& out = batch.begin();
    out.list(3);
    out.number(state_version);
    put_link(out, m_tables->digests[m_root_slot - 1]);
    put_link(out, m_common->state_info);
    FILFIL_CHECK(batch.end(dag_cbor, m_tables->digests.change(m_root_slot)));
    return batch.flush();
}

void ActorMap::put_node(ipld::CborWriter& out, const ipld::HamtPlan::Node& node) const {
    ipld::put_hamt_node_head(out, node);
    for (const ipld::HamtPlan::Pointer& pointer : std::span(m_plan.pointers).subspan(node.first_pointer, node.count)) {
        if (pointer.is_node) {
            put_link(out, m_tables->digests[m_first_slot + pointer.node]);
            continue;
        }
        out.list(pointer.entries);
        for (const std::uint32_t i : std::span(m_plan.order).subspan(pointer.first_entry, pointer.entries)) {
            out.list(2);
            put_key(out, m_actors[i].number);
            put_actor(out, i);
        }
    }
}

void ActorMap::put_actor(ipld::CborWriter& out, std::uint32_t place) const {
    const Actor& actor = m_actors[place];
    const Purse& purse = m_tables->purses[place];
    out.list(5);
    if (actor.kind == ActorKind::evm)
        put_raw_link(out, m_common->evm_code);
    else
        put_code_link(out, code_of(actor.kind));
    put_link(out, m_tables->digests[actor.head_slot]);
    out.number(purse.nonce);
    // The amount is the balance times 2^24, so that it has the length of attoFIL.
    constexpr std::size_t shifted = 3;
    const auto size = static_cast<std::size_t>(std::bit_width(purse.balance) + 7) / 8;
    if (size == 0) {
        put_nothing(out);
    } else {
        out.head(ipld::cbor_bytes, 1 + size + shifted);
        const ByteSpan bytes = out.grow(1 + size + shifted);
        std::ranges::fill(bytes, std::byte{0});
        for (std::size_t i = 0; i < size; ++i)
            bytes[1 + i] = static_cast<std::byte>(purse.balance >> (8 * (size - 1 - i)));
    }
    out.null();
}

}    // namespace filfil::chaingen
