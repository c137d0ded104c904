// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/contract_client.hpp"

#include <algorithm>
#include <utility>

namespace filfil::incentive {
namespace {

namespace calls = contract::calls;
using rpc::Json;

/// So many items are asked for at once.
constexpr std::uint64_t page = 256;

/// More than any slot or roster has: a node that gives ever more is stopped there.
constexpr std::size_t most_items = 65536;

/// Whether `found` is `made`, where what the constructor writes in is zero in `made`.
bool same_but_for_immutables(ByteView found, ByteView made) {
    const auto same = [](std::byte a, std::byte b) { return a == b || b == std::byte{0}; };
    return !made.empty() && std::ranges::equal(found, made, same);
}

/// Whether the call has nothing to say but that it can be made.
bool gives_nothing(ByteView data) {
    return data.size() >= calls::Close::selector.size() &&
           std::ranges::equal(data.first(calls::Close::selector.size()), calls::Close::selector);
}

}    // namespace

Ask ask_of(rpc::Client& client) {
    return [&client](std::string method, Json params, rpc::Client::AnswerHandler handler) {
        client.call(std::move(method), std::move(params), std::move(handler));
    };
}

void ContractClient::ask(const std::string& method, Json params, Handler<Json> handler) {
    m_ask(method, std::move(params), m_here([method, handler = std::move(handler)](rpc::Answer answer) {
              handler(eth_result_of(std::move(answer), method));
          }));
}

void ContractClient::eth_call(std::string name, const Bytes& data, const BlockTag& at, Handler<Bytes> handler) {
    const Json call = {{"to", m_address.lower_text()}, {"data", "0x" + to_hex(data)}};
    ask("eth_call", Json::array({call, at.text}),
        [name = std::move(name), address = m_address, at, is_silent = gives_nothing(data),
         handler = std::move(handler)](Result<Json> answer) {
            if (!answer.ok()) return handler(std::move(answer).error().in(name));
            auto bytes = read_hex_bytes(*answer);
            if (!bytes.ok()) return handler(std::move(bytes).error().in(name + ": eth_call"));
            // Every view of the contract gives something back. An address without code gives nothing.
            if (bytes->empty() && !is_silent)
                return handler(Error(ErrorCode::not_found,
                                     name + ": there is no contract at " + address.text() + " (block: " + at.text + ")",
                                     "check the contract's address, and that the node is on its network and in sync"));
            handler(std::move(bytes));
        });
}

void ContractClient::check(std::uint64_t chain_id, Handler<ContractFacts> handler) {
    ask("eth_chainId", Json::array(), [this, chain_id, handler = std::move(handler)](Result<Json> answer) {
        if (!answer.ok()) return handler(std::move(answer).error());
        const auto read = read_hex_quantity(*answer);
        if (!read.ok()) return handler(Error(read.error()).in("eth_chainId"));
        if (chain_id != 0 && *read != chain_id)
            return handler(Error(ErrorCode::mismatch,
                                 "the node is on the network with the chain id " + std::to_string(*read) + ", and " +
                                     std::to_string(chain_id) + " is expected",
                                 "use a node of the network that is set, or set the node's network"));
        check_code({.chain_id = *read}, handler);
    });
}

void ContractClient::check_code(ContractFacts facts, Handler<ContractFacts> handler) {
    ask("eth_getCode", Json::array({m_address.lower_text(), "latest"}),
        [this, facts, handler = std::move(handler)](Result<Json> answer) mutable {
            if (!answer.ok()) return handler(std::move(answer).error());
            const auto code = read_hex_bytes(*answer);
            if (!code.ok()) return handler(Error(code.error()).in("eth_getCode"));
            if (code->empty())
                return handler(Error(ErrorCode::not_found, "there is no contract at " + m_address.text(),
                                     "check the contract's address, and that the node is on its network and in sync"));
            facts.same_code = same_but_for_immutables(*code, contract::runtime_code());
            check_version(facts, std::move(handler));
        });
}

void ContractClient::check_version(ContractFacts facts, Handler<ContractFacts> handler) {
    call<calls::Version>({}, BlockTag::latest(),
                         [this, facts, handler = std::move(handler)](Result<calls::Version::Output> answer) mutable {
                             const auto other = [&](const std::string& what) {
                                 return Error(ErrorCode::unsupported,
                                              "the contract at " + m_address.text() + " is of another version: " + what,
                                              "check its address, and update fil-fil where the contract is newer");
                             };
                             if (!answer.ok()) {
                                 // What is not reached says nothing of the contract.
                                 const ErrorCode code = answer.error().code;
                                 if (code == ErrorCode::io || code == ErrorCode::cancelled || code == ErrorCode::denied)
                                     return handler(std::move(answer).error());
                                 handler(other(answer.error().message));
                                 return;
                             }
                             const auto version = answer->value.as_uint64();
                             if (version != interface_version)
                                 return handler(other("it says " + answer->value.text() + ", and this program speaks " +
                                                      std::to_string(interface_version)));
                             facts.version = *version;
                             call<calls::Successor>({}, BlockTag::latest(),
                                                    [facts, handler = std::move(handler)](
                                                        Result<calls::Successor::Output> successor) mutable {
                                                        if (!successor.ok())
                                                            return handler(std::move(successor).error());
                                                        facts.successor = successor->value;
                                                        handler(facts);
                                                    });
                         });
}

void ContractClient::block(const BlockTag& at, Handler<BlockRef> handler) {
    ask("eth_getBlockByNumber", Json::array({at.text, false}), [at, handler = std::move(handler)](Result<Json> answer) {
        if (!answer.ok()) return handler(std::move(answer).error());
        if (answer->is_null())
            return handler(Error(ErrorCode::not_found, "the node has no block " + at.text,
                                 "see whether the node is in step with the network, and try again"));
        auto read = read_block_ref(*answer);
        if (!read.ok()) return handler(std::move(read).error().in("eth_getBlockByNumber"));
        handler(std::move(read));
    });
}

template <class Call, class Item>
void ContractClient::pages(typename Call::Input input, const BlockTag& at, std::vector<Item> so_far,
                           std::vector<Item> Call::Output::* member, Handler<std::vector<Item>> handler) {
    input.from = so_far.size();
    input.count = page;
    call<Call>(input, at,
               [this, input, at, so_far = std::move(so_far), member,
                handler = std::move(handler)](Result<typename Call::Output> answer) mutable {
                   if (!answer.ok()) return handler(std::move(answer).error());
                   std::vector<Item>& items = (*answer).*member;
                   if (items.size() > page || so_far.size() + items.size() > most_items)
                       return handler(Error(
                           ErrorCode::corrupt, std::string(Call::name) + ": the contract gives more than was asked for",
                           "check the contract's address, and that the node is yours or one you trust"));
                   so_far.insert(so_far.end(), items.begin(), items.end());
                   if (items.size() < page) return handler(std::move(so_far));
                   pages<Call>(input, at, std::move(so_far), member, std::move(handler));
               });
}

void ContractClient::whole_roster(const BlockTag& at, Handler<std::vector<std::uint64_t>> handler) {
    block(at, [this, handler = std::move(handler)](Result<BlockRef> found) {
        if (!found.ok()) return handler(std::move(found).error());
        pages<calls::Roster, std::uint64_t>({}, BlockTag::number(found->number), {}, &calls::Roster::Output::miners,
                                            handler);
    });
}

void ContractClient::all_holders(std::uint32_t slot, const BlockTag& at,
                                 Handler<std::vector<contract::Holder>> handler) {
    block(at, [this, slot, handler = std::move(handler)](Result<BlockRef> found) {
        if (!found.ok()) return handler(std::move(found).error());
        pages<calls::Holders, contract::Holder>({.slot = slot}, BlockTag::number(found->number), {},
                                                &calls::Holders::Output::value, handler);
    });
}

}    // namespace filfil::incentive
