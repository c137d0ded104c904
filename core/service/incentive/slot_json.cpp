// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/incentive/slot_json.hpp"

#include <array>
#include <limits>

namespace filfil::service {
namespace {

using rpc::Json;

constexpr std::array<std::string_view, 5> standings = {"none", "active", "leaving", "left", "removed"};
constexpr std::array<std::string_view, 5> held_states = {"none", "published", "active", "done", "dead"};

template <std::size_t size>
std::string_view name_in(const std::array<std::string_view, size>& names, std::uint8_t number) noexcept {
    return number < size ? names[number] : "unknown";
}

}    // namespace

std::string_view standing_name(std::uint8_t standing) noexcept { return name_in(standings, standing); }

std::string_view held_name(std::uint8_t state) noexcept { return name_in(held_states, state); }

std::string miner_text(std::uint64_t miner, char letter) {
    return std::string(1, letter) + "0" + std::to_string(miner);
}

std::string_view state_of(const SlotTimes& slot, std::optional<Epoch> head) noexcept {
    if (!head || head->value < 0) return "unknown";
    const auto now = static_cast<std::uint64_t>(head->value);
    return now < slot.open ? "ahead" : now < slot.close ? "open" : "closed";
}

Json time_json(const node::Profile& network, std::uint64_t epoch) {
    if (epoch > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return nullptr;
    const auto time = node::time_of_epoch(network, Epoch{static_cast<std::int64_t>(epoch)});
    return time ? Json(*time) : Json(nullptr);
}

Json json_of(const SlotTimes& slot, const node::Profile& network, std::optional<Epoch> head) {
    return {{"slot", slot.slot},
            {"round", slot.slot >> 16},
            {"index", slot.slot & 0xffff},
            {"target_epoch", slot.target ? Json(*slot.target) : Json(nullptr)},
            {"target_time", slot.target ? time_json(network, *slot.target) : Json(nullptr)},
            {"open_epoch", slot.open},
            {"open_time", time_json(network, slot.open)},
            {"close_epoch", slot.close},
            {"close_time", time_json(network, slot.close)},
            {"state", state_of(slot, head)}};
}

}    // namespace filfil::service
