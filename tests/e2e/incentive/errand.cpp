// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "errand.hpp"

#include <algorithm>
#include <array>

namespace filfil::e2e {
namespace {

constexpr unsigned most_attempts = 2000;

/// What a daemon says that has not come so far yet.
bool asks_for_patience(const std::string& said) {
    constexpr std::array phrases = {"is being opened", "not loaded yet", "has not come yet", "no daemon runs",
                                    "there is no such token",
                                    // A round that has to be opened first, where a fork took back that it was.
                                    "or it ran out of gas: try again"};
    return std::ranges::any_of(phrases, [&](const char* one) { return said.find(one) != std::string::npos; });
}

}    // namespace

Errand::Errand(Party& party, Words words) : m_party(party), m_words(std::move(words)) {
    m_words.insert(m_words.end(), {"--data", m_party.daemon->folder(), "--json"});
    ++m_party.errands;
    begin();
}

void Errand::begin() {
    ++m_attempts;
    m_kills = m_party.kills;
    m_process = std::make_unique<Process>(m_words);
}

const std::optional<Json>& Errand::look() {
    if (m_said || m_process->is_running()) return m_said;
    const Ended ended = m_process->wait();
    if (ended.code == 0) return m_said = object_of(ended);
    const bool again = m_kills != m_party.kills || asks_for_patience(ended.err + ended.out);
    if (again && m_attempts < most_attempts) {
        begin();
        return m_said;
    }
    ADD_FAILURE() << m_party.name << ": " << m_words.front() << " (attempt " << m_attempts << "): " << ended.err
                  << ended.out;
    return m_said = Json::object();
}

Dispatch::Dispatch(Anvil& evm, std::string from, std::string to, std::string data) : m_evm(evm) {
    m_transaction = {{"from", std::move(from)}, {"to", std::move(to)}, {"data", std::move(data)}, {"gas", "0x500000"}};
    m_hash = m_evm.ask("eth_sendTransaction", Json::array({m_transaction}));
}

bool Dispatch::settled() {
    const Json receipt = m_evm.ask("eth_getTransactionReceipt", Json::array({m_hash}));
    if (receipt.is_object()) {
        EXPECT_EQ(receipt["status"], "0x1") << m_transaction.dump();
        const std::uint64_t block = std::stoull(receipt["blockNumber"].get<std::string>(), nullptr, 16);
        return m_evm.height() >= block + Anvil::deepest_fork;
    }
    if (m_evm.is_lost(m_hash, m_missing)) m_hash = m_evm.ask("eth_sendTransaction", Json::array({m_transaction}));
    return false;
}

}    // namespace filfil::e2e
