// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "contract_chain.hpp"

#include "incentive/key_file.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace filfil::sim {
namespace {

constexpr std::string_view password = "a-password";

}    // namespace

ContractChain::ContractChain(VirtualClock& clock, MemoryNetwork& network, Files& files, LogSink& log,
                             std::uint64_t seed, std::function<void(const std::string&)> trace)
    : m_random(seed), m_trace(std::move(trace)), m_machine(clock, network, files, log, seed + 1, "evm") {}

incentive::EthAddress ContractChain::person(std::uint8_t number) {
    std::array<std::byte, incentive::EthAddress::size> bytes{};
    bytes[0] = std::byte{0xa0};
    bytes[19] = std::byte{number};
    return incentive::EthAddress(bytes);
}

incentive::U256 ContractChain::fil(std::uint64_t amount) {
    return incentive::multiply(amount, 1'000'000'000'000'000'000U).value();
}

void ContractChain::make_operator() {
    m_key = std::make_unique<incentive::SecretKey>(incentive::SecretKey::generate(m_random));
    m_operator = m_key->address();
    m_chain.give(m_operator, fil(1000));
}

Result<void> ContractChain::serve(HttpServer& node, service::Config& config, const Put& put) {
    FILFIL_TRY(const std::string text,
               incentive::encode_key_file(*m_key, password, m_random, {.n = 2, .r = 1, .p = 1}));
    put("/keys/operator.json", to_bytes(bytes_of(text)));
    put("/keys/password", to_bytes(bytes_of(password)));
    config.chain.eth_url = "http://evm:8545/";
    config.incentive.contract = at.text();
    config.incentive.key_file = "/keys/operator.json";
    config.incentive.password_file = "/keys/password";
    config.incentive.confirmations = m_confirmations;
    FILFIL_TRY(m_listener, m_machine.transport.listen({.at = {"evm", 8545}}, node));
    return {};
}

void ContractChain::calm(incentive::model::ModelNode& node) {
    node.dead = false;
    node.has_index = true;
    m_chain.takes_in = true;
    m_chain.base_fee = 100;
}

bool ContractChain::nothing_waits() const {
    const auto waiting = m_chain.pool().find(m_operator);
    if (waiting == m_chain.pool().end()) return true;
    const std::uint64_t next = m_chain.nonce(m_operator, false);
    return std::ranges::none_of(waiting->second, [&](const auto& one) { return one.first >= next; });
}

}    // namespace filfil::sim
