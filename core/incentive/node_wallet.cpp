// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/node_wallet.hpp"

#include "incentive/filecoin_message.hpp"
#include "incentive/keccak.hpp"
#include "incentive/lifeline.hpp"
#include "incentive/message_search.hpp"

#include <algorithm>
#include <utility>

namespace filfil::incentive {
namespace {

using rpc::Json;

constexpr std::size_t tag_size = 16;

/// Epochs that StateSearchMsg goes back.
constexpr int lookback = 1800;

std::string uuid_of(ByteView tag) {
    std::string out = to_hex(tag.first(tag_size));
    for (const std::size_t at : {20U, 16U, 12U, 8U}) out.insert(at, 1, '-');
    return out;
}

Json cid_json(const ipld::Cid& cid) { return Json{{"/", cid.text()}}; }

Hash32 digest_of(const ipld::Cid& cid) {
    Hash32 out{};
    std::ranges::copy(cid.hash().digest, out.begin());
    return out;
}

Result<SignedMessage> signed_message_of(const Draft& draft) {
    FILFIL_TRY(const Json* json, rpc::field(draft.body, "signed"));
    return read_signed_message(*json);
}

bool is_signed(const Draft& draft) { return draft.body.is_object() && draft.body.contains("signed"); }

class NodeWallet final : public Wallet {
public:
    NodeWallet(EthNode& node, NodeWalletOptions options) : m_node(node), m_options(std::move(options)) {}

    void open(Handler<void> handler) override {
        m_node.chain_id(m_here([this, handler = std::move(handler)](const Result<std::uint64_t>& id) {
            if (!id.ok()) return handler(id.error());
            if (m_options.chain_id != 0 && *id != m_options.chain_id)
                return handler(Error(ErrorCode::mismatch,
                                     m_node.name() + ": the node is of chain " + std::to_string(*id) + ", not " +
                                         std::to_string(m_options.chain_id),
                                     "name a node of the network that the contract is on"));
            find_sender(handler);
        }));
    }

    [[nodiscard]] const EthAddress& address() const noexcept override { return m_address; }
    [[nodiscard]] std::string name() const override { return m_options.from; }

    void prepare(const Call& call, const Preparation& preparation, Handler<Draft> handler) override {
        auto work = std::make_shared<Work>(Work{call, preparation, std::move(handler)});
        const Hash32 tag = keccak_256(bytes_of("fil-fil draft " + m_options.from + " " + preparation.id));
        work->draft.tag.assign(tag.begin(), tag.begin() + tag_size);
        auto message = message_of(m_options.from, call, work->draft.tag);
        if (!message.ok()) return work->handler(std::move(message).error());
        work->draft.body = {{"message", json_of(*message, m_options.limits)},
                            {"spec",
                             {{"MaxFee", m_options.limits.most.value_or(U256()).text()},
                              {"MsgUuid", uuid_of(work->draft.tag)},
                              {"MaximizeFeeCap", false}}}};
        m_node.block_number(m_here([this, work](const Result<std::uint64_t>& number) {
            if (!number.ok()) return work->handler(number.error());
            work->draft.made_at = *number;
            ask_count(work);
        }));
    }

    void replace(const Draft& last, Handler<Draft> handler) override {
        auto before = signed_message_of(last);
        if (!before.ok())
            return handler(Error(ErrorCode::unsupported, "the node has not told what it signed",
                                 "look for it with lotus mpool find, and replace it with lotus mpool replace"));
        auto work = std::make_shared<Work>(Work{{}, {}, std::move(handler), last});
        FeeLimits as_before = m_options.limits;
        as_before.gas_limit = before->gas_limit;
        const Fees old{before->gas_limit, before->premium, before->fee_cap, {}};
        m_node.block_number(m_here([this, work, as_before, old](const Result<std::uint64_t>& number) {
            if (!number.ok()) return work->handler(number.error());
            work->draft.made_at = *number;
            estimate_fees(m_node, m_address, {}, as_before, {}, m_here([this, work, old](const Result<Fees>& now) {
                              if (!now.ok()) return work->handler(now.error());
                              auto fees = replacement_fees(old, *now, m_options.limits);
                              if (!fees.ok()) return work->handler(std::move(fees).error());
                              sign_again(work, *fees);
                          }));
        }));
    }

    void send(const Draft& draft, Handler<Draft> handler) override {
        if (is_signed(draft)) return push_again(draft, std::move(handler));
        const auto message = rpc::field(draft.body, "message");
        const auto spec = rpc::field(draft.body, "spec");
        if (!message.ok() || !spec.ok()) return handler(message.ok() ? spec.error() : message.error());
        m_node.ask("Filecoin.MpoolPushMessage", Json::array({**message, **spec}),
                   m_here([this, draft, handler = std::move(handler)](rpc::Answer answer) {
                       auto result = filecoin_result(std::move(answer), "Filecoin.MpoolPushMessage");
                       if (!result.ok()) return handler(std::move(result).error());
                       take_signed(draft, *result, [handler](Result<std::optional<Draft>> taken) {
                           if (!taken.ok()) return handler(std::move(taken).error());
                           handler(std::move(**taken));
                       });
                   }));
    }

    void find(const Draft& draft, Handler<std::optional<Draft>> handler) override {
        if (is_signed(draft)) {
            auto message = signed_message_of(draft);
            if (!message.ok()) return handler(std::move(message).error());
            return resolve_hash(draft, *message, std::move(handler));
        }
        const bool noted = draft.body.is_object() && draft.body.contains("count") && draft.body["count"].is_number();
        const std::uint64_t first = noted ? draft.body["count"].get<std::uint64_t>() : 0;
        m_search->find(draft, first, [this, draft, handler](const Result<std::optional<FoundMessage>>& found) {
            if (!found.ok()) return handler(found.error());
            if (!*found) return handler(std::optional<Draft>());
            if ((*found)->signed_message) return take_signed(draft, *(*found)->signed_message, handler);
            Draft out = draft;
            out.hash = (*found)->hash;
            out.nonce = (*found)->nonce;
            handler(std::optional(std::move(out)));
        });
    }

    void receipt(const Draft& draft, Handler<std::optional<EthReceipt>> handler) override {
        if (!draft.hash) return handler(std::optional<EthReceipt>());
        m_node.receipt(*draft.hash, m_here(std::move(handler)));
    }

    void search_receipt(const Draft& draft, Handler<std::optional<EthReceipt>> handler) override {
        const auto message = signed_message_of(draft);
        if (!message.ok()) return handler(std::optional<EthReceipt>());
        m_node.ask("Filecoin.StateSearchMsg", Json::array({nullptr, cid_json(message->cid), lookback, true}),
                   m_here([this, handler = std::move(handler)](rpc::Answer answer) {
                       auto result = filecoin_result(std::move(answer), "Filecoin.StateSearchMsg");
                       if (!result.ok() && result.error().code == ErrorCode::unsupported)
                           return handler(std::optional<EthReceipt>());
                       if (!result.ok()) return handler(std::move(result).error());
                       if (result->is_null()) return handler(std::optional<EthReceipt>());
                       handler(read_lookup(*result));
                   }));
    }

private:
    struct Work {
        Call call;
        Preparation preparation;
        Handler<Draft> handler;
        Draft draft{};
    };

    Result<Json> filecoin_result(rpc::Answer answer, const std::string& method) const {
        const auto refusal = refusal_of(answer);
        const bool missing = answer.error && answer.error->message.find("key not found") != std::string::npos;
        auto result = m_node.result_of(std::move(answer), method);
        if (result.ok()) return result;
        Error error = std::move(result).error();
        if (error.code == ErrorCode::unsupported)
            error.remedy =
                "this node has no wallet that this program can use: name a Lotus or Forest node, or use a "
                "key file";
        if (error.code == ErrorCode::denied)
            error.remedy = "give a token of the node with the permission to sign (lotus auth create-token --perm sign)";
        if (missing)
            error.remedy = "the node's wallet has no key of " + m_options.from + ": lotus wallet list shows them";
        if (refusal && refusal->no_funds) {
            error.code = ErrorCode::too_small;
            error.remedy = "send FIL to " + m_options.from;
        }
        return error;
    }

    /// Messages name their sender by its key, not by its number.
    void find_sender(const Handler<void>& handler) {
        auto from = chain::Address::parse(m_options.from);
        if (!from.ok()) return handler(std::move(from).error().in("the wallet's address"));
        m_sender = std::move(*from);
        if (m_sender.protocol() != chain::AddressProtocol::id) return find_address(handler);
        m_node.ask("Filecoin.StateAccountKey", Json::array({m_options.from, nullptr}),
                   m_here([this, handler](rpc::Answer answer) {
                       auto result = filecoin_result(std::move(answer), "Filecoin.StateAccountKey");
                       if (!result.ok()) return handler(std::move(result).error());
                       const auto* text = result->get_ptr<const Json::string_t*>();
                       const auto key =
                           text == nullptr ? Error(ErrorCode::corrupt, "no text") : chain::Address::parse(*text);
                       if (!key.ok())
                           return handler(Error(ErrorCode::corrupt,
                                                m_node.name() + ": Filecoin.StateAccountKey answered no address"));
                       const auto masked = eth_address_of(m_sender);
                       if (!m_options.eth_address && masked.ok()) m_options.eth_address = *masked;
                       m_sender = *key;
                       find_address(handler);
                   }));
    }

    void find_address(const Handler<void>& handler) {
        if (m_options.eth_address) {
            return take_address(*m_options.eth_address, handler);
        }
        if (auto known = eth_address_of(m_sender); known.ok()) {
            return take_address(*known, handler);
        }
        m_node.ask(
            "Filecoin.StateLookupID", Json::array({m_options.from, nullptr}),
            m_here([this, handler](rpc::Answer answer) {
                const bool unknown = answer.error && answer.error->message.find("not found") != std::string::npos;
                auto result = filecoin_result(std::move(answer), "Filecoin.StateLookupID");
                if (unknown)
                    return handler(Error(ErrorCode::not_found,
                                         "the wallet " + m_options.from + " is not on the chain yet",
                                         "send some FIL to it first"));
                if (!result.ok()) return handler(std::move(result).error());
                const auto* text = result->get_ptr<const Json::string_t*>();
                const auto id = text == nullptr ? Error(ErrorCode::corrupt, "no text") : chain::Address::parse(*text);
                const auto masked = id.ok() ? eth_address_of(*id) : id.error();
                if (!masked.ok())
                    return handler(
                        Error(ErrorCode::corrupt, m_node.name() + ": Filecoin.StateLookupID answered no f0 address"));
                take_address(*masked, handler);
            }));
    }

    void take_address(const EthAddress& address, const Handler<void>& handler) {
        m_address = address;
        m_search.emplace(m_node, m_options.from, m_sender, m_address);
        handler({});
    }

    void ask_count(const std::shared_ptr<Work>& work) {
        m_node.transaction_count(m_address, At::latest(), m_here([this, work](const Result<std::uint64_t>& count) {
                                     if (!count.ok()) return work->handler(count.error());
                                     work->draft.body["count"] = *count;
                                     ask_fees(work);
                                 }));
    }

    void ask_fees(const std::shared_ptr<Work>& work) {
        estimate_fees(m_node, m_address, work->call, m_options.limits, work->preparation.revert,
                      m_here([this, work](const Result<Fees>& fees) {
                          if (!fees.ok()) return work->handler(fees.error());
                          ask_balance(work, *fees);
                      }));
    }

    void ask_balance(const std::shared_ptr<Work>& work, const Fees& fees) {
        m_node.balance(m_address, At::latest(), m_here([this, work, fees](const Result<U256>& balance) {
                           if (!balance.ok()) return work->handler(balance.error());
                           const U256 cost = add(most_fees(fees), work->call.value).value_or(U256::max());
                           auto enough = check_balance(name(), m_address, *balance, cost, work->preparation.reserved);
                           if (!enough.ok()) return work->handler(std::move(enough).error());
                           work->draft.most_cost = cost;
                           work->handler(std::move(work->draft));
                       }));
    }

    /// What the node says that it signed is held against what it was asked to.
    void take_signed(Draft draft, const Json& json, Handler<std::optional<Draft>> handler) {
        auto message = read_signed_message(json);
        if (!message.ok()) return handler(std::move(message).error().in(m_node.name()));
        if (!is_ours(draft, *message))
            return handler(
                Error(ErrorCode::mismatch,
                      m_node.name() + ": the node signed another message than it was asked to: " + message->cid.text(),
                      "do not use this node"));
        draft.nonce = message->nonce;
        draft.body["signed"] = json;
        const U256 fees = most_fees({message->gas_limit, message->premium, message->fee_cap, {}});
        draft.most_cost = add(fees, message->value).value_or(U256::max());
        resolve_hash(std::move(draft), *message, std::move(handler));
    }

    [[nodiscard]] bool is_ours(const Draft& draft, const SignedMessage& message) const {
        // The message as it was asked for, in the same form.
        Json asked = draft.body.is_object() && draft.body.contains("message") ? draft.body["message"] : Json();
        if (!asked.is_object()) return false;
        const Json whole = {{"Message", asked}, {"Signature", {{"Type", 1}}}, {"CID", cid_json(message.cid)}};
        const auto read = read_signed_message(whole);
        if (!read.ok()) return false;
        return message.from == m_sender && carries(message, *read);
    }

    void resolve_hash(Draft draft, const SignedMessage& message, Handler<std::optional<Draft>> handler) {
        m_node.ask("eth_getTransactionHashByCid", Json::array({cid_json(message.cid)}),
                   m_here([this, draft = std::move(draft), digest = digest_of(message.cid),
                           delegated = message.delegated, handler = std::move(handler)](rpc::Answer answer) mutable {
                       auto result = m_node.result_of(std::move(answer), "eth_getTransactionHashByCid");
                       const auto* text = result.ok() ? result->get_ptr<const Json::string_t*>() : nullptr;
                       const auto hash = text == nullptr ? Error(ErrorCode::corrupt, "no hash") : parse_hash(*text);
                       // Messages that are no Ethereum transactions have the CID's digest for a name; so do those of a
                       // devnet, whose node does not know the method.
                       const bool unknown = !result.ok() && result.error().code == ErrorCode::unsupported;
                       if (hash.ok())
                           draft.hash = *hash;
                       else if (unknown || !delegated)
                           draft.hash = digest;
                       handler(std::optional(std::move(draft)));
                   }));
    }

    void push_again(const Draft& draft, Handler<Draft> handler) {
        m_node.ask("Filecoin.MpoolPush", Json::array({draft.body["signed"]}),
                   m_here([this, draft, handler = std::move(handler)](rpc::Answer answer) {
                       const bool there = answer.error && answer.error->message.find("already") != std::string::npos;
                       auto result = filecoin_result(std::move(answer), "Filecoin.MpoolPush");
                       if (!result.ok() && !there) return handler(std::move(result).error());
                       find(draft, [handler, draft](Result<std::optional<Draft>> found) {
                           handler(found.ok() && *found ? std::move(**found) : draft);
                       });
                   }));
    }

    void sign_again(const std::shared_ptr<Work>& work, const Fees& fees) {
        Json message = work->draft.body["signed"]["Message"];
        message.erase("CID");
        message["GasLimit"] = fees.gas_limit;
        message["GasPremium"] = fees.tip.text();
        message["GasFeeCap"] = fees.fee_cap.text();
        m_node.ask("Filecoin.WalletSignMessage", Json::array({m_options.from, message}),
                   m_here([this, work](rpc::Answer answer) {
                       auto result = filecoin_result(std::move(answer), "Filecoin.WalletSignMessage");
                       if (!result.ok()) {
                           Error error = std::move(result).error();
                           if (error.code == ErrorCode::unsupported)
                               error.remedy = "replace the message on the node: lotus mpool replace --auto " +
                                              m_options.from + " " + std::to_string(work->draft.nonce.value_or(0));
                           return work->handler(std::move(error));
                       }
                       const std::optional<std::uint64_t> nonce = work->draft.nonce;
                       work->draft.hash.reset();
                       auto message = read_signed_message(*result);
                       if (!message.ok()) return work->handler(std::move(message).error().in(m_node.name()));
                       if (!is_ours(work->draft, *message) || message->nonce != nonce)
                           return work->handler(Error(ErrorCode::mismatch,
                                                      m_node.name() + ": the node signed another message than asked"));
                       work->draft.body["signed"] = *result;
                       if (!message->delegated) work->draft.hash = digest_of(message->cid);
                       const U256 cost = most_fees({message->gas_limit, message->premium, message->fee_cap, {}});
                       work->draft.most_cost = add(cost, message->value).value_or(U256::max());
                       work->handler(std::move(work->draft));
                   }));
    }

    static Result<std::optional<EthReceipt>> read_lookup(const Json& json) {
        EthReceipt out;
        FILFIL_TRY(const std::int64_t height, rpc::integer_field(json, "Height"));
        FILFIL_TRY(const Json* receipt, rpc::field(json, "Receipt"));
        FILFIL_TRY(const std::int64_t exit_code, rpc::integer_field(*receipt, "ExitCode"));
        FILFIL_TRY(const std::int64_t gas, rpc::integer_field(*receipt, "GasUsed"));
        if (height < 0 || gas < 0) return Error(ErrorCode::corrupt, "the node's answer: a height or gas below 0");
        out.block = static_cast<std::uint64_t>(height);
        out.exit_code = exit_code;
        out.succeeded = exit_code == 0;
        out.gas_used = static_cast<std::uint64_t>(gas);
        return std::optional(out);
    }

    EthNode& m_node;
    NodeWalletOptions m_options;
    chain::Address m_sender;
    EthAddress m_address;
    std::optional<MessageSearch> m_search;    ///< once it is open
    Lifeline m_here;
};

}    // namespace

std::unique_ptr<Wallet> make_node_wallet(EthNode& node, NodeWalletOptions options) {
    return std::make_unique<NodeWallet>(node, std::move(options));
}

}    // namespace filfil::incentive
