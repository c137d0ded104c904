// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/market/deal_book.hpp"

#include "service/error_json.hpp"

#include <algorithm>
#include <utility>

namespace filfil::service {
namespace {

using rpc::Json;

/// Open deals are few: pieces of the windows of own providers.
constexpr std::size_t most_open = 10'000;

struct Loaded {
    journal::DealRecord record;
    std::vector<journal::DealStepRecord> steps;
};

Result<std::vector<Loaded>> load_open(journal::Journal& journal, const std::string& contract) {
    journal::DealFilter filter;
    filter.only_open = true;
    filter.limit = most_open;
    FILFIL_TRY(const auto records, journal.deals(filter));
    std::vector<Loaded> out;
    for (const journal::DealRecord& record : records) {
        if (record.contract != contract) continue;
        FILFIL_TRY(auto steps, journal.deal_steps(record.id));
        out.push_back({record, std::move(steps)});
    }
    return out;
}

}    // namespace

void DealBook::start(Handler<void> started) {
    m_parts.queue->run(
        [journal = m_parts.journal, contract = m_parts.contract] { return load_open(*journal, contract); },
        [this, started = std::move(started),
         alive = std::weak_ptr<int>(m_alive)](const Result<std::vector<Loaded>>& loaded) {
            if (alive.expired()) return;
            if (!loaded.ok()) return started(loaded.error());
            for (const Loaded& one : *loaded) {
                auto entry = entry_of(one.record, one.steps);
                if (!entry.ok()) {
                    m_parts.world.log.write(LogLevel::error, "market", entry.error().text());
                    continue;
                }
                m_ids[entry->key] = entry->id;
                const DealKey key = entry->key;
                m_deals.try_emplace(key, *std::move(entry));
            }
            started({});
        });
}

DealEntry* DealBook::find(const DealKey& key) {
    const auto found = m_deals.find(key);
    return found == m_deals.end() ? nullptr : &found->second;
}

DealEntry* DealBook::find(std::int64_t id) {
    const auto found = std::ranges::find_if(m_deals, [id](const auto& one) { return one.second.id == id; });
    return found == m_deals.end() ? nullptr : &found->second;
}

DealEntry& DealBook::add(DealEntry deal) {
    const DealKey key = deal.key;
    const auto [place, added] = m_deals.try_emplace(key, std::move(deal));
    if (added) {
        DealEntry& entry = place->second;
        entry.begun_at = m_parts.world.clock.wall();
        const DealStage stage = entry.stage;
        entry.times.clear();
        set_stage(entry, stage);
    }
    return place->second;
}

void DealBook::set_stage(DealEntry& deal, DealStage stage, Json details) {
    const Clock::Duration now = m_parts.world.clock.wall();
    deal.stage = stage;
    deal.times.push_back({stage, now, m_parts.head()});
    if (!is_end(stage) || stage == DealStage::paid) deal.error.reset();
    deal.failures = 0;
    deal.next_at = {};
    deal.seen_at.reset();
    note(deal, "stage", std::string(name_of(stage)), std::move(details));
}

void DealBook::set_error(DealEntry& deal, std::optional<Error> error) {
    const bool same = deal.error.has_value() == error.has_value() &&
                      (!error || (deal.error->message == error->message && deal.error->code == error->code));
    deal.error = std::move(error);
    if (same) return;
    if (!deal.error) return touch(deal);
    note(deal, "error", std::string(name_of(deal.error->code)), error_json(*deal.error));
}

void DealBook::note(DealEntry& deal, std::string kind, std::string name, Json details) {
    deal.unwritten.push_back({.kind = std::move(kind),
                              .name = std::move(name),
                              .at = m_parts.world.clock.wall(),
                              .epoch = m_parts.head(),
                              .details = rpc::write_json(details)});
    touch(deal);
}

void DealBook::touch(DealEntry& deal) {
    deal.dirty = true;
    deal.changed_at = m_parts.world.clock.wall();
    if (!deal.writing) write(deal);
}

void DealBook::flush() {
    std::vector<DealKey> dirty;
    for (const auto& [key, deal] : m_deals)
        if (deal.dirty && !deal.writing) dirty.push_back(key);
    for (const DealKey& key : dirty)
        if (DealEntry* const deal = find(key)) write(*deal);
}

void DealBook::write(DealEntry& deal) {
    deal.writing = true;
    // All that is changed by who called this stands in it by then.
    m_parts.world.loop.post([this, key = deal.key, alive = std::weak_ptr<int>(m_alive)] {
        if (alive.expired()) return;
        DealEntry* const entry = find(key);
        if (entry == nullptr) return;
        entry->dirty = false;
        auto record = record_of(*entry, m_parts.contract);
        auto steps = entry->unwritten;
        const std::size_t count = steps.size();
        m_parts.queue->run(
            [journal = m_parts.journal, record = std::move(record), steps = std::move(steps)] {
                return journal->put_deal(record, steps);
            },
            [this, key, count, told = std::exchange(entry->to_tell, {}), alive](const Result<std::int64_t>& id) {
                if (alive.expired()) return;
                written(key, count, id);
                for (const Handler<void>& one : told) one(id.ok() ? Result<void>() : id.error());
            });
    });
}

void DealBook::written(const DealKey& key, std::size_t steps, const Result<std::int64_t>& id) {
    DealEntry* const deal = find(key);
    if (deal == nullptr) return;
    deal->writing = false;
    if (!id.ok()) {
        deal->dirty = true;
        if (!m_trouble || m_trouble->message != id.error().message)
            m_parts.world.log.write(LogLevel::error, "market", "deals cannot be written down: " + id.error().text());
        m_trouble = id.error();
        for (const Waiting& one : std::exchange(m_waiting, {})) one.handler(id.error());
        return;
    }
    m_trouble.reset();
    deal->id = *id;
    m_ids[key] = *id;
    deal->unwritten.erase(deal->unwritten.begin(), deal->unwritten.begin() + static_cast<std::ptrdiff_t>(steps));
    m_parts.events.publish("deal", m_parts.json(*deal));
    if (deal->dirty)
        write(*deal);
    else if (is_end(deal->stage) && !deal->busy)
        m_deals.erase(key);
    tell_waiting();
}

void DealBook::when_written(std::vector<DealKey> keys, Handler<std::vector<std::int64_t>> handler) {
    m_waiting.push_back({std::move(keys), std::move(handler)});
    tell_waiting();
}

void DealBook::when_written(DealEntry& deal, Handler<void> handler) {
    deal.to_tell.push_back(std::move(handler));
    touch(deal);
}

void DealBook::tell_waiting() {
    const auto ready = [&](const Waiting& one) {
        return std::ranges::all_of(one.keys, [&](const DealKey& key) { return m_ids.contains(key); });
    };
    std::vector<Waiting> now;
    for (auto at = m_waiting.begin(); at != m_waiting.end();) {
        if (!ready(*at)) {
            ++at;
            continue;
        }
        now.push_back(std::move(*at));
        at = m_waiting.erase(at);
    }
    for (const Waiting& one : now) {
        std::vector<std::int64_t> ids;
        for (const DealKey& key : one.keys) ids.push_back(m_ids.at(key));
        one.handler(std::move(ids));
    }
}

}    // namespace filfil::service
