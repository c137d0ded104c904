// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "node/devnet/evm_taken_back.hpp"

#include "node/devnet/evm_hex.hpp"

#include <array>
#include <map>
#include <string_view>
#include <utility>

namespace filfil::node {
namespace {

using rpc::Json;

/// What makes a transaction, as it is asked for and as it is sent.
constexpr std::array<std::pair<std::string_view, std::string_view>, 8> told_and_sent = {
    {{"from", "from"},
     {"to", "to"},
     {"nonce", "nonce"},
     {"value", "value"},
     {"gas", "gas"},
     {"maxFeePerGas", "maxFeePerGas"},
     {"maxPriorityFeePerGas", "maxPriorityFeePerGas"},
     {"input", "data"}}};

Json fields_of(const Json& transaction) {
    Json out;
    for (const auto& [told, sent] : told_and_sent)
        if (const auto found = transaction.find(told); found != transaction.end() && !found->is_null())
            out[sent] = *found;
    return out;
}

}    // namespace

void EvmTakenBack::take(const Json& transaction) {
    if (transaction.is_object() && transaction.contains("hash")) m_transactions.push_back({transaction});
}

void EvmTakenBack::gather(std::int64_t first, std::int64_t last, Done done) {
    if (first > last) return gather_pool(done);
    m_client.call("eth_getBlockByNumber", Json::array({hex_number(static_cast<std::uint64_t>(first)), true}),
                  [this, first, last, done = std::move(done)](const rpc::Answer& answer) {
                      if (answer.result && answer.result->is_object())
                          for (const Json& transaction : answer.result->value("transactions", Json::array()))
                              take(transaction);
                      gather(first + 1, last, done);
                  });
}

void EvmTakenBack::gather_pool(const Done& done) {
    m_client.call("txpool_content", Json::array(), [this, done](const rpc::Answer& answer) {
        for (const char* part : {"pending", "queued"}) {
            if (!answer.result || !answer.result->is_object() || !answer.result->contains(part)) continue;
            for (const auto& account : (*answer.result)[part].items()) {
                // The nonces are texts there: 10 would come before 9.
                std::map<std::int64_t, const Json*> in_order;
                for (const auto& one : account.value().items()) {
                    const bool whole = one.value().is_object() && one.value().contains("nonce");
                    if (const auto nonce = whole ? read_hex_number(one.value()["nonce"]) : std::nullopt)
                        in_order[*nonce] = &one.value();
                }
                for (const auto& [nonce, transaction] : in_order) take(*transaction);
            }
        }
        gather_signed(0, done);
    });
}

void EvmTakenBack::gather_signed(std::size_t at, const Done& done) {
    if (at == m_transactions.size()) return done();
    m_client.call("eth_getRawTransactionByHash", Json::array({m_transactions[at].fields["hash"]}),
                  [this, at, done](rpc::Answer answer) {
                      if (answer.result) m_transactions[at].raw = std::move(*answer.result);
                      gather_signed(at + 1, done);
                  });
}

void EvmTakenBack::give_back(Done done) {
    m_next = 0;
    if (m_transactions.empty()) return done();
    m_client.call("anvil_dropAllTransactions", Json::array(),
                  [this, done = std::move(done)](const rpc::Answer&) { send_next(done); });
}

void EvmTakenBack::send_next(const Done& done) {
    if (m_next == m_transactions.size()) {
        m_transactions.clear();
        return done();
    }
    const Transaction& now = m_transactions[m_next++];
    const auto by_fields = [this, fields = fields_of(now.fields), done] {
        m_client.call("eth_sendTransaction", Json::array({fields}),
                      [this, done](const rpc::Answer&) { send_next(done); });
    };
    if (!now.raw.is_string()) return by_fields();
    m_client.call("eth_sendRawTransaction", Json::array({now.raw}), [this, by_fields, done](const rpc::Answer& answer) {
        if (!answer.result) return by_fields();
        send_next(done);
    });
}

}    // namespace filfil::node
