// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "ipld/cbor_writer.hpp"
#include "ipld/dag_cbor.hpp"

#include <gtest/gtest.h>

namespace filfil::ipld {
namespace {

// The codec is the other way to the same bytes.
TEST(CborWriter, NumbersAreAsShortAsTheCodecMakesThem) {
    for (const std::uint64_t number : {0ULL, 1ULL, 23ULL, 24ULL, 255ULL, 256ULL, 65535ULL, 65536ULL, 4294967295ULL,
                                       4294967296ULL, 0xffffffffffffffffULL}) {
        CborWriter out;
        out.number(number);
        EXPECT_EQ(to_hex(out.bytes()), to_hex(encode_dag_cbor(Value(number)).value()));
    }
}

TEST(CborWriter, ItemsAreThoseOfTheCodec) {
    const Cid cid = cid_of_block(Codec::raw, bytes_of("a"));
    const Bytes long_string(300, std::byte{7});
    CborWriter out;
    out.number(9);
    out.clear();
    out.list(8);
    out.string(long_string);
    out.string({});
    out.text("text");
    out.link(cid.bytes());
    out.null();
    out.boolean(true);
    out.boolean(false);
    out.map(1);
    out.text("k");
    out.item(encode_dag_cbor(Value(-5)).value());
    const Value same(Value::List{long_string, Bytes(), "text", cid, Value(), true, false, Value::Map{{"k", -5}}});
    EXPECT_EQ(to_hex(out.bytes()), to_hex(encode_dag_cbor(same).value()));
}

TEST(CborWriter, GrownBytesAreKeptWhenTheMemoryMoves) {
    CborWriter out;
    Bytes want;
    for (unsigned i = 0; i < 1000; ++i) {
        const ByteSpan space = out.grow(i);
        EXPECT_EQ(space.size(), i);
        for (std::byte& byte : space) byte = static_cast<std::byte>(i);
        want.insert(want.end(), i, static_cast<std::byte>(i));
    }
    EXPECT_EQ(out.size(), want.size());
    EXPECT_EQ(chars_of(out.bytes()), chars_of(want));
}

}    // namespace
}    // namespace filfil::ipld
