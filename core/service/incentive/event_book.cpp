// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/incentive/event_book.hpp"

#include "incentive/event_json.hpp"
#include "service/incentive/slot_json.hpp"

#include <algorithm>
#include <utility>

namespace filfil::service {
namespace {

using rpc::Json;

/// More new events than these are told as one "look again".
constexpr std::size_t most_told = 100;

/// Read at once by read_all().
constexpr std::size_t page_size = 1000;

std::optional<std::uint64_t> number_in(const Json& fields, const char* name) {
    const auto found = fields.find(name);
    if (found == fields.end() || !found->is_number_unsigned()) return std::nullopt;
    return found->get<std::uint64_t>();
}

journal::EventRecord record_of(const incentive::EthLog& log) {
    journal::EventRecord out{.block = log.block, .index = log.index, .name = {}, .fields = {}};
    auto named = incentive::name_event(log);
    if (named.ok()) {
        out.name = std::move(named->name);
        out.slot = number_in(named->fields, "slot");
        out.miner = number_in(named->fields, "miner");
        out.fields = rpc::write_json(named->fields);
        return out;
    }
    // A newer contract's, or nonsense: it stays visible, and is no reason to stop.
    out.name = "unreadable";
    out.fields = rpc::write_json(Json{{"error", named.error().message}, {"data", "0x" + to_hex(log.data)}});
    return out;
}

}    // namespace

EventBook::EventBook(Parts parts)
    : m_parts(std::move(parts)),
      m_log("contract " + m_parts.contract.text() + " of chain " + std::to_string(m_parts.network.chain_id)) {}

void EventBook::start() {
    if (m_starting || m_follower) return;
    m_starting = true;
    m_parts.queue->run([journal = m_parts.journal, log = m_log] { return journal->events_cursor(log); },
                       [this, alive = std::weak_ptr<int>(m_alive)](Result<std::optional<std::string>> stored) {
                           if (alive.expired()) return;
                           m_starting = false;
                           follow(std::move(stored));
                       });
}

void EventBook::follow(Result<std::optional<std::string>> stored) {
    if (!stored.ok()) return note(stored.error());
    std::optional<incentive::EventCursor> cursor;
    if (*stored) {
        const auto json = rpc::parse_json(**stored);
        auto read = json.ok() ? incentive::read_event_cursor(*json) : Result<incentive::EventCursor>(json.error());
        if (!read.ok()) {
            note(std::move(read).error().in("the journal's cursor of the contract's events"));
            return read_anew();
        }
        cursor = *std::move(read);
        if (cursor->next > 0) m_read_to = cursor->next - 1;
    }
    incentive::EventFollowerConfig config;
    config.contract = m_parts.contract;
    config.start = m_parts.from;
    config.finality = static_cast<std::uint64_t>(std::max<std::int64_t>(0, m_parts.network.finality));
    m_follower = std::make_unique<incentive::EventFollower>(
        m_parts.world, m_parts.ask, config, std::move(cursor),
        incentive::EventFollower::Handlers{.on_batch = [this](const incentive::EventBatch& batch) { take(batch); },
                                           .on_trouble = [this](const Error& why) { on_trouble(why); }});
    m_follower->start();
}

void EventBook::on_head() {
    if (m_follower) return m_follower->poke();
    start();
}

void EventBook::take(const incentive::EventBatch& batch) {
    m_trouble.reset();
    journal::EventChange change;
    for (const incentive::ContractEvent& event : batch.removed)
        change.removed.push_back({event.log.block, event.log.index});
    for (const incentive::ContractEvent& event : batch.added) change.added.push_back(record_of(event.log));
    change.cursor = rpc::write_json(incentive::json_of(batch.cursor));
    m_unwritten.push_back(std::move(change));
    write_next();
}

void EventBook::write_next() {
    if (m_writing || m_unwritten.empty()) return;
    m_writing = true;
    m_parts.queue->run([journal = m_parts.journal, log = m_log,
                        change = m_unwritten.front()] { return journal->change_events(log, change); },
                       [this, alive = std::weak_ptr<int>(m_alive)](const Result<void>& done) {
                           if (alive.expired()) return;
                           m_writing = false;
                           written(done);
                       });
}

void EventBook::written(const Result<void>& done) {
    if (m_unwritten.empty()) return;    // they are read anew
    if (!done.ok()) {
        // As after a crash: what the journal has is where it goes on, with the next head.
        note(done.error());
        m_unwritten.clear();
        m_follower.reset();
        return;
    }
    const journal::EventChange change = std::move(m_unwritten.front());
    m_unwritten.pop_front();
    if (m_unwritten.empty() && m_follower && m_follower->cursor().next > 0) m_read_to = m_follower->cursor().next - 1;
    if (!change.removed.empty() || !change.added.empty()) {
        ++m_revision;
        Json told = {{"removed", change.removed.size()},
                     {"removed_from_epoch", nullptr},
                     {"added", Json::array()},
                     {"more", false}};
        if (!change.removed.empty()) {
            ++m_takings;
            told["removed_from_epoch"] = std::ranges::min_element(change.removed)->block;
        }
        if (change.added.size() > most_told)
            told["more"] = true;
        else
            for (const journal::EventRecord& event : change.added) told["added"].push_back(json_of(event));
        m_parts.events.publish("contract", std::move(told));
    }
    write_next();
}

void EventBook::on_trouble(const Error& why) {
    note(why);
    if (!m_follower || !m_follower->stopped()) return;
    // The follower has stopped, and is still in the call that told so.
    m_parts.world.loop.post([this, alive = std::weak_ptr<int>(m_alive)] {
        if (!alive.expired()) read_anew();
    });
}

void EventBook::read_anew() {
    m_follower.reset();
    m_unwritten.clear();
    m_read_to.reset();
    m_starting = true;
    ++m_revision;
    ++m_takings;
    m_parts.queue->run(
        [journal = m_parts.journal, log = m_log] { return journal->forget_events(log); },
        [this, alive = std::weak_ptr<int>(m_alive)](const Result<void>& forgotten) {
            if (alive.expired()) return;
            m_starting = false;
            if (!forgotten.ok()) return note(forgotten.error());
            ++m_revision;
            ++m_takings;
            m_parts.events.publish(
                "contract",
                Json{{"removed", 0}, {"removed_from_epoch", nullptr}, {"added", Json::array()}, {"more", true}});
            follow(std::optional<std::string>());
        });
}

void EventBook::note(const Error& why) {
    if (!m_trouble || m_trouble->message != why.message)
        m_parts.world.log.write(LogLevel::warning, "incentive", "the contract's events: " + why.text());
    m_trouble = why;
}

void EventBook::list(const journal::EventFilter& filter, Handler handler) {
    m_parts.queue->run([journal = m_parts.journal, log = m_log, filter] { return journal->events(log, filter); },
                       [handler = std::move(handler),
                        alive = std::weak_ptr<int>(m_alive)](Result<std::vector<journal::EventRecord>> found) {
                           if (!alive.expired()) handler(std::move(found));
                       });
}

void EventBook::read_all(std::function<void(const journal::EventRecord&)> look,
                         std::function<void(Result<bool>)> done) {
    next_page({}, m_takings, std::make_shared<const std::function<void(const journal::EventRecord&)>>(std::move(look)),
              std::move(done));
}

void EventBook::next_page(std::optional<journal::EventPlace> before, std::uint64_t takings,
                          std::shared_ptr<const std::function<void(const journal::EventRecord&)>> look,
                          std::function<void(Result<bool>)> done) {
    using Place = std::optional<journal::EventPlace>;    // of the last one of a page after which there may be more
    m_parts.queue->run(
        [journal = m_parts.journal, log = m_log, before, look]() -> Result<Place> {
            FILFIL_TRY(const auto page, journal->events(log, {.before = before, .limit = page_size}));
            for (const journal::EventRecord& event : page) (*look)(event);
            if (page.size() < page_size) return Place();
            return Place(journal::EventPlace{page.back().block, page.back().index});
        },
        [this, takings, look, done = std::move(done),
         alive = std::weak_ptr<int>(m_alive)](const Result<Place>& last) mutable {
            if (alive.expired()) return;
            if (!last.ok()) return done(last.error());
            if (takings != m_takings) return done(false);
            if (!*last) return done(true);
            next_page(*last, takings, look, std::move(done));
        });
}

Json EventBook::state() const {
    Json out = {{"read_to_epoch", nullptr},
                {"caught_up", m_follower && m_follower->caught_up() && m_unwritten.empty()},
                {"trouble", nullptr}};
    if (m_read_to) out["read_to_epoch"] = *m_read_to;
    if (m_trouble) out["trouble"] = m_trouble->message;
    return out;
}

Json EventBook::json_of(const journal::EventRecord& event) const {
    Json out = {{"epoch", event.block},    {"time", time_json(m_parts.network, event.block)},
                {"index", event.index},    {"name", event.name},
                {"slot", nullptr},         {"miner", nullptr},
                {"fields", Json::object()}};
    if (event.slot) out["slot"] = *event.slot;
    if (event.miner) out["miner"] = miner_text(*event.miner, m_parts.network.address_prefix);
    if (auto fields = rpc::parse_json(event.fields); fields.ok()) out["fields"] = *std::move(fields);
    return out;
}

}    // namespace filfil::service
