// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "payloads.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <fstream>

namespace filfil::commp {
namespace {

nlohmann::json vectors() {
    std::ifstream file(FILFIL_SOURCE_DIR "/tests/vectors/commp.json");
    return nlohmann::json::parse(file);
}

Bytes payload_of(const nlohmann::json& vector) {
    const auto size = vector.at("len").get<std::size_t>();
    const auto generator = vector.at("gen").get<std::string>();
    if (generator == "sha256ctr") return test::vector_payload(size);
    if (generator == "zeros") return Bytes(size);
    if (generator == "0xff") return Bytes(size, std::byte{0xff});
    ADD_FAILURE() << "unknown generator " << generator;
    return {};
}

TEST(Vectors, HoldUnderEveryIsa) {
    const auto file = vectors();
    ASSERT_EQ(file.at("vectors").size(), 44U);
    EXPECT_EQ(to_hex(ipld::sha2_256(test::vector_payload(1 << 20))),
              file.at("generator").at("sha256_of_first_1MiB").get<std::string>());
    for (const std::string& isa : usable_isas()) {
        test::InlineCpu cpu(isa);
        for (const auto& vector : file.at("vectors")) {
            SCOPED_TRACE(isa + " " + vector.at("name").get<std::string>());
            // Minutes under a sanitizer; the other instruction sets still take every vector.
            if (test::sanitized && isa == "portable" && vector.at("len").get<std::size_t>() > 4 << 20) continue;
            const Bytes payload = payload_of(vector);
            const auto piece = test::hash_pushed(*cpu, payload);
            ASSERT_TRUE(piece.ok()) << piece.error().text();
            EXPECT_EQ(to_hex(piece->root), vector.at("commp_hex").get<std::string>());
            EXPECT_EQ(piece->padded_size, vector.at("padded_size").get<std::uint64_t>());
            EXPECT_EQ(piece_cid_v1(*piece).text(), vector.at("piece_cid_v1").get<std::string>());
            EXPECT_EQ(piece_cid_v2(*piece).text(), vector.at("piece_cid_v2").get<std::string>());
            if (!vector.contains("pad_to")) continue;
            const auto padded = pad_to(*piece, vector.at("pad_to").get<std::uint64_t>());
            ASSERT_TRUE(padded.ok()) << padded.error().text();
            EXPECT_EQ(to_hex(padded->root), vector.at("padded_commp_hex").get<std::string>());
            EXPECT_EQ(piece_cid_v1(*padded).text(), vector.at("padded_piece_cid_v1").get<std::string>());
        }
    }
}

TEST(Vectors, ZeroTreeIsThePublishedOne) {
    const auto file = vectors();
    for (const auto& entry : file.at("zero_tree")) {
        const auto level = entry.at("level").get<unsigned>();
        EXPECT_EQ(to_hex(zero_node(level)), entry.at("commp_hex").get<std::string>()) << "level " << level;
        EXPECT_EQ(ipld::piece_cid_v1(zero_node(level)).text(), entry.at("piece_cid_v1").get<std::string>())
            << "level " << level;
    }
}

}    // namespace
}    // namespace filfil::commp
