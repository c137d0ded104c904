// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "ipld/piece_cid.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

namespace filfil::ipld {
namespace {

std::string text_of(const nlohmann::json& value) { return value.get<std::string>(); }

Digest256 root_of(const nlohmann::json& value) {
    Digest256 root{};
    std::ranges::copy(from_hex(text_of(value)).value(), root.begin());
    return root;
}

class PieceCidVectors : public testing::Test {
protected:
    nlohmann::json m_file =
        nlohmann::json::parse(std::ifstream(FILFIL_SOURCE_DIR "/tests/vectors/commp.json"), nullptr, false);
};

TEST_F(PieceCidVectors, PayloadsInBothVersions) {
    ASSERT_FALSE(m_file.is_discarded());
    ASSERT_EQ(m_file["vectors"].size(), 44U);
    for (const auto& v : m_file["vectors"]) {
        SCOPED_TRACE(v["name"].get<std::string>());
        const Digest256 root = root_of(v["commp_hex"]);
        const auto payload = v["len"].get<std::uint64_t>();
        const auto padded = v["padded_size"].get<std::uint64_t>();
        EXPECT_EQ(padded_size_of(payload), padded);
        EXPECT_EQ(piece_cid_v1(root).text(), text_of(v["piece_cid_v1"]));
        EXPECT_EQ(piece_cid_v2(root, payload, padded)->text(), text_of(v["piece_cid_v2"]));
        const auto info = read_piece_cid(*Cid::parse(text_of(v["piece_cid_v2"])));
        ASSERT_TRUE(info.ok()) << info.error().text();
        EXPECT_EQ(info->root, root);
        EXPECT_EQ(info->payload_size, payload);
        EXPECT_EQ(info->padded_size, padded);
        if (v.contains("pad_to")) {
            EXPECT_EQ(piece_cid_v1(root_of(v["padded_commp_hex"])).text(), text_of(v["padded_piece_cid_v1"]));
        }
    }
}

TEST_F(PieceCidVectors, ZeroTree) {
    ASSERT_FALSE(m_file.is_discarded());
    ASSERT_EQ(m_file["zero_tree"].size(), 32U);
    for (const auto& v : m_file["zero_tree"]) {
        EXPECT_EQ(height_of(v["padded_size"].get<std::uint64_t>()), v["level"].get<unsigned>());
        EXPECT_EQ(piece_cid_v1(root_of(v["commp_hex"])).text(), text_of(v["piece_cid_v1"]));
        EXPECT_EQ(read_piece_cid(*Cid::parse(text_of(v["piece_cid_v1"])))->root, root_of(v["commp_hex"]));
    }
}

}    // namespace
}    // namespace filfil::ipld
