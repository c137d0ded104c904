// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "commp/cpu_backend.hpp"
#include "support/said.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <map>

namespace filfil::e2e {
namespace {

/// Chain data that the project does not ship.
class RealFiles : public testing::Test {
protected:
    void SetUp() override {
        const char* folder = std::getenv("FILFIL_INTEROP_DATA");
        m_folder = folder != nullptr ? folder : FILFIL_SOURCE_DIR "/../shared/data";
        if (!std::filesystem::is_regular_file(path("forest_chain4.car")))
            GTEST_SKIP() << "no real chain data: " << m_folder << " is absent (set FILFIL_INTEROP_DATA)";
    }

    [[nodiscard]] std::string path(const std::string& name) const { return m_folder + '/' + name; }

    std::string m_folder;
};

TEST_F(RealFiles, EveryInstructionSetGivesTheSamePieceOfTheSameBytes) {
    // SHA-256 as Forest and Lotus publish or make it.
    const std::map<std::string, std::string> sha256{
        {"forest_chain4.car", "2fc3965aeceb595a41190b2c9b7572317e7cb9d82cf9323ae1a9181331e665c9"},
        {"forest_export40.car", "66d9df2307fa242e935a2b5f94579ae2c41914bd7b6d7b8c85bbeeaf0173ed85"}};
    std::vector<std::string> words{"commp", "--json", "--sha256", "--isa", "portable"};
    for (const auto& entry : std::filesystem::directory_iterator(m_folder))
        if (entry.is_regular_file()) words.push_back(entry.path().string());
    const auto portable = objects_of(run(words));
    ASSERT_EQ(portable.size(), words.size() - 5);
    for (const std::string& isa : commp::usable_isas()) {
        words[4] = isa;
        const auto objects = objects_of(run(words));
        ASSERT_EQ(objects.size(), portable.size());
        for (std::size_t i = 0; i < objects.size(); ++i) {
            EXPECT_EQ(objects[i]["piece_cid_v2"], portable[i]["piece_cid_v2"]) << isa << ' ' << objects[i]["path"];
            EXPECT_EQ(objects[i]["sha256"], portable[i]["sha256"]) << isa << ' ' << objects[i]["path"];
        }
    }
    for (const auto& object : portable) {
        const auto known = sha256.find(std::filesystem::path(object["path"].get<std::string>()).filename().string());
        if (known != sha256.end()) {
            EXPECT_EQ(object["sha256"], known->second);
        }
    }
}

TEST_F(RealFiles, ACompressedSnapshotIsKnownForWhatItIs) {
    const auto object = object_of(run({"commp", "--json", path("forest_chain4.car")}));
    for (const char* field : {"piece_cid", "piece_cid_v2"}) {
        const auto cid = object[field].get<std::string>();
        const Ended same = run({"verify", "--json", "--car", path("forest_chain4.car"), "--piece-cid", cid});
        EXPECT_EQ(same.code, 0) << same.err;
        EXPECT_EQ(object_of(same)["blocks_verified"], 1222);
        for (const char* name : {"forest_chain4.car.zst", "forest_chain4.forest.car.zst"}) {
            const Ended ended = run({"verify", "--json", path(name), "--piece-cid", cid});
            EXPECT_EQ(ended.code, 1);
            EXPECT_TRUE(object_of(ended)["diagnosis"].get<std::string>().starts_with("compressed: ")) << ended.out;
        }
    }
}

}    // namespace
}    // namespace filfil::e2e
