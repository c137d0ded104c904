// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/incentive/slot_json.hpp"
#include "service/market/deal_keeper.hpp"

#include <algorithm>
#include <utility>

// What an operator is told of in time to act.

namespace filfil::service {

bool DealKeeper::late(const DealEntry& deal) const {
    const auto head = m_parts.head();
    const Clock::Duration now = m_parts.world.clock.wall();
    const auto predicted = m_forecast.stored_at(deal.market, deal.times, now);
    if (!predicted || !head) return false;
    const auto left = std::chrono::seconds(std::max<std::int64_t>(0, deal.closes.value - head->value) *
                                           static_cast<std::int64_t>(m_parts.desk.network().seconds_per_epoch));
    return *predicted > now + left;
}

std::vector<Alert> DealKeeper::alerts() const {
    std::vector<Alert> out;
    const auto head = m_parts.head();
    const char letter = m_parts.desk.network().address_prefix;
    const auto add = [&](std::string code, Alert::Severity severity, std::string message, std::string remedy) {
        out.push_back({.code = std::move(code),
                       .severity = severity,
                       .message = std::move(message),
                       .remedy = std::move(remedy)});
    };
    if (m_parts.book.trouble())
        add("deals_not_written", Alert::Severity::error,
            "deals cannot be written down: " + m_parts.book.trouble()->message, m_parts.book.trouble()->remedy);
    for (const SlotKey& slot : m_without_market)
        add("no_market_" + std::to_string(slot.first), Alert::Severity::error,
            "a window of " + miner_text(slot.first, letter) + " is open and no market is set for it",
            "set markets, or the policy of its slots to skip");
    for (const auto& [key, deal] : m_parts.book.all())
        if (deal.gone && !is_end(deal.stage))
            add("piece_gone_" + std::to_string(key.miner) + "_" + std::to_string(key.slot), Alert::Severity::error,
                text_of(key, letter) +
                    " cannot be had from here any more, and its market has not fetched it: " + deal.gone->message,
                deal.gone->remedy);
    for (const auto& [key, deal] : m_failed) {
        if (!head || *head >= deal.closes) continue;
        add("deal_failed_" + std::to_string(key.miner) + "_" + std::to_string(key.slot) + "_" +
                std::to_string(key.piece),
            Alert::Severity::error,
            text_of(key, letter) + " has failed, and its window is open until epoch " +
                std::to_string(deal.closes.value) + (deal.why ? ": " + deal.why->message : ""),
            (deal.why && !deal.why->remedy.empty() ? deal.why->remedy + "; then " : std::string()) +
                "fil-fil deals retry" + (deal.id != 0 ? " " + std::to_string(deal.id) : ""));
    }
    for (const auto& [key, deal] : m_parts.book.all()) {
        if (is_end(deal.stage) || deal.stage >= DealStage::notified || !head || *head < deal.opens) continue;
        const std::string name = text_of(key, letter);
        const std::string code =
            std::to_string(key.miner) + "_" + std::to_string(key.slot) + "_" + std::to_string(key.piece);
        const std::int64_t length = std::max<std::int64_t>(1, deal.closes.value - deal.opens.value);
        const std::int64_t left = deal.closes.value - head->value;
        if (deal.error)
            add("deal_held_up_" + code, left * 4 < length ? Alert::Severity::error : Alert::Severity::warning,
                name + " does not go on: " + deal.error->message, deal.error->remedy);
        if (left > 0 && late(deal))
            add("deal_late_" + code, Alert::Severity::error,
                name + " will not be stored before its window closes, by how long its stages took before",
                "see what holds it up in the market: fil-fil deals show " + std::to_string(deal.id));
        else if (left > 0 && left * 4 < length && deal.stage < DealStage::sealing)
            add("window_closes_" + code, Alert::Severity::warning,
                name + " is at '" + std::string(name_of(deal.stage)) + "', and its window closes in " +
                    std::to_string(left) + " epochs",
                "see what holds it up: fil-fil deals show " + std::to_string(deal.id));
    }
    return out;
}

}    // namespace filfil::service
