// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "anvil.hpp"

#include "incentive/keccak.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>

namespace filfil::e2e {
namespace {

using Json = JsonRpc::Json;

constexpr int most_questions = 3000;

std::uint64_t number_of(const Json& hex) {
    return hex.is_string() ? std::stoull(hex.get<std::string>(), nullptr, 16) : 0;
}

/// Whether it answered so because it is taken back to where another branch begins: it does not find its own newest
/// block, or gives a nonce anew that a transaction has which is put back.
bool goes_to_another_branch(const std::string& why) {
    return why.find("BlockOutOfRange") != std::string::npos ||
           why.find("replacement transaction underpriced") != std::string::npos;
}

std::string path_of_anvil() {
    if (const char* named = std::getenv("FILFIL_ANVIL")) return named;
    for (const char* machine : {"linux-amd64", "linux-arm64"}) {
        std::string path =
            std::string(FILFIL_SOURCE_DIR "/tests/contracts/node_modules/@foundry-rs/anvil-") + machine + "/bin/anvil";
        if (::access(path.c_str(), X_OK) == 0) return path;
    }
    return {};
}

std::string hash_of(std::string_view signature) { return to_hex(incentive::keccak_256(bytes_of(signature))); }

std::string word_of(std::uint64_t value) {
    std::array<std::byte, 32> word{};
    for (std::size_t i = 0; i < 8; ++i) word[31 - i] = static_cast<std::byte>(value >> (8 * i) & 0xff);
    return to_hex(word);
}

}    // namespace

std::string missing_for_anvil() {
    if (path_of_anvil().empty())
        return "no anvil: set FILFIL_ANVIL to its path, or install the packages of tests/contracts";
    if (run_script({"--version"}).code != 0) return "no node: the scripts of tests/contracts need it";
    if (!std::filesystem::exists(FILFIL_SOURCE_DIR "/tests/contracts/node_modules/solc"))
        return "no node: packages of tests/contracts are not installed, and the mocks need them";
    return {};
}

Ended run_script(std::vector<std::string> words) {
    Process::Options options;
    options.program = "node";
    return run(words, options);
}

std::string wait_for_line(const Process& process, const TemporaryFolder& folder, const std::string& file,
                          std::string_view text) {
    for (int i = 0; i < most_questions && process.is_running(); ++i) {
        const std::string said = folder.read(file);
        const std::size_t at = said.find(text);
        const std::size_t end = at == std::string::npos ? at : said.find('\n', at);
        if (end != std::string::npos) return said.substr(at + text.size(), end - at - text.size());
        (void)run({"--version"});    // which paces it
    }
    ADD_FAILURE() << "it does not start: " << folder.read(file);
    return {};
}

Anvil::Anvil(const TemporaryFolder& folder) {
    Process::Options options;
    options.program = path_of_anvil();
    // Into a file: it says something of each call, and nobody would read that.
    options.output_file = folder.write("anvil.out", "");
    m_process = std::make_unique<Process>(
        std::vector<std::string>{"--host", "127.0.0.1", "--port", "0", "--chain-id", "31415926", "--order", "fifo"},
        options);
    if (const std::string at = wait_for_line(*m_process, folder, "anvil.out", "Listening on "); !at.empty())
        m_url = "http://" + at;
    else
        return;
    m_rpc = std::make_unique<JsonRpc>(m_url, "");
}

Json Anvil::ask(const std::string& method, const Json& params) {
    Json result = m_rpc->call(method, params);
    for (int i = 0; i < most_questions && goes_to_another_branch(m_rpc->why()); ++i)
        result = m_rpc->call(method, params);
    EXPECT_EQ(m_rpc->why(), "");
    return result;
}

void Anvil::send(const std::string& from, const std::string& to, std::string_view value, std::string_view function,
                 std::uint64_t argument) {
    Json transaction = {{"from", from}, {"to", to}, {"value", value}};
    if (!function.empty()) transaction["data"] = "0x" + hash_of(function).substr(0, 8) + word_of(argument);
    Json hash = ask("eth_sendTransaction", Json::array({transaction}));
    Missing missing;
    for (int i = 0; i < most_questions && !testing::Test::HasFailure(); ++i) {
        const Json receipt = ask("eth_getTransactionReceipt", Json::array({hash}));
        if (receipt.is_object()) {
            EXPECT_EQ(receipt["status"], "0x1") << receipt.dump();
            if (height() >= number_of(receipt["blockNumber"]) + deepest_fork) return;
        } else if (is_lost(hash, missing)) {
            hash = ask("eth_sendTransaction", Json::array({transaction}));
        }
        (void)run({"--version"});    // which paces it
    }
    ADD_FAILURE() << "a transaction of " << from << " is in no block";
}

bool Anvil::is_lost(const Json& hash, Missing& missing) {
    constexpr unsigned looks_with_new_blocks = 3;
    if (!ask("eth_getTransactionByHash", Json::array({hash})).is_null()) {
        missing = {};
        return false;
    }
    const std::uint64_t now = height();
    if (missing.looks == 0 || now > missing.height) ++missing.looks;
    missing.height = now;
    const bool lost = missing.looks >= looks_with_new_blocks;
    if (lost) missing = {};
    return lost;
}

std::uint64_t Anvil::height() { return number_of(ask("eth_blockNumber")); }

std::size_t Anvil::events(const std::string& contract, std::string_view event, std::uint64_t slot) {
    return ask("eth_getLogs", Json::array({{{"fromBlock", "0x0"},
                                            {"toBlock", "latest"},
                                            {"address", contract},
                                            {"topics", {"0x" + hash_of(event), "0x" + word_of(slot)}}}}))
        .size();
}

std::uint64_t Anvil::nonce(const std::string& account, const char* at) {
    return number_of(ask("eth_getTransactionCount", Json::array({account, at})));
}

}    // namespace filfil::e2e
