// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/secp256k1.hpp"

#include "incentive/keccak.hpp"
#include "incentive/transaction.hpp"
#include "vectors.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace filfil::incentive {
namespace {

SecretKey key_of(const rpc::Json& json) { return *SecretKey::from_bytes(hex_bytes(json.get<std::string>())); }

/// Below the order's half: what EIP-2 asks for.
constexpr std::string_view order = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";

TEST(Secp256k1, SignsAsCastDoes) {
    const rpc::Json all = vectors("sending.json");
    ASSERT_GE(all["signatures"].size(), 8U);
    for (const rpc::Json& one : all["signatures"]) {
        const SecretKey key = key_of(one["key"]);
        EXPECT_EQ(key.address().text(), one["address"].get<std::string>());
        const Hash32 hash = *parse_hash(one["hash"].get<std::string>());
        const auto signature = key.sign(hash);
        ASSERT_TRUE(signature.ok());
        const std::string v = signature->y_parity == 0 ? "1b" : "1c";
        EXPECT_EQ("0x" + to_hex(signature->r) + to_hex(signature->s) + v, one["signature"].get<std::string>());
        EXPECT_EQ(*recover(hash, *signature), key.address());
    }
}

TEST(Secp256k1, IsDeterministic) {
    const SecretKey key = key_of("0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80");
    const Hash32 hash = keccak_256(bytes_of("twice"));
    EXPECT_EQ(*key.sign(hash), *key.sign(hash));
}

TEST(Secp256k1, RefusesKeysThatAreNone) {
    for (const std::string& hex : {std::string(64, '0'), std::string(order), std::string(64, 'f'), std::string(62, '1'),
                                   std::string(66, '1'), std::string()}) {
        const auto key = SecretKey::from_bytes(hex_bytes(hex));
        ASSERT_FALSE(key.ok()) << hex;
        EXPECT_EQ(key.error().code, ErrorCode::invalid_argument);
        // No message may show a key.
        if (!hex.empty()) EXPECT_EQ(key.error().message.find(hex.substr(0, 16)), std::string::npos);
    }
}

TEST(Secp256k1, RefusesSignaturesThatAreNone) {
    const SecretKey key = key_of("0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80");
    const Hash32 hash = keccak_256(bytes_of("a message"));
    const Signature good = *key.sign(hash);

    Signature changed = good;
    changed.y_parity = 2;
    EXPECT_FALSE(recover(hash, changed).ok());
    changed = good;
    changed.r.fill(std::byte{0});
    EXPECT_FALSE(recover(hash, changed).ok());
    changed = good;
    changed.s.fill(std::byte{0});
    EXPECT_FALSE(recover(hash, changed).ok());
    changed = good;
    changed.r.fill(std::byte{0xff});
    EXPECT_FALSE(recover(hash, changed).ok());

    // The same signature with s in the upper half is one for who does not look: EIP-2.
    changed = good;
    changed.s = subtract(*U256::from_bytes(hex_bytes(order)), *U256::from_bytes(good.s))->bytes();
    changed.y_parity ^= 1U;
    const auto high = recover(hash, changed);
    ASSERT_FALSE(high.ok());
    EXPECT_NE(high.error().message.find("upper half"), std::string::npos);

    // Of another hash it is another's, or nobody's.
    const auto other = recover(keccak_256(bytes_of("another")), good);
    EXPECT_TRUE(!other.ok() || *other != key.address());
}

TEST(Secp256k1, WipesTheKeyThatWasMovedFrom) {
    SecretKey key = key_of("0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80");
    const EthAddress address = key.address();
    const SecretKey taken = std::move(key);
    EXPECT_EQ(taken.address(), address);
    EXPECT_TRUE(std::ranges::all_of(key.bytes(), [](std::byte b) { return b == std::byte{0}; }));    // NOLINT
    EXPECT_FALSE(std::ranges::all_of(taken.bytes(), [](std::byte b) { return b == std::byte{0}; }));
}

TEST(Secp256k1, MakesKeysThatDiffer) {
    SeededRandom random(3);
    const SecretKey a = SecretKey::generate(random);
    const SecretKey b = SecretKey::generate(random);
    EXPECT_NE(a.address(), b.address());
}

}    // namespace
}    // namespace filfil::incentive
