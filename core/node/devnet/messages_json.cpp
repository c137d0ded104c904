// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "node/devnet/messages_json.hpp"

#include "base/base64.hpp"
#include "chain/address.hpp"
#include "chain/amount.hpp"
#include "ipld/dag_cbor.hpp"
#include "node/tipset_json.hpp"

#include <vector>

namespace filfil::node {
namespace {

using ipld::Value;
using rpc::Json;

/// Deeper than any list of 2^63 entries of the width that the chain has.
constexpr unsigned max_list_height = 21;

Error wrong(std::string_view what) { return {ErrorCode::corrupt, "this is no " + std::string(what)}; }

Result<Value> read(DevnetChain& chain, const ipld::Cid& cid) {
    FILFIL_TRY(const Bytes data, chain.block(cid));
    // Parameters may hold text of any bytes, but stand here as bytes.
    return ipld::decode_dag_cbor(data);
}

/// Collects the links of an AMT's node, in the order of their indices.
Result<void> read_node(DevnetChain& chain, const Value& node, unsigned height, std::vector<ipld::Cid>& out) {
    const Value::List* parts = node.as_list();
    if (parts == nullptr || parts->size() != 3 || height > max_list_height) return wrong("list of messages");
    const Value::List* links = (*parts)[1].as_list();
    const Value::List* values = (*parts)[2].as_list();
    if (links == nullptr || values == nullptr) return wrong("list of messages");
    for (const Value& link : *links) {
        if (link.as_link() == nullptr || height == 0) return wrong("list of messages");
        FILFIL_TRY(const Value child, read(chain, *link.as_link()));
        FILFIL_CHECK(read_node(chain, child, height - 1, out));
    }
    for (const Value& value : *values) {
        if (value.as_link() == nullptr) return wrong("list of messages");
        out.push_back(*value.as_link());
    }
    return {};
}

Result<std::vector<ipld::Cid>> read_list(DevnetChain& chain, const Value& root) {
    std::vector<ipld::Cid> out;
    if (root.as_link() == nullptr) return wrong("pair of lists of messages");
    FILFIL_TRY(const Value list, read(chain, *root.as_link()));
    const Value::List* parts = list.as_list();
    if (parts == nullptr || parts->size() != 3 || (*parts)[0].as_integer() == nullptr) return wrong("list of messages");
    const std::uint64_t height = (*parts)[0].as_integer()->as_uint64().value_or(max_list_height + 1);
    if (height > max_list_height) return wrong("list of messages");
    FILFIL_CHECK(read_node(chain, (*parts)[2], static_cast<unsigned>(height), out));
    return out;
}

Result<std::string> address_at(const Value::List& fields, std::size_t at) {
    const Bytes* bytes = fields[at].as_bytes();
    if (bytes == nullptr) return wrong("message");
    FILFIL_TRY(const chain::Address address, chain::Address::from_bytes(*bytes));
    return address.text();
}

Result<std::string> amount_at(const Value::List& fields, std::size_t at) {
    const Bytes* bytes = fields[at].as_bytes();
    if (bytes == nullptr) return wrong("message");
    return chain::amount_text(*bytes);
}

Result<Json> number_at(const Value::List& fields, std::size_t at) {
    const ipld::Integer* number = fields[at].as_integer();
    if (number == nullptr) return wrong("message");
    if (const auto value = number->as_uint64()) return Json(*value);
    if (const auto value = number->as_int64()) return Json(*value);
    return wrong("message");
}

Result<Json> message_json(const Value& message) {
    const Value::List* fields = message.as_list();
    if (fields == nullptr || fields->size() != 10) return wrong("message");
    const Bytes* params = (*fields)[9].as_bytes();
    if (params == nullptr) return wrong("message");
    Json out;
    FILFIL_TRY(out["Version"], number_at(*fields, 0));
    FILFIL_TRY(out["To"], address_at(*fields, 1));
    FILFIL_TRY(out["From"], address_at(*fields, 2));
    FILFIL_TRY(out["Nonce"], number_at(*fields, 3));
    FILFIL_TRY(out["Value"], amount_at(*fields, 4));
    FILFIL_TRY(out["GasLimit"], number_at(*fields, 5));
    FILFIL_TRY(out["GasFeeCap"], amount_at(*fields, 6));
    FILFIL_TRY(out["GasPremium"], amount_at(*fields, 7));
    FILFIL_TRY(out["Method"], number_at(*fields, 8));
    // What Go read as nothing is null.
    out["Params"] = params->empty() ? Json(nullptr) : Json(to_base64(*params));
    return out;
}

Result<Json> signed_message_json(const Value& message, const ipld::Cid& cid) {
    const Value::List* parts = message.as_list();
    if (parts == nullptr || parts->size() != 2) return wrong("signed message");
    const Bytes* signature = (*parts)[1].as_bytes();
    if (signature == nullptr || signature->empty()) return wrong("signed message");
    Json out;
    FILFIL_TRY(out["Message"], message_json((*parts)[0]));
    // A message inside a signed one shows the CID of its own bytes.
    FILFIL_TRY(const Bytes bare, ipld::encode_dag_cbor((*parts)[0]));
    out["Message"]["CID"] = json_of(ipld::cid_of_block(ipld::Codec::dag_cbor, bare));
    out["Signature"] = {{"Type", static_cast<unsigned>(signature->front())},
                        {"Data", to_base64(ByteView(*signature).subspan(1))}};
    out["CID"] = json_of(cid);
    return out;
}

}    // namespace

Result<Json> block_messages_json(DevnetChain& chain, const ipld::Cid& messages) {
    FILFIL_TRY(const Value pair, read(chain, messages));
    if (pair.as_list() == nullptr || pair.as_list()->size() != 2) return wrong("pair of lists of messages");
    FILFIL_TRY(const std::vector<ipld::Cid> bls, read_list(chain, (*pair.as_list())[0]));
    FILFIL_TRY(const std::vector<ipld::Cid> secpk, read_list(chain, (*pair.as_list())[1]));
    Json out = {{"BlsMessages", Json::array()}, {"SecpkMessages", Json::array()}, {"Cids", Json::array()}};
    for (const ipld::Cid& cid : bls) {
        FILFIL_TRY(const Value message, read(chain, cid));
        FILFIL_TRY(Json json, message_json(message));
        json["CID"] = json_of(cid);
        out["BlsMessages"].push_back(std::move(json));
        out["Cids"].push_back(json_of(cid));
    }
    for (const ipld::Cid& cid : secpk) {
        FILFIL_TRY(const Value message, read(chain, cid));
        FILFIL_TRY(Json json, signed_message_json(message, cid));
        out["SecpkMessages"].push_back(std::move(json));
        out["Cids"].push_back(json_of(cid));
    }
    return out;
}

}    // namespace filfil::node
