// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "ipld/hamt.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <numeric>
#include <string>

namespace filfil::ipld {
namespace {

constexpr unsigned hash_bits = 256;

/// The bits of `hash` that choose the pointer at `level`: the topmost first.
unsigned place_at(const Digest256& hash, unsigned level, unsigned width) noexcept {
    const unsigned bit = level * width;
    unsigned two_bytes = std::to_integer<unsigned>(hash[bit / 8]) << 8;
    if (bit / 8 + 1 < hash.size()) two_bytes |= std::to_integer<unsigned>(hash[bit / 8 + 1]);
    return two_bytes >> (16 - width - bit % 8) & ((1U << width) - 1);
}

class Planner {
public:
    Planner(std::span<const ByteView> keys, unsigned width) : m_keys(keys), m_width(width) {
        m_hashes.reserve(keys.size());
        for (const ByteView key : keys) m_hashes.push_back(sha2_256(key));
    }

    Result<HamtPlan> plan() {
        std::vector<std::uint32_t>& order = m_plan.order;
        order.resize(m_keys.size());
        std::iota(order.begin(), order.end(), 0);
        // In the order of their hashes, the entries below any pointer stand together.
        std::ranges::sort(order, [&](std::uint32_t a, std::uint32_t b) {
            return m_hashes[a] != m_hashes[b] ? m_hashes[a] < m_hashes[b] : a < b;
        });
        for (std::size_t i = 1; i < order.size(); ++i)
            if (std::ranges::equal(m_keys[order[i - 1]], m_keys[order[i]]))
                return Error(ErrorCode::invalid_argument,
                             "a map cannot hold the key " + to_hex(m_keys[order[i]]) + " twice");
        FILFIL_TRY([[maybe_unused]] const std::uint32_t root, node(0, m_keys.size(), 0));
        m_plan.nodes.back().parent = root;
        return std::move(m_plan);
    }

private:
    /// Recursion goes no deeper than a hash has levels.
    Result<std::uint32_t> node(std::size_t first, std::size_t last, unsigned level) {
        if ((level + 1) * m_width > hash_bits)
            return Error(ErrorCode::too_large, "more than 3 keys of a map have the same SHA-256, among them " +
                                                   to_hex(m_keys[m_plan.order[first]]));
        std::array<HamtPlan::Pointer, 1U << max_hamt_bit_width> pointers;
        HamtPlan::Node made;
        while (first < last) {
            const unsigned place = place_at(m_hashes[m_plan.order[first]], level, m_width);
            std::size_t end = first + 1;
            while (end < last && place_at(m_hashes[m_plan.order[end]], level, m_width) == place) ++end;
            HamtPlan::Pointer& pointer = pointers[made.count++];
            if (end - first > hamt_bucket_size) {
                pointer.is_node = true;
                FILFIL_TRY(pointer.node, node(first, end, level + 1));
            } else {
                const auto begin = m_plan.order.begin();
                std::sort(begin + static_cast<std::ptrdiff_t>(first), begin + static_cast<std::ptrdiff_t>(end),
                          [&](std::uint32_t a, std::uint32_t b) {
                              return std::ranges::lexicographical_compare(m_keys[a], m_keys[b]);
                          });
                pointer.first_entry = static_cast<std::uint32_t>(first);
                pointer.entries = static_cast<std::uint32_t>(end - first);
            }
            made.bit_field |= 1U << place;
            first = end;
        }
        const auto own = static_cast<std::uint32_t>(m_plan.nodes.size());
        made.first_pointer = static_cast<std::uint32_t>(m_plan.pointers.size());
        for (const HamtPlan::Pointer& pointer : std::span(pointers).first(made.count)) {
            if (pointer.is_node) m_plan.nodes[pointer.node].parent = own;
            m_plan.pointers.push_back(pointer);
        }
        m_plan.nodes.push_back(made);
        return own;
    }

    std::span<const ByteView> m_keys;
    unsigned m_width;
    std::vector<Digest256> m_hashes;
    HamtPlan m_plan;
};

}    // namespace

Result<HamtPlan> plan_hamt(std::span<const ByteView> keys, unsigned bit_width) {
    if (bit_width < 1 || bit_width > max_hamt_bit_width)
        return Error(ErrorCode::invalid_argument, "a HAMT's bit width is 1 to 5, not " + std::to_string(bit_width));
    if (keys.size() > std::numeric_limits<std::uint32_t>::max())
        return Error(ErrorCode::invalid_argument, "a map of " + std::to_string(keys.size()) + " keys is not supported");
    return Planner(keys, bit_width).plan();
}

void put_hamt_node_head(CborWriter& out, const HamtPlan::Node& node) {
    // The bit field is a big number: its bytes from the highest that is not zero.
    std::array<std::byte, 4> bits;
    for (unsigned i = 0; i < bits.size(); ++i) bits[i] = static_cast<std::byte>(node.bit_field >> (24 - 8 * i));
    const auto leading = static_cast<std::size_t>(std::countl_zero(node.bit_field) / 8);
    out.list(2);
    out.string(ByteView(bits).subspan(leading));
    out.list(node.count);
}

Result<Cid> write_hamt(std::span<const HamtEntry> entries, HamtShape shape, const BlockOut& on_block) {
    std::vector<ByteView> keys;
    keys.reserve(entries.size());
    for (const HamtEntry& entry : entries) {
        if (entry.value.empty())
            return Error(ErrorCode::invalid_argument, "the map's key " + to_hex(entry.key) + " has an empty value");
        keys.push_back(entry.key);
    }
    FILFIL_TRY(const HamtPlan plan, plan_hamt(keys, shape.bit_width));
    std::vector<Cid> cids;
    cids.reserve(plan.nodes.size());
    CborWriter out;
    for (const HamtPlan::Node& node : plan.nodes) {
        out.clear();
        put_hamt_node_head(out, node);
        for (const HamtPlan::Pointer& pointer : std::span(plan.pointers).subspan(node.first_pointer, node.count)) {
            if (shape.pointers == HamtPointers::keyed) {
                out.map(1);
                out.text(pointer.is_node ? "0" : "1");
            }
            if (pointer.is_node) {
                out.link(cids[pointer.node].bytes());
                continue;
            }
            out.list(pointer.entries);
            for (const std::uint32_t i : std::span(plan.order).subspan(pointer.first_entry, pointer.entries)) {
                out.list(2);
                out.string(entries[i].key);
                out.item(entries[i].value);
            }
        }
        cids.push_back(cid_of_block(Codec::dag_cbor, out.bytes()));
        FILFIL_CHECK(on_block(cids.back(), out.bytes()));
    }
    return cids.back();
}

}    // namespace filfil::ipld
