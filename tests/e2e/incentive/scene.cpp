// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "scene.hpp"

namespace filfil::e2e {
namespace {

// The second and third of the accounts that anvil makes of its fixed phrase.
constexpr const char* second = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8";
constexpr const char* third = "0x3c44cdddb6a900fa2b585dd299e03d12fa4293bc";

constexpr const char* settings = R"([incentive]
wallet = "t410f6op5nzi2vwepn5gonk4ie4tzz773sitggxp4hiy"
confirmations = 12
miners = ["t01000"]

[recipe]
piece_size = "8MiB"
)";

}    // namespace

incentive::U256 amount_of(const Json& text) {
    if (!text.is_string()) {
        ADD_FAILURE() << text.dump() << " is no amount";
        return {};
    }
    const auto& digits = text.get_ref<const std::string&>();
    const auto amount = digits.starts_with("0x") ? incentive::U256::parse_hex(digits) : incentive::U256::parse(digits);
    EXPECT_TRUE(amount.ok()) << digits;
    return amount.ok() ? *amount : incentive::U256();
}

void Scene::start() {
    m_evm = std::make_unique<Anvil>(m_folder);
    if (testing::Test::HasFailure()) return;
    const std::string of = ":";
    const Ended mocked =
        run_script({FILFIL_SOURCE_DIR "/tests/contracts/tools/deploy_mocks.mjs", m_evm->url(), "--miner",
                    "1000" + of + wallet, "--miner", "1001" + of + second, "--miner", "1002" + of + third});
    ASSERT_EQ(mocked.code, 0) << mocked.err;
    m_folder.write("token", "secret");
    m_folder.write("data/config.toml", settings);
    Process::Options options;
    // It says something of each epoch, and nobody would read that.
    options.output_file = m_folder.write("devnet.out", "");
    m_node =
        std::make_unique<Process>(Words{"devnet", "--json", "--port", "0", "--state", "4MiB", "--tipset", "64KiB",
                                        "--period", "200ms", "--seed", "7", "--token", "secret", "--evm", m_evm->url()},
                                  options);
    const std::string said = wait_for_line(*m_node, m_folder, "devnet.out", "{");
    ASSERT_NE(said, "");
    m_node_url = Json::parse("{" + said, nullptr, false).value("url", "");
    m_daemon = std::make_unique<LiveDaemon>(m_folder.path("data"), follow());
    deploy();
    if (!testing::Test::HasFailure()) register_all();
    m_ready = !testing::Test::HasFailure();
}

Words Scene::follow() const {
    return {"--node",      m_node_url, "--node-token-file", m_folder.path("token"),
            "--bootstrap", "node",     "--log-level",       "error"};
}

void Scene::deploy() {
    ASSERT_TRUE(m_daemon->until([](const Json& status) { return status["state"] == "synced"; }));
    // The wallet is opened beside the chain.
    const Words words = {"contract", "deploy",          "--set", "slot_epochs=200", "--set", "window_epochs=200",
                         "--set",    "lead_epochs=120", "--set", "min_power=1TiB",  "--set", "replicas=1"};
    Ended ended;
    do ended = m_daemon->command(words);
    while (ended.code != 0 && ended.err.find("wallet is being opened") != std::string::npos);
    ASSERT_EQ(ended.code, 0) << ended.err;
    m_contract = object_of(ended).value("contract", "");
    ASSERT_EQ(m_contract.size(), 42U);
    (void)done({"config", "set", "incentive.contract", m_contract});
    const Ended stopped = m_daemon->stop();
    ASSERT_EQ(stopped.code, 0) << stopped.err;
    m_daemon->start();
    ASSERT_TRUE(m_daemon->until([](const Json& status) { return status["state"] == "synced"; }));
    m_evm->send(wallet, m_contract, "0x56bc75e2d63100000");    // 100 FIL
}

void Scene::register_all() {
    const Json told = done({"register", "t01000"});
    EXPECT_EQ(told["miner"], "t01000");
    EXPECT_EQ(told["bond"], "10000000000000000000");
    for (const auto& [account, miner] : {std::pair(second, 1001U), std::pair(third, 1002U)})
        m_evm->send(account, m_contract, "0x1158e460913d00000", "register(uint64)", miner);    // 20 FIL
}

Json Scene::done(const Words& words) const {
    const Ended ended = m_daemon->command(words);
    EXPECT_EQ(ended.code, 0) << words.front() << ": " << ended.err;
    return ended.code == 0 ? object_of(ended) : Json::object();
}

Json Scene::window_of(const std::string& miner) const {
    const Ended ended = m_daemon->command({"windows", "--days", "1", "--miner", miner});
    EXPECT_EQ(ended.code, 0) << ended.err;
    for (Json& window : objects_of(ended)) {
        if (window["staged"] == true) continue;
        const auto target = window["target_epoch"].get<std::int64_t>();
        const auto is_final = [&](const Json& status) {
            return status["finalized_epoch"].is_number() && status["finalized_epoch"].get<std::int64_t>() >= target;
        };
        EXPECT_TRUE(m_daemon->until(is_final, 20'000));
        return window;
    }
    ADD_FAILURE() << miner << " has no window: " << ended.out << ended.err
                  << m_daemon->command({"next-window", "--miner", miner}).out << m_daemon->status().dump()
                  << done({"contract", "info"}).dump();
    return Json::object();
}

Json Scene::ask_daemon(const std::string& method, const Json& params) const {
    const std::vector<std::string> token = lines_of(m_folder.read("data/token.read"));
    JsonRpc rpc(m_daemon->api(), token.empty() ? "" : token.front());
    return rpc.call(method, params);
}

Json Scene::totals_that_reconcile() {
    const Json info = done({"contract", "info"});
    if (!info.contains("totals")) return Json::object();
    incentive::U256 sum;
    for (const char* counter : {"pool", "locked", "owed", "credit", "bonds"})
        sum = add(sum, amount_of(info["totals"][counter])).value_or(incentive::U256());
    const Json balance = m_evm->ask("eth_getBalance", Json::array({m_contract, "latest"}));
    EXPECT_EQ(sum.text(), amount_of(balance).text()) << info.dump();
    return info["totals"];
}

}    // namespace filfil::e2e
