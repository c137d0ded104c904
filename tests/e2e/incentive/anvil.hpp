// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "json_rpc.hpp"
#include "support/process.hpp"
#include "support/temporary_folder.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace filfil::e2e {

/// What the tests need that may not be here: "" or a sentence that says what is missing.
std::string missing_for_anvil();

/// Runs a script of the tests with node.
Ended run_script(std::vector<std::string> words);

/// Reads the file that a process writes its output to until there is a whole line with `text` in it.
/// @return what stands behind `text` there; "" where none comes, which fails the test
std::string wait_for_line(const Process& process, const TemporaryFolder& folder, const std::string& file,
                          std::string_view text);

/// An EVM node in a process of its own, with ten rich accounts that are unlocked.
class Anvil {
public:
    /// @param folder for what it says, must outlive it
    explicit Anvil(const TemporaryFolder& folder);

    [[nodiscard]] const std::string& url() const { return m_url; }

    /// Blocks that the devnet takes back at most when it changes to another branch: five tipsets, and null rounds
    /// between them.
    static constexpr std::uint64_t deepest_fork = 12;

    [[nodiscard]] std::uint64_t height();

    /// A call that has to succeed.
    [[nodiscard]] JsonRpc::Json ask(const std::string& method, const JsonRpc::Json& params = JsonRpc::Json::array());

    /// What is_lost() has seen of a transaction.
    struct Missing {
        unsigned looks = 0;
        std::uint64_t height = 0;
    };

    /// Whether a transaction is gone for good. While the devnet changes to another branch, what it takes back is away
    /// for a moment: so one is lost that is still missing when blocks have been mined since.
    [[nodiscard]] bool is_lost(const JsonRpc::Json& hash, Missing& missing);

    /// Sends value, or a call of `function(uint64)`, and waits until it has succeeded so deep that it stays; once more
    /// where the devnet changed to a branch that does not have it, and forgot it.
    /// @param function "" for none
    void send(const std::string& from, const std::string& to, std::string_view value, std::string_view function = {},
              std::uint64_t argument = 0);

    /// Events of the contract: `event` is the signature, `slot` its first indexed field.
    [[nodiscard]] std::size_t events(const std::string& contract, std::string_view event, std::uint64_t slot);

    /// How many transactions of an account are in blocks.
    [[nodiscard]] std::uint64_t nonce(const std::string& account, const char* at = "latest");

private:
    std::unique_ptr<Process> m_process;
    std::string m_url;
    std::unique_ptr<JsonRpc> m_rpc;
};

}    // namespace filfil::e2e
