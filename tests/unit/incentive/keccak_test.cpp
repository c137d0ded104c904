// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/keccak.hpp"

#include "vectors.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <filesystem>

namespace filfil::incentive {
namespace {

std::string digest_of(ByteView data) { return to_hex(keccak_256(data)); }

/// The bytes that make_vectors.mjs hashes.
Bytes pattern(std::size_t length) {
    Bytes out(length);
    for (std::size_t i = 0; i < length; ++i) out[i] = static_cast<std::byte>(i * 7 + length * 13 + (i >> 8));
    return out;
}

TEST(Keccak, HashesWhatTheSpecificationSays) {
    EXPECT_EQ(digest_of({}), "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
    EXPECT_EQ(digest_of(bytes_of("abc")), "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45");
    // The hash of Ethereum's empty list, that every block without uncles has.
    EXPECT_EQ(digest_of(hex_bytes("c0")), "1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347");
}

TEST(Keccak, IsNotSha3) {
    EXPECT_NE(digest_of({}), "a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a");
}

TEST(Keccak, HashesAsAnotherProgramDoesAroundTheSizeOfABlock) {
    const rpc::Json all = vectors("keccak.json");
    ASSERT_GE(all.size(), 30U);
    for (const rpc::Json& one : all) {
        const auto length = one["length"].get<std::size_t>();
        EXPECT_EQ(digest_of(pattern(length)), one["digest"].get<std::string>()) << length;
    }
}

TEST(Keccak, HashesAsAnotherProgramDoesForManyLengths) {
    const std::string folder = std::string(FILFIL_SOURCE_DIR) + "/tests/contracts";
    if (!std::filesystem::exists(folder + "/node_modules/@noble/hashes"))
        GTEST_SKIP() << "tests/contracts/node_modules is not installed: run npm ci there";
    // All lengths to four blocks, in one hash of hashes.
    const std::string script =
        "import('@noble/hashes/sha3.js').then(m=>{const all=[];for(let n=0;n<545;++n)all.push(...m.keccak_256("
        "Uint8Array.from({length:n},(_,i)=>(i*7+n*13+(i>>8))&255)));process.stdout.write(Buffer.from(m.keccak_256("
        "Uint8Array.from(all))).toString('hex'))})";
    std::FILE* pipe =
        ::popen(("cd '" + folder + "' && node --input-type=module -e \"" + script + "\" 2>/dev/null").c_str(), "r");
    ASSERT_NE(pipe, nullptr);
    std::array<char, 128> said{};
    const std::size_t size = std::fread(said.data(), 1, said.size(), pipe);
    if (::pclose(pipe) != 0) GTEST_SKIP() << "node does not run here";
    Bytes all;
    for (std::size_t length = 0; length < 545; ++length) {
        const auto digest = keccak_256(pattern(length));
        all.insert(all.end(), digest.begin(), digest.end());
    }
    EXPECT_EQ(digest_of(all), std::string_view(said.data(), size));
}

}    // namespace
}    // namespace filfil::incentive
