// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "market/deal.hpp"

#include "ipld/piece_cid.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace filfil::market {
namespace {

using rpc::Json;

constexpr std::array<std::string_view, 13> state_names = {
    "unknown", "accepted", "awaiting_data", "processing", "publishing", "published", "sealing",
    "proven",  "complete", "paused",        "failed",     "cancelled",  "refused"};

/// What names are made of. A change makes other deals of those that markets have.
constexpr std::string_view naming = "fil-fil deal 1";

Error wrong(std::string_view what) {
    return {ErrorCode::invalid_argument, "deal order: " + std::string(what),
            "fil-fil deals cancel, and then fil-fil deals retry: it is ordered anew"};
}

ipld::Digest256 name_bytes(const DealOrder& order) {
    Bytes in = to_bytes(bytes_of(naming));
    const auto put = [&](ByteView bytes) { in.insert(in.end(), bytes.begin(), bytes.end()); };
    const auto number = [&](std::uint64_t value) {
        for (int shift = 56; shift >= 0; shift -= 8) in.push_back(static_cast<std::byte>(value >> shift));
    };
    put(order.contract.bytes());
    number(order.deal);
    number(order.provider.bytes().size());
    put(order.provider.bytes());
    put(order.root);
    number(order.padded_size);
    number(order.attempt);
    return ipld::sha2_256(in);
}

Result<std::uint64_t> count_field(const Json& json, std::string_view name) {
    FILFIL_TRY(const std::int64_t value, rpc::integer_field(json, name));
    if (value < 0) return wrong(std::string(name) + " is below 0");
    return static_cast<std::uint64_t>(value);
}

}    // namespace

Result<void> check(const DealOrder& order) {
    if (order.provider.empty() || order.provider.protocol() != chain::AddressProtocol::id)
        return wrong("the provider is not named by its number (f0…)");
    if (order.contract.zero()) return wrong("the contract is missing");
    if (order.payload_root.empty()) return wrong("the payload's root is missing");
    if (order.payload_size == 0) return wrong("the piece is empty");
    if (order.padded_size != ipld::padded_size_of(order.payload_size))
        return wrong("the padded size " + std::to_string(order.padded_size) +
                     " is not the least one for a payload of " + std::to_string(order.payload_size) +
                     " bytes, and markets take no other");
    if (order.duration <= 0) return wrong("the duration is not above 0");
    if (order.start < 0) return wrong("the start is below 0");
    return {};
}

Result<ipld::Cid> piece_cid_v1(const DealOrder& order) {
    FILFIL_CHECK(check(order));
    return ipld::piece_cid_v1(order.root);
}

Result<ipld::Cid> piece_cid_v2(const DealOrder& order) {
    FILFIL_CHECK(check(order));
    return ipld::piece_cid_v2(order.root, order.payload_size, order.padded_size);
}

Json json_of(const DealOrder& order) {
    return {{"deal", std::to_string(order.deal)},
            {"provider", order.provider.text()},
            {"contract", order.contract.text()},
            {"root", to_hex(order.root)},
            {"payload_size", order.payload_size},
            {"padded_size", order.padded_size},
            {"payload_root", order.payload_root.empty() ? "" : order.payload_root.text()},
            {"start", order.start},
            {"duration", order.duration},
            {"collateral", order.collateral.text()},
            {"path", order.path},
            {"attempt", order.attempt}};
}

Result<DealOrder> parse_deal_order(const Json& json) {
    DealOrder out;
    FILFIL_TRY(const std::string deal, rpc::text_field(json, "deal"));
    FILFIL_TRY(const incentive::U256 number, incentive::U256::parse(deal));
    if (!number.as_uint64()) return wrong("deal is too large");
    out.deal = *number.as_uint64();
    FILFIL_TRY(const std::string provider, rpc::text_field(json, "provider"));
    FILFIL_TRY(out.provider, chain::Address::parse(provider));
    FILFIL_TRY(const std::string contract, rpc::text_field(json, "contract"));
    FILFIL_TRY(out.contract, incentive::EthAddress::parse(contract));
    FILFIL_TRY(const std::string root_text, rpc::text_field(json, "root"));
    FILFIL_TRY(const Bytes root, from_hex(root_text));
    if (root.size() != out.root.size()) return wrong("root has not 32 bytes");
    std::ranges::copy(root, out.root.begin());
    FILFIL_TRY(out.payload_size, count_field(json, "payload_size"));
    FILFIL_TRY(out.padded_size, count_field(json, "padded_size"));
    FILFIL_TRY(const std::string payload_root, rpc::text_field(json, "payload_root"));
    FILFIL_TRY(out.payload_root, ipld::Cid::parse(payload_root));
    FILFIL_TRY(out.start, rpc::integer_field(json, "start"));
    FILFIL_TRY(out.duration, rpc::integer_field(json, "duration"));
    FILFIL_TRY(const std::string collateral, rpc::text_field(json, "collateral"));
    FILFIL_TRY(out.collateral, incentive::U256::parse(collateral));
    FILFIL_TRY(out.path, rpc::text_field(json, "path"));
    FILFIL_TRY(const std::uint64_t attempt, count_field(json, "attempt"));
    if (attempt > UINT32_MAX) return wrong("attempt is too large");
    out.attempt = static_cast<std::uint32_t>(attempt);
    FILFIL_CHECK(check(out));
    return out;
}

std::string ulid_of(const DealOrder& order) {
    constexpr std::string_view digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    const ipld::Digest256 name = name_bytes(order);
    // 128 bits in 26 digits of 5: the first digit has two bits that are always 0.
    std::string out;
    unsigned held = 0;
    unsigned bits = 2;
    for (std::size_t i = 0; i < 16; ++i) {
        held = held << 8 | std::to_integer<unsigned>(name[i]);
        for (bits += 8; bits >= 5; bits -= 5) out.push_back(digits[held >> (bits - 5) & 31]);
        held &= (1U << bits) - 1;
    }
    return out;
}

std::array<std::byte, 16> uuid_bytes_of(const DealOrder& order) {
    const ipld::Digest256 name = name_bytes(order);
    std::array<std::byte, 16> out{};
    std::copy_n(name.begin() + 16, 16, out.begin());
    out[6] = (out[6] & std::byte{0x0f}) | std::byte{0x80};
    out[8] = (out[8] & std::byte{0x3f}) | std::byte{0x80};
    return out;
}

std::string uuid_of(const DealOrder& order) {
    std::string out = to_hex(uuid_bytes_of(order));
    for (const std::size_t at : {20U, 16U, 12U, 8U}) out.insert(at, 1, '-');
    return out;
}

std::string_view name_of(DealState state) noexcept { return state_names[static_cast<std::size_t>(state) % 13]; }

std::optional<DealState> deal_state_of(std::string_view name) noexcept {
    const auto* const at = std::ranges::find(state_names, name);
    if (at == state_names.end()) return std::nullopt;
    return static_cast<DealState>(at - state_names.begin());
}

Json json_of(const DealStatus& status) {
    Json out = {{"id", status.id}, {"state", name_of(status.state)}, {"said", status.said}, {"found", status.found}};
    if (status.why)
        out["why"] = {{"name", status.why->name},
                      {"sentence", status.why->sentence},
                      {"remedy", status.why->remedy},
                      {"passing", status.why->passing}};
    if (status.chain_deal) out["chain_deal"] = *status.chain_deal;
    if (status.sector) out["sector"] = *status.sector;
    return out;
}

Result<DealStatus> parse_deal_status(const Json& json) {
    DealStatus out;
    FILFIL_TRY(out.id, rpc::text_field(json, "id"));
    FILFIL_TRY(const std::string state, rpc::text_field(json, "state"));
    const auto read = deal_state_of(state);
    if (!read) return wrong("'" + state.substr(0, 40) + "' is no state");
    out.state = *read;
    FILFIL_TRY(out.said, rpc::text_field(json, "said"));
    FILFIL_TRY(out.found, rpc::bool_field(json, "found"));
    if (json.contains("why")) {
        Refusal why;
        FILFIL_TRY(why.name, rpc::text_field(json["why"], "name"));
        FILFIL_TRY(why.sentence, rpc::text_field(json["why"], "sentence"));
        FILFIL_TRY(why.remedy, rpc::text_field(json["why"], "remedy"));
        FILFIL_TRY(why.passing, rpc::bool_field(json["why"], "passing"));
        out.why = std::move(why);
    }
    if (json.contains("chain_deal")) {
        FILFIL_TRY(out.chain_deal, count_field(json, "chain_deal"));
    }
    if (json.contains("sector")) {
        FILFIL_TRY(out.sector, count_field(json, "sector"));
    }
    return out;
}

}    // namespace filfil::market
