// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/transaction.hpp"

#include "incentive/keccak.hpp"
#include "incentive/rlp.hpp"
#include "rpc/excerpt.hpp"

#include <algorithm>

namespace filfil::incentive {
namespace {

/// EIP-2718: the byte before the list.
constexpr std::byte dynamic_fee_type{2};

// Fields in the list of EIP-1559, in order.
enum Field : std::size_t { chain_id, nonce, tip, fee_cap, gas_limit, to, value, data, access_list, parity, r, s };
constexpr std::size_t signed_fields = s + 1;

/// A contract's code has 24 KiB at most, and calls of ours are small.
constexpr std::size_t largest_raw = std::size_t{512} * 1024;

std::vector<RlpItem> fields_of(const Transaction& transaction) {
    RlpItem receiver;
    if (transaction.call.to) receiver = to_bytes(transaction.call.to->bytes());
    std::vector<RlpItem> out;
    out.reserve(signed_fields);
    out.push_back(RlpItem::number(transaction.chain_id));
    out.push_back(RlpItem::number(transaction.nonce));
    out.push_back(RlpItem::number(transaction.tip));
    out.push_back(RlpItem::number(transaction.fee_cap));
    out.push_back(RlpItem::number(transaction.gas_limit));
    out.push_back(std::move(receiver));
    out.push_back(RlpItem::number(transaction.call.value));
    out.emplace_back(transaction.call.data);
    out.emplace_back(std::vector<RlpItem>());
    return out;
}

Bytes typed(std::vector<RlpItem> fields) {
    const Bytes list = encode_rlp(std::move(fields));
    Bytes out{dynamic_fee_type};
    out.insert(out.end(), list.begin(), list.end());
    return out;
}

Result<std::uint64_t> small_number(const RlpItem& item, std::string_view name) {
    FILFIL_TRY(const U256 number, rlp_number(item, name));
    const auto small = number.as_uint64();
    if (!small) return Error(ErrorCode::too_large, "the transaction's " + std::string(name) + " is above 2^64");
    return *small;
}

Result<Hash32> half(const RlpItem& item, std::string_view name) {
    FILFIL_TRY(const U256 number, rlp_number(item, name));
    return number.bytes();
}

}    // namespace

std::optional<U256> most_cost(const Transaction& transaction) noexcept {
    const auto fees = multiply(transaction.fee_cap, transaction.gas_limit);
    return fees ? add(*fees, transaction.call.value) : std::nullopt;
}

Hash32 signing_hash(const Transaction& transaction) { return keccak_256(typed(fields_of(transaction))); }

Result<SignedTransaction> sign(const Transaction& transaction, const SecretKey& key) {
    if (transaction.tip > transaction.fee_cap)
        return Error(ErrorCode::invalid_argument, "a transaction's tip of " + transaction.tip.text() +
                                                      " is above its fee cap of " + transaction.fee_cap.text());
    SignedTransaction out;
    FILFIL_TRY(out.signature, key.sign(signing_hash(transaction)));
    out.transaction = transaction;
    out.from = key.address();
    std::vector<RlpItem> fields = fields_of(transaction);
    const auto number_of = [](const Hash32& bytes) { return RlpItem::number(*U256::from_bytes(bytes)); };
    fields.push_back(RlpItem::number(out.signature.y_parity));
    fields.push_back(number_of(out.signature.r));
    fields.push_back(number_of(out.signature.s));
    out.raw = typed(std::move(fields));
    out.hash = keccak_256(out.raw);
    return out;
}

Result<SignedTransaction> decode_transaction(ByteView raw) {
    if (raw.empty()) return Error(ErrorCode::truncated, "a transaction of no bytes");
    if (raw.size() > largest_raw)
        return Error(ErrorCode::too_large, "a transaction of " + std::to_string(raw.size()) + " bytes");
    if (raw[0] != dynamic_fee_type)
        return Error(ErrorCode::unsupported, "a transaction whose first byte is 0x" + to_hex(raw.first(1)) +
                                                 ": only those of EIP-1559 (0x02) are read");
    FILFIL_TRY(const RlpItem list, decode_rlp(raw.subspan(1), {.depth = 3, .items = 64}));
    const std::vector<RlpItem>& fields = list.items;
    if (!list.is_list || fields.size() != signed_fields)
        return Error(ErrorCode::corrupt, "a signed transaction is a list of " + std::to_string(signed_fields) +
                                             " fields, and there are " + std::to_string(fields.size()));
    SignedTransaction out;
    Transaction& inside = out.transaction;
    FILFIL_TRY(inside.chain_id, small_number(fields[chain_id], "chain id"));
    FILFIL_TRY(inside.nonce, small_number(fields[nonce], "nonce"));
    FILFIL_TRY(inside.tip, rlp_number(fields[tip], "tip"));
    FILFIL_TRY(inside.fee_cap, rlp_number(fields[fee_cap], "fee cap"));
    FILFIL_TRY(inside.gas_limit, small_number(fields[gas_limit], "gas limit"));
    FILFIL_TRY(inside.call.value, rlp_number(fields[value], "value"));
    if (fields[to].is_list || fields[data].is_list)
        return Error(ErrorCode::corrupt, "the transaction's receiver or data is a list");
    if (!fields[to].bytes.empty()) {
        FILFIL_TRY(inside.call.to, EthAddress::from_bytes(fields[to].bytes));
    }
    inside.call.data = fields[data].bytes;
    if (!fields[access_list].is_list) return Error(ErrorCode::corrupt, "the transaction's access list is no list");
    if (!fields[access_list].items.empty()) return Error(ErrorCode::unsupported, "the transaction has an access list");
    FILFIL_TRY(const std::uint64_t y, small_number(fields[parity], "parity"));
    FILFIL_TRY(out.signature.r, half(fields[r], "r"));
    FILFIL_TRY(out.signature.s, half(fields[s], "s"));
    out.signature.y_parity = static_cast<unsigned>(std::min<std::uint64_t>(y, 2));
    FILFIL_TRY(out.from, recover(signing_hash(inside), out.signature));
    out.raw = to_bytes(raw);
    out.hash = keccak_256(raw);
    return out;
}

std::string hash_text(const Hash32& hash) { return "0x" + to_hex(hash); }

Result<Hash32> parse_hash(std::string_view text) {
    const Error none(ErrorCode::corrupt, "\"" + rpc::excerpt(text) + "\" is no hash of 32 bytes in hexadecimal");
    if (text.size() != 66 || !text.starts_with("0x")) return none;
    const auto bytes = from_hex(text.substr(2));
    if (!bytes.ok()) return none;
    Hash32 out{};
    std::ranges::copy(*bytes, out.begin());
    return out;
}

}    // namespace filfil::incentive
