// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/config.hpp"

#include <gtest/gtest.h>

#include <set>

namespace filfil::service {
namespace {

using rpc::Json;
using namespace std::chrono_literals;

/// Every setting has another value than its default.
Config changed() {
    Config out;
    out.network = "calibnet";
    out.nodes = {{"wss://node.example/rpc/v1?token=a\"b\\c", "/etc/fil-fil/node token"}, {"http://[::1]:1234/rpc/v1"}};
    out.schedules = {
        {.every_epochs = 2880, .finalized = false},
        {.at_epoch = 0, .to_file = false, .recipe = snapshot::Recipe{snapshot::Format::v2, 900, false, 2 * KiB}}};
    out.chain = {"/data/größer \u007f.car", 3000, 1800, Finality::f3, "http://127.0.0.1:1235/rpc/v1"};
    out.chain.bootstrap = "/data/größer.car";
    out.chain.genesis_time = 1'700'000'000;
    out.chain.epoch_seconds = 15;
    out.markets = {{.miner = "f01000",
                    .kind = MarketKind::curio_mk20,
                    .url = "https://curio.example/",
                    .wallet = "f01001",
                    .indexing = true,
                    .announce = true},
                   {.kind = MarketKind::boost,
                    .url = "http://127.0.0.1:1288",
                    .graphql = "http://127.0.0.1:8080/graphql/query",
                    .token_file = "/boost token",
                    .folder = "/pieces"}};
    out.deals = {5s, 600, 24h};
    out.follow = {1500ms, 1ms, 24h, 4096, 1, 1000, 1'000'000'000};
    out.memory = {96 * GiB};
    out.api = {"0.0.0.0:1", "/c.pem", "/k.pem", {"https://a.example", "http://b.example:8080"}, 1};
    out.retrieval = {"[::]:80", "/c2.pem", "/k2.pem", "/token", 7, 3, 1000, 64 * KiB, 0, false, "http://10.0.0.5:5347"};
    out.snapshots = {"elsewhere", 0s, 9, car::Compression::forest};
    out.recipe = {snapshot::Format::v2, 1000, false, 64 * GiB};
    out.incentive = {"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
                     {"f01000", "t02"},
                     "f01001",
                     "/key.json",
                     "/password",
                     SlotPolicy::skip,
                     900,
                     "0.5 FIL",
                     "7 FIL",
                     false,
                     366,
                     5000,
                     "1 FIL"};
    out.checkpoint = {100, 90min};
    out.log = {LogLevel::error, 64 * KiB, 0};
    out.compute = {"cuda:0,1", "avx2", 3};
    return out;
}

std::string error_of(std::string_view text) {
    const auto config = read_config(text, "x.toml");
    return config.ok() ? "fine" : config.error().text();
}

TEST(Config, AnEmptyFileIsTheDefaults) {
    for (const std::string_view text : {"", "\n\n", "# nothing", "[api]\n[chain]\n"}) {
        const auto config = read_config(text, "x.toml");
        ASSERT_TRUE(config.ok()) << config.error().text();
        EXPECT_EQ(*config, Config());
    }
    const Config config;
    EXPECT_TRUE(check(config).ok());
    EXPECT_EQ(config.api.listen, "127.0.0.1:5346");
    EXPECT_EQ(config.retrieval.listen, "");
    EXPECT_EQ(default_recipe(config), snapshot::Recipe());
}

TEST(Config, WhatIsWrittenReadsBackEqual) {
    for (const Config& config : {Config(), changed()}) {
        ASSERT_TRUE(check(config).ok()) << check(config).error().text();
        const auto again = read_config(text_of(config), "x.toml");
        ASSERT_TRUE(again.ok()) << again.error().text() << "\n" << text_of(config);
        EXPECT_EQ(*again, config) << text_of(config);
    }
}

TEST(Config, TheTableNamesEverySettingOnce) {
    const Config defaults;
    const Config other = changed();
    std::set<std::string> keys;
    for (const Setting& setting : settings()) {
        EXPECT_TRUE(keys.insert(setting.key).second) << setting.key;
        EXPECT_FALSE(setting.help.empty());
        EXPECT_EQ(setting.help.find('\n'), std::string::npos);
        EXPECT_NE(text_of(defaults).find(setting.help), std::string::npos);
        const auto value = get(defaults, setting.key);
        ASSERT_TRUE(value.ok());
        EXPECT_EQ(*value, setting.default_value) << setting.key;
        EXPECT_NE(*value, *get(other, setting.key)) << setting.key << " is not changed by this test";
    }
    EXPECT_EQ(json_of(defaults).size(), keys.size());
    // A member that the table forgets would not come through here.
    Config copy;
    ASSERT_TRUE(set_all(copy, json_of(other)).ok());
    EXPECT_EQ(copy, other);
}

TEST(Config, ADefaultThatIsWrittenOutIsAllowed) {
    std::string text = text_of(Config());
    for (const Setting& setting : settings()) {
        const std::string name = setting.key.substr(setting.key.find('.') + 1);
        const std::size_t at = text.find("\n# " + name + " = ");
        if (at != std::string::npos) text.erase(at + 1, 2);
    }
    EXPECT_NE(text.find("\nlisten = \"127.0.0.1:5346\""), std::string::npos);
    const auto config = read_config(text, "x.toml");
    ASSERT_TRUE(config.ok()) << config.error().text();
    EXPECT_EQ(*config, Config());
}

TEST(Config, SizesAndDurationsHaveUnits) {
    const auto config = read_config(
        "memory.limit = '96GiB'\nsnapshots.keep_layout = '90min'\nfollow.poll = 3\n"
        "retrieval.bytes_per_second = 125_000_000\nlog.file_size = '1.5 MiB'",
        "x.toml");
    ASSERT_TRUE(config.ok()) << config.error().text();
    EXPECT_EQ(config->memory.limit, 96 * GiB);
    EXPECT_EQ(config->snapshots.keep_layout, 90min);
    EXPECT_EQ(config->follow.poll, 3s);
    EXPECT_EQ(config->retrieval.bytes_per_second, 125'000'000U);
    EXPECT_EQ(config->log.file_size, 3 * MiB / 2);
}

TEST(Config, UnknownKeysAreNamedWithTheNearest) {
    EXPECT_EQ(error_of("[api]\n\n  lisen = 'a:1'"),
              "x.toml:3:11: there is no setting 'api.lisen'; did you mean 'api.listen'?");
    EXPECT_EQ(error_of("[apii]\nlisten = 'a:1'"), "x.toml:1:1: there is no setting 'apii'; did you mean 'api'?");
    EXPECT_NE(error_of("netwrok = 'mainnet'").find("did you mean 'network'?"), std::string::npos);
    EXPECT_NE(error_of("recent_stateroots = 3").find("did you mean 'chain.recent_stateroots'?"), std::string::npos);
    EXPECT_NE(error_of("zzzzzzzz = 3").find("lists all settings"), std::string::npos);
    EXPECT_NE(error_of("\"api.listen\" = 'a:1'").find("x.toml:1"), std::string::npos);
    EXPECT_NE(error_of("[[nodes]]\nurl = 'ws://a/'\n[[nodes]]\nulr = 'ws://b/'").find("x.toml:3:"), std::string::npos);
    EXPECT_NE(error_of("[[nodes]]\nulr = 'ws://b/'").find("did you mean 'url'?"), std::string::npos);
    EXPECT_NE(error_of("[[schedules]]\nevery_epoch = 3").find("did you mean 'every_epochs'?"), std::string::npos);
    EXPECT_EQ(error_of("\"a\\u001b\\n\" = 3").find('\x1b'), std::string::npos);
}

TEST(Config, WrongTypesAreRefusedWhereTheyStand) {
    const std::vector<std::string_view> texts = {
        "network = 5",
        "network = true",
        "network = ['mainnet']",
        "network = {name = 'mainnet'}",
        "[network]\nname = 'mainnet'",
        "chain = 5",
        "chain = [1]",
        "[[chain]]\nslack = 5",
        "chain.slack = '5'",
        "chain.slack = 5.0",
        "chain.slack = inf",
        "chain.slack = nan",
        "chain.slack = true",
        "chain.slack = -1",
        "chain.recent_stateroots = 0",
        "chain.slack = 100000001",
        "chain.slack = 9223372036854775807",
        "chain.slack = 9223372036854775808",
        "chain.slack = 1979-05-27",
        "chain.slack = 1979-05-27T07:32:00Z",
        "chain.slack = 07:32:00",
        "chain.slack.deeper = 5",
        "memory.limit = true",
        "memory.limit = '5'x",
        "memory.limit = '5 parsecs'",
        "memory.limit = -5",
        "memory.limit = '1e3GiB'",
        "memory.limit = '99999999999TiB'",
        "follow.poll = '5'",
        "follow.poll = '5 weeks'",
        "follow.poll = '-5s'",
        "follow.poll = '0s'",
        "follow.poll = 0",
        "follow.poll = -3",
        "follow.poll = '99999999999999999999d'",
        "follow.poll = '2h'",
        "follow.poll = ''",
        "follow.poll = 1.5",
        "log.level = 'loud'",
        "log.level = 3",
        "snapshots.compress = 'gzip'",
        "recipe.format = 'v3'",
        "recipe.piece_size = '33GiB'",
        "recipe.piece_size = 127",
        "chain.finality = 'never'",
        "retrieval.blocks = 1",
        "retrieval.blocks = 'true'",
        "api.origins = 'https://a.example'",
        "api.origins = [5]",
        "api.origins = ['https://a.example/page']",
        "api.origins = ['*']",
        "api.origins = ['https://a.example', 'https://a.example']",
        "api.listen = ''",
        "api.listen = 'nowhere'",
        "api.listen = '127.0.0.1:99999'",
        "api.listen = '127.0.0.1:\\n80'",
        "chain.bootstrap = \"a\\u0000b\"",
        "chain.bootstrap = \"a\\nb\"",
        "chain.eth_url = 'ftp://a/'",
        "network = 'mainet'",
        "nodes = 'ws://a/'",
        "nodes = ['ws://a/']",
        "nodes = [5]",
        "[nodes]\nurl = 'ws://a/'",
        "[[nodes]]",
        "[[nodes]]\nurl = ''",
        "[[nodes]]\nurl = 'a'",
        "[[nodes]]\nurl = 5",
        "[[nodes]]\nurl = 'ws://a/'\ntoken_file = 5",
        "[[nodes]]\nurl = 'ws://a/'\n[[nodes]]\nurl = 'ws://a/'",
        "[[nodes]]\nurl = 'ws://a/'\n[nodes.url]\nb = 1",
        "[[markets]]",
        "[[markets]]\nkind = 'curio'",
        "[[markets]]\nkind = 'curio-mk20'",
        "[[markets]]\nkind = 'curio-mk20'\nurl = 'curio:12310'",
        "[[markets]]\nkind = 'curio-mk20'\nurl = 'ws://curio:12310'",
        "[[markets]]\nkind = 'curio-mk20'\nurl = 'http://c/'\nwallet = 'f0x'",
        "[[markets]]\nkind = 'curio-mk20'\nurl = 'http://c/'\nminer = 'f0x'",
        "[[markets]]\nkind = 'curio-mk20'\nurl = 'http://c/'\nannounce = true",
        "[[markets]]\nkind = 'curio-mk12'\nurl = 'http://c/'\nannounce = true\nindexing = true",
        "[[markets]]\nkind = 'boost'\nurl = 'http://b/'\ngraphql = 'http://b/'",
        "[[markets]]\nkind = 'boost'\nurl = 'http://b/'\ntoken_file = 't'",
        "[[markets]]\nkind = 'file'\nurl = 'http://b/'",
        "[[markets]]\nkind = 'file'\nurll = ''",
        "[[markets]]\nkind = 'file'\nminer = 'f01000'\n[[markets]]\nkind = 'file'\nminer = 't01000'",
        "[[markets]]\nkind = 'file'\n[[markets]]\nkind = 'file'",
        "[deals]\npoll = '0s'",
        "[deals]\nterm_days = 1279",
        "[incentive]\nclaim_at = 'much'",
        "[[schedules]]",
        "[[schedules]]\nevery_epochs = 0",
        "[[schedules]]\nevery_epochs = -5",
        "[[schedules]]\nevery_epochs = 5\nat_epoch = 7",
        "[[schedules]]\nat_epoch = 7\nrecipe = 'mine'",
        "[[schedules]]\nat_epoch = 7\nrecipe = 'v1,2001,skip,32GiB'",
        "[[schedules]]\nat_epoch = 7\nfinalized = 'yes'",
        "network = 'mainnet'\nnetwork = 'calibnet'",
        "[api]\nlisten = 'a:1'\n[api]\ntls_key = 'b'",
        "[api]\nlisten = 'a:1'\nlisten = 'a:1'",
        "network = 'mainnet",
        "network = ",
        "network",
        "[api",
        "[[nodes]",
        "= 5",
        "\xff\xfe",
        "network = '\xff'",
        std::string_view("network\0 = 5", 12),
    };
    for (const std::string_view text : texts) {
        const auto config = read_config(text, "x.toml");
        EXPECT_FALSE(config.ok()) << text;
        if (config.ok()) continue;
        EXPECT_EQ(config.error().code, ErrorCode::invalid_argument) << text << ": " << config.error().text();
        EXPECT_TRUE(config.error().message.starts_with("x.toml")) << text << ": " << config.error().text();
    }
}

TEST(Config, RefusesFilesMadeToExhaust) {
    EXPECT_EQ(read_config(std::string(2 * MiB, '#'), "x").error().code, ErrorCode::too_large);
    std::string dots = "a";
    for (int i = 0; i < 300'000; ++i) dots += ".a";
    for (const std::string& text :
         {dots + " = 1", "[" + dots + "]", "'\\'." + dots + " = 1", "x = '''\n'''\n" + dots + " = 1",
          "x = \"\\\"\"\n" + dots + " = 1", "# ' \n" + dots + " = 1", "x = 'a\n" + dots + " = 1"})
        EXPECT_FALSE(read_config(text, "x").ok());
    EXPECT_FALSE(read_config("a = " + std::string(500'000, '['), "x").ok());
    std::string tables = "a = ";
    for (int i = 0; i < 100'000; ++i) tables += "{a=";
    EXPECT_FALSE(read_config(tables, "x").ok());
    EXPECT_FALSE(read_config("network = '" + std::string(100'000, 'x') + "'", "x").ok());
    std::string nodes;
    for (int i = 0; i < 101; ++i) nodes += "[[nodes]]\nurl = 'ws://a:" + std::to_string(i + 1) + "/'\n";
    EXPECT_FALSE(read_config(nodes, "x").ok());
    // Dots in texts and comments are no keys.
    EXPECT_TRUE(
        read_config("# " + std::string(10'000, '.') + "\nchain.bootstrap = '" + std::string(4000, '.') + "'", "x")
            .ok());
}

TEST(Config, SettingsHaveToFitTogether) {
    const std::vector<std::pair<std::string_view, std::string_view>> cases = {
        {"api.tls_cert = 'a'", "api.tls_key"},
        {"api.tls_key = 'a'", "api.tls_cert"},
        {"retrieval.tls_key = 'a'", "retrieval.tls_cert"},
        {"api.listen = '0.0.0.0:5346'", "TLS"},
        {"api.listen = '127.0.0.1:80'\nretrieval.listen = '127.0.0.1:80'", "two ports"},
        {"follow.retry_least = '2min'", "follow.retry_most"},
        {"chain.recent_stateroots = 10\nrecipe.recent_stateroots = 11", "chain.recent_stateroots"},
        {"chain.recent_stateroots = 10\n[[schedules]]\nevery_epochs = 5\nrecipe = 'v1,11,skip,32GiB'", "schedules[0]"},
    };
    for (const auto& [text, part] : cases) {
        EXPECT_NE(error_of(text).find(part), std::string::npos) << error_of(text);
        EXPECT_TRUE(error_of(text).starts_with("x.toml: ")) << error_of(text);
    }
    EXPECT_EQ(error_of("api.listen = '0.0.0.0:5346'\napi.tls_cert = 'a'\napi.tls_key = 'b'"), "fine");
    EXPECT_EQ(error_of("chain.recent_stateroots = 10"), "fine");
    EXPECT_EQ(error_of("api.listen = '127.0.0.1:0'\nretrieval.listen = '127.0.0.1:0'"), "fine");
}

TEST(Config, SetChangesOneSettingOrNothing) {
    Config config;
    ASSERT_TRUE(set(config, "chain.slack", 5).ok());
    EXPECT_EQ(config.chain.slack, 5);
    ASSERT_TRUE(set(config, "memory.limit", "1GiB").ok());
    EXPECT_EQ(*get(config, "memory.limit"), Json(GiB));
    const Config before = config;
    EXPECT_EQ(set(config, "chain.slak", 5).error().code, ErrorCode::not_found);
    EXPECT_EQ(set(config, "chain", 5).error().code, ErrorCode::not_found);
    EXPECT_EQ(set(config, "", 5).error().code, ErrorCode::not_found);
    EXPECT_EQ(set(config, "chain.slack", Json()).error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(set(config, "chain.slack", "5").error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(set(config, "chain.slack", 18446744073709551615U).error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(set(config, "api.tls_cert", "a").error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(get(config, "api").error().code, ErrorCode::not_found);
    EXPECT_EQ(get(config, "api.lisen").error().remedy, "did you mean 'api.listen'?");
    EXPECT_FALSE(set_all(config, Json::array()).ok());
    EXPECT_FALSE(set_all(config, {{"chain.slack", 7}, {"log.level", "loud"}}).ok());
    EXPECT_EQ(config, before);
    ASSERT_TRUE(set_all(config, {{"api.tls_cert", "a"}, {"api.tls_key", "b"}}).ok());
    EXPECT_EQ(config.api.tls_key, "b");
}

TEST(Config, SetTextReadsWhatStandsOnACommandLine) {
    Config config;
    for (const auto& [key, value] : std::vector<std::pair<std::string_view, std::string_view>>{
             {"chain.slack", "17"},
             {"memory.limit", "64GiB"},
             {"follow.poll", "500ms"},
             {"retrieval.blocks", "no"},
             {"log.level", "debug"},
             {"api.origins", "https://a.example,https://b.example"},
             {"nodes", "ws://a/,http://b:5/rpc/v1"},
             {"schedules", R"([{"every_epochs": 10, "recipe": "v2,5,keep,2KiB"}])"}}) {
        const auto done = set_text(config, key, value);
        EXPECT_TRUE(done.ok()) << key << ": " << done.error().text();
    }
    EXPECT_EQ(config.chain.slack, 17);
    EXPECT_EQ(config.memory.limit, 64 * GiB);
    EXPECT_EQ(config.follow.poll, 500ms);
    EXPECT_FALSE(config.retrieval.blocks);
    EXPECT_EQ(config.api.origins, (std::vector<std::string>{"https://a.example", "https://b.example"}));
    EXPECT_EQ(config.nodes, (std::vector<NodeSetting>{{"ws://a/"}, {"http://b:5/rpc/v1"}}));
    ASSERT_EQ(config.schedules.size(), 1U);
    EXPECT_EQ(config.schedules[0].every_epochs, 10U);
    ASSERT_TRUE(set_text(config, "nodes", R"([{"url": "ws://c/", "token_file": "t"}])").ok());
    EXPECT_EQ(config.nodes, (std::vector<NodeSetting>{{"ws://c/", "t"}}));
    ASSERT_TRUE(set_text(config, "nodes", "").ok());
    EXPECT_TRUE(config.nodes.empty());

    const Config before = config;
    for (const auto& [key, value] :
         std::vector<std::pair<std::string_view, std::string_view>>{{"chain.slack", "17x"},
                                                                    {"chain.slack", ""},
                                                                    {"chain.slack", "99999999999999999999"},
                                                                    {"chain.slack", "-1"},
                                                                    {"memory.limit", "lots"},
                                                                    {"retrieval.blocks", "maybe"},
                                                                    {"nodes", "[{"},
                                                                    {"nodes", "[1]"},
                                                                    {"nodes", ",,"},
                                                                    {"schedules", "daily"},
                                                                    {"network", "atlantis"},
                                                                    {"nowhere", "5"}})
        EXPECT_FALSE(set_text(config, key, value).ok()) << key << " " << value;
    EXPECT_EQ(config, before);
}

TEST(Config, TheRecipeFollowsTheWindowUnlessItIsSet) {
    auto config = read_config("chain.recent_stateroots = 50\nrecipe.piece_size = '2KiB'", "x");
    ASSERT_TRUE(config.ok());
    EXPECT_EQ(default_recipe(*config), (snapshot::Recipe{snapshot::Format::v1, 50, true, 2 * KiB}));
    config = read_config("chain.recent_stateroots = 50\nrecipe.recent_stateroots = 20", "x");
    ASSERT_TRUE(config.ok());
    EXPECT_EQ(default_recipe(*config).recent_stateroots, 20U);
}

TEST(Config, SnapshotsLieInTheDataFolderUnlessAFolderIsNamed) {
    Config config;
    config.data_folder = "/data";
    EXPECT_EQ(snapshots_folder(config), "/data/snapshots");
    config.snapshots.folder = "cars";
    EXPECT_EQ(snapshots_folder(config), "/data/cars");
    config.snapshots.folder = "/mnt/cars";
    EXPECT_EQ(snapshots_folder(config), "/mnt/cars");
}

}    // namespace
}    // namespace filfil::service
