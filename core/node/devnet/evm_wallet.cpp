// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "node/devnet/evm_wallet.hpp"

#include "base/base64.hpp"
#include "chain/address.hpp"
#include "ipld/cbor_head.hpp"
#include "ipld/varint.hpp"
#include "node/devnet/evm_hex.hpp"
#include "node/json_fields.hpp"
#include "node/tipset_json.hpp"

#include <utility>

namespace filfil::node {
namespace {

using rpc::Json;

/// FRC-0042's number of "InvokeEVM", the method that calls a contract.
constexpr std::uint64_t invoke_evm = 3844450837;
constexpr std::uint64_t ethereum_manager = 10;    ///< the actor that gives out f410 addresses
constexpr std::uint64_t create_external = 4;      ///< its method CreateExternal: a contract from outside
constexpr std::size_t ethereum_address_size = 20;
constexpr std::size_t hash_size = 32;

/// How FEVM writes actors that have no address of Ethereum's: so, and the number in 8 bytes.
constexpr std::string_view masked_front = "0xff0000000000000000000000";

/// A decimal amount as a hexadecimal number.
Result<std::string> hex_amount(const Json& json) {
    FILFIL_TRY(const Bytes amount, read_amount(json));
    if (amount.empty()) return std::string("0x0");
    if (amount.front() != std::byte{0}) return Error(ErrorCode::invalid_argument, "a value cannot be below zero");
    std::string digits = to_hex(ByteView(amount).subspan(1));
    digits.erase(0, digits.find_first_not_of('0'));
    return "0x" + digits;
}

/// The contract's input: InvokeEVM has it as one CBOR byte string.
Result<std::string> input_of(const Json& params) {
    FILFIL_TRY(const Bytes bytes, read_base64(params));
    if (bytes.empty()) return std::string("0x");
    const ipld::CborHead head = ipld::read_cbor_head(bytes.data(), bytes.data() + bytes.size());
    if (head.fault != ipld::CborFault::none || head.major != ipld::cbor_bytes ||
        head.argument != bytes.size() - head.size)
        return Error(ErrorCode::invalid_argument, "the parameters of InvokeEVM are no CBOR byte string");
    return "0x" + to_hex(ByteView(bytes).subspan(head.size));
}

/// The signature's type follows the kind of the address: 1 for secp256k1, 2 for BLS, 3 for delegated.
int signature_type(const Json& address) {
    const auto* text = address.get_ptr<const Json::string_t*>();
    const char kind = text != nullptr && text->size() > 1 ? (*text)[1] : '4';
    return kind == '1' ? 1 : kind == '3' ? 2 : 3;
}

Result<ipld::Cid> cid_of(const Json& hash) {
    FILFIL_TRY(const Bytes bytes, read_hex(hash));
    if (bytes.size() != hash_size) return Error(ErrorCode::corrupt, "the EVM node answered no hash");
    return ipld::Cid(ipld::Codec::dag_cbor, {ipld::HashCode::blake2b_256, bytes});
}

Json signed_message(Json message, const ipld::Cid& cid) {
    message["CID"] = json_of(cid);
    const int type = signature_type(message["From"]);
    return {{"Message", std::move(message)},
            {"Signature", {{"Type", type}, {"Data", to_base64(Bytes(65))}}},
            {"CID", json_of(cid)}};
}

std::optional<std::uint64_t> masked_number(std::string_view account) {
    if (!account.starts_with(masked_front)) return std::nullopt;
    const auto number = read_hex_number(Json("0x" + std::string(account.substr(masked_front.size()))));
    return number ? std::optional<std::uint64_t>(static_cast<std::uint64_t>(*number)) : std::nullopt;
}

}    // namespace

void EvmWallet::run(std::string_view method, const Json& params, Reply reply) {
    if (method.ends_with(".WalletSign")) return sign(params, reply);
    if (method.ends_with(".WalletSignMessage")) return sign_message(params, reply);
    if (method.ends_with(".MpoolPush")) return push_signed(params, reply);
    push_message(params, reply);
}

Result<std::string> EvmWallet::account_of(const Json& address) const {
    FILFIL_TRY(const std::string* text, read_text(address));
    if (const auto found = m_options.accounts.find(*text); found != m_options.accounts.end()) return found->second;
    FILFIL_TRY(const chain::Address parsed, chain::Address::parse(*text));
    const ByteView bytes = parsed.bytes();
    if (parsed.protocol() == chain::AddressProtocol::delegated && bytes.size() == 2 + ethereum_address_size &&
        bytes[1] == std::byte{ethereum_manager})
        return "0x" + to_hex(bytes.subspan(2));
    if (parsed.protocol() == chain::AddressProtocol::id) {
        FILFIL_TRY(const ipld::Varint id, ipld::read_varint(bytes.subspan(1)));
        const std::string digits = hex_number(id.value).substr(2);
        return std::string(masked_front) + std::string(16 - digits.size(), '0') + digits;
    }
    return Error(ErrorCode::not_found, "the devnet's wallet has no key of " + *text,
                 "name its account of the EVM node when the devnet is started");
}

void EvmWallet::sign(const Json& params, const Reply& reply) {
    auto account = account_of(params[0]);
    if (!account.ok()) return reply(refused(account.error(), m_options.flavour));
    auto data = read_base64(params[1]);
    if (!data.ok()) return reply(refused(data.error(), m_options.flavour));
    m_call("eth_sign", Json::array({*account, "0x" + to_hex(*data)}),
           [this, type = signature_type(params[0]), reply](Outcome outcome) {
               if (std::holds_alternative<WireError>(outcome)) return reply(std::move(outcome));
               const auto bytes = read_hex(std::get<Json>(outcome));
               if (!bytes.ok()) return reply(refused(bytes.error(), m_options.flavour));
               reply(Json{{"Type", type}, {"Data", to_base64(*bytes)}});
           });
}

Result<Json> EvmWallet::transaction_of(const Json& message) const {
    FILFIL_TRY(const std::uint64_t method, read_field(message, "Method", read_unsigned));
    const Json::const_iterator to = message.find("To");
    const bool creates = method == create_external && to != message.end() && to->is_string() &&
                         to->get_ref<const std::string&>().substr(1) == "010";
    if (method != invoke_evm && method != 0 && !creates)
        return Error(ErrorCode::unsupported, "the devnet sends payments, calls of contracts (method " +
                                                 std::to_string(invoke_evm) + ") and new contracts (method " +
                                                 std::to_string(create_external) + " of f010) only, not method " +
                                                 std::to_string(method));
    Json out;
    FILFIL_TRY(out["from"], read_field(message, "From", [&](const Json& json) { return account_of(json); }));
    if (!creates) {
        FILFIL_TRY(out["to"], read_field(message, "To", [&](const Json& json) { return account_of(json); }));
    }
    FILFIL_TRY(out["value"], read_field(message, "Value", hex_amount));
    if (method == invoke_evm || creates) {
        FILFIL_TRY(out["data"], read_field(message, "Params", input_of));
    }
    return out;
}

/// With the nonce and the gas that it has: the same message is the same transaction.
Result<Json> EvmWallet::exact_transaction_of(const Json& message) const {
    FILFIL_TRY(Json out, transaction_of(message));
    FILFIL_TRY(const std::uint64_t nonce, read_field(message, "Nonce", read_unsigned));
    FILFIL_TRY(const std::uint64_t gas, read_field(message, "GasLimit", read_unsigned));
    out["nonce"] = hex_number(nonce);
    out["gas"] = hex_number(gas);
    FILFIL_TRY(out["maxFeePerGas"], read_field(message, "GasFeeCap", hex_amount));
    FILFIL_TRY(out["maxPriorityFeePerGas"], read_field(message, "GasPremium", hex_amount));
    return out;
}

void EvmWallet::push_message(const Json& params, const Reply& reply) {
    auto transaction = transaction_of(params[0]);
    if (!transaction.ok()) return reply(refused(transaction.error(), m_options.flavour));
    m_waiting.push_back({params[0], *std::move(transaction), reply});
    if (!m_pushing) next_push();
}

void EvmWallet::next_push() {
    m_pushing = !m_waiting.empty();
    if (!m_pushing) return;
    Push push = std::move(m_waiting.front());
    m_waiting.pop_front();
    const auto limit = read_field_or_null(push.message, "GasLimit", read_unsigned);
    if (limit.ok() && *limit != 0) {
        push.transaction["gas"] = hex_number(*limit);
        return send(push);
    }
    m_call("eth_estimateGas", Json::array({push.transaction}), [this, push](Outcome outcome) mutable {
        const auto gas = std::holds_alternative<Json>(outcome) ? read_hex_number(std::get<Json>(outcome))
                                                               : std::optional<std::int64_t>();
        if (!gas) {
            if (std::holds_alternative<Json>(outcome))
                outcome =
                    refused(Error(ErrorCode::corrupt, "the EVM node answered no estimate of gas"), m_options.flavour);
            push.reply(std::move(outcome));
            return next_push();
        }
        push.transaction["gas"] = hex_number(static_cast<std::uint64_t>(*gas) / 4 * 5);
        send(push);
    });
}

void EvmWallet::send(const Push& push) {
    m_call("eth_sendTransaction", Json::array({push.transaction}),
           [this, message = push.message, reply = push.reply](Outcome outcome) {
               if (std::holds_alternative<WireError>(outcome))
                   reply(std::move(outcome));
               else
                   complete(message, std::get<Json>(outcome), reply);
               next_push();
           });
}

/// Asks what the EVM node has made of a message.
void EvmWallet::complete(const Json& message, const Json& hash, const Reply& reply) {
    const auto cid = cid_of(hash);
    if (!cid.ok()) return reply(refused(cid.error(), m_options.flavour));
    m_call("eth_getTransactionByHash", Json::array({hash}), [this, message, cid = *cid, reply](Outcome outcome) {
        if (std::holds_alternative<WireError>(outcome)) return reply(std::move(outcome));
        const Json& transaction = std::get<Json>(outcome);
        Json out = message;
        for (const auto& [field, name, is_text] :
             {std::tuple("Nonce", "nonce", false), std::tuple("GasLimit", "gas", false),
              std::tuple("GasFeeCap", "maxFeePerGas", true), std::tuple("GasPremium", "maxPriorityFeePerGas", true)}) {
            const auto value = transaction.is_object() && transaction.contains(name)
                                   ? read_hex_number(transaction[name])
                                   : std::optional<std::int64_t>();
            if (!value)
                return reply(refused(Error(ErrorCode::corrupt, "the EVM node does not tell the " + std::string(name) +
                                                                   " of the transaction that it has just taken"),
                                     m_options.flavour));
            out[field] = is_text ? Json(std::to_string(*value)) : Json(*value);
        }
        reply(signed_message(std::move(out), cid));
    });
}

void EvmWallet::sign_message(const Json& params, const Reply& reply) {
    auto transaction = exact_transaction_of(params[1]);
    if (!transaction.ok()) return reply(refused(transaction.error(), m_options.flavour));
    m_call("eth_signTransaction", Json::array({*transaction}), [this, message = params[1], reply](Outcome outcome) {
        if (std::holds_alternative<WireError>(outcome)) return reply(std::move(outcome));
        m_call("web3_sha3", Json::array({std::get<Json>(outcome)}), [this, message, reply](Outcome hash) {
            if (std::holds_alternative<WireError>(hash)) return reply(std::move(hash));
            const auto cid = cid_of(std::get<Json>(hash));
            if (!cid.ok()) return reply(refused(cid.error(), m_options.flavour));
            reply(signed_message(message, *cid));
        });
    });
}

void EvmWallet::push_signed(const Json& params, const Reply& reply) {
    const auto sent = [&]() -> Result<std::pair<ipld::Cid, Json>> {
        FILFIL_TRY(const ipld::Cid cid, read_field(params[0], "CID", parse_cid));
        FILFIL_TRY(Json transaction,
                   read_field(params[0], "Message", [&](const Json& json) { return exact_transaction_of(json); }));
        return std::pair(cid, std::move(transaction));
    }();
    if (!sent.ok()) return reply(refused(sent.error(), m_options.flavour));
    m_call("eth_sendTransaction", Json::array({sent->second}), [this, cid = sent->first, reply](Outcome outcome) {
        if (std::holds_alternative<WireError>(outcome)) return reply(std::move(outcome));
        const auto got = cid_of(std::get<Json>(outcome));
        if (!got.ok()) return reply(refused(got.error(), m_options.flavour));
        if (*got != cid)
            return reply(
                refused(Error(ErrorCode::mismatch, "the message was not signed by this devnet"), m_options.flavour));
        reply(json_of(cid));
    });
}

Result<std::string> lookup_id(const DevnetOptions& options, const std::string& address) {
    const auto parsed = chain::Address::parse(address);
    if (parsed.ok() && parsed->protocol() == chain::AddressProtocol::id) return address;
    const auto found = options.accounts.find(address);
    const auto number = found == options.accounts.end() ? std::nullopt : masked_number(found->second);
    if (!parsed.ok() || !number)
        return Error(ErrorCode::internal, "resolution lookup failed (" + address + "): actor not found");
    return chain::Address::of_id(*number).text(address.front());
}

Result<std::string> account_key(const DevnetOptions& options, const std::string& address) {
    const auto parsed = chain::Address::parse(address);
    if (parsed.ok() && parsed->protocol() != chain::AddressProtocol::id) return address;
    for (const auto& [key, account] : options.accounts) {
        const auto number = masked_number(account);
        if (parsed.ok() && number && chain::Address::of_id(*number) == *parsed) return key;
    }
    return Error(ErrorCode::internal, "failed to get account actor state for " + address + ": actor not found");
}

}    // namespace filfil::node
