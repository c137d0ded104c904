// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/schedule_text.hpp"
#include "service/scheduler.hpp"

#include <utility>

// Which schedules there are, and what of them outlives the daemon.

namespace filfil::service {
namespace {

using rpc::Json;

const std::string setting_name = "schedules";

}    // namespace

std::vector<ScheduleInfo> Scheduler::list() const {
    std::vector<ScheduleInfo> out;
    for (const auto& [id, schedule] : m_schedules) out.push_back(schedule);
    return out;
}

void Scheduler::start(std::vector<ScheduleSetting> from_config, std::function<void(Result<void>)> started) {
    struct Found {
        Result<std::optional<std::string>> text = std::optional<std::string>();
        Result<std::vector<journal::EffectRecord>> effects = std::vector<journal::EffectRecord>();
    };
    m_parts.queue->run(
        [journal = m_parts.journal] { return Found{journal->setting(setting_name), journal->open_effects()}; },
        [this, from_config = std::move(from_config), started = std::move(started)](Found found) mutable {
            if (!found.text.ok()) return started(std::move(found.text).error());
            if (!found.effects.ok()) return started(std::move(found.effects).error());
            restore(std::move(from_config), found.text->value_or("{}"));
            find_holds();
            m_started = true;
            started({});
            find_effects(*found.effects);
            on_head(true);
        });
}

void Scheduler::restore(std::vector<ScheduleSetting> from_config, std::string_view text) {
    SavedSchedules saved = parse_schedules(text);
    m_snapshots = std::move(saved.snapshots);
    std::map<std::string, ScheduleInfo> known;
    for (ScheduleInfo& schedule : saved.schedules) known[schedule.id] = std::move(schedule);
    for (ScheduleSetting& what : from_config) {
        ScheduleInfo info{.id = id_of(what, m_parts.recipe()), .what = std::move(what), .from_config = true};
        if (const auto before = known.find(info.id); before != known.end()) {
            info.last = before->second.last;
            info.last_snapshot = before->second.last_snapshot;
        }
        m_schedules[info.id] = std::move(info);
    }
    // What stood in config.toml and does not any more is over; what it had done is forgotten with it.
    for (auto& [id, schedule] : known)
        if (!schedule.from_config && !m_schedules.contains(id)) m_schedules[id] = std::move(schedule);
}

/// Holds of the time before: each finds its schedule again, or goes.
void Scheduler::find_holds() {
    std::vector<std::uint64_t> lost;
    for (const auto& [number, hold] : m_parts.holds.all()) {
        if (hold.kind != HoldKind::schedule) continue;
        const auto named = parse_hold_reason(hold.reason);
        ScheduleInfo* schedule = named ? find(named->first) : nullptr;
        if (schedule == nullptr || schedule->waiting.contains(named->second)) {
            lost.push_back(number);
            continue;
        }
        schedule->waiting[named->second] = {.epoch = named->second, .hold = number};
    }
    for (const std::uint64_t number : lost) m_parts.holds.release(number, [](const Result<void>&) {});
}

/// What was begun and not finished is waited for again, also where its hold is gone.
void Scheduler::find_effects(const std::vector<journal::EffectRecord>& open) {
    for (const journal::EffectRecord& effect : open) {
        const auto place = place_of(effect.key);
        if (!place) continue;
        ScheduleInfo* schedule = find(place->id);
        if (schedule == nullptr) {
            write_effect(*place, false, {{"error", "the schedule was removed"}}, [](const Result<void>&) {});
        } else if (!schedule->waiting.contains(place->epoch)) {
            schedule->waiting[place->epoch] = {.epoch = place->epoch};
            wait_for(*place);
        }
    }
}

/// Nobody waits for its epochs any more; what is being taken is taken to its end.
void Scheduler::give_away(ScheduleInfo& schedule) {
    for (auto& [epoch, waiting] : schedule.waiting) {
        let_go(waiting);
        if (!waiting.job)
            write_effect({schedule.id, epoch}, false, {{"error", "the schedule was removed"}},
                         [](const Result<void>&) {});
    }
}

void Scheduler::add(ScheduleSetting what, Handler<ScheduleInfo> handler) {
    const auto refuse = [&](Error why) { m_parts.world.loop.post([handler, why = std::move(why)] { handler(why); }); };
    if ((what.every_epochs != 0) == what.at_epoch.has_value())
        return refuse({ErrorCode::invalid_argument, "a schedule has one of every_epochs and at_epoch"});
    // Written now, it would take the place of those that have not been read yet.
    if (!m_started) return refuse({ErrorCode::busy, "the schedules have not been read yet", "try again in a moment"});
    ScheduleInfo info{.id = id_of(what, m_parts.recipe()), .what = std::move(what)};
    if (m_schedules.contains(info.id))
        return refuse({ErrorCode::invalid_argument, "there is such a schedule already: " + info.id});
    const std::string id = info.id;
    if (const auto head = m_parts.head(); head && info.what.every_epochs != 0)
        info.last = before_first(info.what, *head);
    m_schedules[id] = std::move(info);
    save([this, id, handler](Result<void> saved) {
        if (!saved.ok()) {
            m_schedules.erase(id);
            return handler(std::move(saved).error());
        }
        const ScheduleInfo* schedule = find(id);
        if (schedule == nullptr) return handler(Error(ErrorCode::not_found, "the schedule was removed again"));
        publish(id);
        handler(*schedule);
        on_head(false);
    });
}

void Scheduler::set_config(std::vector<ScheduleSetting> from_config) {
    if (!m_started) return;
    std::map<std::string, ScheduleSetting> next;
    for (ScheduleSetting& what : from_config) {
        std::string id = id_of(what, m_parts.recipe());
        next.insert_or_assign(std::move(id), std::move(what));
    }
    for (auto schedule = m_schedules.begin(); schedule != m_schedules.end();) {
        if (!schedule->second.from_config || next.contains(schedule->first)) {
            ++schedule;
            continue;
        }
        give_away(schedule->second);
        m_parts.events.publish("schedule_removed", {{"id", schedule->first}});
        schedule = m_schedules.erase(schedule);
    }
    for (auto& [id, what] : next)
        if (!m_schedules.contains(id)) m_schedules[id] = {.id = id, .what = std::move(what), .from_config = true};
    save([](const Result<void>&) {});
    on_head(false);
}

void Scheduler::remove(const std::string& id, Handler<void> handler) {
    const auto refuse = [&](Error why) { m_parts.world.loop.post([handler, why = std::move(why)] { handler(why); }); };
    ScheduleInfo* schedule = find(id);
    if (schedule == nullptr)
        return refuse(
            {ErrorCode::not_found, "there is no schedule '" + id + "'", "FilFil.Schedules lists those there are"});
    if (schedule->from_config)
        return refuse({ErrorCode::invalid_argument, "schedule '" + id + "' stands in config.toml",
                       "take it out there, and start the daemon again"});
    give_away(*schedule);
    m_schedules.erase(id);
    m_parts.events.publish("schedule_removed", {{"id", id}});
    save(std::move(handler));
}

void Scheduler::save(Handler<void> handler) {
    std::vector<ScheduleInfo> schedules = list();
    for (ScheduleInfo& schedule : schedules)
        if (const auto first = m_first.find(schedule.id); first != m_first.end()) schedule.last = first->second;
    m_parts.queue->run(
        [journal = m_parts.journal, text = text_of_schedules({std::move(schedules), m_snapshots})] {
            return journal->set_setting(setting_name, text);
        },
        [this, handler = std::move(handler)](Result<void> saved) {
            if (!saved.ok()) m_parts.world.log.write(LogLevel::warning, "service", saved.error().text());
            handler(std::move(saved));
        });
}

}    // namespace filfil::service
