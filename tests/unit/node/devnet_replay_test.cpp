// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "base/base64.hpp"
#include "devnet_rig.hpp"
#include "ipld/digest.hpp"
#include "node/devnet/replay_chain.hpp"
#include "rpc/client.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace filfil::node {
namespace {

/// The synthetic chain among the real data, with what snapshots of it have to be.
class DevnetReplay : public testing::Test {
protected:
    void SetUp() override {
        if (!std::filesystem::exists(folder() + "/synth_small/store.car"))
            GTEST_SKIP() << folder() << " does not exist: set FILFIL_INTEROP_DATA to the folder of real chain data";
    }

    static std::string folder() {
        const char* given = std::getenv("FILFIL_INTEROP_DATA");
        return given != nullptr ? given : FILFIL_SOURCE_DIR "/../shared/data";
    }

    static std::unique_ptr<DevnetChain> load() {
        SystemFiles files;
        ThreadPool threads(2);
        SeededRandom random(1);
        auto chain = ReplayChain::load(files, folder() + "/synth_small/store.car",
                                       folder() + "/synth_small/events.jsonl", threads, random);
        EXPECT_TRUE(chain.ok()) << chain.error().text();
        return std::move(*chain);
    }

    /// The fields that were told are those of the block that is read. Weights of this chain have zeros in front, which
    /// no node writes and JSON does not tell, so the CID cannot be made of the JSON here.
    static void check_header(const Json& link, const Json& json, const rpc::Answer& answer) {
        ASSERT_TRUE(answer.result);
        const Bytes data = from_base64(answer.result->get<std::string>()).value();
        EXPECT_EQ(ipld::cid_of_block(ipld::Codec::dag_cbor, data).text(), cid_text(link));
        auto told = parse_header(json);
        ASSERT_TRUE(told.ok()) << told.error().text();
        const auto is = chain::decode_full_header(data).value();
        EXPECT_TRUE(std::ranges::search(is.parent_weight, ByteView(told->parent_weight).subspan(1)).end() ==
                    is.parent_weight.end());
        told->parent_weight = is.parent_weight;
        EXPECT_TRUE(*told == is) << json.dump();
    }

    static Json expected() {
        std::ifstream file(folder() + "/synth_small/expected.json");
        std::stringstream text;
        text << file.rdbuf();
        return Json::parse(text.str());
    }
};

TEST_F(DevnetReplay, EveryTipsetThatIsAppliedCanBeReadThroughAClient) {
    for (const Flavour flavour : {Flavour::lotus, Flavour::forest}) {
        DevnetOptions options;
        options.flavour = flavour;
        options.period = Clock::Duration::zero();
        DevnetRig rig(options, 0, load());
        rpc::ClientConfig config;
        config.url = parse_url("ws://127.0.0.1:1234/rpc/v1").value();
        const auto client = rpc::make_client(rig.outside.world, config);
        bool open = false;
        client->open([&](Result<void> opened) { open = opened.ok(); }, [](const Error& why) { FAIL() << why.text(); });
        ASSERT_TRUE(rig.outside.run_until([&] { return open; }));
        std::size_t arrays = 0;
        std::size_t headers = 0;
        std::size_t reads = 0;
        client->open_channel(
            "Filecoin.ChainNotify", Json::array(), [](const rpc::Answer& answer) { EXPECT_TRUE(answer.result); },
            {[&](const Json& value) {
                 ++arrays;
                 for (const Json& change : value) {
                     if (change["Type"] == "revert") continue;
                     const Json& tipset = change["Val"];
                     for (std::size_t i = 0; i < tipset["Cids"].size(); ++i) {
                         ++headers;
                         client->call(
                             "Filecoin.ChainReadObj", Json::array({tipset["Cids"][i]}),
                             [&, link = tipset["Cids"][i], json = tipset["Blocks"][i]](const rpc::Answer& answer) {
                                 ++reads;
                                 check_header(link, json, answer);
                             });
                     }
                 }
             },
             [](const Error& why) { FAIL() << why.text(); }});
        rig.devnet->start();
        ASSERT_TRUE(rig.outside.run_until([&] { return rig.devnet->status().ended && reads == headers; }));
        for (const auto& line : rig.outside.log.lines()) EXPECT_LT(line.level, LogLevel::warning) << line.message;
        EXPECT_EQ(arrays, rig.devnet->status().event + 1);
        EXPECT_GT(headers, 300U);
        // It stays there.
        rig.advance(std::chrono::minutes(10));
        Json last = Json::array();
        for (const ipld::Cid& cid : rig.devnet->status().head) last.push_back(cid.text());
        EXPECT_EQ(last, expected()["head"]);
        EXPECT_FALSE(rig.devnet->step().value());
    }
}

TEST_F(DevnetReplay, AnExportOfEachHeadIsWhatLotusWrites) {
    DevnetOptions options;
    options.test_hooks = true;
    DevnetRig rig(options, 0, load());
    while (rig.devnet->step().value()) {
    }
    const auto wire = rig.connect();
    std::uint64_t channel = 0;
    const Json all = expected();
    for (const Json& row : all["expected"]) {
        Json key = Json::array();
        for (const Json& cid : row["head"]) key.push_back(Json{{"/", cid}});
        const Json answer =
            rig.ask(*wire, "Filecoin.ChainExport", Json::array({row["recent_roots"], row["skip_old_msgs"], key}));
        ASSERT_EQ(answer["result"], ++channel);
        ASSERT_TRUE(rig.outside.run_until([&] { return wire->channel_closed(channel); }));
        ipld::Sha256Stream sum;
        std::uint64_t size = 0;
        std::vector<Json> parts = wire->values(channel);
        ASSERT_EQ(parts.back(), "");
        parts.pop_back();
        for (const Json& part : parts) {
            const Bytes bytes = from_base64(part.get<std::string>()).value();
            sum.update(bytes);
            size += bytes.size();
        }
        EXPECT_EQ(size, row["lotus"]["bytes"].get<std::uint64_t>());
        EXPECT_EQ(to_hex(sum.finish()), row["lotus"]["car_sha256"].get<std::string>());
        wire->messages.clear();
    }
    EXPECT_EQ(channel, 30U);
}

}    // namespace
}    // namespace filfil::node
