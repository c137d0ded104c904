// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "on_chain.hpp"

#include "incentive/keccak.hpp"

namespace filfil::e2e {

using Json = JsonRpc::Json;

Bytes OnChain::bytes_in(const Json& hex) {
    const std::string text = hex.is_string() ? hex.get<std::string>() : "";
    return text.starts_with("0x") ? value_in(from_hex(std::string_view(text).substr(2))) : Bytes();
}

std::vector<OnChain::Found> OnChain::find(const std::string& topic) const {
    std::vector<Found> out;
    const Json all = m_evm.ask(
        "eth_getLogs",
        Json::array({{{"fromBlock", "0x0"}, {"toBlock", "latest"}, {"address", m_contract}, {"topics", {topic}}}}));
    for (const Json& log : all) {
        Found found;
        found.block = std::stoull(log["blockNumber"].get<std::string>(), nullptr, 16);
        found.transaction = log["transactionHash"].get<std::string>();
        found.data = bytes_in(log["data"]);
        for (const Json& one : log["topics"]) {
            const Bytes bytes = bytes_in(one);
            incentive::Word word{};
            EXPECT_EQ(bytes.size(), word.size());
            if (bytes.size() == word.size()) std::ranges::copy(bytes, word.begin());
            found.topics.push_back(word);
        }
        out.push_back(std::move(found));
    }
    return out;
}

Money OnChain::balance(const std::string& account, const std::string& at) const {
    const Json answer = m_evm.ask("eth_getBalance", Json::array({account, at}));
    const auto amount = incentive::U256::parse_hex(answer.is_string() ? answer.get<std::string>() : "", true);
    EXPECT_TRUE(amount.ok()) << answer.dump();
    return amount.ok() ? money_of(*amount) : 0;
}

std::string data_of_call(std::string_view function, const incentive::AbiValue::List& values) {
    const auto type = incentive::AbiType::parse(function.substr(function.find('(')));
    EXPECT_TRUE(type.ok()) << function;
    if (!type.ok()) return "0x";
    const auto hash = incentive::keccak_256(bytes_of(function));
    return "0x" + to_hex(std::span(hash).first(4)) + to_hex(value_in(incentive::encode_abi(*type, values)));
}

}    // namespace filfil::e2e
