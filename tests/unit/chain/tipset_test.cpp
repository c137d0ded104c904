// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "chain/tipset.hpp"

#include "chain/head_change.hpp"
#include "ipld/digest.hpp"
#include "sample_header.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace filfil::chain {
namespace {

struct Blocks {
    TipsetKey key;
    std::vector<BlockHeader> headers;
};

/// `count` blocks of one epoch that differ in their tickets.
Blocks blocks(std::size_t count) {
    Blocks out;
    for (std::size_t i = 0; i < count; ++i) {
        FullHeader header = sample_header();
        header.ticket = random_bytes(96, 100 + i);
        const Bytes data = encode_block_header(header).value();
        out.key.push_back(ipld::cid_of_block(ipld::Codec::dag_cbor, data));
        out.headers.push_back(decode_block_header(data).value());
    }
    return out;
}

TEST(Tipset, OrderIsThatOfTheHashedTickets) {
    const Blocks given = blocks(6);
    const auto tipset = make_tipset(given.key, given.headers, TipsetOrder::by_ticket);
    ASSERT_TRUE(tipset.ok());
    for (std::size_t i = 1; i < tipset->blocks.size(); ++i)
        EXPECT_LT(ipld::blake2b_256(*tipset->blocks[i - 1].ticket), ipld::blake2b_256(*tipset->blocks[i].ticket));
    EXPECT_NE(tipset->key, given.key);
    EXPECT_TRUE(std::ranges::is_permutation(tipset->key, given.key));

    Blocks turned = given;
    std::ranges::reverse(turned.key);
    std::ranges::reverse(turned.headers);
    EXPECT_EQ(make_tipset(turned.key, turned.headers, TipsetOrder::by_ticket)->key, tipset->key);
    EXPECT_EQ(make_tipset(given.key, given.headers, TipsetOrder::as_given)->key, given.key);
}

TEST(Tipset, EqualTicketsAreOrderedByCid) {
    Blocks given = blocks(4);
    for (BlockHeader& header : given.headers) header.ticket = given.headers[0].ticket;
    const auto tipset = make_tipset(given.key, given.headers, TipsetOrder::by_ticket);
    ASSERT_TRUE(tipset.ok());
    EXPECT_TRUE(std::ranges::is_sorted(tipset->key));
}

TEST(Tipset, RefusesWhatIsNone) {
    const auto code = [](Blocks blocks) {
        const auto tipset = make_tipset(std::move(blocks.key), std::move(blocks.headers), TipsetOrder::by_ticket);
        EXPECT_FALSE(tipset.ok());
        return tipset.ok() ? ErrorCode::internal : tipset.error().code;
    };
    EXPECT_EQ(code({}), ErrorCode::invalid_argument);
    Blocks given = blocks(2);
    given.headers.pop_back();
    EXPECT_EQ(code(given), ErrorCode::invalid_argument);
    given = blocks(2);
    given.headers[1].height.value += 1;
    EXPECT_EQ(code(given), ErrorCode::invalid_argument);
    given = blocks(2);
    given.headers[1].parents.pop_back();
    EXPECT_EQ(code(given), ErrorCode::invalid_argument);
    given = blocks(2);
    given.key[1] = given.key[0];
    EXPECT_EQ(code(given), ErrorCode::invalid_argument);
}

TEST(Tipset, KeyHasItsBytesAndNames) {
    const TipsetKey key{sample_cid(1), sample_cid(2)};
    EXPECT_EQ(bytes_of_key(key).size(), 2 * 38);
    EXPECT_EQ(text_of(key), key[0].text() + ", " + key[1].text());
    EXPECT_EQ(short_name(key), to_hex(ipld::blake2b_256(bytes_of_key(key))).substr(0, 8));
}

TEST(HeadChange, NamesAreThoseOfTheNodes) {
    EXPECT_EQ(name_of(HeadChange::Type::current), "current");
    EXPECT_EQ(name_of(HeadChange::Type::revert), "revert");
    EXPECT_EQ(name_of(HeadChange::Type::apply), "apply");
}

}    // namespace
}    // namespace filfil::chain
