// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/transaction.hpp"

#include "incentive/rlp.hpp"
#include "vectors.hpp"

#include <gtest/gtest.h>

namespace filfil::incentive {
namespace {

Transaction transaction_of(const rpc::Json& json) {
    Transaction out;
    out.chain_id = json["chain_id"].get<std::uint64_t>();
    out.nonce = json["nonce"].get<std::uint64_t>();
    out.tip = number(json["tip"].get<std::string>());
    out.fee_cap = number(json["fee_cap"].get<std::string>());
    out.gas_limit = json["gas_limit"].get<std::uint64_t>();
    out.call.value = number(json["value"].get<std::string>());
    out.call.data = hex_bytes(json["data"].get<std::string>());
    if (!json["to"].is_null()) out.call.to = *EthAddress::from_bytes(hex_bytes(json["to"].get<std::string>()));
    return out;
}

Bytes some_raw() { return hex_bytes(vectors("sending.json")["transactions"][0]["raw"].get<std::string>()); }

/// The transaction with one field of its list changed.
Bytes with_field(std::size_t field, const RlpItem& value) {
    const Bytes raw = some_raw();
    RlpItem list = *decode_rlp(ByteView(raw).subspan(1));
    list.items[field] = value;
    Bytes out{raw[0]};
    const Bytes rest = encode_rlp(list);
    out.insert(out.end(), rest.begin(), rest.end());
    return out;
}

TEST(Transaction, IsSignedNamedAndReadAsCastDoes) {
    const rpc::Json all = vectors("sending.json");
    ASSERT_GE(all["transactions"].size(), 40U);
    for (const rpc::Json& one : all["transactions"]) {
        const SecretKey key = *SecretKey::from_bytes(hex_bytes(one["key"].get<std::string>()));
        const Transaction transaction = transaction_of(one);
        const auto made = sign(transaction, key);
        ASSERT_TRUE(made.ok()) << made.error().text();
        EXPECT_EQ("0x" + to_hex(made->raw), one["raw"].get<std::string>());
        EXPECT_EQ(hash_text(made->hash), one["hash"].get<std::string>());

        const auto read = decode_transaction(hex_bytes(one["raw"].get<std::string>()));
        ASSERT_TRUE(read.ok()) << read.error().text();
        EXPECT_EQ(read->transaction, transaction);
        EXPECT_EQ(read->from.text(), one["from"].get<std::string>());
        EXPECT_EQ(read->hash, made->hash);
        EXPECT_EQ(read->signature, made->signature);
    }
}

TEST(Transaction, RefusesATipAboveTheCap) {
    const SecretKey key = *SecretKey::from_bytes(Bytes(32, std::byte{1}));
    Transaction transaction;
    transaction.tip = 2;
    transaction.fee_cap = 1;
    const auto made = sign(transaction, key);
    ASSERT_FALSE(made.ok());
    EXPECT_EQ(made.error().code, ErrorCode::invalid_argument);
}

TEST(Transaction, KnowsTheMostThatItCanCost) {
    Transaction transaction;
    transaction.fee_cap = 7;
    transaction.gas_limit = 100;
    transaction.call.value = 5;
    EXPECT_EQ(*most_cost(transaction), U256(705));
    transaction.fee_cap = U256::max();
    EXPECT_FALSE(most_cost(transaction).has_value());
}

TEST(Transaction, RefusesEveryTruncationAndWhatFollows) {
    Bytes raw = some_raw();
    for (std::size_t size = 0; size < raw.size(); ++size)
        EXPECT_FALSE(decode_transaction(ByteView(raw).first(size)).ok()) << size;
    raw.push_back(std::byte{0});
    EXPECT_FALSE(decode_transaction(raw).ok());
}

TEST(Transaction, RefusesWhatIsNotOne) {
    const auto code_of = [](const Bytes& raw) {
        const auto read = decode_transaction(raw);
        EXPECT_FALSE(read.ok());
        return read.ok() ? ErrorCode::internal : read.error().code;
    };
    Bytes other = some_raw();
    other[0] = std::byte{1};
    EXPECT_EQ(code_of(other), ErrorCode::unsupported);
    EXPECT_EQ(code_of(Bytes(600'000, std::byte{2})), ErrorCode::too_large);
    EXPECT_EQ(code_of(hex_bytes("02c0")), ErrorCode::corrupt);
    EXPECT_EQ(code_of(hex_bytes("0280")), ErrorCode::corrupt);

    const RlpItem list = std::vector<RlpItem>{};
    for (std::size_t field = 0; field < 12; ++field)
        if (field != 8) EXPECT_EQ(code_of(with_field(field, list)), ErrorCode::corrupt) << field;
    EXPECT_EQ(code_of(with_field(8, Bytes{})), ErrorCode::corrupt);
    EXPECT_EQ(code_of(with_field(8, std::vector<RlpItem>{list})), ErrorCode::unsupported);    // an access list
    EXPECT_EQ(code_of(with_field(5, Bytes(19, std::byte{1}))), ErrorCode::corrupt);           // a short receiver
    EXPECT_EQ(code_of(with_field(1, hex_bytes("0001"))), ErrorCode::corrupt);                 // leading zeros
    EXPECT_EQ(code_of(with_field(4, RlpItem::number(U256::power_of_two(64)))), ErrorCode::too_large);
    EXPECT_EQ(code_of(with_field(9, RlpItem::number(2))), ErrorCode::corrupt);    // a parity that is none
    EXPECT_EQ(code_of(with_field(10, RlpItem::number(0))), ErrorCode::corrupt);
    EXPECT_EQ(code_of(with_field(11, RlpItem::number(U256::max()))), ErrorCode::corrupt);
}

TEST(Transaction, ReadsHashesOf32BytesAlone) {
    const std::string text = "0x" + std::string(64, 'a');
    EXPECT_EQ(hash_text(*parse_hash(text)), text);
    for (const std::string& bad : {std::string(), std::string("0x"), std::string(66, 'a'), text + "a",
                                   "0x" + std::string(63, 'a') + "g", "0X" + std::string(64, 'a')})
        EXPECT_FALSE(parse_hash(bad).ok()) << bad;
}

}    // namespace
}    // namespace filfil::incentive
