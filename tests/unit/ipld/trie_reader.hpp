// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "ipld/amt.hpp"
#include "ipld/dag_cbor.hpp"
#include "ipld/hamt.hpp"
#include "ipld/value.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace filfil::ipld {

using Blocks = std::map<Cid, Bytes>;

/// Keeps blocks, and fails the test where one comes twice or before a block that it links to.
class BlockKeeper {
public:
    [[nodiscard]] BlockOut out() {
        return [this](const Cid& cid, ByteView data) -> Result<void> {
            EXPECT_EQ(cid, cid_of_block(Codec::dag_cbor, data));
            EXPECT_TRUE(decode_dag_cbor(data).ok()) << to_hex(data);
            EXPECT_TRUE(m_blocks.emplace(cid, to_bytes(data)).second) << cid.text() << " came twice";
            return {};
        };
    }
    [[nodiscard]] const Blocks& blocks() const noexcept { return m_blocks; }

private:
    Blocks m_blocks;
};

/// A reader of its own for what the writers wrote: it knows of nothing but decoded values.
class TrieReader {
public:
    explicit TrieReader(const Blocks& blocks) : m_blocks(blocks) {}

    /// Key and encoded value of every entry; the test fails where an entry stands in the wrong place.
    std::map<Bytes, Bytes> hamt(const Cid& root, unsigned width = 5) {
        m_map.clear();
        m_width = width;
        hamt_node(root, 0, {});
        return m_map;
    }

    std::map<std::uint64_t, Bytes> amt(const Cid& root, AmtShape shape) {
        m_list.clear();
        const Value block = load(root);
        const Value::List& fields = *block.as_list();
        const std::size_t from = shape.width_in_root ? 1 : 0;
        EXPECT_EQ(fields.size(), from + 3);
        if (shape.width_in_root) EXPECT_EQ(fields[0].as_integer()->magnitude, shape.bit_width);
        amt_node(fields[from + 2], shape.bit_width, static_cast<unsigned>(fields[from].as_integer()->magnitude), 0);
        EXPECT_EQ(fields[from + 1].as_integer()->magnitude, m_list.size());
        return m_list;
    }

    [[nodiscard]] const std::set<Cid>& seen() const noexcept { return m_seen; }

private:
    Value load(const Cid& cid) {
        m_seen.insert(cid);
        const auto found = m_blocks.find(cid);
        if (found == m_blocks.end()) {
            ADD_FAILURE() << cid.text() << " is missing";
            return Value();
        }
        return decode_dag_cbor(found->second).value();
    }

    void hamt_node(const Cid& cid, unsigned level, const std::vector<unsigned>& path) {
        const Value block = load(cid);
        const Bytes& bits = *(*block.as_list())[0].as_bytes();
        std::vector<unsigned> places;
        for (unsigned place = 0; place < 8 * bits.size(); ++place)
            if ((std::to_integer<unsigned>(bits[bits.size() - 1 - place / 8]) >> place % 8 & 1) != 0)
                places.push_back(place);
        const Value::List& pointers = *(*block.as_list())[1].as_list();
        ASSERT_EQ(pointers.size(), places.size());
        std::size_t below = 0;
        for (std::size_t i = 0; i < pointers.size(); ++i) {
            const Value* pointer = &pointers[i];
            if (pointer->as_map() != nullptr) {
                ASSERT_EQ(pointer->as_map()->size(), 1);
                pointer = &pointer->as_map()->front().value;
            }
            std::vector<unsigned> way = path;
            way.push_back(places[i]);
            const std::size_t before = m_map.size();
            if (const Cid* child = pointer->as_link())
                hamt_node(*child, level + 1, way);
            else
                bucket(*pointer->as_list(), way);
            below += m_map.size() - before;
        }
        // A node that could be a bucket above would not be canonical.
        if (level > 0) EXPECT_GT(below, hamt_bucket_size);
    }

    void bucket(const Value::List& entries, const std::vector<unsigned>& way) {
        ASSERT_GE(entries.size(), 1);
        ASSERT_LE(entries.size(), hamt_bucket_size);
        const Bytes* before = nullptr;
        for (const Value& entry : entries) {
            const Bytes& key = *(*entry.as_list())[0].as_bytes();
            if (before != nullptr) EXPECT_LT(*before, key);
            before = &key;
            const Digest256 hash = sha2_256(key);
            for (std::size_t level = 0; level < way.size(); ++level) {
                unsigned place = 0;
                for (std::size_t bit = m_width * level; bit < m_width * (level + 1); ++bit)
                    place = place << 1 | (std::to_integer<unsigned>(hash[bit / 8]) >> (7 - bit % 8) & 1);
                EXPECT_EQ(place, way[level]);
            }
            m_map.emplace(key, encode_dag_cbor((*entry.as_list())[1]).value());
        }
    }

    void amt_node(const Value& node, unsigned width, unsigned height, std::uint64_t first) {
        const Value::List& fields = *node.as_list();
        ASSERT_EQ(fields.size(), 3);
        const Bytes& map = *fields[0].as_bytes();
        EXPECT_EQ(map.size(), std::max(1U, (1U << width) / 8));
        const Value::List& items = *fields[height > 0 ? 1 : 2].as_list();
        EXPECT_TRUE(fields[height > 0 ? 2 : 1].as_list()->empty());
        std::size_t next = 0;
        for (unsigned place = 0; place < 8 * map.size(); ++place) {
            if ((std::to_integer<unsigned>(map[place / 8]) >> place % 8 & 1) == 0) continue;
            ASSERT_LT(place, 1U << width);
            ASSERT_LT(next, items.size());
            const Value& item = items[next++];
            const std::uint64_t index = (first << width) + place;
            if (height > 0)
                amt_node(*load(*item.as_link()).as_list(), width, height - 1, index);
            else
                m_list.emplace(index, encode_dag_cbor(item).value());
        }
        EXPECT_EQ(next, items.size());
        if (first > 0) EXPECT_GT(next, 0);
    }

    const Blocks& m_blocks;
    unsigned m_width = 5;
    std::map<Bytes, Bytes> m_map;
    std::map<std::uint64_t, Bytes> m_list;
    std::set<Cid> m_seen;
};

}    // namespace filfil::ipld
