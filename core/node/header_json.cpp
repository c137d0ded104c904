// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "base/base64.hpp"
#include "chain/address.hpp"
#include "chain/amount.hpp"
#include "node/json_fields.hpp"
#include "node/tipset_json.hpp"

namespace filfil::node {
namespace {

using chain::FullHeader;
using rpc::Json;

/// Go's nil is null, and it is what reading an empty byte string or list from CBOR leaves.
Json json_of_bytes(const Bytes& bytes) { return bytes.empty() ? Json(nullptr) : Json(to_base64(bytes)); }

Json list_or_null(Json::array_t items) { return items.empty() ? Json(nullptr) : Json(std::move(items)); }

Json object(std::initializer_list<std::pair<const char*, Json>> fields) {
    Json out = Json::object();
    for (const auto& [name, value] : fields) out.emplace(std::string(name), Json(value));
    return out;
}

Result<Json> json_of_signature(const std::optional<Bytes>& signature) {
    if (!signature) return Json(nullptr);
    if (signature->empty()) return Error(ErrorCode::corrupt, "a signature has no type");
    // Go keeps the rest of a slice here, which is empty and not nil.
    return object({{"Type", std::to_integer<unsigned>(signature->front())},
                   {"Data", to_base64(ByteView(*signature).subspan(1))}});
}

Json json_of_beacons(const FullHeader& header) {
    Json::array_t out;
    for (const FullHeader::BeaconEntry& entry : header.beacon_entries)
        out.push_back(object({{"Round", entry.round}, {"Data", json_of_bytes(entry.data)}}));
    return list_or_null(std::move(out));
}

Json json_of_posts(const FullHeader& header) {
    Json::array_t out;
    for (const FullHeader::PoStProof& proof : header.win_post_proof)
        out.push_back(object({{"PoStProof", proof.type}, {"ProofBytes", json_of_bytes(proof.proof)}}));
    return list_or_null(std::move(out));
}

Result<chain::Address> read_address(const Json& json) {
    FILFIL_TRY(const std::string* text, read_text(json));
    auto address = chain::Address::parse(*text);
    if (!address.ok()) return Error(ErrorCode::corrupt, std::move(address).error().message);
    return address;
}

Result<std::optional<Bytes>> read_ticket(const Json& json) {
    if (json.is_null()) return std::optional<Bytes>();
    FILFIL_TRY(Bytes proof, read_field(json, "VRFProof", read_base64));
    return std::optional(std::move(proof));
}

Result<std::optional<FullHeader::ElectionProof>> read_election_proof(const Json& json) {
    if (json.is_null()) return std::optional<FullHeader::ElectionProof>();
    FullHeader::ElectionProof out;
    FILFIL_TRY(out.win_count, read_field(json, "WinCount", read_signed));
    FILFIL_TRY(out.vrf_proof, read_field(json, "VRFProof", read_base64));
    return std::optional(std::move(out));
}

Result<FullHeader::BeaconEntry> read_beacon(const Json& json) {
    FullHeader::BeaconEntry out;
    FILFIL_TRY(out.round, read_field(json, "Round", read_unsigned));
    FILFIL_TRY(out.data, read_field(json, "Data", read_base64));
    return out;
}

Result<FullHeader::PoStProof> read_post(const Json& json) {
    FullHeader::PoStProof out;
    FILFIL_TRY(out.type, read_field(json, "PoStProof", read_signed));
    FILFIL_TRY(out.proof, read_field(json, "ProofBytes", read_base64));
    return out;
}

Result<std::optional<Bytes>> read_signature(const Json& json) {
    if (json.is_null()) return std::optional<Bytes>();
    FILFIL_TRY(const std::uint64_t type, read_field(json, "Type", read_unsigned));
    if (type > 255) return Error(ErrorCode::corrupt, "a signature of type " + std::to_string(type) + " does not exist");
    FILFIL_TRY(const Bytes data, read_field(json, "Data", read_base64));
    Bytes out{static_cast<std::byte>(type)};
    out.insert(out.end(), data.begin(), data.end());
    return std::optional(std::move(out));
}

/// A list whose items `read` reads; null is an empty one.
template <class Item>
auto items_read_by(Result<Item> (*read)(const Json&), std::size_t limit) {
    return [read, limit](const Json& json) -> Result<std::vector<Item>> {
        FILFIL_TRY(const std::size_t count, read_list(json, limit));
        std::vector<Item> out;
        out.reserve(count);
        for (std::size_t i = 0; i < count; ++i) {
            auto item = read(json[i]);
            if (!item.ok()) return std::move(item).error().in("item " + std::to_string(i));
            out.push_back(std::move(*item));
        }
        return out;
    };
}

Result<Epoch> read_height(const Json& json) {
    FILFIL_TRY(const std::int64_t height, read_signed(json));
    if (height < 0) return unexpected(json, "an epoch");
    return Epoch{height};
}

}    // namespace

Result<Json> json_of_header(const FullHeader& header, char letter) {
    auto miner = chain::Address::from_bytes(header.miner);
    if (!miner.ok()) return Error(ErrorCode::corrupt, std::move(miner).error().message).in("Miner");
    auto weight = chain::amount_text(header.parent_weight);
    if (!weight.ok()) return std::move(weight).error().in("ParentWeight");
    auto base_fee = chain::amount_text(header.parent_base_fee);
    if (!base_fee.ok()) return std::move(base_fee).error().in("ParentBaseFee");
    auto aggregate = json_of_signature(header.bls_aggregate);
    if (!aggregate.ok()) return std::move(aggregate).error().in("BLSAggregate");
    auto signature = json_of_signature(header.block_signature);
    if (!signature.ok()) return std::move(signature).error().in("BlockSig");

    Json out = Json::object();
    out.emplace("Miner", miner->text(letter));
    out.emplace("Ticket", header.ticket ? object({{"VRFProof", json_of_bytes(*header.ticket)}}) : Json(nullptr));
    out.emplace("ElectionProof", header.election_proof
                                     ? object({{"WinCount", header.election_proof->win_count},
                                               {"VRFProof", json_of_bytes(header.election_proof->vrf_proof)}})
                                     : Json(nullptr));
    out.emplace("BeaconEntries", json_of_beacons(header));
    out.emplace("WinPoStProof", json_of_posts(header));
    out.emplace("Parents", header.parents.empty() ? Json(nullptr) : json_of_key(header.parents));
    out.emplace("ParentWeight", std::move(*weight));
    out.emplace("Height", header.height.value);
    out.emplace("ParentStateRoot", json_of(header.parent_state_root));
    out.emplace("ParentMessageReceipts", json_of(header.parent_message_receipts));
    out.emplace("Messages", json_of(header.messages));
    out.emplace("BLSAggregate", std::move(*aggregate));
    out.emplace("Timestamp", header.timestamp);
    out.emplace("BlockSig", std::move(*signature));
    out.emplace("ForkSignaling", header.fork_signaling);
    out.emplace("ParentBaseFee", std::move(*base_fee));
    return out;
}

Result<FullHeader> parse_header(const Json& json, const TipsetLimits& limits) {
    FullHeader out;
    FILFIL_TRY(const chain::Address miner, read_field(json, "Miner", read_address));
    out.miner = to_bytes(miner.bytes());
    FILFIL_TRY(out.ticket, read_field_or_null(json, "Ticket", read_ticket));
    FILFIL_TRY(out.election_proof, read_field_or_null(json, "ElectionProof", read_election_proof));
    FILFIL_TRY(out.beacon_entries, read_field(json, "BeaconEntries", items_read_by(read_beacon, limits.list)));
    FILFIL_TRY(out.win_post_proof, read_field(json, "WinPoStProof", items_read_by(read_post, limits.list)));
    FILFIL_TRY(out.parents, read_field(json, "Parents", [&](const Json& key) { return parse_key(key, limits); }));
    FILFIL_TRY(out.parent_weight, read_field(json, "ParentWeight", read_amount));
    FILFIL_TRY(out.height, read_field(json, "Height", read_height));
    FILFIL_TRY(out.parent_state_root, read_field(json, "ParentStateRoot", parse_cid));
    FILFIL_TRY(out.parent_message_receipts, read_field(json, "ParentMessageReceipts", parse_cid));
    FILFIL_TRY(out.messages, read_field(json, "Messages", parse_cid));
    FILFIL_TRY(out.bls_aggregate, read_field_or_null(json, "BLSAggregate", read_signature));
    FILFIL_TRY(out.timestamp, read_field(json, "Timestamp", read_unsigned));
    FILFIL_TRY(out.block_signature, read_field_or_null(json, "BlockSig", read_signature));
    FILFIL_TRY(out.fork_signaling, read_field(json, "ForkSignaling", read_unsigned));
    FILFIL_TRY(out.parent_base_fee, read_field(json, "ParentBaseFee", read_amount));
    return out;
}

}    // namespace filfil::node
