// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "node/profile.hpp"
#include "node/tipset_json.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>

namespace filfil::node {
namespace {

using rpc::Json;

std::string data_folder() {
    const char* given = std::getenv("FILFIL_INTEROP_DATA");
    return given != nullptr ? given : FILFIL_SOURCE_DIR "/../shared/data";
}

/// The text in a .gz file, by way of gzip; empty where there is none.
std::string unpack(const std::string& path) {
    std::string text;
    std::FILE* pipe = ::popen(("gzip -dc '" + path + "'").c_str(), "r");
    if (pipe == nullptr) return text;
    char part[4096];
    for (std::size_t n = 0; (n = std::fread(part, 1, sizeof part, pipe)) > 0;) text.append(part, n);
    return ::pclose(pipe) == 0 ? text : std::string();
}

class RealTipsets : public testing::Test {
protected:
    void SetUp() override {
        const std::filesystem::path folder = data_folder() + "/json_tipsets";
        std::error_code missing;
        if (!std::filesystem::is_directory(folder, missing))
            GTEST_SKIP() << folder << " does not exist: set FILFIL_INTEROP_DATA to the folder of real chain data";
        if (std::system("gzip --version > /dev/null 2>&1") != 0) GTEST_SKIP() << "gzip is not installed";
        for (const auto& file : std::filesystem::directory_iterator(folder)) {
            auto json = rpc::parse_json(unpack(file.path().string()));
            ASSERT_TRUE(json.ok()) << file.path() << ": " << json.error().text();
            m_tipsets.emplace_back(file.path().filename().string(), std::move(*json));
        }
        ASSERT_GE(m_tipsets.size(), 21);
    }

    std::vector<std::pair<std::string, Json>> m_tipsets;
};

// Every header hashes to the CID under which the node sends it, and is written as the same JSON again: also the order
// of fields and the way of numbers is that of Lotus.
TEST_F(RealTipsets, ReadWithTheirCidsAndAreWrittenAgainAsTheyWere) {
    std::size_t blocks = 0;
    for (const auto& [name, json] : m_tipsets) {
        SCOPED_TRACE(name);
        const auto tipset = parse_tipset(json);
        ASSERT_TRUE(tipset.ok()) << tipset.error().text();
        const auto again = json_of_tipset(tipset->key, tipset->headers);
        ASSERT_TRUE(again.ok()) << again.error().text();
        for (const char* field : {"Cids", "Blocks", "Height"}) EXPECT_EQ((*again)[field].dump(), json[field].dump());
        for (std::size_t i = 0; i < tipset->blocks.size(); ++i) {
            EXPECT_EQ(ipld::cid_of_block(ipld::Codec::dag_cbor, tipset->blocks[i]), tipset->key[i]);
            const auto decoded = chain::decode_full_header(tipset->blocks[i]);
            ASSERT_TRUE(decoded.ok()) << decoded.error().text();
            EXPECT_EQ(*decoded, tipset->headers[i]);
            ++blocks;
        }
    }
    EXPECT_GE(blocks, 55);
}

// Both of the networks that they are from count their epochs from the genesis in the profile.
TEST_F(RealTipsets, StandAtTheTimeThatTheirNetworksProfileSays) {
    std::size_t of_mainnet = 0;
    std::size_t of_calibnet = 0;
    for (const auto& [name, json] : m_tipsets) {
        const auto tipset = parse_tipset(json);
        ASSERT_TRUE(tipset.ok()) << tipset.error().text();
        const std::uint64_t time = tipset->headers.front().timestamp;
        const bool mainnet = time_of_epoch(find_profile("mainnet").value(), tipset->epoch) == time;
        const bool calibnet = time_of_epoch(find_profile("calibnet").value(), tipset->epoch) == time;
        EXPECT_NE(mainnet, calibnet) << name;
        of_mainnet += mainnet ? 1 : 0;
        of_calibnet += calibnet ? 1 : 0;
    }
    EXPECT_GT(of_mainnet, 0);
    EXPECT_GT(of_calibnet, 0);
}

// A node that leaves out or changes anything of any header is found out.
TEST_F(RealTipsets, WithAnyValueExchangedAreRefused) {
    const std::function<void(Json&, Json&, std::size_t&)> spoil = [&](Json& root, Json& at, std::size_t& count) {
        if (at.is_structured()) {
            for (auto& item : at) spoil(root, item, count);
            return;
        }
        const Json kept = at;
        if (at.is_string()) {
            std::string text = at.get<std::string>();
            char& c = text[text.size() / 2];
            c = c == '2' ? '3' : '2';
            at = text;
        } else if (at.is_number()) {
            at = at.get<std::int64_t>() + 1;
        } else {
            return;
        }
        EXPECT_FALSE(parse_tipset(root).ok()) << kept.dump() << " -> " << at.dump();
        ++count;
        at = kept;
    };
    std::size_t count = 0;
    for (const auto& [name, json] : m_tipsets) {
        Json changed = Json::object();
        for (const char* field : {"Cids", "Blocks", "Height"}) changed[field] = json[field];
        spoil(changed, changed, count);
        EXPECT_TRUE(parse_tipset(changed).ok()) << name;
    }
    EXPECT_GT(count, 1'000);
}

}    // namespace
}    // namespace filfil::node
