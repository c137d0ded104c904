// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "import_check.hpp"

#include "base/units.hpp"
#include "car/forest_car.hpp"
#include "car/reader.hpp"
#include "ipld/dag_cbor.hpp"
#include "reference_cbor.hpp"
#include "reference_walk.hpp"

#include <algorithm>
#include <optional>
#include <string>

namespace filfil::reference {
namespace {

using ipld::Cid;

constexpr std::uint64_t header_limit = 32 * MiB;
constexpr std::uint64_t section_limit = 8 * MiB;
constexpr int tipsets_loaded = 1800;
constexpr std::string_view file_name = "snapshot";

Error bad(const std::string& what, const Cid& cid = {}) {
    return {ErrorCode::corrupt, cid.empty() ? what : what + ": " + cid.text()};
}

struct Metadata {
    std::vector<Cid> head;
    std::optional<Cid> f3_data;
};

/// The metadata of a version 2 snapshot; nothing for any other block.
std::optional<Metadata> read_metadata(ByteView block) {
    const auto value = ipld::decode_dag_cbor(block);
    if (!value.ok() || value->as_map() == nullptr || value->as_map()->size() != 3) return std::nullopt;
    const ipld::Value* version = value->find("Version");
    const ipld::Value* head = value->find("HeadTipsetKey");
    const ipld::Value* f3 = value->find("F3Data");
    if (version == nullptr || head == nullptr || f3 == nullptr) return std::nullopt;
    if (version->as_integer() == nullptr || *version->as_integer() != ipld::Integer(2)) return std::nullopt;
    if (head->as_list() == nullptr || head->as_list()->empty()) return std::nullopt;
    if (!f3->is_null() && f3->as_link() == nullptr) return std::nullopt;
    Metadata out;
    for (const ipld::Value& cid : *head->as_list()) {
        if (cid.as_link() == nullptr) return std::nullopt;
        out.head.push_back(*cid.as_link());
    }
    if (f3->as_link() != nullptr) out.f3_data = *f3->as_link();
    return out;
}

/// Opens with limits far above the nodes', which are checked here.
Result<car::Reader> open_wide(ByteView file) {
    car::ReaderOptions options;
    options.limits = {.header = GiB, .section = GiB, .f3_section = GiB};
    return car::Reader::open(memory_file(std::string(file_name), file), options);
}

Result<void> check_hash(const car::Section& section) {
    FILFIL_TRY(const bool same, ipld::matches(section.hash, section.data));
    if (!same) return bad("a block does not have the hash of its CID", section.cid_copy());
    return {};
}

/// Follows first parents through a stream of sections.
class Tail {
public:
    explicit Tail(Cid first) : m_next(std::move(first)) {}

    Result<void> see(const Cid& cid, ByteView data) {
        if (m_height == 0 || cid != m_next) return {};
        auto header = read_header(data);
        if (!header.ok()) return bad("the chain leads to what is no header (" + header.error().message + ")", cid);
        if (header->parents.empty()) return bad("a header has no parents", cid);
        m_height = header->height;
        m_next = header->parents.front();
        return {};
    }

    [[nodiscard]] Result<void> end() const {
        if (m_height == 0) return {};
        return bad(
            "the header of height 0 is not reached: behind height " + std::to_string(m_height) + " in the file is no",
            m_next);
    }

private:
    Cid m_next;
    std::int64_t m_height = -1;
};

/// All headers of a tipset. @return those of one height on the same parents
Result<HeaderLinks> load_tipset(const Blocks& blocks, const std::vector<Cid>& key) {
    std::optional<HeaderLinks> first;
    for (const Cid& cid : key) {
        const auto found = blocks.find(cid);
        if (found == blocks.end()) return bad("a block of a tipset is missing", cid);
        FILFIL_TRY(HeaderLinks header, read_header(found->second));
        if (!first) first = header;
        if (header.height != first->height || header.parents != first->parents)
            return bad("the blocks of a tipset do not belong together", cid);
    }
    if (!first) return bad("an empty tipset");
    return std::move(*first);
}

}    // namespace

Result<Imported> lotus_import(ByteView file) {
    FILFIL_TRY(car::Reader reader, open_wide(file));
    if (reader.header().bytes.size() > header_limit) return bad("the header of the CAR has over 32 MiB");
    if (reader.header().roots.empty()) return bad("the CAR has no roots");
    Imported out;
    out.head = reader.header().roots;
    const bool single = out.head.size() == 1;
    Tail tail(out.head.front());
    std::optional<Cid> f3_data;
    Blocks blocks;
    for (;; ++out.blocks) {
        FILFIL_TRY(const auto section, reader.next());
        if (!section) break;
        const Cid cid = section->cid_copy();
        const bool is_f3 = out.blocks == 1 && f3_data.has_value();
        if (is_f3 && cid != *f3_data) return bad("the second block is not the F3 data that the metadata names", cid);
        if (!is_f3 && section->cid.size() + section->data.size() > section_limit)
            return bad("a section has over 8 MiB", cid);
        FILFIL_CHECK(check_hash(*section));
        if (out.blocks == 0 && single) {
            if (cid != out.head.front()) return bad("the first block is not the one root", cid);
            if (const auto metadata = read_metadata(section->data)) {
                out.version = 2;
                out.head = metadata->head;
                f3_data = metadata->f3_data;
                tail = Tail(out.head.front());
                continue;
            }
        }
        if (is_f3) continue;
        FILFIL_CHECK(tail.see(cid, section->data));
        blocks.emplace(cid, to_bytes(section->data));
    }
    FILFIL_CHECK(tail.end());
    FILFIL_TRY(HeaderLinks tipset, load_tipset(blocks, out.head));
    out.head_height = tipset.height;
    for (int i = 1; i < tipsets_loaded && tipset.height > 0; ++i) {
        FILFIL_TRY(tipset, load_tipset(blocks, tipset.parents));
    }
    return out;
}

namespace {

/// Every block through the index, and nothing else in the frames.
Result<void> check_index(ByteView file, const LoadedCar& loaded) {
    FILFIL_TRY(const car::ForestCheck check, car::check_forest_car(memory_file(std::string(file_name), file)));
    if (check.unresolved != 0) return bad("the index does not resolve a block", check.first_unresolved.front());
    if (check.blocks != loaded.order.size()) return bad("the frames hold other blocks than the stream");
    FILFIL_TRY(const car::ForestCar forest, car::ForestCar::open(memory_file(std::string(file_name), file)));
    if (forest.roots() != loaded.roots) return bad("the roots differ");
    for (const auto& [cid, data] : loaded.blocks) {
        FILFIL_TRY(const auto found, forest.get(cid));
        if (!found || *found != data) return bad("a block is not found through the index", cid);
    }
    return {};
}

}    // namespace

Result<Imported> forest_import(ByteView file, const ForestRules& rules) {
    FILFIL_TRY(car::Reader reader, open_wide(file));
    const bool indexed = reader.header().compression == car::Compression::forest;
    for (;;) {
        FILFIL_TRY(const auto section, reader.next());
        if (!section) break;
        FILFIL_CHECK(check_hash(*section));
    }
    FILFIL_TRY(const LoadedCar loaded, load_car(file));
    if (indexed) FILFIL_CHECK(check_index(file, loaded));

    Imported out;
    out.head = loaded.roots;
    out.blocks = loaded.order.size();
    if (loaded.roots.size() == 1) {
        const auto root = loaded.blocks.find(loaded.roots.front());
        if (root == loaded.blocks.end()) return bad("the root is missing", loaded.roots.front());
        if (const auto metadata = read_metadata(root->second)) {
            out.version = 2;
            out.head = metadata->head;
        }
    }
    FILFIL_TRY(const HeaderLinks tipset, load_tipset(loaded.blocks, out.head));
    out.head_height = tipset.height;
    const Walk found = walk(loaded.blocks, out.head, {rules.check_links, true, Rules::forest});
    if (found.fault) return bad(found.fault->why, found.fault->block);
    return out;
}

}    // namespace filfil::reference
