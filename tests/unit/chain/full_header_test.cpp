// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "chain/block_header.hpp"
#include "chain/encode_header.hpp"
#include "ipld/dag_cbor.hpp"
#include "ipld/value.hpp"
#include "sample_header.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

namespace filfil::chain {
namespace {

using ipld::Value;

Value::List fields() { return *ipld::decode_dag_cbor(encode_block_header(sample_header()).value())->as_list(); }

Bytes with(std::size_t field, Value value) {
    Value::List list = fields();
    list[field] = std::move(value);
    return ipld::encode_dag_cbor(Value(std::move(list))).value();
}

void reads_back(const FullHeader& header) {
    const Bytes data = encode_block_header(header).value();
    const auto back = decode_full_header(data);
    ASSERT_TRUE(back.ok()) << back.error().text();
    EXPECT_EQ(*back, header);
    EXPECT_EQ(encode_block_header(*back).value(), data);
}

TEST(FullHeader, EveryFieldReadsBack) { reads_back(sample_header()); }

TEST(FullHeader, WhatMayBeNullOrEmptyReadsBack) {
    FullHeader header = sample_header();
    header.ticket.reset();
    header.election_proof.reset();
    header.bls_aggregate.reset();
    header.block_signature.reset();
    header.parents.clear();
    header.beacon_entries.clear();
    header.win_post_proof.clear();
    header.parent_weight.clear();
    header.parent_base_fee.clear();
    header.miner.clear();
    header.height = Epoch{0};
    header.timestamp = 0;
    reads_back(header);

    header.ticket.emplace();
    header.election_proof = FullHeader::ElectionProof{};
    header.bls_aggregate.emplace();
    header.block_signature.emplace();
    header.beacon_entries.resize(2);
    header.win_post_proof.resize(3);
    reads_back(header);
}

TEST(FullHeader, TheLargestNumbersReadBack) {
    FullHeader header = sample_header();
    header.height = Epoch{std::numeric_limits<std::int64_t>::max()};
    header.timestamp = std::numeric_limits<std::uint64_t>::max();
    header.fork_signaling = std::numeric_limits<std::uint64_t>::max();
    header.beacon_entries[0].round = std::numeric_limits<std::uint64_t>::max();
    for (const std::int64_t n : {std::numeric_limits<std::int64_t>::min(), std::int64_t{-1}, std::int64_t{0},
                                 std::int64_t{23}, std::int64_t{24}, std::numeric_limits<std::int64_t>::max()}) {
        header.election_proof->win_count = n;
        header.win_post_proof[0].type = n;
        reads_back(header);
    }
    header.parents.assign(8192, sample_cid(1));
    reads_back(header);
    header.parents.push_back(sample_cid(1));
    EXPECT_FALSE(decode_full_header(encode_block_header(header).value()).ok());
}

TEST(FullHeader, CutAtEveryByteIsTruncated) {
    const Bytes whole = encode_block_header(sample_header()).value();
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const auto header = decode_full_header(ByteView(whole).first(size));
        ASSERT_FALSE(header.ok()) << size;
        EXPECT_EQ(header.error().code, ErrorCode::truncated) << size << ": " << header.error().text();
    }
}

TEST(FullHeader, BytesBehindItAreCorrupt) {
    Bytes data = encode_block_header(sample_header()).value();
    data.push_back(std::byte{0xf6});
    const auto header = decode_full_header(data);
    ASSERT_FALSE(header.ok());
    EXPECT_EQ(header.error().code, ErrorCode::corrupt);
    EXPECT_NE(header.error().message.find("1 bytes follow"), std::string::npos) << header.error().message;
}

// What is read at all is written again byte for byte, and both readers see the same.
TEST(FullHeader, EveryChangedBitIsKeptOrRefused) {
    const Bytes whole = encode_block_header(sample_header()).value();
    std::size_t read = 0;
    std::size_t refused = 0;
    for (std::size_t i = 0; i < whole.size(); ++i)
        for (unsigned bit = 0; bit < 8; ++bit) {
            Bytes changed = whole;
            changed[i] ^= static_cast<std::byte>(1U << bit);
            const auto header = decode_full_header(changed);
            if (!header.ok()) {
                ++refused;
                EXPECT_FALSE(header.error().message.empty());
                continue;
            }
            ++read;
            ASSERT_EQ(encode_block_header(*header).value(), changed) << "byte " << i << ", bit " << bit;
            const auto brief = decode_block_header(changed);
            ASSERT_TRUE(brief.ok()) << brief.error().text();
            EXPECT_EQ(brief->parents, header->parents);
            EXPECT_EQ(brief->height, header->height);
        }
    EXPECT_GT(read, 1000);
    EXPECT_GT(refused, 100);
}

TEST(FullHeader, WrongTypesNameTheField) {
    const Value link(sample_cid(1));
    const Value::List pair{Value(1), Value(Bytes(3))};
    const struct {
        std::size_t field;
        Value value;
        std::string_view name;
    } cases[] = {
        {0, Value(), "Miner"},
        {0, Value("f01234"), "Miner"},
        {1, Value(Value::List{}), "Ticket"},
        {2, Value(Value::List{Value(1)}), "ElectionProof"},
        {2, Value(Value::List{Value(Bytes(3)), Value(1)}), "ElectionProof"},
        {2, Value(Value::List{Value(std::uint64_t{1} << 63), Value(Bytes(3))}), "ElectionProof"},
        {3, Value(), "BeaconEntries"},
        {3, Value(Value::List{Value(1)}), "BeaconEntries"},
        {3, Value(Value::List{Value(Value::List{Value(-1), Value(Bytes(3))})}), "BeaconEntries"},
        {4, Value(), "WinPoStProof"},
        {4, Value(pair), "WinPoStProof"},
        {5, Value(), "Parents"},
        {5, link, "Parents"},
        {6, Value(5), "ParentWeight"},
        {6, Value(), "ParentWeight"},
        {7, Value(-1), "Height"},
        {7, Value(std::uint64_t{1} << 63), "Height"},
        {8, Value(), "ParentStateRoot"},
        {9, Value(Bytes(36)), "ParentMessageReceipts"},
        {10, Value(Value::List{link}), "Messages"},
        {11, Value(Value::List{}), "BLSAggregate"},
        {11, Value(false), "BLSAggregate"},
        {12, Value(-5), "Timestamp"},
        {13, Value("text"), "BlockSig"},
        {14, Value(), "ForkSignaling"},
        {15, Value(1), "ParentBaseFee"},
    };
    for (const auto& [field, value, name] : cases) {
        const auto header = decode_full_header(with(field, value));
        ASSERT_FALSE(header.ok()) << name;
        EXPECT_EQ(header.error().code, ErrorCode::corrupt) << header.error().text();
        EXPECT_NE(header.error().message.find("field " + std::string(name)), std::string::npos)
            << header.error().text();
    }
}

TEST(FullHeader, ALinkWithAnotherFirstByteIsCorrupt) {
    const Bytes whole = encode_block_header(sample_header()).value();
    for (const ipld::Cid& cid : {sample_header().messages, sample_header().parents[0], sample_header().parents[1],
                                 sample_header().parent_state_root, sample_header().parent_message_receipts}) {
        Bytes data = whole;
        const auto found = std::search(data.begin(), data.end(), cid.bytes().begin(), cid.bytes().end());
        ASSERT_NE(found, data.end());
        ASSERT_EQ(*(found - 1), std::byte{0});
        *(found - 1) = std::byte{1};
        const auto header = decode_full_header(data);
        ASSERT_FALSE(header.ok()) << cid.text();
        EXPECT_EQ(header.error().code, ErrorCode::corrupt) << header.error().text();
        EXPECT_TRUE(decode_block_header(data).ok()) << "the nodes' reader does not look at it";
    }
}

TEST(FullHeader, ALongListThatIsNotThereTakesNoMemory) {
    Bytes data = {std::byte{0x90}, std::byte{0x40}, std::byte{0xf6}, std::byte{0xf6}};
    for (const unsigned c : {0x99U, 0x20U, 0x00U}) data.push_back(static_cast<std::byte>(c));
    const auto header = decode_full_header(data);
    ASSERT_FALSE(header.ok());
    EXPECT_EQ(header.error().code, ErrorCode::truncated) << header.error().text();
    data[4] = std::byte{0x9b};
    data.insert(data.end(), 8, std::byte{0xff});
    const auto longer = decode_full_header(data);
    ASSERT_FALSE(longer.ok());
    EXPECT_EQ(longer.error().code, ErrorCode::corrupt) << longer.error().text();
}

}    // namespace
}    // namespace filfil::chain
