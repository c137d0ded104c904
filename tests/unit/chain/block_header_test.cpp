// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "chain/block_header.hpp"

#include "ipld/dag_cbor.hpp"
#include "ipld/value.hpp"
#include "sample_header.hpp"

#include <gtest/gtest.h>

namespace filfil::chain {
namespace {

using ipld::Value;

/// The sample as values, so that one field can be exchanged.
Value::List fields() { return *ipld::decode_dag_cbor(encode_block_header(sample_header()).value())->as_list(); }

Bytes with(std::size_t field, Value value) {
    Value::List list = fields();
    list[field] = std::move(value);
    return ipld::encode_dag_cbor(Value(std::move(list))).value();
}

TEST(BlockHeader, ReadsWhatASnapshotNeeds) {
    const FullHeader want = sample_header();
    const auto header = decode_block_header(encode_block_header(want).value());
    ASSERT_TRUE(header.ok()) << header.error().text();
    EXPECT_EQ(header->ticket, want.ticket);
    EXPECT_EQ(header->parents, want.parents);
    EXPECT_EQ(header->height, want.height);
    EXPECT_EQ(header->parent_state_root, want.parent_state_root);
    EXPECT_EQ(header->parent_message_receipts, want.parent_message_receipts);
    EXPECT_EQ(header->messages, want.messages);
    EXPECT_EQ(header->timestamp, want.timestamp);
}

TEST(BlockHeader, FieldsThatMayBeNullAreNull) {
    FullHeader genesis = sample_header();
    genesis.ticket.reset();
    genesis.election_proof.reset();
    genesis.bls_aggregate.reset();
    genesis.block_signature.reset();
    genesis.parents.clear();
    genesis.height = Epoch{0};
    const auto header = decode_block_header(encode_block_header(genesis).value());
    ASSERT_TRUE(header.ok()) << header.error().text();
    EXPECT_FALSE(header->ticket.has_value());
    EXPECT_TRUE(header->parents.empty());
    EXPECT_EQ(header->height.value, 0);
}

TEST(BlockHeader, CutAtEveryByteIsTruncated) {
    const Bytes whole = encode_block_header(sample_header()).value();
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const auto header = decode_block_header(ByteView(whole).first(size));
        ASSERT_FALSE(header.ok()) << size;
        EXPECT_EQ(header.error().code, ErrorCode::truncated) << size << ": " << header.error().text();
    }
}

TEST(BlockHeader, EveryChangedByteIsReadOrRefusedAndNeverMore) {
    const Bytes whole = encode_block_header(sample_header()).value();
    Bytes changed = whole;
    for (std::size_t i = 0; i < whole.size(); ++i)
        for (const unsigned bits : {0x01U, 0x1fU, 0x80U, 0xe0U, 0xffU}) {
            changed[i] = whole[i] ^ static_cast<std::byte>(bits);
            const auto header = decode_block_header(changed);
            if (!header.ok()) EXPECT_FALSE(header.error().message.empty());
            changed[i] = whole[i];
        }
}

TEST(BlockHeader, BytesBehindItAreCorrupt) {
    Bytes data = encode_block_header(sample_header()).value();
    data.push_back(std::byte{0});
    const auto header = decode_block_header(data);
    ASSERT_FALSE(header.ok());
    EXPECT_EQ(header.error().code, ErrorCode::corrupt);
    EXPECT_NE(header.error().message.find("1 bytes follow"), std::string::npos) << header.error().message;
}

TEST(BlockHeader, FifteenFieldsAreUnsupportedAndOtherCountsCorrupt) {
    Value::List list = fields();
    list.pop_back();
    const auto fifteen = decode_block_header(ipld::encode_dag_cbor(Value(list)).value());
    ASSERT_FALSE(fifteen.ok());
    EXPECT_EQ(fifteen.error().code, ErrorCode::unsupported);
    EXPECT_FALSE(fifteen.error().remedy.empty());
    for (const std::size_t count : {std::size_t{0}, std::size_t{14}, std::size_t{17}, std::size_t{300}}) {
        list.resize(count);
        const auto header = decode_block_header(ipld::encode_dag_cbor(Value(list)).value());
        ASSERT_FALSE(header.ok());
        EXPECT_EQ(header.error().code, ErrorCode::corrupt) << header.error().text();
    }
}

TEST(BlockHeader, WhatIsNoListIsNoHeader) {
    for (const Value& value : {Value(1), Value("text"), Value(Bytes(16)), Value(Value::Map{}), Value()}) {
        const auto header = decode_block_header(ipld::encode_dag_cbor(value).value());
        ASSERT_FALSE(header.ok());
        EXPECT_EQ(header.error().code, ErrorCode::corrupt);
        EXPECT_NE(header.error().message.find("no block header"), std::string::npos);
    }
}

TEST(BlockHeader, WrongTypesNameTheField) {
    const Value link(sample_cid(1));
    const struct {
        std::size_t field;
        Value value;
        std::string_view name;
    } cases[] = {
        {1, Value(1), "Ticket"},
        {1, Value(Value::List{}), "Ticket"},
        {1, Value(Value::List{Value("text")}), "Ticket"},
        {1, Value(Value::List{Value(Bytes()), Value(Bytes())}), "Ticket"},
        {5, Value(), "Parents"},
        {5, link, "Parents"},
        {5, Value(Value::List{Value(1)}), "Parents"},
        {7, Value(-1), "Height"},
        {7, Value(Bytes()), "Height"},
        {7, Value(std::uint64_t{1} << 63), "Height"},
        {8, Value(), "ParentStateRoot"},
        {9, Value(Bytes(36)), "ParentMessageReceipts"},
        {10, Value(Value::List{link}), "Messages"},
        {12, Value(-5), "Timestamp"},
    };
    for (const auto& [field, value, name] : cases) {
        const auto header = decode_block_header(with(field, value));
        ASSERT_FALSE(header.ok()) << name;
        EXPECT_EQ(header.error().code, ErrorCode::corrupt) << header.error().text();
        EXPECT_NE(header.error().message.find("field " + std::string(name)), std::string::npos)
            << header.error().text();
    }
}

TEST(BlockHeader, OtherFieldsMayBeAnything) {
    for (const std::size_t field : {0U, 2U, 3U, 4U, 6U, 11U, 13U, 14U, 15U})
        for (const Value& value : {Value(), Value(5), Value(Value::Map{{"a", Value::List{1, 2}}}), Value(Bytes(70000))})
            EXPECT_TRUE(decode_block_header(with(field, value)).ok()) << field;
}

TEST(BlockHeader, ListsAsLongAsTheyClaimAreNotBelieved) {
    const struct {
        std::size_t field;
        ErrorCode code;
    } cases[] = {{3, ErrorCode::truncated}, {5, ErrorCode::corrupt}};
    for (const auto& [field, code] : cases) {
        Value::List list = fields();
        list.resize(field);
        Bytes data = ipld::encode_dag_cbor(Value(list)).value();
        data[0] = std::byte{0x90};
        // A list of 2^32 - 1 items, of which one is there.
        for (const unsigned byte : {0x9aU, 0xffU, 0xffU, 0xffU, 0xffU, 0x00U})
            data.push_back(static_cast<std::byte>(byte));
        const auto header = decode_block_header(data);
        ASSERT_FALSE(header.ok());
        EXPECT_EQ(header.error().code, code) << header.error().text();
    }
}

TEST(EncodeHeader, RefusesWhatNoNodeCouldRead) {
    FullHeader header = sample_header();
    header.height = Epoch{-1};
    EXPECT_EQ(encode_block_header(header).error().code, ErrorCode::invalid_argument);
    header = sample_header();
    header.messages = {};
    EXPECT_EQ(encode_block_header(header).error().code, ErrorCode::invalid_argument);
    header = sample_header();
    header.parents.emplace_back();
    EXPECT_EQ(encode_block_header(header).error().code, ErrorCode::invalid_argument);
}

}    // namespace
}    // namespace filfil::chain
