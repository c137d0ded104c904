// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/scheduler.hpp"

#include "service/schedule_text.hpp"

#include <algorithm>
#include <utility>

namespace filfil::service {
namespace {

using rpc::Json;

const std::string setting_name = "schedules";
constexpr std::uint32_t most_failures = 5;
constexpr Clock::Duration first_pause = std::chrono::seconds(30);

/// So many multiples that one head change went past are all taken.
constexpr std::int64_t most_at_once = 16;

}    // namespace

std::string Scheduler::key_of(const Place& place) {
    return "schedule/" + place.id + "/" + std::to_string(place.epoch.value);
}

ScheduleInfo* Scheduler::find(const std::string& id) {
    const auto found = m_schedules.find(id);
    return found == m_schedules.end() ? nullptr : &found->second;
}

ScheduledEpoch* Scheduler::find(const Place& place) {
    ScheduleInfo* schedule = find(place.id);
    if (schedule == nullptr) return nullptr;
    const auto found = schedule->waiting.find(place.epoch);
    return found == schedule->waiting.end() ? nullptr : &found->second;
}

std::vector<ScheduleInfo> Scheduler::list() const {
    std::vector<ScheduleInfo> out;
    for (const auto& [id, schedule] : m_schedules) out.push_back(schedule);
    return out;
}

void Scheduler::publish(const std::string& id) {
    if (const ScheduleInfo* schedule = find(id)) m_parts.events.publish("schedule", json_of(*schedule));
}

void Scheduler::start(std::vector<ScheduleSetting> from_config, std::function<void(Result<void>)> started) {
    m_parts.queue->run([journal = m_parts.journal] { return journal->setting(setting_name); },
                       [this, from_config = std::move(from_config),
                        started = std::move(started)](Result<std::optional<std::string>> text) mutable {
                           if (!text.ok()) return started(std::move(text).error());
                           restore(std::move(from_config), text->value_or("{}"));
                           find_holds();
                           m_started = true;
                           started({});
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

void Scheduler::on_head(bool reverted) {
    if (!m_started || m_stopped) return;
    std::vector<Place> places;
    for (auto& [id, schedule] : m_schedules) {
        look(schedule);
        for (const auto& [epoch, waiting] : schedule.waiting) places.push_back({id, epoch});
    }
    for (const Place& place : places) {
        if (reverted) check_hold(place);
        look(place);
    }
}

/// Whether there are new epochs to wait for.
void Scheduler::look(ScheduleInfo& schedule) {
    const auto head = m_parts.head();
    if (!head) return;
    std::vector<Epoch> due;
    if (schedule.what.at_epoch) {
        if (!schedule.last && head->value >= *schedule.what.at_epoch) due.push_back({*schedule.what.at_epoch});
    } else {
        if (!m_parts.in_step()) return;
        const auto every = static_cast<std::int64_t>(schedule.what.every_epochs);
        const std::int64_t newest = head->value / every * every;
        if (!schedule.last) {
            // At the first sight of a chain nothing was missed yet.
            schedule.last = Epoch{newest == head->value ? newest - 1 : newest};
            save([](const Result<void>&) {});
        }
        std::int64_t next = (schedule.last->value / every + 1) * every;
        if (schedule.last->value < 0) next = 0;
        if ((newest - next) / every >= most_at_once) next = newest;
        for (; next <= newest; next += every)
            if (next > 0) due.push_back({next});
    }
    // What was waited for at the last stop may have its hold still.
    for (const Epoch epoch : due) schedule.last = epoch;
    std::erase_if(due, [&](Epoch epoch) { return schedule.waiting.contains(epoch); });
    for (const Epoch epoch : due) {
        schedule.waiting[epoch] = {.epoch = epoch};
    }
    for (const Epoch epoch : due) wait_for({schedule.id, epoch});
}

/// Whether an epoch that is waited for can be taken.
void Scheduler::look(const Place& place) {
    const ScheduledEpoch* waiting = find(place);
    if (waiting == nullptr || busy(place) || waiting->job || !waiting->hold || m_stopped) return;
    if (find(place.id)->what.finalized) {
        const auto finalized = m_parts.finalized();
        if (!finalized || *finalized < place.epoch) return;
    }
    begin(place);
}

/// Looks whether it was done before; if not, holds its tipset.
void Scheduler::wait_for(const Place& place) {
    ++m_busy[place];
    m_parts.queue->run([journal = m_parts.journal, key = key_of(place)] { return journal->effect(key); },
                       [this, place](Result<std::optional<journal::EffectRecord>> effect) {
                           m_busy.erase(place);
                           ScheduleInfo* schedule = find(place.id);
                           if (schedule == nullptr) return;
                           if (!effect.ok()) return failed(place, effect.error());
                           if (*effect && (*effect)->state == journal::EffectRecord::State::done) {
                               schedule->waiting.erase(place.epoch);
                               return save([](const Result<void>&) {});
                           }
                           hold(place);
                       });
}

void Scheduler::hold(const Place& place) {
    const ScheduleInfo* schedule = find(place.id);
    if (schedule == nullptr) return;
    ++m_busy[place];
    const snapshot::Recipe recipe = schedule->what.recipe.value_or(m_parts.recipe());
    m_parts.holds.take({.tipset = {.key = {}, .epoch = place.epoch},
                        .recent_stateroots = static_cast<std::int64_t>(recipe.recent_stateroots),
                        .kind = HoldKind::schedule,
                        .reason = hold_reason(place.id, place.epoch)},
                       [this, place](Result<HoldInfo> held) {
                           m_busy.erase(place);
                           ScheduledEpoch* waiting = find(place);
                           if (!held.ok()) return failed(place, held.error());
                           if (waiting == nullptr)
                               return m_parts.holds.release(held->number, [](const Result<void>&) {});
                           waiting->hold = held->number;
                           save([](const Result<void>&) {});
                           publish(place.id);
                           // The head may have gone elsewhere meanwhile.
                           check_hold(place);
                           look(place);
                       });
}

/// After a reorg the epoch may have another tipset: then that one is held in its place.
void Scheduler::check_hold(const Place& place) {
    const ScheduledEpoch* waiting = find(place);
    if (waiting == nullptr || !waiting->hold || waiting->job || busy(place) || m_stopped) return;
    const HoldInfo* hold_info = m_parts.holds.find(*waiting->hold);
    const auto head = m_parts.head();
    // Where the head went back below the epoch, it is not known yet which tipset that will have.
    if (hold_info == nullptr || !head || *head < place.epoch) return;
    ++m_busy[place];
    m_parts.queue->run(
        [engine = m_parts.engine, epoch = place.epoch] { return engine->engine().find({.key = {}, .epoch = epoch}); },
        [this, place, held = hold_info->head](const Result<chain::TipsetKey>& now) {
            m_busy.erase(place);
            ScheduledEpoch* waiting = find(place);
            if (waiting == nullptr || m_stopped) return;
            if (!now.ok() || *now == held) return look(place);
            m_parts.world.log.write(LogLevel::info, "service",
                                    "epoch " + std::to_string(place.epoch.value) +
                                        " has another tipset now: it is held in place of the one before");
            let_go(*waiting);
            hold(place);
        });
}

/// The epoch is final, or that is not asked for. What is taken is the chain's tipset of it, whatever was held.
void Scheduler::begin(const Place& place) {
    ++m_busy[place];
    struct Ready {
        Result<std::optional<journal::EffectRecord>> before = std::optional<journal::EffectRecord>();
        Result<chain::TipsetKey> tipset = chain::TipsetKey();
    };
    const Json request = {{"schedule", place.id}, {"epoch", place.epoch.value}};
    m_parts.queue->run(
        [engine = m_parts.engine, journal = m_parts.journal, key = key_of(place), text = request.dump(),
         epoch = place.epoch] {
            Ready out;
            out.tipset = engine->engine().find({.key = {}, .epoch = epoch});
            if (out.tipset.ok()) out.before = journal->intend(key, "snapshot", text);
            return out;
        },
        [this, place](Ready ready) {
            m_busy.erase(place);
            ScheduledEpoch* waiting = find(place);
            if (waiting == nullptr || m_stopped) return;
            if (!ready.tipset.ok()) return failed(place, ready.tipset.error());
            if (!ready.before.ok()) return failed(place, ready.before.error());
            if (*ready.before && (*ready.before)->state == journal::EffectRecord::State::done) {
                let_go(*waiting);
                find(place.id)->waiting.erase(place.epoch);
                return save([](const Result<void>&) {});
            }
            take(place, *std::move(ready.tipset));
        });
}

void Scheduler::take(const Place& place, chain::TipsetKey tipset) {
    const ScheduleSetting& what = find(place.id)->what;
    SnapshotRequest request;
    request.tipset.key = std::move(tipset);
    request.recipe = what.recipe.value_or(m_parts.recipe());
    request.kind = what.to_file ? snapshot::Target::Kind::file : snapshot::Target::Kind::nothing;
    request.compression = what.to_file ? m_parts.compression() : car::Compression::none;
    // Without a file the blocks have to stay.
    request.keep_always = !what.to_file;
    request.asked_by = "schedule " + place.id;
    ++m_busy[place];
    m_parts.snapshots.take(
        std::move(request),
        [this, place](const Result<std::uint64_t>& job) {
            m_busy.erase(place);
            if (!job.ok()) return failed(place, job.error());
            if (ScheduledEpoch* waiting = find(place)) waiting->job = *job;
            publish(place.id);
        },
        [this, place](const JobInfo& job) { ended(place, job); });
}

void Scheduler::ended(const Place& place, const JobInfo& job) {
    if (ScheduledEpoch* waiting = find(place)) waiting->job.reset();
    // Stopping is no failure: the effect stays intended, and the next start takes it up.
    if (m_stopped) return;
    if (job.state != JobState::done)
        return failed(place, job.error.value_or(Error(ErrorCode::cancelled, "the snapshot was cancelled")));
    std::optional<std::int64_t> snapshot;
    if (const auto number = rpc::integer_field(job.result, "id"); number.ok()) snapshot = *number;
    if (snapshot) {
        std::erase(m_snapshots, *snapshot);
        m_snapshots.push_back(*snapshot);
        m_snapshots = m_parts.snapshots.retain(m_snapshots);
        if (ScheduleInfo* schedule = find(place.id)) schedule->last_snapshot = snapshot;
    }
    finish(place, true, {{"snapshot", snapshot ? Json(*snapshot) : Json(nullptr)}}, std::nullopt);
}

void Scheduler::failed(const Place& place, const Error& why) {
    ScheduledEpoch* waiting = find(place);
    if (waiting == nullptr || m_stopped) return;
    waiting->error = why;
    ++waiting->failures;
    m_parts.world.log.write(
        LogLevel::warning, "service",
        "schedule " + place.id + ", epoch " + std::to_string(place.epoch.value) + ": " + why.text());
    publish(place.id);
    if (waiting->failures >= most_failures || why.code == ErrorCode::not_found)
        return finish(place, false, {{"error", why.text()}}, why);
    Clock::Duration pause = first_pause;
    for (std::uint32_t i = 1; i < waiting->failures; ++i) pause *= 2;
    ++m_busy[place];
    m_parts.world.loop.post_after(pause, [weak = weak_from_this(), place] {
        const auto self = weak.lock();
        if (!self || self->m_stopped) return;
        self->m_busy.erase(place);
        const ScheduledEpoch* again = self->find(place);
        if (again == nullptr) return;
        if (!again->hold) return self->wait_for(place);
        self->check_hold(place);
        self->look(place);
    });
}

/// The epoch is done, or given up.
void Scheduler::finish(const Place& place, bool done, const Json& result, const std::optional<Error>& why) {
    using State = journal::EffectRecord::State;
    if (ScheduleInfo* schedule = find(place.id)) {
        if (ScheduledEpoch* waiting = find(place)) let_go(*waiting);
        schedule->waiting.erase(place.epoch);
        schedule->given_up = done ? std::nullopt : std::optional(place.epoch);
        schedule->error = why;
        publish(place.id);
        if (!done)
            m_parts.world.log.write(LogLevel::error, "service",
                                    "schedule " + place.id + ": epoch " + std::to_string(place.epoch.value) +
                                        " is given up: " + why->text());
    }
    m_parts.queue->run(
        [journal = m_parts.journal, key = key_of(place), done, text = result.dump()]() -> Result<void> {
            FILFIL_TRY(const auto effect, journal->effect(key));
            if (!effect || effect->state == State::done) return {};
            return journal->finish(key, done ? State::done : State::failed, text);
        },
        [this](const Result<void>& told) {
            if (!told.ok()) m_parts.world.log.write(LogLevel::warning, "service", told.error().text());
            save([](const Result<void>&) {});
        });
}

void Scheduler::let_go(ScheduledEpoch& waiting) {
    if (!waiting.hold) return;
    if (m_parts.holds.find(*waiting.hold) != nullptr) m_parts.holds.release(*waiting.hold, [](const Result<void>&) {});
    waiting.hold.reset();
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
        for (auto& [epoch, waiting] : schedule->second.waiting) let_go(waiting);
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
    for (auto& [epoch, waiting] : schedule->waiting) let_go(waiting);
    m_schedules.erase(id);
    m_parts.events.publish("schedule_removed", {{"id", id}});
    save(std::move(handler));
}

void Scheduler::save(Handler<void> handler) {
    // What is not done yet is looked for again after a start, whatever became of its hold.
    std::vector<ScheduleInfo> schedules = list();
    for (ScheduleInfo& schedule : schedules) {
        if (schedule.waiting.empty() || !schedule.last) continue;
        const Epoch before{schedule.waiting.begin()->first.value - 1};
        schedule.last = schedule.what.at_epoch ? std::nullopt : std::optional(std::min(*schedule.last, before));
    }
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
