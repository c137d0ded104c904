// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "chain/head_events.hpp"

#include <nlohmann/json.hpp>

#include <string>

namespace filfil::chain {
namespace {

using Json = nlohmann::json;

Error wrong(std::string why) {
    return {ErrorCode::invalid_argument, std::move(why),
            R"(a line is like [{"Type": "apply", "Key": ["bafy2…"], "Height": 7}])"};
}

const Json* field(const Json& object, const char* name) {
    const auto found = object.find(name);
    return found == object.end() ? nullptr : &*found;
}

Result<HeadChange::Type> type_of(const Json& item) {
    using Type = HeadChange::Type;
    const Json* type = field(item, "Type");
    if (type != nullptr && type->is_string())
        for (const Type known : {Type::current, Type::revert, Type::apply})
            if (*type == name_of(known)) return known;
    return wrong(R"("Type" has to be "current", "revert" or "apply")");
}

/// "bafy2…" or {"/": "bafy2…"}.
Result<ipld::Cid> cid_of(const Json& item) {
    const Json* text = item.is_object() ? field(item, "/") : &item;
    if (text == nullptr || !text->is_string()) return wrong("a CID has to be a text");
    return ipld::Cid::parse(text->get_ref<const std::string&>());
}

Result<HeadChange> change_of(const Json& item) {
    if (!item.is_object()) return wrong("an object is expected");
    HeadChange out;
    FILFIL_TRY(out.type, type_of(item));
    const Json* tipset = field(item, "Val");
    if (tipset != nullptr && !tipset->is_object()) return wrong(R"("Val" has to be an object)");
    const Json* key = tipset != nullptr ? field(*tipset, "Cids") : field(item, "Key");
    const Json* height = field(tipset != nullptr ? *tipset : item, "Height");
    if (key == nullptr || !key->is_array() || key->empty()) return wrong("the tipset's CIDs are missing");
    for (const Json& cid : *key) {
        FILFIL_TRY(ipld::Cid parsed, cid_of(cid));
        out.key.push_back(std::move(parsed));
    }
    if (height == nullptr || !height->is_number_unsigned() || height->get<std::uint64_t>() >> 63 != 0)
        return wrong(R"("Height" has to be a whole number that is not negative)");
    out.epoch = Epoch{height->get<std::int64_t>()};
    return out;
}

}    // namespace

Result<HeadChanges> parse_head_changes(std::string_view line) {
    const Json json = Json::parse(line, nullptr, false);
    if (json.is_discarded()) return wrong("this is no JSON");
    if (!json.is_array() || json.empty()) return wrong("an array of at least one change is expected");
    HeadChanges out;
    for (std::size_t i = 0; i < json.size(); ++i) {
        auto change = change_of(json[i]);
        if (!change.ok()) return std::move(change).error().in("change " + std::to_string(i + 1));
        out.push_back(std::move(*change));
    }
    return out;
}

}    // namespace filfil::chain
