// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "showcase/manifest.hpp"

#include "chain/address.hpp"
#include "incentive/eth_address.hpp"
#include "ipld/piece_cid.hpp"
#include "rpc/json.hpp"

#include <bit>

namespace filfil::showcase {
namespace {

Error wrong(const std::string& field) { return {ErrorCode::corrupt, "no manifest of a deal: " + field + " is wrong"}; }

Result<std::uint64_t> number(const rpc::Json& json, const char* name) {
    const auto found = json.find(name);
    if (found == json.end() || !found->is_number_unsigned()) return wrong(name);
    return found->get<std::uint64_t>();
}

Result<std::string> text(const rpc::Json& json, const char* name) {
    const auto found = json.find(name);
    if (found == json.end() || !found->is_string()) return wrong(name);
    return found->get<std::string>();
}

}    // namespace

Result<Manifest> read_manifest(std::string_view content) {
    const auto json = rpc::parse_json(content);
    if (!json.ok() || !json->is_object()) return wrong("the JSON");
    Manifest out;
    FILFIL_TRY(out.id, text(*json, "id"));
    FILFIL_TRY(const std::string provider, text(*json, "provider"));
    const auto address = chain::Address::parse(provider);
    const auto masked = address.ok() ? incentive::eth_address_of(*address) : address.error();
    if (!masked.ok() || !masked->id()) return wrong("provider");
    out.miner = *masked->id();
    FILFIL_TRY(const std::string contract, text(*json, "contract"));
    const auto at = incentive::EthAddress::parse(contract);
    if (!at.ok()) return wrong("contract");
    out.contract = at->lower_text();
    FILFIL_TRY(out.deal, number(*json, "deal"));
    FILFIL_TRY(const std::string piece, text(*json, "piece_cid"));
    const auto cid = ipld::Cid::parse(piece);
    const auto info = cid.ok() ? ipld::read_piece_cid(*cid) : cid.error();
    if (!info.ok()) return wrong("piece_cid");
    out.root = info->root;
    FILFIL_TRY(out.payload_size, number(*json, "payload_size"));
    FILFIL_TRY(out.padded_size, number(*json, "padded_size"));
    if (!std::has_single_bit(out.padded_size) || out.payload_size > ipld::capacity_of(out.padded_size))
        return wrong("padded_size");
    if (json->contains("path") && (*json)["path"].is_string()) out.path = (*json)["path"].get<std::string>();
    if (json->contains("url") && (*json)["url"].is_string()) {
        auto url = parse_url((*json)["url"].get<std::string>());
        if (!url.ok()) return wrong("url");
        out.url = *std::move(url);
    }
    if (out.path.empty() && !out.url) return wrong("path and url");
    return out;
}

}    // namespace filfil::showcase
