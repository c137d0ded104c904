// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/incentive/contract_params.hpp"

#include "incentive/fil_text.hpp"

#include <algorithm>
#include <limits>
#include <span>
#include <utility>

namespace filfil::service {

namespace contract = incentive::contract;
namespace {

template <class T>
Result<void> put_number(const Params& params, std::string_view name, T& field) {
    FILFIL_TRY(const auto value, params.integer(name, 0, std::numeric_limits<T>::max()));
    if (value) field = static_cast<T>(*value);
    return {};
}

Result<void> put_money(const Params& params, std::string_view name, incentive::U256& field) {
    FILFIL_TRY(const auto text, params.text(name, 64));
    if (!text) return {};
    const auto amount = incentive::parse_fil(*text);
    if (!amount.ok()) return wrong_parameter(name, "is no amount: " + amount.error().message);
    field = *amount;
    return {};
}

Result<void> put_recipe(const Params& params, const snapshot::Recipe& recipe, std::array<std::byte, 32>& field) {
    FILFIL_TRY(const auto text, params.text("recipe", 80));
    if (!text) return {};
    if (*text == "settings") {
        field = recipe_word(recipe);
        return {};
    }
    const auto bytes = from_hex(text->starts_with("0x") ? text->substr(2) : *text);
    if (!bytes.ok() || bytes->size() != field.size())
        return wrong_parameter("recipe", "is no hash of 64 hexadecimal digits, nor 'settings'");
    std::ranges::copy(*bytes, field.begin());
    return {};
}

}    // namespace

std::array<std::byte, 32> recipe_word(const snapshot::Recipe& recipe) {
    std::array<std::byte, 32> out{};
    const auto hash = snapshot::hash_of(recipe);
    std::ranges::copy(std::as_bytes(std::span(hash)), out.begin());
    return out;
}

const std::vector<std::string>& contract_param_names() {
    static const std::vector<std::string> names = {
        "slot_epochs", "window_epochs",   "lead_epochs",       "replicas",        "max_providers",    "max_misses",
        "dispute_at",  "min_term_epochs", "upfront_per_10000", "slash_per_10000", "bounty_per_10000", "bond_step",
        "bond",        "min_power",       "reward_cap",        "recipe"};
    return names;
}

Result<void> put_contract_params(const Params& given, const snapshot::Recipe& recipe, contract::Params& out) {
    FILFIL_CHECK(put_number(given, "slot_epochs", out.slot_length));
    // A window that is not given is as long as the slot allows.
    out.window_length = std::min(out.window_length, out.slot_length);
    FILFIL_CHECK(put_number(given, "window_epochs", out.window_length));
    FILFIL_CHECK(put_number(given, "lead_epochs", out.lead));
    FILFIL_CHECK(put_number(given, "replicas", out.replicas));
    FILFIL_CHECK(put_number(given, "max_providers", out.max_providers));
    FILFIL_CHECK(put_number(given, "max_misses", out.max_misses));
    FILFIL_CHECK(put_number(given, "dispute_at", out.dispute_at));
    FILFIL_CHECK(put_number(given, "min_term_epochs", out.min_term));
    FILFIL_CHECK(put_number(given, "upfront_per_10000", out.upfront));
    FILFIL_CHECK(put_number(given, "slash_per_10000", out.slash));
    FILFIL_CHECK(put_number(given, "bounty_per_10000", out.bounty));
    FILFIL_CHECK(put_number(given, "bond_step", out.bond_step));
    FILFIL_CHECK(put_money(given, "bond", out.bond));
    FILFIL_CHECK(put_money(given, "reward_cap", out.reward_cap));
    FILFIL_TRY(const auto power, given.size("min_power"));
    if (power) out.min_power = incentive::U256(*power);
    return put_recipe(given, recipe, out.recipe);
}

rpc::Json json_of(const contract::Params& params) {
    return {{"slot_epochs", params.slot_length},
            {"window_epochs", params.window_length},
            {"lead_epochs", params.lead},
            {"replicas", params.replicas},
            {"max_providers", params.max_providers},
            {"max_misses", params.max_misses},
            {"dispute_at", params.dispute_at},
            {"min_term_epochs", params.min_term},
            {"upfront_per_10000", params.upfront},
            {"slash_per_10000", params.slash},
            {"bounty_per_10000", params.bounty},
            {"bond_step", params.bond_step},
            {"bond", params.bond.text()},
            {"min_power", params.min_power.text()},
            {"reward_cap", params.reward_cap.text()},
            {"recipe", to_hex(params.recipe)}};
}

}    // namespace filfil::service
