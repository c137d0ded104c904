// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "foundry.hpp"
#include "net/asio_transport.hpp"
#include "sender_rig.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <future>
#include <regex>

namespace filfil::incentive {
namespace {

using namespace std::chrono_literals;

/// A running anvil on a port that it chose.
class Anvil {
public:
    explicit Anvil(const std::string& program) {
        m_output = (std::filesystem::temp_directory_path() / ("filfil_anvil_" + std::to_string(::getpid()))).string();
        m_pid = ::fork();
        if (m_pid == 0) {
            if (std::freopen(m_output.c_str(), "w", stdout) != nullptr)
                ::execl(program.c_str(), "anvil", "--port", "0", "--chain-id", "314", "--block-time", "1",
                        static_cast<char*>(nullptr));
            ::_exit(127);
        }
        const std::regex listening("Listening on ([0-9.]+:[0-9]+)");
        for (int i = 0; i < 600 && url.empty(); ++i) {
            std::ifstream file(m_output);
            const std::string text{std::istreambuf_iterator<char>(file), {}};
            std::smatch found;
            if (std::regex_search(text, found, listening)) url = "http://" + found[1].str();
            ::usleep(50'000);
        }
    }
    ~Anvil() {
        ::kill(m_pid, SIGKILL);
        ::waitpid(m_pid, nullptr, 0);
        std::filesystem::remove(m_output);
    }
    Anvil(const Anvil&) = delete;
    Anvil& operator=(const Anvil&) = delete;

    std::string url;

private:
    std::string m_output;
    pid_t m_pid = -1;
};

/// A process of its own over real sockets, with anvil's first test key.
struct RealProcess {
    explicit RealProcess(const std::string& url, EffectDisk& disk) {
        on_loop([&] {
            rpc::ClientConfig config;
            config.url = *parse_url(url);
            node = std::make_unique<EthNode>(world, config);
            auto key =
                SecretKey::from_bytes(*from_hex("ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80"));
            wallet = make_local_key_wallet(*node, std::move(*key), 314, {});
            SenderOptions options;
            options.confirmations = 2;
            options.finality = false;
            options.poll = 200ms;
            sender = std::make_unique<Sender>(world, std::make_shared<EffectJournal>(disk), *node, *wallet, options);
            sender->start([](const Result<std::size_t>&) {});
        });
    }
    ~RealProcess() {
        on_loop([&] {
            sender.reset();
            wallet.reset();
            node.reset();
        });
        on_loop([] {});
    }
    void on_loop(const std::function<void()>& body) {
        std::promise<void> done;
        loop.post([&] {
            body();
            done.set_value();
        });
        done.get_future().wait();
    }
    Result<SendOutcome> send(const std::string& key, const Call& call) {
        std::promise<Result<SendOutcome>> told;
        on_loop([&] {
            sender->send({key, key, call}, [&](const Result<SendOutcome>& result) { told.set_value(result); });
        });
        auto future = told.get_future();
        if (future.wait_for(120s) != std::future_status::ready) return Error(ErrorCode::busy, "no end in two minutes");
        return future.get();
    }

    SystemClock clock;
    RecordedLog log;
    SystemRandom random;
    SystemFiles files;
    ThreadPool workers{1};
    ThreadPool loop{1};
    net::AsioTransport transport{log};
    World world{clock, loop, workers, files, transport, random, log};
    std::unique_ptr<EthNode> node;
    std::unique_ptr<Wallet> wallet;
    std::unique_ptr<Sender> sender;
};

TEST(Anvil, TakesWhatALocalKeySends) {
    const std::string program = find_foundry("anvil", "FILFIL_ANVIL");
    if (program.empty())
        GTEST_SKIP() << "no anvil: set FILFIL_ANVIL to its path, or install the contract tests' packages";
    const Anvil anvil(program);
    ASSERT_FALSE(anvil.url.empty()) << program << " does not start";
    EffectDisk disk;
    RealProcess process(anvil.url, disk);

    // Code that stores its first word at place 0, and reverts where that is 0:
    //   PUSH0 CALLDATALOAD DUP1 PUSH1 9 JUMPI PUSH0 PUSH0 REVERT JUMPDEST PUSH0 SSTORE STOP
    const std::string code = "5f35806009575f5ffd5b5f5500";
    // PUSH13 code PUSH0 MSTORE PUSH1 13 PUSH1 19 RETURN
    const auto made = process.send("deploy", {std::nullopt, {}, *from_hex("6c" + code + "5f52600d6013f3")});
    ASSERT_TRUE(made.ok()) << made.error().text();
    ASSERT_TRUE(made->contract.has_value());
    EXPECT_GT(made->gas_used, U256(21'000));
    EXPECT_GT(made->gas_price, U256());

    Bytes word(32);
    word[31] = std::byte{7};
    const auto stored = process.send("store", {made->contract, {}, word});
    ASSERT_TRUE(stored.ok()) << stored.error().text();
    EXPECT_EQ(*process.send("store", {made->contract, {}, word}), *stored);

    const auto refused = process.send("refused", {made->contract, {}, Bytes(32)});
    ASSERT_FALSE(refused.ok());
    EXPECT_FALSE(disk.effects.contains("refused"));

    const auto poor = process.send("poor", {made->contract, U256::power_of_two(120), word});
    ASSERT_FALSE(poor.ok());

    std::uint64_t nonce = 0;
    std::promise<void> counted;
    process.on_loop([&] {
        process.node->transaction_count(process.wallet->address(), At::latest(),
                                        [&](const Result<std::uint64_t>& count) {
                                            if (count.ok()) nonce = *count;
                                            counted.set_value();
                                        });
    });
    counted.get_future().wait();
    EXPECT_EQ(nonce, 2U);
}

}    // namespace
}    // namespace filfil::incentive
