// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/market/deal_keeper.hpp"

#include "incentive/contract_types.hpp"
#include "service/incentive/gather.hpp"
#include "service/incentive/slot_json.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace filfil::service {
namespace {

constexpr std::uint64_t most_windows = 64;

/// Of one slot and provider: pieces and their attempts.
constexpr std::size_t most_deals = 1000;

bool fits(const SlotKeeper::OwnWindow& own, std::uint64_t now) {
    return own.window.open <= now && now < own.window.close;
}

/// Deals of the past whose stages the forecast learns from.
Result<std::vector<std::pair<std::string, std::vector<StageTime>>>> load_history(journal::Journal& journal) {
    FILFIL_TRY(auto records, journal.deals({.limit = Forecast::deals_looked_at}));
    std::ranges::reverse(records);
    std::vector<std::pair<std::string, std::vector<StageTime>>> out;
    for (const journal::DealRecord& record : records) {
        FILFIL_TRY(const auto steps, journal.deal_steps(record.id));
        out.emplace_back(record.market, times_of(steps));
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
    m_parts.queue->run([journal = m_parts.journal] { return load_history(*journal); },
                       [this, alive = std::weak_ptr<int>(m_alive)](
                           const Result<std::vector<std::pair<std::string, std::vector<StageTime>>>>& history) {
                           if (alive.expired() || !history.ok()) return;
                           for (const auto& [market, times] : *history) m_forecast.learn(market, times);
                       });
}

void DealKeeper::look() {
    if (!m_started || !m_parts.head()) return;
    m_parts.book.flush();
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
            return journal->deals({.miner = slot.first, .slot = slot.second, .limit = most_windows});
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
    return m_parts.book.add(std::move(deal));
}

std::vector<DealKey> DealKeeper::waiting_of(const SlotKey& slot) const {
    std::vector<DealKey> out;
    for (const auto& [key, deal] : m_parts.book.all())
        if (key.miner == slot.first && key.slot == slot.second && deal.stage < DealStage::proposing) out.push_back(key);
    return out;
}

// ------------------------------------------------------------------------------------------------- asked by people

void DealKeeper::store(std::vector<std::uint64_t> miners, Epoch epoch, Handler<std::vector<std::int64_t>> handler) {
    struct Found {
        std::uint64_t miner = 0;
        std::vector<contract::Window> windows;
    };
    const auto all = std::make_shared<std::vector<std::uint64_t>>(std::move(miners));
    gather<Found>(
        all->size(),
        [this, all](std::size_t i, const Desk::Handler<Found>& one) {
            m_parts.desk.read<calls::Schedule>({.miner = (*all)[i], .count = most_windows},
                                               [one, miner = (*all)[i]](const Result<calls::Schedule::Output>& got) {
                                                   if (!got.ok()) return one(got.error());
                                                   one(Found{miner, got->value});
                                               });
        },
        [this, epoch, handler = std::move(handler),
         alive = std::weak_ptr<int>(m_alive)](const Result<std::vector<Found>>& found) {
            if (alive.expired()) return;
            if (!found.ok()) return handler(found.error());
            const char letter = m_parts.desk.network().address_prefix;
            std::vector<std::pair<std::uint64_t, contract::Window>> fitting;
            std::string nexts;
            for (const Found& one : *found)
                for (const contract::Window& window : one.windows) {
                    if (static_cast<std::int64_t>(window.target) == epoch.value)
                        fitting.emplace_back(one.miner, window);
                    if (&window == &one.windows.front())
                        nexts += (nexts.empty() ? "" : ", ") + std::to_string(window.target) + " for " +
                                 miner_text(one.miner, letter);
                }
            if (fitting.empty())
                return handler(Error(
                    ErrorCode::not_found,
                    "no open or coming window of yours wants the snapshot of epoch " + std::to_string(epoch.value),
                    nexts.empty() ? "register first: fil-fil register" : "the next that are wanted: " + nexts));
            for (const auto& [miner, window] : fitting)
                if (m_parts.markets.of(miner) == nullptr)
                    return handler(Error(ErrorCode::unsupported, "no market is set for " + miner_text(miner, letter),
                                         "set markets, with the kind of market that the provider runs"));
            m_parts.queue->run(
                [journal = m_parts.journal, fitting]() -> Result<std::vector<journal::DealRecord>> {
                    std::vector<journal::DealRecord> out;
                    for (const auto& [miner, window] : fitting) {
                        FILFIL_TRY(const auto some,
                                   journal->deals({.miner = miner, .slot = window.slot, .limit = most_deals}));
                        out.insert(out.end(), some.begin(), some.end());
                    }
                    return out;
                },
                [this, fitting, handler, alive](const Result<std::vector<journal::DealRecord>>& known) {
                    if (alive.expired()) return;
                    if (!known.ok()) return handler(known.error());
                    std::vector<DealKey> keys;
                    for (const auto& [miner, window] : fitting) {
                        // The latest attempt of each piece.
                        std::map<std::uint32_t, const journal::DealRecord*> latest;
                        for (const journal::DealRecord& one : *known)
                            if (one.contract == m_parts.contract && one.miner == miner && one.slot == window.slot) {
                                auto& place = latest[one.piece];
                                if (place == nullptr || place->attempt < one.attempt) place = &one;
                            }
                        // What was begun a moment ago may not be in the journal yet: plan() gives that one.
                        if (latest.empty()) keys.push_back(plan(miner, window, 0, 0).key);
                        for (const auto& [piece, record] : latest) {
                            const auto number = static_cast<std::uint8_t>(piece);
                            // Of the two that may be staged one is the snapshot here, and the other is left alone.
                            const bool other = record->stage == name_of(DealStage::cancelled) &&
                                               std::ranges::any_of(latest, [&](const auto& one) {
                                                   return (one.first ^ piece) == incentive::alternative_bit &&
                                                          one.second->stage != name_of(DealStage::cancelled);
                                               });
                            if (other) continue;
                            const bool again = !record->open && record->stage != name_of(DealStage::paid);
                            keys.push_back(again ? plan(miner, window, number, record->attempt + 1).key
                                                 : DealKey{miner, window.slot, number, record->attempt});
                            if (again || !record->open) continue;
                            if (DealEntry* const deal = m_parts.book.find(keys.back())) deal->next_at = {};
                            if (const auto work = m_slots.find({miner, window.slot}); work != m_slots.end()) {
                                work->second.next_at = {};
                                work->second.failures = 0;
                            }
                        }
                    }
                    std::map<DealKey, std::int64_t> there;
                    for (const journal::DealRecord& one : *known)
                        if (one.contract == m_parts.contract)
                            there[{one.miner, static_cast<std::uint32_t>(one.slot),
                                   static_cast<std::uint8_t>(one.piece), one.attempt}] = one.id;
                    std::vector<std::int64_t> ids;
                    std::vector<DealKey> fresh;
                    for (const DealKey& key : keys) {
                        if (const auto at = there.find(key); at != there.end())
                            ids.push_back(at->second);
                        else
                            fresh.push_back(key);
                    }
                    m_parts.book.when_written(fresh,
                                              [ids, handler](const Result<std::vector<std::int64_t>>& made) mutable {
                                                  if (!made.ok()) return handler(made.error());
                                                  ids.insert(ids.end(), made->begin(), made->end());
                                                  handler(std::move(ids));
                                              });
                    look();
                });
        });
}

void DealKeeper::retry(std::int64_t id, Handler<std::int64_t> handler) {
    if (DealEntry* const deal = m_parts.book.find(id); deal != nullptr && !is_end(deal->stage)) {
        deal->next_at = {};
        deal->failures = 0;
        m_parts.book.note(*deal, "asked", "retry", rpc::Json::object());
        if (const auto slot = m_slots.find({deal->key.miner, deal->key.slot}); slot != m_slots.end())
            slot->second.next_at = {};
        handler(id);
        return look();
    }
    m_parts.queue->run([journal = m_parts.journal, id] { return journal->deal(id); },
                       [this, id, handler = std::move(handler),
                        alive = std::weak_ptr<int>(m_alive)](const Result<std::optional<journal::DealRecord>>& found) {
                           if (alive.expired()) return;
                           if (!found.ok()) return handler(found.error());
                           if (!*found)
                               return handler(Error(ErrorCode::not_found, "there is no deal " + std::to_string(id),
                                                    "`fil-fil deals` lists those there are"));
                           try_again(**found, handler);
                       });
}

/// One that has ended without success, as a new deal of the same piece.
void DealKeeper::try_again(const journal::DealRecord& record, Handler<std::int64_t> handler) {
    if (record.contract != m_parts.contract)
        return handler(Error(ErrorCode::unsupported, "the deal is of another contract, " + record.contract,
                             "set incentive.contract to it"));
    if (record.stage == name_of(DealStage::paid))
        return handler(
            Error(ErrorCode::invalid_argument, "the piece is stored and paid: there is nothing to retry", ""));
    const auto head = m_parts.head();
    if (!head || *head >= record.closes)
        return handler(Error(ErrorCode::mismatch,
                             "the window closed at epoch " + std::to_string(record.closes.value) +
                                 ": the contract takes the piece no more",
                             "the next window is in `fil-fil next-window`"));
    const contract::Window window{.slot = static_cast<std::uint32_t>(record.slot),
                                  .target = static_cast<std::uint64_t>(record.target.value),
                                  .open = static_cast<std::uint64_t>(record.opens.value),
                                  .close = static_cast<std::uint64_t>(record.closes.value)};
    m_parts.queue->run(
        [journal = m_parts.journal, miner = record.miner, slot = record.slot] {
            return journal->deals({.miner = miner, .slot = slot, .limit = most_deals});
        },
        [this, record, window, handler = std::move(handler),
         alive = std::weak_ptr<int>(m_alive)](const Result<std::vector<journal::DealRecord>>& known) {
            if (alive.expired()) return;
            if (!known.ok()) return handler(known.error());
            anew(record, window, *known, handler);
        });
}

/// Another attempt of that piece, unless one is on its way, or has come to its end.
void DealKeeper::anew(const journal::DealRecord& record, const contract::Window& window,
                      const std::vector<journal::DealRecord>& known, const Handler<std::int64_t>& handler) {
    const auto tell = [this, handler](const DealKey& key) {
        m_parts.book.when_written({key}, [handler](const Result<std::vector<std::int64_t>>& ids) {
            if (!ids.ok()) return handler(ids.error());
            handler(ids->front());
        });
    };
    const auto is_paid_by = [handler](std::int64_t id) {
        handler(Error(ErrorCode::invalid_argument,
                      "the piece is stored and paid by deal " + std::to_string(id) + ": there is nothing to retry",
                      ""));
    };
    std::uint32_t attempt = record.attempt;
    for (const journal::DealRecord& one : known) {
        if (one.contract != m_parts.contract || one.piece != record.piece) continue;
        if (one.stage == name_of(DealStage::paid)) return is_paid_by(one.id);
        attempt = std::max(attempt, one.attempt);
    }
    // What was begun, or has ended, a moment ago may not be in the journal yet.
    for (const auto& [key, deal] : m_parts.book.all()) {
        if (key.miner != record.miner || key.slot != record.slot || key.piece != record.piece) continue;
        if (deal.stage == DealStage::paid) return is_paid_by(deal.id);
        if (!is_end(deal.stage)) return tell(key);
        attempt = std::max(attempt, key.attempt);
    }
    tell(plan(record.miner, window, static_cast<std::uint8_t>(record.piece), attempt + 1).key);
    look();
}

void DealKeeper::cancel(std::int64_t id, std::function<void(Result<void>)> handler) {
    const DealEntry* const deal = m_parts.book.find(id);
    if (deal == nullptr)
        return handler(Error(ErrorCode::not_found, "deal " + std::to_string(id) + " is none that is on its way",
                             "`fil-fil deals` lists those there are"));
    m_driver.cancel(deal->key, std::move(handler));
}

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
