// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "rounds_scene.hpp"

#include "incentive/eth_address.hpp"

namespace filfil::e2e {
namespace {

constexpr std::uint64_t first_miner = 1000;

constexpr int most_questions = 3000;

/// Of actors whose address is not Ethereum's.
constexpr std::uint64_t first_actor = 700'000;

std::string masked(std::uint64_t number) { return incentive::EthAddress::of_id(number).lower_text(); }

/// An account's address as Filecoin has it.
std::string wallet_of(const std::string& account) {
    const auto address = value_in(incentive::EthAddress::parse(account));
    return value_in(incentive::filecoin_address_of(address)).text(chain::testnet_letter);
}

}    // namespace

void Party::kill_and_start() {
    daemon->kill();
    ++kills;
    daemon->start();
}

void RoundsScene::start(std::uint64_t seed) {
    start_evm();
    if (!testing::Test::HasFailure()) start_node(seed);
    if (!testing::Test::HasFailure()) deploy();
}

void RoundsScene::start_evm() {
    m_evm = std::make_unique<Anvil>(m_folder);
    if (testing::Test::HasFailure()) return;
    const Json accounts = m_evm->ask("eth_accounts");
    for (const Json& account : accounts) m_accounts.push_back(account.get<std::string>());
    ASSERT_EQ(m_accounts.size(), 10U);
    m_operator.name = "operator";
    m_operator.account = m_accounts[0];
    Words mocks = {FILFIL_SOURCE_DIR "/tests/contracts/tools/deploy_mocks.mjs", m_evm->url()};
    for (std::size_t i = 0; i < m_providers.size(); ++i) {
        m_providers[i].miner = first_miner + i;
        m_providers[i].name = m_providers[i].miner_text();
        m_providers[i].account = m_accounts[1 + i];
        mocks.insert(mocks.end(), {"--miner", std::to_string(first_miner + i) + ":" + m_providers[i].account});
    }
    const Ended mocked = run_script(mocks);
    ASSERT_EQ(mocked.code, 0) << mocked.err;
    const auto address = [](unsigned kind, std::size_t size) {
        Bytes out(1 + size, std::byte{0x5a});
        out[0] = static_cast<std::byte>(kind);
        return out;
    };
    give_account(m_providers[1], first_actor, address(1, 20));
    give_account(m_providers[2], first_actor + 1, address(3, 48));
    OnChain chain(*m_evm, "");
    for (Party& party : m_providers) {
        if (party.wallet.empty()) party.wallet = wallet_of(party.account);
        party.balance = chain.balance(party.account);
    }
    m_operator.wallet = wallet_of(m_operator.account);
    m_operator.balance = chain.balance(m_operator.account, "0x0");
}

/// The miner's owner is an actor without an address of Ethereum's: the EVM knows it by its number.
void RoundsScene::give_account(Party& party, std::uint64_t number, const Bytes& address) {
    party.wallet = value_in(chain::Address::from_bytes(address)).text(chain::testnet_letter);
    party.account = masked(number);
    (void)m_evm->ask("anvil_impersonateAccount", Json::array({party.account}));
    (void)m_evm->ask("anvil_setBalance", Json::array({party.account, hex_of(10'000 * one_fil)}));
    constexpr std::uint64_t init_actor = 1;
    for (const auto& [to, data] :
         {std::pair(masked(init_actor), data_of_call("setAddress(uint64,bytes)", {number, address})),
          std::pair(masked(party.miner), data_of_call("setOwner(bytes)", {address}))})
        settle(m_evm->ask("eth_sendTransaction",
                          Json::array({{{"from", m_accounts[actors]}, {"to", to}, {"data", data}}})));
}

/// Waits until a transaction is in a block, while the EVM node makes one for each.
void RoundsScene::settle(const Json& hash) {
    for (int i = 0; i < most_questions; ++i)
        if (m_evm->ask("eth_getTransactionReceipt", Json::array({hash})).is_object()) return;
    ADD_FAILURE() << "a transaction is in no block";
}

void RoundsScene::start_node(std::uint64_t seed) {
    m_folder.write("token", "secret");
    Words words = {"devnet",   "--json", "--port",   "0",          "--state",     "1MiB",
                   "--tipset", "16KiB",  "--period", "80ms",       "--seed",      std::to_string(seed),
                   "--token",  "secret", "--evm",    m_evm->url(), "--test-hooks"};
    for (const Party& party : m_providers)
        if (!party.wallet.starts_with("t4"))
            words.insert(words.end(), {"--account", party.wallet + "=" + party.account});
    m_node = std::make_unique<Process>(words);
    m_node_url = first_line_of(*m_node).value("url", "");
    ASSERT_NE(m_node_url, "");
    m_hooks = std::make_unique<JsonRpc>(m_node_url, "secret");
}

Words RoundsScene::follow() const {
    return {"--node",      m_node_url, "--node-token-file", m_folder.path("token"),
            "--bootstrap", "node",     "--log-level",       "error"};
}

std::string RoundsScene::settings_of(const Party& party) const {
    std::string out = "[incentive]\nconfirmations = " + std::to_string(deep) + "\nwallet = \"" + party.wallet + "\"\n";
    if (m_contract) out += "contract = \"" + m_contract->address() + "\"\n";
    // Providers make the snapshots of their own slots by themselves.
    if (party.miner != 0) out += "miners = [\"" + party.miner_text() + "\"]\npolicy = \"automatic\"\n";
    out += party.incentive_settings;
    return out + "\n[recipe]\npiece_size = \"1MiB\"\n" + party.other_settings;
}

void RoundsScene::start_daemon(Party& party) {
    m_folder.write(party.name + "/config.toml", settings_of(party));
    party.daemon = std::make_unique<LiveDaemon>(m_folder.path(party.name), follow());
    ASSERT_NE(party.daemon->api(), "") << party.daemon->process().output();
}

void RoundsScene::deploy() {
    start_daemon(m_operator);
    ASSERT_TRUE(m_operator.daemon->until([](const Json& status) { return status["state"] == "synced"; }));
    // The wallet is opened beside the chain.
    Words words = {"contract", "deploy"};
    for (const std::string& setting :
         {"slot_epochs=" + std::to_string(m_slot_length), "lead_epochs=" + std::to_string(lead_epochs),
          "min_term_epochs=" + std::to_string(least_term), std::string("min_power=1TiB"), std::string("replicas=1")})
        words.insert(words.end(), {"--set", setting});
    Ended ended;
    do ended = m_operator.daemon->command(words);
    while (ended.code != 0 && ended.err.find("wallet is being opened") != std::string::npos);
    ASSERT_EQ(ended.code, 0) << ended.err;
    m_contract = std::make_unique<OnChain>(*m_evm, object_of(ended).value("contract", ""));
    (void)look(m_operator, {"config", "set", "incentive.contract", m_contract->address()});
    const Ended stopped = m_operator.daemon->stop();
    ASSERT_EQ(stopped.code, 0) << stopped.err;
    m_operator.daemon->start();
    m_evm->send(account(sponsor), m_contract->address(), hex_of(100 * one_fil));
}

void RoundsScene::turn() {
    Json line;
    if (m_held) {
        line = m_hooks->call("Devnet.Head", Json::array());
    } else {
        ASSERT_TRUE(m_node->wait_for_more_output()) << "the devnet stands still";
        const std::string& said = m_node->output();
        const std::size_t end = said.rfind('\n');
        const std::size_t begin = said.rfind('\n', end - 1);
        line = Json::parse(said.substr(begin + 1, end - begin - 1), nullptr, false);
    }
    ASSERT_TRUE(line.is_object() && line.contains("epoch")) << line.dump();
    m_epoch = line["epoch"].get<std::uint64_t>();
}

void RoundsScene::hold(bool still) {
    if (still == m_held) return;
    m_held = still;
    const Json said = m_hooks->call(still ? "Devnet.Pause" : "Devnet.Resume", Json::array());
    ASSERT_EQ(m_hooks->why(), "");
}

void RoundsScene::skip_to(std::uint64_t epoch) {
    constexpr std::uint64_t at_once = 5;
    constexpr int patience = 300;
    hold(true);
    for (turn(); m_epoch < epoch && !testing::Test::HasFailure(); turn()) {
        (void)m_hooks->call("Devnet.Step", Json::array({std::min(at_once, epoch - m_epoch)}));
        ASSERT_EQ(m_hooks->why(), "");
        // Where the EVM node cannot go back as far as the head did it follows only once the head is beyond it.
        for (int i = 0; i < patience && m_hooks->call("Devnet.Head", Json::array())["evm_in_step"] != true; ++i) {
        }
    }
}

void RoundsScene::set_reorgs(const char* rate) {
    for (const char* fault : {"forget=", "reorg="}) {
        (void)m_hooks->call("Devnet.Fault", Json::array({std::string(fault) + rate}));
        ASSERT_EQ(m_hooks->why(), "");
    }
}

void RoundsScene::stand_still() {
    hold(true);
    for (int i = 0; i < most_questions && !testing::Test::HasFailure(); ++i)
        if (m_hooks->call("Devnet.Head", Json::array())["evm_in_step"] == true) return;
    ADD_FAILURE() << "the EVM node does not follow";
}

std::string RoundsScene::story_so_far() {
    std::string out = "devnet: " + m_hooks->call("Devnet.Head", Json::array()).dump() + "\n";
    const std::uint64_t height = m_evm->height();
    for (std::uint64_t number = 0; number <= height; ++number) {
        const Json block = m_evm->ask("eth_getBlockByNumber", Json::array({hex_of(number), true}));
        for (const Json& transaction : block["transactions"]) {
            const Json receipt = m_evm->ask("eth_getTransactionReceipt", Json::array({transaction["hash"]}));
            out += std::to_string(number) + ": " + transaction["from"].get<std::string>() + " " +
                   transaction["input"].get<std::string>().substr(0, 10) + " gas " + transaction["gas"].dump() +
                   " used " + receipt["gasUsed"].dump() + (receipt["status"] == "0x1" ? "" : " FAILED") + "\n";
        }
    }
    for (const Party& party : m_providers)
        if (party.daemon) out += party.name + ": " + ask(party, "FilFil.Transactions", Json::object()).dump() + "\n";
    return out + "operator: " + ask(m_operator, "FilFil.Transactions", Json::object()).dump();
}

Json RoundsScene::ask(const Party& party, const std::string& method, const Json& params) const {
    const std::vector<std::string> token = lines_of(m_folder.read(party.name + "/token.read"));
    JsonRpc rpc(party.daemon->api(), token.empty() ? "" : token.front());
    return rpc.call(method, params);
}

Json RoundsScene::look(const Party& party, const Words& words) {
    Ended ended = party.daemon->command(words);
    // It may have been killed a moment ago, and be on its way up.
    for (int i = 0; i < most_questions && ended.code != 0 && ended.err.find("ask again when") != std::string::npos; ++i)
        ended = party.daemon->command(words);
    EXPECT_EQ(ended.code, 0) << party.name << ": " << words.front() << ": " << ended.err << ended.out;
    return ended.code == 0 ? object_of(ended) : Json::object();
}

}    // namespace filfil::e2e
