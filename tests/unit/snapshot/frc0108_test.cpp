// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "snapshot/frc0108.hpp"

#include "car/writer.hpp"
#include "ipld/dag_cbor.hpp"
#include "snapshot/prefixed_source.hpp"
#include "source_samples.hpp"

#include <algorithm>

namespace filfil::snapshot {
namespace {

using namespace samples;
using car::samples::file_of;
using car::samples::raw_block;

Block metadata_block(const SnapshotMetadata& metadata) {
    const Bytes data = encode(metadata).value();
    return {ipld::cid_of_block(ipld::Codec::dag_cbor, data), data};
}

Bytes section_of(const Block& block) {
    Bytes out;
    car::append_section(out, block.cid.bytes(), block.data);
    return out;
}

TEST(Frc0108, MetadataIsWrittenAsTheNodesWriteIt) {
    const ipld::Cid head = raw_block("head").cid;
    const std::string link = "d82a582700" + to_hex(head.bytes());
    // By hand after lotus chain/store/cbor_gen.go: map of 3; F3Data, Version, HeadTipsetKey.
    EXPECT_EQ(to_hex(encode({.head = {head}, .f3_data = std::nullopt}).value()),
              "a3"
              "66463344617461"
              "f6"
              "6756657273696f6e"
              "02"
              "6d486561645469707365744b6579"
              "81" +
                  link);
    const auto with = encode({.head = {head, raw_block("two").cid}, .f3_data = head});
    EXPECT_EQ(to_hex(*with).substr(0, 2 + 14 + link.size()), "a366463344617461" + link);
    const auto read = decode_metadata(*with);
    ASSERT_TRUE(read.ok()) << read.error().text();
    EXPECT_EQ(read->head, (chain::TipsetKey{head, raw_block("two").cid}));
    EXPECT_EQ(read->f3_data, head);
    EXPECT_FALSE(encode({.head = {}, .f3_data = std::nullopt}).ok());
}

TEST(Frc0108, WhatIsNoMetadataIsRefused) {
    using Map = ipld::Value::Map;
    using List = ipld::Value::List;
    const ipld::Cid cid = raw_block("head").cid;
    const ipld::Value null;
    for (const ipld::Value& value :
         {ipld::Value(List{}), ipld::Value(Map{}), ipld::Value(Map{{"F3Data", null}, {"Version", 2}}),
          ipld::Value(Map{{"F3Data", null}, {"Version", 2}, {"HeadTipsetKey", List{}}}),
          ipld::Value(Map{{"F3Data", null}, {"Version", 2}, {"HeadTipsetKey", List{1}}}),
          ipld::Value(Map{{"F3Data", 1}, {"Version", 2}, {"HeadTipsetKey", List{cid}}}),
          ipld::Value(Map{{"Version", 2}, {"HeadTipsetKey", List{cid}}}),
          ipld::Value(Map{{"F3Data", null}, {"Version", -1}, {"HeadTipsetKey", List{cid}}}),
          ipld::Value(Map{{"F3Data", null}, {"HeadTipsetKey", List{cid}}})}) {
        const auto metadata = decode_metadata(ipld::encode_dag_cbor(value).value());
        ASSERT_FALSE(metadata.ok());
        EXPECT_EQ(metadata.error().code, ErrorCode::corrupt);
    }
    const Bytes good = encode({.head = {cid}, .f3_data = cid}).value();
    for (std::size_t i = 0; i < good.size(); ++i) EXPECT_FALSE(decode_metadata(ByteView(good).first(i)).ok()) << i;
}

TEST(Frc0108, APrefixIsToldFromAChainsFirstBlock) {
    const Block head = raw_block("the head's only block");
    const Block f3 = raw_block(std::string(100'000, 'f'));
    const Block plain = metadata_block({.head = {head.cid}, .f3_data = std::nullopt});
    const Block with = metadata_block({.head = {head.cid}, .f3_data = f3.cid});
    const auto read = [](const std::vector<ipld::Cid>& roots, const std::vector<Block>& blocks, F3Block keep) {
        return read_prefix(file_of(car::samples::zstd_of(car::samples::car_of(roots, blocks))), keep);
    };

    const auto v1 = read({head.cid}, {head}, F3Block::keep);
    ASSERT_TRUE(v1.ok());
    EXPECT_FALSE(v1->metadata);
    EXPECT_EQ(head_of(*v1, {head.cid}), chain::TipsetKey{head.cid});
    // As the nodes read it: only one root makes it version 2, and only the first block.
    EXPECT_FALSE(read({plain.cid, head.cid}, {plain, head}, F3Block::keep)->metadata);
    EXPECT_FALSE(read({plain.cid}, {head, plain}, F3Block::keep)->metadata);
    EXPECT_FALSE(read({}, {}, F3Block::keep)->metadata);

    const auto without = read({plain.cid}, {plain, head}, F3Block::keep);
    ASSERT_TRUE(without.ok() && without->metadata);
    EXPECT_EQ(head_of(*without, {plain.cid}), chain::TipsetKey{head.cid});
    EXPECT_TRUE(without->f3_section.empty());
    EXPECT_EQ(read({with.cid}, {with, f3, head}, F3Block::keep)->f3_section, section_of(f3));
    EXPECT_TRUE(read({with.cid}, {with, f3, head}, F3Block::skip)->f3_section.empty());

    EXPECT_EQ(read({with.cid}, {with, head, f3}, F3Block::keep).error().code, ErrorCode::corrupt);
    EXPECT_EQ(read({with.cid}, {with}, F3Block::keep).error().code, ErrorCode::corrupt);
    Block changed = f3;
    changed.data[5] ^= std::byte{1};
    EXPECT_EQ(read({with.cid}, {with, changed, head}, F3Block::keep).error().code, ErrorCode::mismatch);
    EXPECT_EQ(read({plain.cid}, {{plain.cid, with.data}, head}, F3Block::keep).error().code, ErrorCode::mismatch);
    const Block newer = metadata_block({.version = 3, .head = {head.cid}, .f3_data = std::nullopt});
    EXPECT_EQ(read({newer.cid}, {newer, head}, F3Block::keep).error().code, ErrorCode::unsupported);
}

TEST(Frc0108, Version2IsVersion1UnderAnotherHeaderAndPrefix) {
    const auto blocks = car::samples::random_blocks(7, 60, 0, 400);
    const MemorySource v1({blocks[0].cid, blocks[1].cid}, blocks);
    const chain::TipsetKey head{blocks[0].cid, blocks[1].cid};
    const Block f3 = raw_block(std::string(9 * MiB, 'f'));    // over the limit of other sections
    for (const bool has_f3 : {false, true}) {
        const auto v2 = as_version_2(v1, head, has_f3 ? section_of(f3) : Bytes());
        ASSERT_TRUE(v2.ok()) << v2.error().text();
        const Block metadata = metadata_block({.head = head, .f3_data = has_f3 ? std::optional(f3.cid) : std::nullopt});
        std::vector<Block> all{metadata};
        if (has_f3) all.push_back(f3);
        all.insert(all.end(), blocks.begin(), blocks.end());
        const MemorySource expected({metadata.cid}, all);
        const Bytes car = car_of(**v2);
        EXPECT_EQ(car, car_of(expected));
        EXPECT_EQ((*v2)->sections(), all.size());
        const std::uint64_t step = has_f3 ? 100'003 : 17;
        for (std::uint64_t at = 0; at <= expected.body_size(); at += step)
            EXPECT_EQ((*v2)->boundary_at(at).value(), expected.boundary_at(at).value()) << at;
        EXPECT_EQ((*v2)->boundary_at(expected.body_size()).value(), expected.body_size());
        Bytes part(50);
        for (std::uint64_t at = 0; at + part.size() <= expected.body_size(); at += step) {
            ASSERT_TRUE((*v2)->read(at, part).ok());
            EXPECT_TRUE(std::ranges::equal(
                part, ByteView(car).subspan((*v2)->header().size() + static_cast<std::size_t>(at), part.size())));
        }
        const auto prefix = read_prefix(file_of(car), F3Block::keep);
        ASSERT_TRUE(prefix.ok()) << prefix.error().text();
        EXPECT_EQ(prefix->f3_section, has_f3 ? section_of(f3) : Bytes());
        EXPECT_EQ(head_of(*prefix, {metadata.cid}), head);
    }
    EXPECT_FALSE(as_version_2(v1, {}, {}).ok());
    EXPECT_FALSE(as_version_2(v1, head, Bytes(5)).ok());
    EXPECT_FALSE(as_version_2(v1, head, Bytes(1, std::byte{0x40})).ok());
}

}    // namespace
}    // namespace filfil::snapshot
