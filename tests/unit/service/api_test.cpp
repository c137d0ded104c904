// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service_rig.hpp"

#include "service/api.hpp"
#include "service/house.hpp"

#include <fstream>
#include <set>
#include <sstream>

namespace filfil::service {
namespace {

std::string page() {
    std::ifstream file(FILFIL_SOURCE_DIR "/docs/api.md");
    std::stringstream out;
    out << file.rdbuf();
    return out.str();
}

/// Sections of docs/api.md that are of a method: its name and what stands there.
std::map<std::string, std::string> sections() {
    std::map<std::string, std::string> out;
    const std::string text = page();
    constexpr std::string_view mark = "\n### FilFil.";
    for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + 1)) {
        const std::size_t line = text.find('\n', at + 1);
        const std::size_t end = std::min(text.find("\n#", line), text.size());
        out[text.substr(at + 5, line - at - 5)] = text.substr(line, end - line);
    }
    return out;
}

/// The JSON values that stand in a section's blocks, one a line.
std::vector<Json> examples(const std::string& section) {
    std::vector<Json> out;
    bool inside = false;
    std::istringstream lines(section);
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("```")) {
            inside = line == "```json";
        } else if (inside) {
            auto json = rpc::parse_json(line);
            EXPECT_TRUE(json.ok()) << line;
            if (json.ok()) out.push_back(*std::move(json));
        }
    }
    return out;
}

std::vector<std::string> registered(ServiceRig& rig) {
    House house({.world = rig.process->machine.world,
                 .log = rig.process->log,
                 .backend = *rig.process->backend,
                 .hashing = rig.process->at_once,
                 .writing = rig.process->at_once,
                 .loading = rig.process->at_once,
                 .open_journal = {},
                 .read_memory = {},
                 .notify = {}},
                rig.config);
    rpc::Server server(rig.process->machine.world, {});
    add_api(server, house);
    return server.methods();
}

TEST(Api, EveryMethodHasItsSectionWithAnExampleAndNoSectionIsOfNoMethod) {
    ServiceRig rig({});
    const auto written = sections();
    std::set<std::string> names;
    for (const auto& [name, section] : written) names.insert(name);
    const auto methods = registered(rig);
    EXPECT_EQ(names, std::set<std::string>(methods.begin(), methods.end()));
    for (const auto& [name, section] : written) {
        const auto found = examples(section);
        ASSERT_GE(found.size(), 2U) << name;
        EXPECT_EQ(found[0].value("method", ""), name);
        EXPECT_TRUE(found[1].contains("result")) << name;
    }
}

TEST(Api, ParametersOfTheExamplesAreAccepted) {
    ServiceRig rig({});
    ASSERT_TRUE(rig.wait_state("synced"));
    for (const auto& [name, section] : sections()) {
        if (name == "FilFil.Stop") continue;
        const rpc::Answer answer = rig.call(name, examples(section).at(0)["params"]);
        if (answer.error) EXPECT_NE(answer.error->code, -32602) << name << ": " << answer.error->message;
        if (name != "FilFil.Subscribe" && name != "FilFil.SetConfig")
            EXPECT_TRUE(answer.result || answer.error) << name;
    }
}

/// The fields that an example shows, and what the daemon gives: the page leaves out none at the top.
TEST(Api, ExamplesOfWholeAnswersHaveTheFieldsThatTheDaemonGives) {
    ServiceRig rig({});
    ASSERT_TRUE(rig.wait_state("synced"));
    const auto written = sections();
    const auto names = [](const Json& object) {
        std::set<std::string> out;
        for (const auto& [name, value] : object.items()) out.insert(name);
        return out;
    };
    for (const std::string method : {"FilFil.Version", "FilFil.Status", "FilFil.State", "FilFil.Hold"}) {
        const auto example = examples(written.at(method));
        const Json given = rig.ask(method);
        EXPECT_EQ(names(example[1]["result"]), names(given)) << method;
        for (const auto& [name, value] : given.items())
            if (value.is_object() && !value.empty() && example[1]["result"][name].is_object() &&
                method == "FilFil.Status")
                EXPECT_EQ(names(example[1]["result"][name]), names(value)) << method << "." << name;
    }
    const Json job = rig.take(Json::object());
    EXPECT_EQ(names(examples(written.at("FilFil.Job"))[1]["result"]), names(job));
    Json result = job["result"];
    result["car_sha256"] = "";
    EXPECT_EQ(names(examples(written.at("FilFil.TakeSnapshot"))[2]), names(result));
}

Json deep(int levels) {
    Json out = 1;
    for (int i = 0; i < levels; ++i) out = Json::array({std::move(out)});
    return out;
}

TEST(Api, HostileParametersAreRefusedByName) {
    ServiceRig rig({});
    ASSERT_TRUE(rig.wait_state("synced"));
    const auto written = sections();
    for (const std::string& name : registered(rig)) {
        if (name == "FilFil.Stop") continue;
        const auto refused = [&](const Json& params, const std::string& what) {
            const rpc::Answer answer = rig.call(name, params);
            ASSERT_TRUE(answer.error) << name << " " << what << ": "
                                      << (answer.result ? answer.result->dump() : "no answer");
            EXPECT_EQ(answer.error->code, -32602) << name << " " << what << ": " << answer.error->message;
            EXPECT_LT(answer.error->message.size(), 400U) << name << " " << what;
        };
        refused(Json::array({1}), "a list");
        refused(Json::array({Json::object()}), "a list with an object");
        refused({{"no_such_parameter", 1}}, "an unknown parameter");
        refused({{std::string(100'000, 'x'), 1}}, "a huge name");
        refused({{"", deep(40)}}, "an unknown parameter that is deep");
        const Json example = examples(written.at(name)).at(0)["params"];
        for (const auto& [parameter, good] : example.items()) {
            if (name == "FilFil.SetConfig" && parameter == "value") continue;
            std::vector<std::pair<std::string, Json>> wrong = {{"null", nullptr},
                                                               {"an object", {{"a", 1}}},
                                                               {"deep", deep(40)},
                                                               {"a fraction", 1.5},
                                                               {"a huge number", 1e300}};
            if (!good.is_number()) wrong.emplace_back("a number below", -1);
            if (good.is_number()) {
                wrong.emplace_back("negative", -5);
                wrong.emplace_back("too large", std::uint64_t{18'000'000'000'000'000'000U});
                wrong.emplace_back("a text", "12");
            }
            if (!good.is_boolean()) wrong.emplace_back("true", true);
            if (!good.is_array()) wrong.emplace_back("a list", Json::array({1, "x"}));
            if (good.is_array()) wrong.emplace_back("a list of numbers", Json::array({1}));
            wrong.emplace_back("a huge text", std::string(1'000'000, 'a'));
            for (const auto& [what, value] : wrong) {
                Json params = example;
                params[parameter] = value;
                // Others may contradict it before it is looked at: that is an error of the same kind.
                refused(params, parameter + " = " + what);
            }
        }
    }
}

TEST(Api, HostileSettingsChangeNothing) {
    ServiceRig rig({});
    const Json before = rig.ask("FilFil.Config");
    for (const Json& value : std::vector<Json>{nullptr, deep(40), {{"a", 1}}, 1.5, -1, std::string(1'000'000, 'a')}) {
        const rpc::Answer answer = rig.call("FilFil.SetConfig", {{"key", "snapshots.keep_layout"}, {"value", value}});
        ASSERT_TRUE(answer.error) << value.dump().substr(0, 50);
        EXPECT_EQ(answer.error->code, -32602) << answer.error->message.substr(0, 200);
    }
    EXPECT_TRUE(rig.call("FilFil.SetConfig", {{"key", "no.such"}, {"value", 1}}).error);
    EXPECT_EQ(rig.ask("FilFil.Config"), before);
}

TEST(Api, SettingsAreWrittenAndAppliedOrWaitForARestart) {
    ServiceRig rig({});
    ASSERT_TRUE(rig.wait_state("synced"));
    const Json live = rig.ask("FilFil.SetConfig", {{"key", "snapshots.keep_layout"}, {"value", "2h"}});
    EXPECT_FALSE(live["restart_needed"].get<bool>());
    EXPECT_EQ(rig.ask("FilFil.GetConfig", {{"key", "snapshots.keep_layout"}})["value"], "2h");
    const Json later = rig.ask("FilFil.SetConfig", {{"key", "api.connections"}, {"value", 99}});
    EXPECT_TRUE(later["restart_needed"].get<bool>());
    EXPECT_NE(rig.ask("FilFil.GetConfig", {{"key", "api.connections"}})["value"], 99);
    const std::string file(chars_of(rig.files.contents("/data/config.toml")));
    EXPECT_NE(file.find("keep_layout = \"2h\""), std::string::npos) << file.substr(0, 500);
    const Json all_settings = rig.ask("FilFil.Config")["settings"];
    for (const Json& setting : all_settings)
        EXPECT_EQ(setting["waits_for_restart"].get<bool>(), setting["key"] == "api.connections");
}

TEST(Api, WithTheTokenForReadingNothingCanBeChanged) {
    ServiceRig rig({});
    ASSERT_TRUE(rig.wait_state("synced"));
    const std::string page_text = page();
    std::string token(chars_of(rig.files.contents("/data/token.read")));
    while (token.ends_with('\n')) token.pop_back();
    rpc::ClientConfig settings;
    settings.url = {.scheme = Url::Scheme::http, .at = {"127.0.0.1", 5346}, .target = "/rpc/v1"};
    settings.token = token;
    auto reader = rpc::make_client(rig.client_machine.world, settings);
    for (const auto& [name, section] : sections()) {
        std::optional<rpc::Answer> answer;
        reader->call(name, examples(section).at(0)["params"], [&](rpc::Answer got) { answer = std::move(got); });
        ASSERT_TRUE(rig.clock.run_until([&] { return answer.has_value(); }, std::chrono::minutes(1))) << name;
        const bool admin = section.find("\nAdmin. ") != std::string::npos;
        EXPECT_EQ(answer->error && answer->error->code == -32001, admin) << name;
    }
    settings.token = "wrong";
    auto stranger = rpc::make_client(rig.client_machine.world, settings);
    std::optional<rpc::Answer> answer;
    stranger->call("FilFil.Version", Json::object(), [&](rpc::Answer got) { answer = std::move(got); });
    ASSERT_TRUE(rig.clock.run_until([&] { return answer.has_value(); }, std::chrono::minutes(1)));
    ASSERT_TRUE(answer->failure);
    EXPECT_EQ(answer->failure->code, ErrorCode::denied);
}

TEST(Api, EventsTellWhatStateDoesNotHaveYet) {
    ServiceRig rig({});
    ASSERT_TRUE(rig.wait_state("synced"));
    const Json subscribed = rig.ask("FilFil.Subscribe");
    EXPECT_FALSE(subscribed["resync"].get<bool>());
    ASSERT_FALSE(rig.events.empty());
    EXPECT_EQ(rig.events.front()["type"], "subscribed");
    const Json state = rig.ask("FilFil.State");
    rig.go_on(2);
    (void)rig.take(Json::object());
    std::set<std::string> types;
    std::uint64_t last = subscribed["seq"];
    for (std::size_t i = 1; i < rig.events.size(); ++i) {
        EXPECT_EQ(rig.events[i]["seq"].get<std::uint64_t>(), last + 1);
        last = rig.events[i]["seq"];
        types.insert(rig.events[i]["type"].get<std::string>());
    }
    EXPECT_GE(last, state["seq"].get<std::uint64_t>());
    for (const char* type : {"head", "job", "snapshot", "hold"}) EXPECT_TRUE(types.contains(type)) << type;
    EXPECT_EQ(rig.ask("FilFil.Unsubscribe", {{"subscription", subscribed["subscription"]}})["unsubscribed"], true);
    const std::size_t told = rig.events.size();
    rig.go_on(1);
    EXPECT_EQ(rig.events.size(), told);
    // One that comes back is told what it missed; one of another start has to ask for everything.
    const Json back = rig.ask("FilFil.Subscribe", {{"after_seq", last}});
    EXPECT_FALSE(back["resync"].get<bool>());
    EXPECT_GT(rig.events.size(), told + 1);
    EXPECT_TRUE(rig.ask("FilFil.Subscribe", {{"after_seq", 5}})["resync"].get<bool>());
}

TEST(Api, JobsAreCancelledWithNothingLeftBehind) {
    ServiceRig rig({});
    ASSERT_TRUE(rig.wait_state("synced"));
    rig.connect();
    Json job;
    rig.client->call("FilFil.TakeSnapshot", Json::object(),
                     [&](rpc::Answer answer) { job = answer.result.value_or(Json::object()); });
    ASSERT_TRUE(rig.clock.run_until([&] { return !job.is_null(); }));
    (void)rig.call("FilFil.CancelJob", {{"id", job["job"]}});
    const Json ended = rig.job(job);
    EXPECT_TRUE(ended["state"] == "cancelled" || ended["state"] == "done") << ended.dump();
    rig.clock.advance(std::chrono::seconds(10));
    const bool done = ended["state"] == "done";
    EXPECT_EQ(rig.ask("FilFil.Holds")["holds"].size(), done ? 1U : 0U);
    for (const std::string& path : rig.files.paths())
        EXPECT_TRUE(done || path.find("filfil_snapshot") == std::string::npos) << path;
}

TEST(Api, UpkeepJobsDoWhatTheySay) {
    ServiceRig rig({});
    ASSERT_TRUE(rig.wait_state("synced"));
    rig.go_on(2);
    ASSERT_GT(rig.ask("FilFil.Status")["checkpoint"]["log_bytes"].get<std::uint64_t>(), 0U);
    EXPECT_EQ(rig.job(rig.ask("FilFil.Checkpoint"))["state"], "done");
    const Json audit = rig.job(rig.ask("FilFil.Audit", {{"repair", false}}));
    EXPECT_TRUE(audit["result"]["good"].get<bool>()) << audit.dump();
    const Json backup = rig.job(rig.ask("FilFil.Backup"));
    EXPECT_EQ(backup["result"]["path"].get<std::string>().rfind("/data/backup/journal-", 0), 0U) << backup.dump();
    EXPECT_EQ(rig.job(rig.ask("FilFil.BenchmarkDevices"))["result"]["devices"].size(), 1U);
    EXPECT_EQ(rig.ask("FilFil.Devices")["devices"][0]["selected"], true);
    EXPECT_FALSE(rig.ask("FilFil.Log", {{"limit", 5}})["records"].empty());
}

TEST(Api, HoldsAreMadeReleasedAndExpire) {
    ServiceRig rig({});
    ASSERT_TRUE(rig.wait_state("synced"));
    const Json one = rig.ask("FilFil.Hold", {{"recent_stateroots", 3}, {"reason", "mine"}});
    const Json other = rig.ask("FilFil.Hold", {{"recent_stateroots", 3}, {"expires_seconds", 60}});
    EXPECT_EQ(rig.ask("FilFil.Holds")["holds"].size(), 2U);
    EXPECT_EQ(rig.ask("FilFil.Status")["holds"], 2);
    rig.clock.advance(std::chrono::seconds(90));
    const Json left = rig.ask("FilFil.Holds")["holds"];
    ASSERT_EQ(left.size(), 1U);
    EXPECT_EQ(left[0]["number"], one["number"]);
    EXPECT_EQ(left[0]["reason"], "mine");
    EXPECT_EQ(rig.ask("FilFil.ReleaseHold", {{"number", one["number"]}})["released"], true);
    EXPECT_TRUE(rig.call("FilFil.ReleaseHold", {{"number", one["number"]}}).error);
    (void)rig.take(Json::object());
    const rpc::Answer refused =
        rig.call("FilFil.ReleaseHold", {{"number", rig.ask("FilFil.Holds")["holds"][0]["number"]}});
    ASSERT_TRUE(refused.error);
    EXPECT_NE(refused.error->message.find("snapshot"), std::string::npos);
}

TEST(Api, HoldsKeepTheirBlocksAndOutliveAKill) {
    ServiceRig rig({});
    ASSERT_TRUE(rig.wait_state("synced"));
    const Json made =
        rig.ask("FilFil.Hold", {{"recent_stateroots", 3}, {"reason", "mine"}, {"expires_seconds", 100'000}});
    rig.kill();
    ASSERT_FALSE(rig.start());
    ASSERT_TRUE(rig.wait_state("synced"));
    const Json holds = rig.ask("FilFil.Holds")["holds"];
    ASSERT_EQ(holds.size(), 1U);
    EXPECT_EQ(holds[0], made);
    // Out of the window nothing but the hold keeps them.
    rig.go_on(50);
    const auto blocks = [&] {
        rig.clock.advance(std::chrono::seconds(30));
        return rig.ask("FilFil.Status")["blocks"].get<std::uint64_t>();
    };
    const std::uint64_t held = blocks();
    rig.ask("FilFil.ReleaseHold", {{"number", made["number"]}});
    EXPECT_LT(blocks(), held);
}

}    // namespace
}    // namespace filfil::service
