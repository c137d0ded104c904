// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/market/deal_keeper.hpp"

#include "service/error_json.hpp"

#include <algorithm>
#include <ranges>
#include <tuple>
#include <utility>

namespace filfil::service {
namespace {

bool fits(const SlotKeeper::OwnWindow& own, std::uint64_t now) {
    return own.window.open <= now && now < own.window.close;
}

struct History {
    std::vector<journal::DealRecord> deals{};                                    ///< newest first
    std::vector<std::pair<std::string, std::vector<StageTime>>> of_markets{};    ///< what the forecast learns from
};

Result<History> load_history(journal::Journal& journal, std::uint64_t deals) {
    History out;
    FILFIL_TRY(out.deals, journal.deals({.limit = deals}));
    for (const journal::DealRecord& record :
         std::views::reverse(out.deals | std::views::take(Forecast::deals_looked_at))) {
        FILFIL_TRY(const auto steps, journal.deal_steps(record.id));
        out.of_markets.emplace_back(record.market, times_of(steps));
    }
    return out;
}

}    // namespace

DealKeeper::DealKeeper(Parts parts)
    : m_parts(std::move(parts)),
      m_driver({.world = m_parts.world,
                .desk = m_parts.desk,
                .markets = m_parts.markets,
                .book = m_parts.book,
                .head = m_parts.head,
                .in_step = m_parts.in_step,
                .settings = m_parts.settings,
                .stored = [this](const DealEntry& deal) { m_forecast.learn(deal.market, deal.times); },
                .failed =
                    [this](const DealEntry& deal) {
                        m_failed.insert_or_assign(deal.key, FailedDeal{deal.id, deal.closes, deal.error});
                    },
                .to_activate = m_parts.to_activate,
                .confirmations = m_parts.confirmations}) {
    for (const auto& stall : m_parts.markets.stalls())
        stall->backend->answers().on_answer([this, alive = std::weak_ptr<int>(m_alive)](
                                                const market::MarketAnswered& answer) {
            if (alive.expired()) return;
            for (auto& [key, deal] : m_parts.book.all())
                if (!answer.deal.empty() && deal.market_id == answer.deal)
                    m_parts.book.note(deal, "answer", answer.asked, {{"status", answer.status}, {"said", answer.said}});
        });
}

void DealKeeper::start() {
    m_parts.book.start([this, alive = std::weak_ptr<int>(m_alive)](const Result<void>& started) {
        if (alive.expired()) return;
        if (!started.ok()) {
            m_parts.world.log.write(LogLevel::error, "market", "deals cannot be read: " + started.error().text());
            m_parts.world.loop.post_after(m_parts.settings().poll, [this, alive] {
                if (!alive.expired()) start();
            });
            return;
        }
        for (const auto& [key, deal] : m_parts.book.all()) m_seen.insert({key.miner, key.slot});
        m_started = true;
        look();
    });
    m_parts.queue->run([journal = m_parts.journal] { return load_history(*journal, most_deals); },
                       [this, alive = std::weak_ptr<int>(m_alive)](const Result<History>& history) {
                           if (alive.expired() || !history.ok()) return;
                           for (const auto& [market, times] : history->of_markets) m_forecast.learn(market, times);
                           recall_failed(history->deals);
                       });
}

/// Of an earlier run.
void DealKeeper::recall_failed(const std::vector<journal::DealRecord>& known) {
    std::set<std::tuple<std::uint64_t, std::uint64_t, std::uint32_t>> newer;
    for (const auto& [key, deal] : m_parts.book.all()) newer.insert({key.miner, key.slot, key.piece});
    for (const journal::DealRecord& one : known) {
        if (one.contract != m_parts.contract) continue;
        // The newest attempt of a piece comes first.
        if (!newer.insert({one.miner, one.slot, one.piece}).second) continue;
        if (one.stage != name_of(DealStage::failed)) continue;
        const auto error = rpc::parse_json(one.error);
        m_failed.insert_or_assign(
            DealKey{one.miner, static_cast<std::uint32_t>(one.slot), static_cast<std::uint8_t>(one.piece), one.attempt},
            FailedDeal{one.id, one.closes, error.ok() ? parse_error(*error) : std::nullopt});
    }
}

void DealKeeper::look() {
    if (!m_started || !m_parts.head()) return;
    m_parts.book.flush();
    std::erase_if(m_failed, [&](const auto& one) { return *m_parts.head() >= one.second.closes; });
    take_up_windows();
    std::set<SlotKey> slots;
    std::vector<DealKey> ordered;
    for (const auto& [key, deal] : m_parts.book.all()) {
        if (deal.stage < DealStage::proposing)
            slots.insert({key.miner, key.slot});
        else
            ordered.push_back(key);
    }
    std::erase_if(m_slots, [&](const auto& one) { return !slots.contains(one.first) && !one.second.busy; });
    for (const SlotKey& slot : slots) go_on(slot);
    std::erase_if(m_gone, [&](const auto& one) { return m_parts.book.find(one.first) == nullptr; });
    for (const DealKey& key : ordered) {
        if (DealEntry* const deal = m_parts.book.find(key)) keep_served(*deal);
        m_driver.drive(key);
    }
}

/// Windows that are open, and whose miner's policy is to store by itself.
void DealKeeper::take_up_windows() {
    const auto now = static_cast<std::uint64_t>(std::max<std::int64_t>(0, m_parts.head()->value));
    m_without_market.clear();
    for (const SlotKeeper::OwnWindow& own : m_parts.slots.windows()) {
        if (!fits(own, now) || m_parts.desk.policy_of(own.miner) != SlotPolicy::automatic) continue;
        consider(own.miner, own.window);
    }
}

/// Once for each slot: whether there was a deal before, by whatever run, is for the journal to say.
void DealKeeper::consider(std::uint64_t miner, const contract::Window& window) {
    const SlotKey slot{miner, window.slot};
    if (m_parts.markets.of(miner) == nullptr) {
        m_without_market.insert(slot);
        return;
    }
    if (!m_seen.insert(slot).second) return;
    m_parts.queue->run(
        [journal = m_parts.journal, slot] {
            return journal->deals({.miner = slot.first, .slot = slot.second, .limit = most_deals});
        },
        [this, slot, miner, window,
         alive = std::weak_ptr<int>(m_alive)](const Result<std::vector<journal::DealRecord>>& known) {
            if (alive.expired()) return;
            if (!known.ok()) {
                m_seen.erase(slot);
                return;
            }
            const bool there = std::ranges::any_of(
                *known, [&](const journal::DealRecord& one) { return one.contract == m_parts.contract; });
            if (there) return;
            plan(miner, window, 0, 0);
            look();
        });
}

DealEntry& DealKeeper::plan(std::uint64_t miner, const contract::Window& window, std::uint8_t piece,
                            std::uint32_t attempt) {
    DealEntry deal;
    deal.key = {miner, window.slot, piece, attempt};
    deal.target = Epoch{static_cast<std::int64_t>(window.target)};
    deal.opens = Epoch{static_cast<std::int64_t>(window.open)};
    deal.closes = Epoch{static_cast<std::int64_t>(window.close)};
    if (const Stall* const stall = m_parts.markets.of(miner)) deal.market = stall->backend->kind();
    m_seen.insert({miner, window.slot});
    std::erase_if(m_failed, [&](const auto& one) {
        return one.first.miner == miner && one.first.slot == window.slot && one.first.piece == piece;
    });
    return m_parts.book.add(std::move(deal));
}

std::vector<DealKey> DealKeeper::waiting_of(const SlotKey& slot) const {
    std::vector<DealKey> out;
    for (const auto& [key, deal] : m_parts.book.all())
        if (key.miner == slot.first && key.slot == slot.second && deal.stage < DealStage::proposing) out.push_back(key);
    return out;
}

}    // namespace filfil::service
