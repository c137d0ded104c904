// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/market/deal_stage.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace filfil::service {
namespace {

constexpr std::array<std::string_view, 14> names = {"planned",  "snapshot",   "commp",   "proposing", "proposed",
                                                    "fetching", "publishing", "sealing", "proven",    "notified",
                                                    "paid",     "missed",     "failed",  "cancelled"};

}    // namespace

std::string_view name_of(DealStage stage) noexcept { return names[static_cast<std::size_t>(stage)]; }

std::optional<DealStage> deal_stage_of(std::string_view name) noexcept {
    const auto* const found = std::ranges::find(names, name);
    if (found == names.end()) return std::nullopt;
    return static_cast<DealStage>(found - names.begin());
}

bool is_end(DealStage stage) noexcept { return stage >= DealStage::paid; }

std::optional<DealStage> stage_of(market::DealState state) noexcept {
    using market::DealState;
    switch (state) {
        case DealState::accepted:
        case DealState::awaiting_data: return DealStage::proposed;
        case DealState::processing: return DealStage::fetching;
        case DealState::publishing: return DealStage::publishing;
        case DealState::published:
        case DealState::sealing: return DealStage::sealing;
        case DealState::proven:
        case DealState::complete: return DealStage::proven;
        case DealState::failed: return DealStage::failed;
        case DealState::cancelled: return DealStage::cancelled;
        case DealState::unknown:
        case DealState::paused:
        case DealState::refused: return std::nullopt;
    }
    return std::nullopt;
}

}    // namespace filfil::service
