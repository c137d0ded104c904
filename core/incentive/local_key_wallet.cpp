// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/local_key_wallet.hpp"

#include "incentive/lifeline.hpp"

#include <algorithm>
#include <utility>

namespace filfil::incentive {
namespace {

using rpc::Json;

Result<SignedTransaction> signed_of(const Draft& draft) {
    FILFIL_TRY(const std::string raw, rpc::text_field(draft.body, "raw"));
    FILFIL_TRY(const Bytes bytes, from_hex(raw));
    return decode_transaction(bytes);
}

/// What nodes say of a transaction that they have already.
bool known_already(const rpc::Answer& answer) {
    return answer.error && (answer.error->message.find("already known") != std::string::npos ||
                            answer.error->message.find("already in mpool") != std::string::npos ||
                            answer.error->message.find("already exists") != std::string::npos ||
                            answer.error->message.find("already imported") != std::string::npos);
}

class LocalKeyWallet final : public Wallet {
public:
    LocalKeyWallet(EthNode& node, SecretKey key, std::uint64_t chain_id, FeeLimits limits)
        : m_node(node), m_key(std::move(key)), m_chain_id(chain_id), m_limits(std::move(limits)) {}

    void open(Handler<void> handler) override {
        m_node.chain_id(m_here([this, handler = std::move(handler)](const Result<std::uint64_t>& id) {
            if (!id.ok()) return handler(id.error());
            if (*id != m_chain_id)
                return handler(Error(ErrorCode::mismatch,
                                     m_node.name() + ": the node is of chain " + std::to_string(*id) +
                                         ", and transactions are for chain " + std::to_string(m_chain_id),
                                     "name a node of the network that the contract is on"));
            handler({});
        }));
    }

    [[nodiscard]] const EthAddress& address() const noexcept override { return m_key.address(); }
    [[nodiscard]] std::string name() const override { return m_key.address().text(); }

    void prepare(const Call& call, const Preparation& preparation, Handler<Draft> handler) override {
        auto work = std::make_shared<Work>(Work{call, preparation, std::move(handler)});
        m_node.block_number(m_here([this, work](const Result<std::uint64_t>& number) {
            if (!number.ok()) return work->handler(number.error());
            work->draft.made_at = *number;
            ask_nonce(work);
        }));
    }

    void replace(const Draft& last, Handler<Draft> handler) override {
        auto before = signed_of(last);
        if (!before.ok()) return handler(std::move(before).error());
        auto work = std::make_shared<Work>(Work{before->transaction.call, {}, std::move(handler)});
        const Transaction old = before->transaction;
        m_node.block_number(m_here([this, work, old](const Result<std::uint64_t>& number) {
            if (!number.ok()) return work->handler(number.error());
            work->draft.made_at = *number;
            FeeLimits as_before = m_limits;
            as_before.gas_limit = old.gas_limit;
            estimate_fees(m_node, address(), work->call, as_before, {},
                          m_here([this, work, old](const Result<Fees>& now) {
                              if (!now.ok()) return work->handler(now.error());
                              auto fees = replacement_fees({old.gas_limit, old.tip, old.fee_cap, {}}, *now, m_limits);
                              if (!fees.ok()) return work->handler(std::move(fees).error());
                              finish(*work, old.nonce, *fees);
                          }));
        }));
    }

    void send(const Draft& draft, Handler<Draft> handler) override {
        auto transaction = signed_of(draft);
        if (!transaction.ok()) return handler(std::move(transaction).error());
        m_node.send_raw(transaction->raw, m_here([this, draft, handler = std::move(handler)](rpc::Answer answer) {
                            if (answer.result || known_already(answer)) return handler(draft);
                            handler(call_error(m_node, std::move(answer), "eth_sendRawTransaction", address(), {}));
                        }));
    }

    void find(const Draft& draft, Handler<std::optional<Draft>> handler) override { handler(std::optional(draft)); }

    void receipt(const Draft& draft, Handler<std::optional<EthReceipt>> handler) override {
        if (!draft.hash) return handler(std::optional<EthReceipt>());
        m_node.receipt(*draft.hash, m_here(std::move(handler)));
    }

private:
    struct Work {
        Call call;
        Preparation preparation;
        Handler<Draft> handler;
        Draft draft{};
        std::uint64_t nonce = 0;
    };

    void ask_nonce(const std::shared_ptr<Work>& work) {
        m_node.transaction_count(address(), At::pending(), m_here([this, work](const Result<std::uint64_t>& count) {
                                     if (!count.ok()) return work->handler(count.error());
                                     // The node counts what is in its pool without a gap; drafts of ours may be in no
                                     // pool yet, or behind a gap.
                                     work->nonce = *count;
                                     while (work->preparation.taken.contains(work->nonce)) ++work->nonce;
                                     ask_fees(work);
                                 }));
    }

    void ask_fees(const std::shared_ptr<Work>& work) {
        estimate_fees(m_node, address(), work->call, m_limits, work->preparation.revert,
                      m_here([this, work](const Result<Fees>& fees) {
                          if (!fees.ok()) return work->handler(fees.error());
                          ask_balance(work, *fees);
                      }));
    }

    void ask_balance(const std::shared_ptr<Work>& work, const Fees& fees) {
        m_node.balance(address(), At::latest(), m_here([this, work, fees](const Result<U256>& balance) {
                           if (!balance.ok()) return work->handler(balance.error());
                           const U256 cost = add(most_fees(fees), work->call.value).value_or(U256::max());
                           auto enough = check_balance(name(), address(), *balance, cost, work->preparation.reserved);
                           if (!enough.ok()) return work->handler(std::move(enough).error());
                           finish(*work, work->nonce, fees);
                       }));
    }

    void finish(Work& work, std::uint64_t nonce, const Fees& fees) {
        const Transaction transaction{m_chain_id, nonce, fees.tip, fees.fee_cap, fees.gas_limit, work.call};
        auto signed_one = sign(transaction, m_key);
        if (!signed_one.ok()) return work.handler(std::move(signed_one).error());
        work.draft.hash = signed_one->hash;
        work.draft.nonce = nonce;
        work.draft.most_cost = most_cost(transaction).value_or(U256::max());
        work.draft.body = Json{{"raw", to_hex(signed_one->raw)}};
        work.handler(std::move(work.draft));
    }

    EthNode& m_node;
    SecretKey m_key;
    std::uint64_t m_chain_id;
    FeeLimits m_limits;
    Lifeline m_here;
};

}    // namespace

std::unique_ptr<Wallet> make_local_key_wallet(EthNode& node, SecretKey key, std::uint64_t chain_id, FeeLimits limits) {
    return std::make_unique<LocalKeyWallet>(node, std::move(key), chain_id, std::move(limits));
}

}    // namespace filfil::incentive
