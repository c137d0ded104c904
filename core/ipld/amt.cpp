// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "ipld/amt.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace filfil::ipld {
namespace {

constexpr std::uint64_t index_limit = std::uint64_t{1} << 63;

/// One node of the level that is being joined: where it stands in its level, and its CID.
struct Child {
    std::uint64_t index = 0;
    Cid cid;
};

class AmtWriter {
public:
    AmtWriter(AmtShape shape, const BlockOut& on_block) : m_shape(shape), m_on_block(on_block) {}

    Result<Cid> write(std::span<const AmtEntry> entries) {
        const unsigned height = entries.empty() ? 0 : amt_height(entries.back().index, m_shape.bit_width);
        const std::uint64_t count = entries.size();
        if (height == 0) return root(0, count, [&] { put_values(entries); });
        std::vector<Child> level;
        FILFIL_CHECK(join(entries, level, [&](std::span<const AmtEntry> run) { put_values(run); }));
        for (unsigned i = 1; i < height; ++i) {
            std::vector<Child> above;
            FILFIL_CHECK(join(std::span<const Child>(level), above, [&](auto run) { put_links(run); }));
            level = std::move(above);
        }
        return root(height, count, [&] { put_links(level); });
    }

private:
    /// Makes a node of every run of items that share their index but for its lowest `width` bits.
    template <class Item, class Put>
    Result<void> join(std::span<const Item> items, std::vector<Child>& above, Put&& put) {
        for (std::size_t first = 0; first < items.size();) {
            const std::uint64_t parent = items[first].index >> m_shape.bit_width;
            std::size_t end = first + 1;
            while (end < items.size() && items[end].index >> m_shape.bit_width == parent) ++end;
            m_out.clear();
            put(items.subspan(first, end - first));
            FILFIL_TRY(Cid cid, give());
            above.push_back({parent, std::move(cid)});
            first = end;
        }
        return {};
    }

    template <class Put>
    Result<Cid> root(unsigned height, std::uint64_t count, Put&& put) {
        m_out.clear();
        put_amt_root_head(m_out, m_shape, height, count);
        put();
        return give();
    }

    Result<Cid> give() {
        Cid cid = cid_of_block(Codec::dag_cbor, m_out.bytes());
        FILFIL_CHECK(m_on_block(cid, m_out.bytes()));
        return cid;
    }

    template <class Item>
    void put_head(std::span<const Item> items) {
        std::vector<std::uint8_t> places;
        places.reserve(items.size());
        const std::uint64_t mask = (std::uint64_t{1} << m_shape.bit_width) - 1;
        for (const Item& item : items) places.push_back(static_cast<std::uint8_t>(item.index & mask));
        put_amt_node_head(m_out, m_shape.bit_width, places);
    }

    void put_values(std::span<const AmtEntry> entries) {
        put_head(entries);
        m_out.list(0);
        m_out.list(entries.size());
        for (const AmtEntry& entry : entries) m_out.item(entry.value);
    }

    void put_links(std::span<const Child> children) {
        put_head(children);
        m_out.list(children.size());
        for (const Child& child : children) m_out.link(child.cid.bytes());
        m_out.list(0);
    }

    AmtShape m_shape;
    const BlockOut& m_on_block;
    CborWriter m_out;
};

}    // namespace

unsigned amt_height(std::uint64_t last, unsigned bit_width) noexcept {
    unsigned height = 0;
    while ((last >>= bit_width) != 0) ++height;
    return height;
}

void put_amt_root_head(CborWriter& out, AmtShape shape, unsigned height, std::uint64_t count) {
    out.list(shape.width_in_root ? 4 : 3);
    if (shape.width_in_root) out.number(shape.bit_width);
    out.number(height);
    out.number(count);
}

void put_amt_node_head(CborWriter& out, unsigned bit_width, std::span<const std::uint8_t> places) {
    // From the lowest bit of the first byte on; widths 1 and 2 take a whole byte too.
    std::array<std::byte, (1U << max_amt_bit_width) / 8> map{};
    for (const std::uint8_t place : places) map[place / 8] |= std::byte{1} << place % 8;
    out.list(3);
    out.string(ByteView(map).first(std::max<std::size_t>(1, (std::size_t{1} << bit_width) / 8)));
}

Result<Cid> write_amt(std::span<const AmtEntry> entries, AmtShape shape, const BlockOut& on_block) {
    if (shape.bit_width < 1 || shape.bit_width > max_amt_bit_width)
        return Error(ErrorCode::invalid_argument,
                     "an AMT's bit width is 1 to 8, not " + std::to_string(shape.bit_width));
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const auto which = [i] { return "entry " + std::to_string(i) + " of an AMT has "; };
        if (i > 0 && entries[i].index <= entries[i - 1].index)
            return Error(ErrorCode::invalid_argument, which() + "the index " + std::to_string(entries[i].index) +
                                                          " behind " + std::to_string(entries[i - 1].index));
        if (entries[i].index >= index_limit)
            return Error(ErrorCode::invalid_argument, which() + "an index of 2^63 or more");
        if (entries[i].value.empty()) return Error(ErrorCode::invalid_argument, which() + "an empty value");
    }
    return AmtWriter(shape, on_block).write(entries);
}

}    // namespace filfil::ipld
