// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "snapshot/frc0108.hpp"

#include "car/reader.hpp"
#include "ipld/dag_cbor.hpp"

#include <algorithm>
#include <utility>

namespace filfil::snapshot {
namespace {

/// lotus chain/store/cbor_gen.go takes no longer ones.
constexpr std::size_t most_heads = 8192;
constexpr std::uint64_t known_version = 2;

Error no_metadata(const std::string& why) {
    return {ErrorCode::corrupt, "the block is no snapshot metadata (FRC-0108): " + why};
}

Result<chain::TipsetKey> read_head(const ipld::Value* value) {
    const ipld::Value::List* list = value == nullptr ? nullptr : value->as_list();
    if (list == nullptr || list->empty() || list->size() > most_heads)
        return no_metadata("HeadTipsetKey is no list of 1 to 8192 CIDs");
    chain::TipsetKey head;
    for (const ipld::Value& entry : *list) {
        if (entry.as_link() == nullptr) return no_metadata("HeadTipsetKey holds something that is no CID");
        head.push_back(*entry.as_link());
    }
    return head;
}

Result<void> check_hash(const car::Section& section, const std::string& name, std::string_view what) {
    FILFIL_TRY(const bool same, ipld::matches(section.hash, section.data));
    if (same) return {};
    return Error(ErrorCode::mismatch,
                 name + ": " + std::string(what) + " at byte " + std::to_string(section.offset) +
                     " has another hash than its CID " + section.cid_copy().text(),
                 "the file is damaged: copy or download it again");
}

}    // namespace

Result<Bytes> encode(const SnapshotMetadata& metadata) {
    if (metadata.head.empty() || metadata.head.size() > most_heads)
        return Error(ErrorCode::invalid_argument, "snapshot metadata needs a head of 1 to 8192 blocks");
    ipld::Value::List head;
    for (const ipld::Cid& cid : metadata.head) head.emplace_back(cid);
    return ipld::encode_dag_cbor(
        ipld::Value::Map{{"F3Data", metadata.f3_data ? ipld::Value(*metadata.f3_data) : ipld::Value()},
                         {"Version", metadata.version},
                         {"HeadTipsetKey", std::move(head)}});
}

Result<SnapshotMetadata> decode_metadata(ByteView block) {
    FILFIL_TRY(const ipld::Value map, ipld::decode_dag_cbor(block));
    const ipld::Value* version = map.find("Version");
    const ipld::Value* f3 = map.find("F3Data");
    const auto number =
        version == nullptr || version->as_integer() == nullptr ? std::nullopt : version->as_integer()->as_uint64();
    if (!number) return no_metadata("it has no Version");
    if (f3 == nullptr || (!f3->is_null() && f3->as_link() == nullptr))
        return no_metadata("F3Data is missing, or neither null nor a CID");
    SnapshotMetadata metadata;
    metadata.version = *number;
    FILFIL_TRY(metadata.head, read_head(map.find("HeadTipsetKey")));
    if (f3->as_link() != nullptr) metadata.f3_data = *f3->as_link();
    return metadata;
}

Result<SnapshotPrefix> read_prefix(std::unique_ptr<ReadableFile> file, F3Block f3) {
    // Small batches: two blocks of a file that may be large are wanted.
    car::ReaderOptions options;
    options.batch_bytes = 64 * KiB;
    FILFIL_TRY(car::Reader reader, car::Reader::open(std::move(file), options));
    SnapshotPrefix prefix;
    const std::vector<ipld::Cid>& roots = reader.header().roots;
    if (roots.size() != 1) return prefix;
    FILFIL_TRY(const auto first, reader.next());
    if (!first || !std::ranges::equal(first->cid, roots[0].bytes())) return prefix;
    auto metadata = decode_metadata(first->data);
    if (!metadata.ok()) return prefix;    // the one root is the head's only block
    if (metadata->version != known_version)
        return Error(ErrorCode::unsupported,
                     reader.name() + ": its snapshot metadata is of version " + std::to_string(metadata->version) +
                         ", and only 2 is known here",
                     "use a newer fil-fil");
    FILFIL_CHECK(check_hash(*first, reader.name(), "the metadata block"));
    prefix.metadata = *std::move(metadata);
    if (!prefix.metadata->f3_data || f3 == F3Block::skip) return prefix;

    FILFIL_TRY(const auto second, reader.next());
    if (!second || !std::ranges::equal(second->cid, prefix.metadata->f3_data->bytes()))
        return Error(ErrorCode::corrupt,
                     reader.name() + ": its metadata names the F3 data " + prefix.metadata->f3_data->text() +
                         ", and the second block is another one",
                     "the file is damaged: copy or download it again");
    FILFIL_CHECK(check_hash(*second, reader.name(), "the F3 data"));
    prefix.f3_section = to_bytes(second->bytes);
    return prefix;
}

chain::TipsetKey head_of(const SnapshotPrefix& prefix, const std::vector<ipld::Cid>& roots) {
    return prefix.metadata ? prefix.metadata->head : roots;
}

}    // namespace filfil::snapshot
