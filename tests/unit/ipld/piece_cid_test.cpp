// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "ipld/piece_cid.hpp"
#include "ipld/varint.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace filfil::ipld {
namespace {

Digest256 root_of(std::string_view text) {
    Digest256 root{};
    std::ranges::copy(from_hex(text).value(), root.begin());
    return root;
}

const Digest256 some_root = root_of("496dae0cc9e265efe5a006e80626a5dc5c409e5d3155c13984caf6c8d5cfd605");

/// A version 2 CID with any digest, whether it means something or not.
Cid v2_with(std::uint64_t padding, unsigned height, ByteView root) {
    Bytes digest;
    append_varint(digest, padding);
    digest.push_back(static_cast<std::byte>(height));
    digest.insert(digest.end(), root.begin(), root.end());
    return {Codec::raw, {HashCode::fr32_sha256_trunc254_padbintree, digest}};
}

struct Published {
    std::string_view v1;    // empty where the FRC gives none
    std::string_view v2;
    std::uint64_t payload_size;
    std::uint64_t padded_size;
};

// FRC-0069, section "Test Cases".
constexpr Published published[] = {
    {"baga6ea4seaqes3nobte6ezpp4wqan2age2s5yxcatzotcvobhgcmv5wi2xh5mbi",
     "bafkzcibcaaces3nobte6ezpp4wqan2age2s5yxcatzotcvobhgcmv5wi2xh5mbi", 127 * 4, 512},
    {"", "bafkzcibcp4bdomn3tgwgrh3g532zopskstnbrd2n3sxfqbze7rxt7vqn7veigmy", 0, 128},
    {"", "bafkzcibcaabdomn3tgwgrh3g532zopskstnbrd2n3sxfqbze7rxt7vqn7veigmy", 127, 128},
    {"", "bafkzcibcpybwiktap34inmaex4wbs6cghlq5i2j2yd2bb2zndn5ep7ralzphkdy", 128, 256},
    {"baga6ea4seaqao7s73y24kcutaosvacpdjgfe5pw76ooefnyqw4ynr3d2y6x2mpq",
     "bafkzcibcaapao7s73y24kcutaosvacpdjgfe5pw76ooefnyqw4ynr3d2y6x2mpq", 34'091'302'912, std::uint64_t{1} << 35},
    {"baga6ea4seaqomqafu276g53zko4k23xzh4h4uecjwicbmvhsuqi7o4bhthhm4aq",
     "bafkzcibcaap6mqafu276g53zko4k23xzh4h4uecjwicbmvhsuqi7o4bhthhm4aq", 68'182'605'824, std::uint64_t{1} << 36},
    {"baga6ea4seaqn42av3szurbbscwuu3zjssvfwbpsvbjf6y3tukvlgl2nf5rha6pa",
     "bafkzcibcaac542av3szurbbscwuu3zjssvfwbpsvbjf6y3tukvlgl2nf5rha6pa", 127 * 8, 1024},
    {"baga6ea4seaqn42av3szurbbscwuu3zjssvfwbpsvbjf6y3tukvlgl2nf5rha6pa",
     "bafkzcibd7abqlxticxolgseegik2stpfgkkuwyf6kufex3doorkvmzpjuxwe4dz4", 128 * 4, 1024},
    {"baga6ea4seaqn42av3szurbbscwuu3zjssvfwbpsvbjf6y3tukvlgl2nf5rha6pa",
     "bafkzcibd64bqlxticxolgseegik2stpfgkkuwyf6kufex3doorkvmzpjuxwe4dz4", 127 * 4 + 5, 1024},
};

TEST(PieceCid, PublishedVectors) {
    for (const Published& p : published) {
        const auto v2 = Cid::parse(p.v2);
        ASSERT_TRUE(v2.ok()) << v2.error().text();
        const auto info = read_piece_cid(*v2);
        ASSERT_TRUE(info.ok()) << info.error().text();
        EXPECT_EQ(info->payload_size, p.payload_size);
        EXPECT_EQ(info->padded_size, p.padded_size);
        EXPECT_EQ(padded_size_of(p.payload_size), p.padded_size);
        const auto back = piece_cid_v2(info->root, p.payload_size, p.padded_size);
        ASSERT_TRUE(back.ok()) << back.error().text();
        EXPECT_EQ(back->text(), p.v2);
        if (!p.v1.empty()) {
            EXPECT_EQ(piece_cid_v1(info->root).text(), p.v1);
            const auto from_v1 = read_piece_cid(*Cid::parse(p.v1));
            ASSERT_TRUE(from_v1.ok());
            EXPECT_EQ(from_v1->root, info->root);
            EXPECT_FALSE(from_v1->payload_size.has_value());
            EXPECT_FALSE(from_v1->padded_size.has_value());
        }
    }
}

TEST(PieceCid, BytesAreThoseOfTheSpecification) {
    const auto v2 = piece_cid_v2(some_root, 127 * 4, 512);
    ASSERT_TRUE(v2.ok());
    EXPECT_EQ("f" + to_hex(v2->bytes()),
              "f01559120220004496dae0cc9e265efe5a006e80626a5dc5c409e5d3155c13984caf6c8d5cfd605");
    EXPECT_EQ(to_hex(piece_cid_v1(some_root).bytes()), "0181e203922020" + to_hex(some_root));
}

TEST(PieceCid, ReadsBackEverySizeItWrites) {
    for (unsigned height = 2; height <= 57; ++height) {
        const std::uint64_t padded = std::uint64_t{32} << height;
        EXPECT_EQ(height_of(padded), height);
        const std::uint64_t capacity = capacity_of(padded);
        for (const std::uint64_t payload :
             {std::uint64_t{0}, std::uint64_t{65}, capacity / 2, capacity / 2 + 1, capacity - 1, capacity}) {
            const auto cid = piece_cid_v2(some_root, payload, padded);
            ASSERT_TRUE(cid.ok()) << cid.error().text();
            const auto info = read_piece_cid(*Cid::parse(cid->text()));
            ASSERT_TRUE(info.ok()) << info.error().text();
            EXPECT_EQ(info->payload_size, payload);
            EXPECT_EQ(info->padded_size, padded);
            EXPECT_EQ(info->root, some_root);
        }
    }
}

TEST(PieceCid, SizesFollowTheRule) {
    EXPECT_EQ(padded_size_of(0), 128U);
    EXPECT_EQ(padded_size_of(127), 128U);
    EXPECT_EQ(padded_size_of(128), 256U);
    EXPECT_EQ(padded_size_of(254), 256U);
    EXPECT_EQ(padded_size_of(255), 512U);
    const std::uint64_t largest = capacity_of(std::uint64_t{1} << 62);
    EXPECT_EQ(padded_size_of(largest), std::uint64_t{1} << 62);
    EXPECT_EQ(padded_size_of(largest + 1), 0U);
    EXPECT_EQ(padded_size_of(~std::uint64_t{0}), 0U);
    EXPECT_EQ(height_of(32), 0U);
    EXPECT_EQ(height_of(0), 0U);
    EXPECT_EQ(capacity_of(std::uint64_t{1} << 35), 34'091'302'912U);
    for (std::uint64_t payload = 1; payload < 20'000; ++payload) {
        std::uint64_t padded = 128;
        while (padded / 128 * 127 < payload) padded *= 2;
        ASSERT_EQ(padded_size_of(payload), padded) << payload;
    }
}

TEST(PieceCid, RefusesSizesThatDoNotFit) {
    EXPECT_TRUE(piece_cid_v2(some_root, 127, 128).ok());
    for (const auto& [payload, padded] : std::initializer_list<std::pair<std::uint64_t, std::uint64_t>>{
             {128, 128}, {0, 0}, {0, 64}, {0, 192}, {0, std::uint64_t{1} << 63}, {~std::uint64_t{0}, 128}}) {
        const auto cid = piece_cid_v2(some_root, payload, padded);
        ASSERT_FALSE(cid.ok()) << payload << ' ' << padded;
        EXPECT_EQ(cid.error().code, ErrorCode::invalid_argument);
        EXPECT_FALSE(cid.error().remedy.empty());
    }
    Digest256 bad = some_root;
    bad[31] |= std::byte{0x40};
    EXPECT_FALSE(piece_cid_v2(bad, 127, 128).ok());
}

TEST(PieceCid, RefusesWhatIsNoPieceCidAndSaysWhy) {
    Digest256 high = some_root;
    high[31] |= std::byte{0x80};
    Bytes bare_padding(9, std::byte{0x80});
    const auto says = [](const Cid& cid, std::string_view part) {
        const auto info = read_piece_cid(cid);
        ASSERT_FALSE(info.ok()) << part;
        EXPECT_EQ(info.error().code, ErrorCode::invalid_argument);
        EXPECT_NE(info.error().message.find(part), std::string::npos) << info.error().message;
        EXPECT_FALSE(info.error().remedy.empty());
    };
    says(Cid{}, "empty");
    says(cid_of_block(Codec::dag_cbor, {}), "dag-cbor");
    says(cid_of_block(Codec::raw, {}), "blake2b-256");
    says(Cid(Codec::fil_commitment_sealed, {HashCode::poseidon_bls12_381_a2_fc1, some_root}), "sealed");
    says(Cid(Codec::raw, {HashCode::sha2_256_trunc254_padded, some_root}), "trunc254");
    says(piece_cid_v1(high), "top bits");
    says(Cid(Codec::fil_commitment_unsealed, {HashCode::sha2_256_trunc254_padded, ByteView(some_root).first(31)}),
         "31 bytes");
    says(v2_with(0, 2, high), "top bits");
    says(v2_with(0, 1, some_root), "height is 1");
    says(v2_with(0, 58, some_root), "height is 58");
    says(v2_with(0, 255, some_root), "height is 255");
    says(v2_with(128, 2, some_root), "larger than its piece");
    says(v2_with((std::uint64_t{1} << 63) - 1, 57, some_root), "larger than its piece");
    says(v2_with(0, 2, ByteView(some_root).first(30)), "30 bytes");
    says(Cid(Codec::raw, {HashCode::fr32_sha256_trunc254_padbintree, {}}), "padding");
    says(Cid(Codec::raw, {HashCode::fr32_sha256_trunc254_padbintree, bare_padding}), "padding");
    says(Cid(Codec::raw, {HashCode::fr32_sha256_trunc254_padbintree, ByteView(some_root).first(1)}), "height");
}

// go-fil-commcid refuses to read a v2 CID whose padding is half the tree or more, such as a 12-byte payload; others
// make them (FRC-0069 names the empty payload), so they must be read here.
TEST(PieceCid, ReadsPaddingThatGoRefuses) {
    const auto info = read_piece_cid(v2_with(115, 2, some_root));
    ASSERT_TRUE(info.ok());
    EXPECT_EQ(info->payload_size, 12U);
}

}    // namespace
}    // namespace filfil::ipld
