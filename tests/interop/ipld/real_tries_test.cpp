// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "base/files.hpp"
#include "car/reader.hpp"
#include "ipld/amt.hpp"
#include "ipld/dag_cbor.hpp"
#include "ipld/hamt.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <set>

namespace filfil::ipld {
namespace {

using Blocks = std::map<Cid, Bytes>;

/// The datacap actor's balances and allowances, with 3 bits a level.
const std::set<std::string, std::less<>> token_maps{"bafy2bzacea277o6kybufzzx6pkzfuj4wp6yi5dbfb3lzr6cvyjgos7loaiawu",
                                                    "bafy2bzacebnjswvlqgydfjeglkubrjplexdc363rm4n4jqozj5jy2okpasby2"};

constexpr DagCborOptions any_text{.check_utf8 = false};

/// How many tries a file holds whose blocks are all there, counted by what their blocks look like.
struct File {
    std::string_view name;
    std::size_t plain_hamts;
    std::size_t keyed_hamts;
    std::size_t message_amts;    ///< of the old form: no width in the root
    std::size_t wide_amts;
};

constexpr File files[] = {
    {"mainnet_genesis.car", 1, 9, 21, 0},
    {"forest_export40.car", 1, 9, 41, 0},
    {"cpp_block_validator.car", 10, 0, 2, 47},
    {"forest_carv2.car.zst", 1457, 0, 1, 1010},
};

void PrintTo(const File& file, std::ostream* out) { *out << file.name; }

std::string data_folder() {
    const char* given = std::getenv("FILFIL_INTEROP_DATA");
    return given != nullptr ? given : FILFIL_SOURCE_DIR "/../shared/data";
}

/// A node's pointers where the value looks like a HAMT's node.
const Value::List* hamt_pointers(const Value& node) {
    const Value::List* fields = node.as_list();
    if (fields == nullptr || fields->size() != 2) return nullptr;
    const Bytes* bits = (*fields)[0].as_bytes();
    const Value::List* pointers = (*fields)[1].as_list();
    if (bits == nullptr || bits->size() > 4 || pointers == nullptr) return nullptr;
    int places = 0;
    for (const std::byte byte : *bits) places += std::popcount(std::to_integer<unsigned>(byte));
    return places == static_cast<int>(pointers->size()) ? pointers : nullptr;
}

/// What is inside a pointer of either form.
const Value* inner(const Value& pointer) {
    if (const Value* link = pointer.find("0")) return link;
    if (const Value* bucket = pointer.find("1")) return bucket;
    return &pointer;
}

class Tries {
public:
    explicit Tries(const Blocks& blocks) : m_blocks(blocks) {
        for (const auto& [cid, data] : blocks) {
            if (cid.codec() != Codec::dag_cbor) continue;
            if (auto value = decode_dag_cbor(data, any_text); value.ok()) m_values.emplace(cid, std::move(*value));
        }
    }

    void check_hamts(const File& want) {
        std::set<Cid> below;
        for (const auto& [cid, value] : m_values)
            if (const Value::List* pointers = hamt_pointers(value))
                for (const Value& pointer : *pointers)
                    if (const Cid* link = inner(pointer)->as_link()) below.insert(*link);
        std::size_t plain = 0;
        std::size_t keyed = 0;
        for (const auto& [cid, value] : m_values) {
            if (below.contains(cid) || hamt_pointers(value) == nullptr) continue;
            m_keys.clear();
            m_items.clear();
            m_missing = false;
            collect_hamt(value);
            if (m_missing) continue;
            const auto& pointers = *hamt_pointers(value);
            const bool is_keyed = !pointers.empty() && pointers[0].as_map() != nullptr;
            std::vector<HamtEntry> entries;
            for (std::size_t i = 0; i < m_keys.size(); ++i) entries.push_back({m_keys[i], m_items[i]});
            HamtShape shape{.pointers = is_keyed ? HamtPointers::keyed : HamtPointers::plain};
            auto root = write_hamt(entries, shape, known_blocks_only());
            if (!root.ok() && token_maps.contains(cid.text())) {
                shape.bit_width = 3;
                root = write_hamt(entries, shape, known_blocks_only());
            }
            ASSERT_TRUE(root.ok()) << cid.text() << ": " << root.error().text();
            EXPECT_EQ(root->text(), cid.text());
            ++(is_keyed ? keyed : plain);
        }
        EXPECT_EQ(plain, want.plain_hamts);
        EXPECT_EQ(keyed, want.keyed_hamts);
    }

    void check_amts(const File& want) {
        std::size_t messages = 0;
        std::size_t wide = 0;
        for (const auto& [cid, value] : m_values) {
            const Value::List* fields = value.as_list();
            if (fields == nullptr || (fields->size() != 3 && fields->size() != 4)) continue;
            const bool width_in_root = fields->size() == 4;
            const Value::List* node = fields->back().as_list();
            if ((*fields)[0].as_integer() == nullptr || (*fields)[1].as_integer() == nullptr || node == nullptr ||
                node->size() != 3 || (*node)[0].as_bytes() == nullptr)
                continue;
            AmtShape shape{.width_in_root = width_in_root};
            if (width_in_root) shape.bit_width = static_cast<unsigned>((*fields)[0].as_integer()->magnitude);
            m_indices.clear();
            m_items.clear();
            m_missing = false;
            collect_amt(*node, shape.bit_width, 0);
            if (m_missing) continue;
            std::vector<AmtEntry> entries;
            for (std::size_t i = 0; i < m_items.size(); ++i) entries.push_back({m_indices[i], m_items[i]});
            const auto root = write_amt(entries, shape, known_blocks_only());
            ASSERT_TRUE(root.ok()) << cid.text() << ": " << root.error().text();
            EXPECT_EQ(root->text(), cid.text());
            ++(width_in_root ? wide : messages);
        }
        EXPECT_EQ(messages, want.message_amts);
        EXPECT_EQ(wide, want.wide_amts);
    }

private:
    [[nodiscard]] BlockOut known_blocks_only() const {
        return [this](const Cid& cid, ByteView data) -> Result<void> {
            const auto found = m_blocks.find(cid);
            if (found == m_blocks.end() || chars_of(found->second) != chars_of(data))
                return Error(ErrorCode::mismatch, "the file has no block " + cid.text());
            return {};
        };
    }

    const Value* load(const Cid& cid) {
        const auto found = m_values.find(cid);
        if (found != m_values.end()) return &found->second;
        m_missing = true;
        return nullptr;
    }

    void collect_hamt(const Value& node) {
        const Value::List* pointers = hamt_pointers(node);
        ASSERT_NE(pointers, nullptr);
        for (const Value& pointer : *pointers) {
            if (const Cid* link = inner(pointer)->as_link()) {
                if (const Value* child = load(*link)) collect_hamt(*child);
                continue;
            }
            for (const Value& entry : *inner(pointer)->as_list()) {
                m_keys.push_back(*(*entry.as_list())[0].as_bytes());
                m_items.push_back(encode_dag_cbor((*entry.as_list())[1], any_text).value());
            }
        }
    }

    void collect_amt(const Value::List& node, unsigned width, std::uint64_t first) {
        const Bytes& map = *node[0].as_bytes();
        const Value::List& links = *node[1].as_list();
        const Value::List& values = *node[2].as_list();
        std::size_t next = 0;
        for (unsigned place = 0; place < 8 * map.size(); ++place) {
            if ((std::to_integer<unsigned>(map[place / 8]) >> place % 8 & 1) == 0) continue;
            const std::uint64_t index = (first << width) + place;
            if (links.empty()) {
                m_indices.push_back(index);
                m_items.push_back(encode_dag_cbor(values[next++], any_text).value());
            } else if (const Value* child = load(*links[next++].as_link())) {
                collect_amt(*child->as_list(), width, index);
            }
        }
    }

    const Blocks& m_blocks;
    std::map<Cid, Value> m_values;
    std::vector<Bytes> m_keys;
    std::vector<std::uint64_t> m_indices;
    std::vector<Bytes> m_items;
    bool m_missing = false;
};

class RealTries : public testing::TestWithParam<File> {};

// Every map and list that real files hold whole: its entries, written again, give the same blocks.
TEST_P(RealTries, AreWrittenAsTheyAre) {
    SystemFiles system;
    const std::string path = data_folder() + "/" + std::string(GetParam().name);
    if (!system.info(path).ok())
        GTEST_SKIP() << path << " does not exist: set FILFIL_INTEROP_DATA to the folder of real chain data";
    auto reader = car::Reader::open(system, path);
    ASSERT_TRUE(reader.ok()) << reader.error().text();
    Blocks blocks;
    for (;;) {
        auto section = reader->next();
        ASSERT_TRUE(section.ok()) << section.error().text();
        if (!section->has_value()) break;
        blocks.emplace((*section)->cid_copy(), to_bytes((*section)->data));
    }
    Tries tries(blocks);
    tries.check_hamts(GetParam());
    tries.check_amts(GetParam());
}

std::string test_name(const testing::TestParamInfo<File>& info) {
    std::string name(info.param.name);
    for (char& c : name)
        if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
    return name;
}

INSTANTIATE_TEST_SUITE_P(Files, RealTries, testing::ValuesIn(files), test_name);

}    // namespace
}    // namespace filfil::ipld
