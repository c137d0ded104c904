// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/contract_types.hpp"
#include "service/incentive/gather.hpp"
#include "service/incentive/slot_json.hpp"
#include "service/market/deal_keeper.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

// What people ask of DealKeeper.

namespace filfil::service {
namespace {

constexpr std::uint64_t most_windows = 64;

}    // namespace

void DealKeeper::store(std::vector<std::uint64_t> miners, Epoch epoch, Handler<std::vector<std::int64_t>> handler) {
    const auto all = std::make_shared<std::vector<std::uint64_t>>(std::move(miners));
    gather<MinersWindows>(
        all->size(),
        [this, all](std::size_t i, const Handler<MinersWindows>& one) {
            m_parts.desk.read<calls::Schedule>({.miner = (*all)[i], .count = most_windows},
                                               [one, miner = (*all)[i]](const Result<calls::Schedule::Output>& got) {
                                                   if (!got.ok()) return one(got.error());
                                                   one(MinersWindows{miner, got->value});
                                               });
        },
        [this, epoch, handler = std::move(handler),
         alive = std::weak_ptr<int>(m_alive)](const Result<std::vector<MinersWindows>>& windows) {
            if (alive.expired()) return;
            if (!windows.ok()) return handler(windows.error());
            const auto fitting = windows_for(epoch, *windows);
            if (!fitting.ok()) return handler(fitting.error());
            store_in(*fitting, handler);
        });
}

/// Those that want the snapshot of an epoch, each with its miner's market.
Result<std::vector<DealKeeper::MinersWindow>> DealKeeper::windows_for(Epoch epoch,
                                                                      const std::vector<MinersWindows>& all) const {
    const char letter = m_parts.desk.network().address_prefix;
    std::vector<MinersWindow> out;
    std::string nexts;
    for (const MinersWindows& one : all) {
        for (const contract::Window& window : one.windows)
            if (static_cast<std::int64_t>(window.target) == epoch.value) out.push_back({one.miner, window});
        if (!one.windows.empty())
            nexts += (nexts.empty() ? "" : ", ") + std::to_string(one.windows.front().target) + " for " +
                     miner_text(one.miner, letter);
    }
    if (out.empty())
        return Error(ErrorCode::not_found,
                     "no open or coming window of yours wants the snapshot of epoch " + std::to_string(epoch.value),
                     nexts.empty() ? "register first: fil-fil register" : "the next that are wanted: " + nexts);
    for (const MinersWindow& one : out)
        if (m_parts.markets.of(one.miner) == nullptr)
            return Error(ErrorCode::unsupported, "no market is set for " + miner_text(one.miner, letter),
                         "set markets, with the kind of market that the provider runs");
    return out;
}

void DealKeeper::store_in(const std::vector<MinersWindow>& windows, Handler<std::vector<std::int64_t>> handler) {
    m_parts.queue->run(
        [journal = m_parts.journal, contract = m_parts.contract,
         windows]() -> Result<std::vector<journal::DealRecord>> {
            std::vector<journal::DealRecord> out;
            for (const MinersWindow& one : windows) {
                FILFIL_TRY(auto some,
                           journal->deals({.miner = one.miner, .slot = one.window.slot, .limit = most_deals}));
                std::erase_if(some, [&](const journal::DealRecord& deal) { return deal.contract != contract; });
                std::ranges::move(some, std::back_inserter(out));
            }
            return out;
        },
        [this, windows, handler = std::move(handler),
         alive = std::weak_ptr<int>(m_alive)](const Result<std::vector<journal::DealRecord>>& known) {
            if (alive.expired()) return;
            if (!known.ok()) return handler(known.error());
            std::vector<DealKey> keys;
            for (const MinersWindow& window : windows)
                std::ranges::move(take_up(window, *known), std::back_inserter(keys));
            tell_numbers(keys, *known, handler);
            look();
        });
}

/// The deals of a window's pieces: those that are on their way are looked at at once, and of those that have ended
/// without success there is another attempt. @param known this contract's, of the journal
std::vector<DealKey> DealKeeper::take_up(const MinersWindow& own, const std::vector<journal::DealRecord>& known) {
    const SlotKey slot{own.miner, own.window.slot};
    std::map<std::uint32_t, const journal::DealRecord*> latest;
    for (const journal::DealRecord& one : known)
        if (one.miner == slot.first && one.slot == slot.second) {
            auto& place = latest[one.piece];
            if (place == nullptr || place->attempt < one.attempt) place = &one;
        }
    // What was begun a moment ago may not be in the journal yet: plan() gives that one.
    if (latest.empty()) return {plan(own.miner, own.window, 0, 0).key};
    // Of the two that may be staged one is the snapshot here, and the other is left alone.
    const auto is_the_other = [&](const journal::DealRecord& record) {
        return record.stage == name_of(DealStage::cancelled) && std::ranges::any_of(latest, [&](const auto& one) {
                   return (one.first ^ record.piece) == incentive::alternative_bit &&
                          one.second->stage != name_of(DealStage::cancelled);
               });
    };
    std::vector<DealKey> out;
    for (const auto& [piece, record] : latest) {
        if (is_the_other(*record)) continue;
        const auto number = static_cast<std::uint8_t>(piece);
        if (!record->open && record->stage != name_of(DealStage::paid)) {
            out.push_back(plan(own.miner, own.window, number, record->attempt + 1).key);
            continue;
        }
        out.push_back({slot.first, slot.second, number, record->attempt});
        if (!record->open) continue;
        if (DealEntry* const deal = m_parts.book.find(out.back())) deal->next_at = {};
        if (const auto work = m_slots.find(slot); work != m_slots.end()) {
            work->second.next_at = {};
            work->second.failures = 0;
        }
    }
    return out;
}

/// The journal's numbers of deals, those first that it has already.
void DealKeeper::tell_numbers(const std::vector<DealKey>& keys, const std::vector<journal::DealRecord>& known,
                              const Handler<std::vector<std::int64_t>>& handler) {
    std::map<DealKey, std::int64_t> there;
    for (const journal::DealRecord& one : known)
        there[{one.miner, static_cast<std::uint32_t>(one.slot), static_cast<std::uint8_t>(one.piece), one.attempt}] =
            one.id;
    std::vector<std::int64_t> ids;
    std::vector<DealKey> fresh;
    for (const DealKey& key : keys) {
        if (const auto at = there.find(key); at != there.end())
            ids.push_back(at->second);
        else
            fresh.push_back(key);
    }
    m_parts.book.when_written(fresh, [ids, handler](const Result<std::vector<std::int64_t>>& made) mutable {
        if (!made.ok()) return handler(made.error());
        ids.insert(ids.end(), made->begin(), made->end());
        handler(std::move(ids));
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
        return handler(Error(ErrorCode::invalid_argument, "the piece is stored and paid: there is nothing to retry",
                             "`fil-fil payouts` shows what it earns"));
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
                      "`fil-fil payouts` shows what it earns"));
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

}    // namespace filfil::service
