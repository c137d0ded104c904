// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/incentive/reputation.hpp"

#include "incentive/contract_types.hpp"
#include "rpc/json.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>

namespace filfil::service {
namespace {

using incentive::alternative_bit;
using incentive::U256;
using rpc::Json;

/// The names of all events that say something of a provider.
constexpr std::array<std::string_view, 12> used = {"Closed",      "Dead",           "EndpointSet", "ExitQueued",
                                                   "Missed",      "PieceActivated", "Registered",  "Removed",
                                                   "RoundOpened", "Settled",        "Slashed",     "SlotCompleted"};
constexpr std::string_view staged = "SnapshotStaged";

/// What does not fit stays the most there is: nobody has so much.
void add_to(U256& sum, const U256& more) { sum = add(sum, more).value_or(U256::max()); }

std::optional<std::uint64_t> median(std::vector<std::uint64_t> values) {
    if (values.empty()) return std::nullopt;
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>((values.size() - 1) / 2);
    std::ranges::nth_element(values, middle);
    return *middle;
}

}    // namespace

/// An event's parameters.
struct Reputation::Fields {
    Json json;

    [[nodiscard]] std::optional<std::uint64_t> number(const char* name) const {
        const auto found = json.find(name);
        if (found == json.end() || !found->is_number_unsigned()) return std::nullopt;
        return found->get<std::uint64_t>();
    }
    [[nodiscard]] std::optional<std::uint8_t> piece() const {
        const auto piece = number("piece");
        if (!piece || *piece > std::numeric_limits<std::uint8_t>::max()) return std::nullopt;
        return static_cast<std::uint8_t>(*piece);
    }
    [[nodiscard]] std::optional<std::uint32_t> slot() const {
        const auto slot = number("slot");
        if (!slot || *slot > std::numeric_limits<std::uint32_t>::max()) return std::nullopt;
        return static_cast<std::uint32_t>(*slot);
    }
    [[nodiscard]] std::optional<U256> money(const char* name) const {
        const auto found = json.find(name);
        if (found == json.end() || !found->is_string()) return std::nullopt;
        const auto read = U256::parse(found->get_ref<const std::string&>());
        return read.ok() ? std::optional(*read) : std::nullopt;
    }
};

std::string_view name_of(ProviderRecord::Standing standing) noexcept {
    switch (standing) {
        case ProviderRecord::Standing::active: return "active";
        case ProviderRecord::Standing::leaving: return "leaving";
        case ProviderRecord::Standing::left: return "left";
        case ProviderRecord::Standing::removed: return "removed";
        case ProviderRecord::Standing::unknown: break;
    }
    return "unknown";
}

bool Reputation::add(const journal::EventRecord& event) {
    const journal::EventPlace place{event.block, event.index};
    if (m_last && !(place < *m_last)) return false;
    m_last = place;
    if (event.name != staged && std::ranges::find(used, event.name) == used.end()) return true;
    auto json = rpc::parse_json(event.fields);
    if (!json.ok() || !json->is_object()) return true;
    take(Fields{*std::move(json)}, event);
    return true;
}

void Reputation::take(const Fields& fields, const journal::EventRecord& event) {
    if (event.name == staged) return take_staging(fields, event);
    if (event.name == "RoundOpened") {
        m_round = std::max(m_round, fields.number("round").value_or(0));
        return;
    }
    const auto miner = fields.number("miner");
    if (!miner) return;
    if (event.name == "Slashed") {
        if (const auto amount = fields.money("amount")) add_to(m_providers[*miner].slashed, *amount);
    } else if (event.name == "EndpointSet") {
        const auto url = fields.json.find("url");
        auto& endpoint = m_providers[*miner].endpoint;
        if (!endpoint && url != fields.json.end() && url->is_string()) endpoint = url->get<std::string>();
    } else if (event.name == "Registered" || event.name == "ExitQueued" || event.name == "Removed") {
        take_standing(fields, event);
    } else {
        take_holding(fields, event);
    }
}

void Reputation::take_standing(const Fields& fields, const journal::EventRecord& event) {
    using Standing = ProviderRecord::Standing;
    Provider& provider = m_providers[*fields.number("miner")];
    const bool newest = provider.standing == Standing::unknown;
    if (event.name == "Registered") {
        if (!provider.registered) provider.registered = event.block;
        if (newest) provider.standing = Standing::active;
        return;
    }
    // Of before the registration that counts, or of before what ended it.
    if (!newest) return;
    provider.standing = event.name == "Removed" ? Standing::removed : Standing::leaving;
    provider.ended = event.block;
    provider.last_round = fields.number("lastRound").value_or(0);
}

void Reputation::take_holding(const Fields& fields, const journal::EventRecord& event) {
    const auto number = fields.slot();
    if (!number) return;
    const std::uint64_t miner = *fields.number("miner");
    Provider& provider = m_providers[miner];
    Slot& slot = provider.slots[*number];
    if (event.name == "Missed") {
        slot.missed = true;
        return;
    }
    if (event.name == "SlotCompleted") {
        if (slot.completed) return;
        slot.completed = event.block;
        m_unstaged[*number].push_back(miner);
        return;
    }
    const auto piece = fields.piece();
    if (!piece) return;
    if (event.name == "Settled") {
        if (const auto amount = fields.money("amount")) add_to(provider.earned, *amount);
    } else if (event.name == "Dead" || event.name == "Closed") {
        slot.lost = true;
        if (!slot.over.insert(*piece).second || event.name != "Dead") return;
        slot.dead.insert(*piece);
        ++provider.lost_pieces;
    } else if (event.name == "PieceActivated") {
        slot.alternative = (*piece & alternative_bit) != 0;
        if (const auto upfront = fields.money("upfront")) add_to(provider.earned, *upfront);
        const auto sector = fields.number("sector");
        if (slot.dead.erase(*piece) > 0 && sector) provider.lost_sectors.insert(*sector);
        if (!slot.over.contains(*piece)) slot.until.emplace(*piece, fields.number("until").value_or(0));
    }
}

/// Whoever has completed the slot since then has stored this staging, or the alternative to it.
void Reputation::take_staging(const Fields& fields, const journal::EventRecord& event) {
    const auto number = fields.slot();
    if (!number) return;
    const auto waiting = m_unstaged.find(*number);
    if (waiting == m_unstaged.end()) return;
    const bool alternative = fields.number("alternative").value_or(0) != 0;
    std::erase_if(waiting->second, [&](std::uint64_t miner) {
        Slot& slot = m_providers[miner].slots[*number];
        if (slot.alternative.value_or(false) != alternative) return false;
        if (slot.completed && *slot.completed >= event.block) slot.took = *slot.completed - event.block;
        return true;
    });
    if (waiting->second.empty()) m_unstaged.erase(waiting);
}

ProviderRecord Reputation::record_of(std::uint64_t miner, const Provider& provider, std::uint64_t now) const {
    using Standing = ProviderRecord::Standing;
    ProviderRecord out;
    out.miner = miner;
    out.standing = provider.standing;
    if (out.standing == Standing::leaving && m_round > provider.last_round) out.standing = Standing::left;
    out.registered = provider.registered;
    out.ended = provider.ended;
    out.lost_pieces = provider.lost_pieces;
    out.lost_sectors = provider.lost_sectors.size();
    out.slashed = provider.slashed;
    out.earned = provider.earned;
    out.endpoint = provider.endpoint;
    std::vector<std::uint64_t> times;
    for (const auto& [number, slot] : provider.slots) {
        if (slot.missed)
            ++out.missed;
        else if (slot.completed)
            ++out.completed;
        if (slot.took) times.push_back(*slot.took);
        // An activation that is not known (it lies before the first event that was read) had a sector of its own.
        out.lost_sectors += slot.dead.size();
        bool all_live = slot.completed && !slot.lost && !slot.until.empty();
        for (const auto& [piece, until] : slot.until) {
            if (until > now)
                ++out.live_pieces;
            else
                all_live = false;
        }
        if (all_live) ++out.live_replicas;
    }
    out.windows = out.completed + out.missed;
    if (out.windows > 0) out.success_rate = static_cast<double>(out.completed) / static_cast<double>(out.windows);
    out.median_epochs = median(std::move(times));
    return out;
}

std::vector<ProviderRecord> Reputation::records(std::uint64_t now) const {
    std::vector<ProviderRecord> out;
    for (const auto& [miner, provider] : m_providers) out.push_back(record_of(miner, provider, now));
    return out;
}

std::optional<ProviderRecord> Reputation::record(std::uint64_t miner, std::uint64_t now) const {
    const auto found = m_providers.find(miner);
    if (found == m_providers.end()) return std::nullopt;
    return record_of(miner, found->second, now);
}

}    // namespace filfil::service
