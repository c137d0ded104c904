// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "node/devnet/evm_bridge.hpp"

#include "base/base64.hpp"
#include "chain/address.hpp"
#include "ipld/cbor_head.hpp"
#include "ipld/varint.hpp"
#include "node/json_fields.hpp"
#include "node/tipset_json.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace filfil::node {
namespace {

using rpc::Json;

constexpr std::size_t most_snapshots = 32;

/// FRC-0042's number of "InvokeEVM", the method that calls a contract.
constexpr std::uint64_t invoke_evm = 3844450837;
constexpr std::uint64_t ethereum_manager = 10;    ///< the actor that gives out f410 addresses
constexpr std::uint64_t create_external = 4;      ///< its method CreateExternal: a contract from outside
constexpr std::size_t ethereum_address_size = 20;

/// How the nodes that there are mine a number of blocks at once; the last is asked once a block.
constexpr std::array mining_methods = {"anvil_mine", "hardhat_mine", "evm_mine"};
constexpr std::size_t one_by_one = mining_methods.size() - 1;

std::string hex_number(std::uint64_t value) {
    std::array<char, 16> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value, 16).ptr;
    return "0x" + std::string(digits.data(), end);
}

std::optional<std::int64_t> read_hex_number(const Json& json) {
    const auto* text = json.get_ptr<const Json::string_t*>();
    if (text == nullptr || !text->starts_with("0x")) return std::nullopt;
    std::int64_t value = 0;
    const auto [end, status] = std::from_chars(text->data() + 2, text->data() + text->size(), value, 16);
    if (status != std::errc{} || end != text->data() + text->size() || value < 0) return std::nullopt;
    return value;
}

Result<Bytes> read_hex(const Json& json) {
    const auto* text = json.get_ptr<const Json::string_t*>();
    if (text == nullptr || !text->starts_with("0x"))
        return Error(ErrorCode::corrupt, "the EVM node answered no bytes in hexadecimal");
    return from_hex(std::string_view(*text).substr(2));
}

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

WireError refused(const DevnetOptions& options, const Error& why) {
    return {options.flavour == Flavour::lotus ? lotus_application_error : internal_error, why.message};
}

Outcome outcome_of(const DevnetOptions& options, rpc::Answer answer) {
    if (answer.result) return std::move(*answer.result);
    if (answer.error) return WireError{answer.error->code, answer.error->message, answer.error->data};
    return refused(options, answer.failure ? *answer.failure : Error(ErrorCode::internal, "no answer came"));
}

}    // namespace

EvmBridge::EvmBridge(World& world, const DevnetOptions& options, Epoch head)
    : m_world(world), m_options(options), m_head(head) {
    rpc::ClientConfig config;
    config.url = *options.evm;
    m_client = rpc::make_client(world, std::move(config));
    m_busy = true;
    m_client->open(
        [this](Result<void> opened) {
            if (!opened.ok()) return give_up(opened.error().message);
            start();
        },
        [this](Error why) { give_up(why.message); });
}

void EvmBridge::give_up(const std::string& why) {
    if (!m_broken)
        m_world.log.write(LogLevel::warning, "node",
                          "the devnet's EVM node is out of step: " + why +
                              "; calls are still passed on to it, and its block number is no longer the epoch");
    m_broken = true;
    m_busy = false;
}

void EvmBridge::ask(std::string method, Json params, Step then) {
    const std::string name = method;
    m_client->call(std::move(method), std::move(params), [this, name, then = std::move(then)](rpc::Answer answer) {
        auto result = std::move(answer).to_result(name);
        if (!result.ok()) return give_up(name + ": " + result.error().message);
        then(std::move(*result));
    });
}

void EvmBridge::start() {
    // A node that cannot switch its mining off has none, or will be told below to be ahead.
    m_client->call("evm_setAutomine", Json::array({false}), [this](rpc::Answer) {
        ask("eth_blockNumber", Json::array(), [this](Json number) {
            const auto read = read_hex_number(number);
            if (!read) return give_up("eth_blockNumber answered no number");
            m_number = *read;
            if (m_number > m_head.value)
                m_world.log.write(LogLevel::warning, "node",
                                  "the devnet's EVM node is at block " + std::to_string(m_number) +
                                      ", above the head's epoch " + std::to_string(m_head.value) +
                                      ": start a fresh one for their numbers to agree from now on");
            go_on();
        });
    });
}

void EvmBridge::follow(Epoch common, Epoch head) {
    m_head = head;
    if (m_number < 0 || common.value < m_number || m_busy)
        m_back_to = std::min(common.value, m_back_to.value_or(common.value));
    if (!m_busy && !m_broken) go_on();
}

/// The next thing to do, until the block number is the epoch.
void EvmBridge::go_on() {
    m_busy = true;
    if (m_back_to && *m_back_to < m_number) return go_back();
    m_back_to.reset();
    if (m_number < m_head.value) return mine(0);
    if (m_number == m_head.value && (m_snapshots.empty() || m_snapshots.back().number < m_number))
        return take_snapshot();
    m_busy = false;
}

void EvmBridge::go_back() {
    const std::int64_t target = *m_back_to;
    m_back_to.reset();
    while (!m_snapshots.empty() && m_snapshots.back().number > target) {
        // The oldest that there is has to do where none is old enough: the number is lower at least.
        if (m_snapshots.size() == 1) break;
        m_snapshots.pop_back();
    }
    if (m_snapshots.empty() || m_snapshots.back().number > target) return go_on();
    const Snapshot snapshot = m_snapshots.back();
    m_snapshots.pop_back();
    ask("evm_revert", Json::array({snapshot.id}), [this, number = snapshot.number](const Json& done) {
        if (done != Json(true)) return give_up("evm_revert did not go back to block " + std::to_string(number));
        m_number = number;
        // A snapshot serves once.
        take_snapshot();
    });
}

void EvmBridge::mine(std::size_t way) {
    const std::int64_t blocks = way == one_by_one ? 1 : m_head.value - m_number;
    Json params = Json::array();
    if (way != one_by_one) params.push_back(hex_number(static_cast<std::uint64_t>(blocks)));
    m_client->call(mining_methods[way], std::move(params), [this, way, blocks](rpc::Answer answer) {
        const bool unknown = answer.error && answer.error->code == method_not_found;
        if (unknown && way != one_by_one) return mine(way + 1);
        auto result = std::move(answer).to_result(mining_methods[way]);
        if (!result.ok()) return give_up(result.error().message);
        m_number += blocks;
        if (m_number < m_head.value && way == one_by_one && !m_back_to) return mine(way);
        go_on();
    });
}

void EvmBridge::take_snapshot() {
    ask("evm_snapshot", Json::array(), [this](Json id) {
        m_snapshots.push_back({m_number, std::move(id)});
        if (m_snapshots.size() > most_snapshots) m_snapshots.pop_front();
        go_on();
    });
}

void EvmBridge::call(std::string method, Json params, Reply reply) {
    m_client->call(
        std::move(method), params.is_null() ? Json::array() : std::move(params),
        [this, reply = std::move(reply)](rpc::Answer answer) { reply(outcome_of(m_options, std::move(answer))); });
}

Result<std::string> EvmBridge::account_of(const Json& address) const {
    FILFIL_TRY(const std::string* text, read_text(address));
    if (const auto found = m_options.accounts.find(*text); found != m_options.accounts.end()) return found->second;
    FILFIL_TRY(const chain::Address parsed, chain::Address::parse(*text));
    const ByteView bytes = parsed.bytes();
    if (parsed.protocol() == chain::AddressProtocol::delegated && bytes.size() == 2 + ethereum_address_size &&
        bytes[1] == std::byte{ethereum_manager})
        return "0x" + to_hex(bytes.subspan(2));
    if (parsed.protocol() == chain::AddressProtocol::id) {
        FILFIL_TRY(const ipld::Varint id, ipld::read_varint(bytes.subspan(1)));
        // How FEVM writes actors that have no address of Ethereum's: 0xff, zeros, the number in 8 bytes.
        std::string digits = hex_number(id.value).substr(2);
        return "0xff" + std::string(38 - digits.size(), '0') + digits;
    }
    return Error(ErrorCode::not_found, "the devnet's wallet has no key of " + *text,
                 "name its account of the EVM node when the devnet is started");
}

void EvmBridge::wallet_sign(const Json& params, Reply reply) {
    auto account = account_of(params[0]);
    if (!account.ok()) return reply(refused(m_options, account.error()));
    auto data = read_base64(params[1]);
    if (!data.ok()) return reply(refused(m_options, data.error()));
    const auto* text = params[0].get_ptr<const Json::string_t*>();
    // The signature's type follows the kind of the address: 1 for secp256k1, 3 for delegated.
    const int type = text != nullptr && text->size() > 1 && (*text)[1] == '1' ? 1 : 3;
    call("eth_sign", Json::array({*account, "0x" + to_hex(*data)}),
         [this, type, reply = std::move(reply)](Outcome outcome) {
             if (std::holds_alternative<WireError>(outcome)) return reply(std::move(outcome));
             const auto bytes = read_hex(std::get<Json>(outcome));
             if (!bytes.ok()) return reply(refused(m_options, bytes.error()));
             reply(Json{{"Type", type}, {"Data", to_base64(*bytes)}});
         });
}

Result<Json> EvmBridge::transaction_of(const Json& message) const {
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

void EvmBridge::push_message(const Json& params, Reply reply) {
    auto transaction = transaction_of(params[0]);
    if (!transaction.ok()) return reply(refused(m_options, transaction.error()));
    call("eth_sendTransaction", Json::array({*transaction}),
         [this, message = params[0], reply = std::move(reply)](Outcome outcome) {
             if (std::holds_alternative<WireError>(outcome)) return reply(std::move(outcome));
             const auto hash = read_hex(std::get<Json>(outcome));
             if (!hash.ok() || hash->size() != 32)
                 return reply(refused(m_options, Error(ErrorCode::corrupt, "the EVM node answered no hash")));
             const ipld::Cid cid(ipld::Codec::dag_cbor, {ipld::HashCode::blake2b_256, *hash});
             Json inside = message;
             inside["CID"] = json_of(cid);
             reply(Json{{"Message", std::move(inside)},
                        {"Signature", {{"Type", 3}, {"Data", to_base64(Bytes(65))}}},
                        {"CID", json_of(cid)}});
         });
}

}    // namespace filfil::node
