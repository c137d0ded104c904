// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/world.hpp"
#include "incentive/contract_abi.hpp"
#include "incentive/contract_types.hpp"
#include "incentive/eth_error.hpp"
#include "incentive/lifeline.hpp"
#include "incentive/log_json.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace filfil::incentive {

/// Which state of the chain is looked at.
struct BlockTag {
    static BlockTag latest() { return {"latest"}; }
    static BlockTag finalized() { return {"finalized"}; }
    static BlockTag number(std::uint64_t epoch) { return {hex_of(epoch)}; }

    std::string text = "latest";
};

/// What was found at the contract's address.
struct ContractFacts {
    std::uint64_t chain_id = 0;
    std::uint64_t version = 0;

    /// Whether its code is the one that this program was built with, but for what its constructor wrote into it.
    bool same_code = false;

    /// Where the owner says to look instead; zero: here.
    EthAddress successor{};
};

/// Reads the incentive contract over a node's Ethereum API, through any of Lotus, Forest or a plain EVM node.
///
///     ContractClient contract(world, ask_of(*client), address);
///     contract.call<contract::calls::Windows>({.miner = 1000}, BlockTag::latest(), [](auto windows) { … });
///
/// Lives on the loop; handlers are called there, once each, none of them after it was destroyed. Errors are those of
/// eth_result_of; not_found where no contract is at the address, unsupported for one of another version, and those of
/// decoding, which also mean that it is another contract.
class ContractClient {
public:
    template <class T>
    using Handler = std::function<void(Result<T>)>;

    /// @param world must outlive this
    ContractClient(World& world, Ask ask, EthAddress address)
        : m_world(world), m_ask(std::move(ask)), m_address(address) {}

    [[nodiscard]] const EthAddress& address() const noexcept { return m_address; }

    /// Asks which network the node is on, and what is at the address.
    /// @param chain_id the one that is expected; 0: any. Another is Error::mismatch with both
    void check(std::uint64_t chain_id, Handler<ContractFacts> handler);

    /// One of the contract's views. @tparam Call of contract_abi.hpp's `calls`
    template <class Call>
    void call(const typename Call::Input& input, const BlockTag& at, Handler<typename Call::Output> handler) {
        const Result<Bytes> data = encode_call<Call>(input);
        if (!data.ok()) return refuse<typename Call::Output>(data.error(), std::move(handler));
        eth_call(std::string(Call::name), *data, at, [handler = std::move(handler)](Result<Bytes> answer) {
            if (!answer.ok()) return handler(std::move(answer).error());
            handler(decoded(decode_output<Call>(*answer)));
        });
    }

    /// All positions of the roster, holes (0) included; all holders of a slot; all of the same block.
    void whole_roster(const BlockTag& at, Handler<std::vector<std::uint64_t>> handler);
    void all_holders(std::uint32_t slot, const BlockTag& at, Handler<std::vector<contract::Holder>> handler);

    /// The block that a tag stands for now, so that several calls see the same state.
    void block(const BlockTag& at, Handler<BlockRef> handler);

    /// eth_call of any data. @param name stands in errors
    void eth_call(std::string name, const Bytes& data, const BlockTag& at, Handler<Bytes> handler);

private:
    /// An answer that cannot be read is of another contract, or of another version of it.
    template <class T>
    static Result<T> decoded(Result<T> read) {
        if (read.ok()) return read;
        Error error = std::move(read).error();
        error.remedy =
            "the contract is of another version, or none of fil-fil's: check its address, and update fil-fil";
        return error;
    }

    /// Handlers are never called inside the call that they were given to.
    template <class T>
    void refuse(Error why, Handler<T> handler) {
        auto later = m_here([handler = std::move(handler)](const Error& error) { handler(error); });
        m_world.loop.post([why = std::move(why), later]() mutable { later(why); });
    }

    void ask(const std::string& method, rpc::Json params, Handler<rpc::Json> handler);
    void check_code(ContractFacts facts, Handler<ContractFacts> handler);
    void check_version(ContractFacts facts, Handler<ContractFacts> handler);
    template <class Call, class Item>
    void pages(typename Call::Input input, const BlockTag& at, std::vector<Item> so_far,
               std::vector<Item> Call::Output::* member, Handler<std::vector<Item>> handler);

    World& m_world;
    Ask m_ask;
    EthAddress m_address;
    Lifeline m_here;
};

/// @param client must outlive what asks
Ask ask_of(rpc::Client& client);

}    // namespace filfil::incentive
