// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/wallet.hpp"

#include "incentive/fil_text.hpp"

namespace filfil::incentive {

using rpc::Json;

Json json_of(const Draft& draft) {
    Json out = Json::object();
    if (draft.hash) out["hash"] = hash_text(*draft.hash);
    if (draft.nonce) out["nonce"] = *draft.nonce;
    if (!draft.tag.empty()) out["tag"] = to_hex(draft.tag);
    out["made_at"] = draft.made_at;
    out["most_cost"] = draft.most_cost.text();
    out["body"] = draft.body;
    return out;
}

Result<Draft> parse_draft(const Json& json) {
    const auto unsigned_of = [](const Json& object, std::string_view name) -> Result<std::uint64_t> {
        FILFIL_TRY(const std::int64_t value, rpc::integer_field(object, name));
        if (value < 0) return Error(ErrorCode::corrupt, std::string(name) + " is below 0");
        return static_cast<std::uint64_t>(value);
    };
    Draft out;
    if (!json.is_object()) return Error(ErrorCode::corrupt, "a draft is an object");
    if (json.contains("hash")) {
        FILFIL_TRY(const std::string text, rpc::text_field(json, "hash"));
        FILFIL_TRY(out.hash, parse_hash(text));
    }
    if (json.contains("nonce")) {
        FILFIL_TRY(out.nonce, unsigned_of(json, "nonce"));
    }
    if (json.contains("tag")) {
        FILFIL_TRY(const std::string text, rpc::text_field(json, "tag"));
        FILFIL_TRY(out.tag, from_hex(text));
    }
    FILFIL_TRY(out.made_at, unsigned_of(json, "made_at"));
    FILFIL_TRY(const std::string cost, rpc::text_field(json, "most_cost"));
    FILFIL_TRY(out.most_cost, U256::parse(cost));
    FILFIL_TRY(const Json* body, rpc::field(json, "body"));
    out.body = *body;
    return out;
}

Result<void> check_balance(const std::string& wallet, const EthAddress& address, const U256& balance,
                           const U256& needed, const U256& reserved) {
    const U256 all = add(needed, reserved).value_or(U256::max());
    if (balance >= all) return {};
    std::string why =
        "the wallet " + wallet + " has " + format_fil(balance) + ", and this can cost " + format_fil(needed);
    if (!reserved.zero()) why += " beside the " + format_fil(reserved) + " of transactions that are under way";
    return Error(
        ErrorCode::too_small, std::move(why),
        "send " + format_fil(subtract(all, balance).value_or(U256())) + " or more to " +
            (wallet.find(address.text()) == std::string::npos ? wallet + " (" + address.text() + ")" : address.text()));
}

}    // namespace filfil::incentive
