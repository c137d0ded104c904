// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "anvil.hpp"
#include "incentive/abi_bind.hpp"
#include "incentive/contract_abi.hpp"
#include "money.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace filfil::e2e {

namespace contract = incentive::contract;
namespace calls = incentive::contract::calls;
namespace events = incentive::contract::events;

/// What a result holds; an error fails the test.
template <class T>
T value_in(Result<T> result) {
    if (result.ok()) return *std::move(result);
    ADD_FAILURE() << result.error().text();
    return T();
}

/// An event of the contract, and where it stands.
template <class Event>
struct Logged {
    std::uint64_t block = 0;
    std::string transaction;
    Event event;
};

/// The contract as the EVM node has it, without any daemon between.
class OnChain {
public:
    OnChain(Anvil& evm, std::string contract) : m_evm(evm), m_contract(std::move(contract)) {}

    [[nodiscard]] Anvil& evm() const { return m_evm; }
    [[nodiscard]] const std::string& address() const { return m_contract; }

    /// Asks as of the newest block. What cannot be read fails the test.
    template <class Call>
    [[nodiscard]] typename Call::Output read(const typename Call::Input& input = {}) const {
        const JsonRpc::Json answer = m_evm.ask(
            "eth_call", JsonRpc::Json::array({{{"to", m_contract}, {"data", data_of<Call>(input)}}, "latest"}));
        auto out = incentive::decode_output<Call>(bytes_in(answer));
        EXPECT_TRUE(out.ok()) << Call::name << ": " << answer.dump();
        return out.ok() ? *std::move(out) : typename Call::Output();
    }

    /// All of a kind that are in the chain now, in order.
    template <class Event>
    [[nodiscard]] std::vector<Logged<Event>> logs() const {
        std::vector<Logged<Event>> out;
        for (const Found& found : find("0x" + to_hex(Event::topic))) {
            auto event = incentive::decode_log<Event>(found.topics, found.data);
            EXPECT_TRUE(event.ok()) << Event::name;
            if (event.ok()) out.push_back({found.block, found.transaction, *std::move(event)});
        }
        return out;
    }

    /// The input of a call, as the EVM's JSON has it.
    template <class Call>
    [[nodiscard]] static std::string data_of(const typename Call::Input& input) {
        return "0x" + to_hex(value_in(incentive::encode_call<Call>(input)));
    }

    [[nodiscard]] Money balance(const std::string& account, const std::string& at = "latest") const;

private:
    struct Found {
        std::uint64_t block = 0;
        std::string transaction;
        std::vector<incentive::Word> topics;
        Bytes data;
    };
    [[nodiscard]] std::vector<Found> find(const std::string& topic) const;
    [[nodiscard]] static Bytes bytes_in(const JsonRpc::Json& hex);

    Anvil& m_evm;
    std::string m_contract;
};

/// The input of any call: `function` with its types, e.g. "removeSector(uint64)".
std::string data_of_call(std::string_view function, const incentive::AbiValue::List& values);

}    // namespace filfil::e2e
