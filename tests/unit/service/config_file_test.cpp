// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/config_file.hpp"
#include "crash_files.hpp"

#include <gtest/gtest.h>

namespace filfil::service {
namespace {

using rpc::Json;

std::string text_in(const CrashFiles& files) { return std::string(chars_of(files.contents("d/config.toml"))); }
void put(CrashFiles& files, std::string_view text) {
    const ByteView bytes = bytes_of(text);
    files.put("d/config.toml", Bytes(bytes.begin(), bytes.end()));
}

std::string changed(std::string_view text, std::string_view key, const Json& value) {
    auto out = changed_text(text, Json{{std::string(key), value}});
    return out.ok() ? *out : out.error().text();
}

TEST(ConfigFile, WithoutOneEverythingHasItsDefault) {
    CrashFiles files;
    const auto config = load_config(files, "d");
    ASSERT_TRUE(config.ok()) << config.error().text();
    Config wanted;
    wanted.data_folder = "d";
    EXPECT_EQ(*config, wanted);
}

TEST(ConfigFile, GivesBackWhatWasSaved) {
    CrashFiles files;
    Config config;
    config.data_folder = "d";
    config.network = "devnet";
    ASSERT_TRUE(save_config(files, config).ok());
    const auto again = load_config(files, "d");
    ASSERT_TRUE(again.ok()) << again.error().text();
    EXPECT_EQ(*again, config);
}

TEST(ConfigFile, ErrorsNameTheFileAndTheLine) {
    CrashFiles files;
    put(files, "network = 'devnet'\n[api]\nlisen = 'a:1'\n");
    EXPECT_TRUE(load_config(files, "d").error().message.starts_with("d/config.toml:3:"));
    EXPECT_TRUE(change_config(files, "d", "chain.slack", 5).error().message.starts_with("d/config.toml:3:"));
    EXPECT_EQ(text_in(files), "network = 'devnet'\n[api]\nlisen = 'a:1'\n");
}

TEST(ConfigFile, AChangeOfANewFileLeavesTheHelpInIt) {
    CrashFiles files;
    const auto config = change_config(files, "d", "chain.slack", 5);
    ASSERT_TRUE(config.ok()) << config.error().text();
    EXPECT_EQ(config->chain.slack, 5);
    EXPECT_EQ(config->data_folder, "d");
    std::string wanted = text_of(Config());
    const std::string line = "# slack = 900\n";
    wanted.replace(wanted.find(line), line.size(), "slack = 5\n");
    EXPECT_EQ(text_in(files), wanted);
}

TEST(ConfigFile, AChangeLeavesWhatTheUserWrote) {
    EXPECT_EQ(changed("# mine\n[chain]\nslack = 7 # why\nrecent_stateroots=3\n", "chain.slack", 5),
              "# mine\n[chain]\nslack = 5 # why\nrecent_stateroots=3\n");
    EXPECT_EQ(changed("chain.slack = 7 # ä", "chain.slack", 5), "chain.slack = 5 # ä");
    EXPECT_EQ(changed("chain = { slack = 7, recent_stateroots = 3 }", "chain.slack", 5),
              "chain = { slack = 5, recent_stateroots = 3 }");
    EXPECT_EQ(changed("api.origins = [ # ä\n 'https://a', # one\n]\nnetwork = 'devnet'\n", "api.origins",
                      Json::array({"https://b"})),
              "api.origins = [\"https://b\"]\nnetwork = 'devnet'\n");
    EXPECT_EQ(changed("chain.bootstrap = '''ä'''  # ö\n", "chain.bootstrap", "ü\"\\"),
              "chain.bootstrap = \"ü\\\"\\\\\"  # ö\n");
    EXPECT_EQ(changed("memory.limit = 5\r\nnetwork = 'devnet'\r\n", "memory.limit", "64GiB"),
              "memory.limit = \"64GiB\"\r\nnetwork = 'devnet'\r\n");
}

TEST(ConfigFile, ANewLineComesIntoItsSection) {
    EXPECT_EQ(changed("[chain]\nslack = 7\n\n# of the API\n[api]\n", "chain.recent_stateroots", 5),
              "[chain]\nslack = 7\nrecent_stateroots = 5\n\n# of the API\n[api]\n");
    EXPECT_EQ(changed("[api]", "chain.slack", 5), "[api]\n\n[chain]\nslack = 5\n");
    EXPECT_EQ(changed("", "chain.slack", 5), "[chain]\nslack = 5\n");
    EXPECT_EQ(changed("[api]\n", "network", "devnet"), "network = \"devnet\"\n[api]\n");
    EXPECT_EQ(changed("[[nodes]]\nurl = 'ws://a/'\n", "log.level", "debug"),
              "[[nodes]]\nurl = 'ws://a/'\n\n[log]\nlevel = \"debug\"\n");
}

TEST(ConfigFile, SeveralSettingsThatOnlyFitTogetherChangeAtOnce) {
    const auto out = changed_text("[api]\n# tls_cert = \"\"\n", Json{{"api.tls_cert", "a"}, {"api.tls_key", "b"}});
    ASSERT_TRUE(out.ok()) << out.error().text();
    EXPECT_EQ(*out, "[api]\ntls_cert = \"a\"\ntls_key = \"b\"\n");
    EXPECT_FALSE(changed_text("", Json{{"api.tls_cert", "a"}}).ok());
}

TEST(ConfigFile, WhereALineCannotBeChangedTheWholeIsWrittenAnew) {
    // A section that is there only as dotted keys, and a list of tables of which each has its place.
    for (const std::string_view text : {"chain.slack = 7\n", "[[nodes]]\nurl = 'ws://a/'\n[chain]\nslack = 7\n"})
        for (const auto& change :
             {Json{{"nodes", Json::array({{{"url", "ws://b/"}}})}}, Json{{"chain.recent_stateroots", 5}}}) {
            const auto out = changed_text(text, change);
            ASSERT_TRUE(out.ok()) << out.error().text();
            Config wanted = *read_config(text, "x");
            ASSERT_TRUE(set_all(wanted, change).ok());
            EXPECT_EQ(*read_config(*out, "x"), wanted) << *out;
        }
}

TEST(ConfigFile, AWrongChangeLeavesTheFile) {
    CrashFiles files;
    put(files, "network = 'devnet'\n");
    EXPECT_EQ(change_config(files, "d", "chain.slak", 5).error().code, ErrorCode::not_found);
    EXPECT_EQ(change_config(files, "d", "chain.slack", "x").error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(change_config(files, "d", "api.tls_key", "x").error().code, ErrorCode::invalid_argument);
    files.fill_up_after(3);
    EXPECT_EQ(change_config(files, "d", "chain.slack", 5).error().code, ErrorCode::io);
    EXPECT_EQ(text_in(files), "network = 'devnet'\n");
}

TEST(ConfigFile, APowerCutLeavesTheOldOrTheNewFile) {
    const std::string before = "network = 'devnet'\n";
    for (std::uint64_t at = 1;; ++at) {
        CrashFiles files;
        put(files, before);
        files.crash_at(at);
        const bool done = change_config(files, "d", "chain.slack", 5).ok();
        if (!files.crashed()) break;
        for (std::uint64_t seed = 0; seed < 20; ++seed) {
            SeededRandom random(seed);
            files.restart(random);
            const auto config = load_config(files, "d");
            ASSERT_TRUE(config.ok()) << config.error().text();
            ASSERT_EQ(config->network, "devnet");
            ASSERT_TRUE(config->chain.slack == 5 || !done);
        }
    }
}

}    // namespace
}    // namespace filfil::service
