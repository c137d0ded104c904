// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "ipld/digest.hpp"

#include <gtest/gtest.h>

namespace filfil::ipld {
namespace {

Bytes counting(std::size_t size) {
    Bytes out(size);
    for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<std::byte>(i * 7 + (i >> 8));
    return out;
}

struct Known {
    std::string_view input;
    std::string_view blake2b;
    std::string_view sha2;
};

// RFC 7693's function on the strings that FIPS 180 uses as examples, by Python's hashlib; the sha2 column is FIPS's
// own.
constexpr Known known[] = {
    {"", "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8",
     "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {"abc", "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319",
     "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
     "5f7a93da9c5621583f22e49e8e91a40cbba37536622235a380f434b9f68e49c4",
     "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
};

TEST(Digest, KnownAnswers) {
    for (const Known& k : known) {
        EXPECT_EQ(to_hex(blake2b_256(bytes_of(k.input))), k.blake2b) << k.input;
        EXPECT_EQ(to_hex(blake2b_256_portable(bytes_of(k.input))), k.blake2b) << k.input;
        EXPECT_EQ(to_hex(sha2_256(bytes_of(k.input))), k.sha2) << k.input;
        EXPECT_EQ(to_hex(sha2_256_portable(bytes_of(k.input))), k.sha2) << k.input;
    }
}

TEST(Digest, MillionTimesA) {
    const std::string text(1'000'000, 'a');
    EXPECT_EQ(to_hex(sha2_256_portable(bytes_of(text))),
              "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

// Every block and padding boundary of both functions lies below this length.
TEST(Digest, LibrariesAndPortableAgreeOnEveryLength) {
    const Bytes data = counting(700);
    for (std::size_t n = 0; n <= data.size(); ++n) {
        const ByteView view = ByteView(data).first(n);
        EXPECT_EQ(blake2b_256(view), blake2b_256_portable(view)) << n;
        EXPECT_EQ(sha2_256(view), sha2_256_portable(view)) << n;
    }
}

// Lengths go up and down, so that lanes end at different times and take inputs of all kinds after each other.
TEST(Digest, ManyEqualsOneByOne) {
    const Bytes data = counting(3000);
    for (std::size_t count = 0; count < 12; ++count) {
        std::vector<ByteView> inputs;
        for (std::size_t i = 0; i < count; ++i) inputs.push_back(ByteView(data).subspan(i, (i * 577) % 900));
        std::vector<Digest256> out(count);
        blake2b_256_many(inputs, out);
        for (std::size_t i = 0; i < count; ++i) EXPECT_EQ(out[i], blake2b_256_portable(inputs[i])) << count << ' ' << i;
    }
    std::vector<ByteView> inputs;
    for (std::size_t n = 0; n <= 700; ++n) inputs.push_back(ByteView(data).subspan(n, (n * 389) % 701));
    inputs.emplace_back(data);
    std::vector<Digest256> out(inputs.size());
    blake2b_256_many(inputs, out);
    for (std::size_t i = 0; i < inputs.size(); ++i) EXPECT_EQ(out[i], blake2b_256_portable(inputs[i])) << i;
}

TEST(Digest, StreamEqualsOneShotForEveryCut) {
    const Bytes data = counting(200);
    const Digest256 want = sha2_256_portable(data);
    for (std::size_t cut = 0; cut <= data.size(); ++cut) {
        Sha256Stream stream;
        stream.update(ByteView(data).first(cut));
        stream.update({});
        stream.update(ByteView(data).subspan(cut));
        EXPECT_EQ(stream.finish(), want) << cut;
    }
    Sha256Stream bytewise;
    for (const std::byte& b : data) bytewise.update({&b, 1});
    Sha256Stream moved = std::move(bytewise);
    EXPECT_EQ(moved.finish(), want);
}

}    // namespace
}    // namespace filfil::ipld
