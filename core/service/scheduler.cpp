// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/scheduler.hpp"

#include "service/schedule_text.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace filfil::service {
namespace {

using rpc::Json;

constexpr std::uint32_t most_failures = 5;
constexpr Clock::Duration first_pause = std::chrono::seconds(30);

/// So many multiples that one head change went past are all taken.
constexpr std::int64_t most_at_once = 16;

}    // namespace

std::string Scheduler::key_of(const Place& place) {
    return "schedule/" + place.id + "/" + std::to_string(place.epoch.value);
}

std::optional<Scheduler::Place> Scheduler::place_of(std::string_view key) {
    constexpr std::string_view front = "schedule/";
    const std::size_t at = key.rfind('/');
    if (!key.starts_with(front) || at < front.size()) return std::nullopt;
    Epoch epoch;
    const auto read = std::from_chars(key.data() + at + 1, key.data() + key.size(), epoch.value);
    if (read.ec != std::errc() || read.ptr != key.data() + key.size()) return std::nullopt;
    return Place{std::string(key.substr(front.size(), at - front.size())), epoch};
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

void Scheduler::publish(const std::string& id) {
    if (const ScheduleInfo* schedule = find(id)) m_parts.events.publish("schedule", json_of(*schedule));
}

void Scheduler::on_head(bool reverted) {
    if (!m_started || m_stopped) return;
    std::vector<Place> places;
    for (auto& [id, schedule] : m_schedules) {
        look(schedule);
        for (auto& [epoch, waiting] : schedule.waiting) {
            waiting.unsure = waiting.unsure || reverted;
            places.push_back({id, epoch});
        }
    }
    for (const Place& place : places) {
        if (const ScheduledEpoch* waiting = find(place); waiting != nullptr && waiting->unsure) check_hold(place);
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
        if (!schedule.last) return begin_with(schedule, *head);
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

/// The last epoch before those that a new schedule takes: at the first sight of a chain nothing was missed yet.
Epoch Scheduler::before_first(const ScheduleSetting& what, Epoch head) {
    const auto every = static_cast<std::int64_t>(what.every_epochs);
    const std::int64_t newest = head.value / every * every;
    return Epoch{newest == head.value ? newest - 1 : newest};
}

/// Where a schedule begins has to be remembered before anything is promised: else it would begin elsewhere after a
/// start.
void Scheduler::begin_with(const ScheduleInfo& schedule, Epoch head) {
    if (!m_first.emplace(schedule.id, before_first(schedule.what, head)).second) return;
    save([this, id = schedule.id](const Result<void>& saved) {
        const auto first = m_first.extract(id);
        ScheduleInfo* schedule = find(id);
        if (!saved.ok() || first.empty() || schedule == nullptr || schedule->last) return;
        schedule->last = first.mapped();
        on_head(false);
    });
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
    ScheduledEpoch* waiting = find(place);
    if (waiting == nullptr || !waiting->hold || waiting->job || busy(place) || m_stopped) return;
    const HoldInfo* hold_info = m_parts.holds.find(*waiting->hold);
    const auto head = m_parts.head();
    // Where the head went back below the epoch, it is not known yet which tipset that will have.
    if (hold_info == nullptr || !head || *head < place.epoch) return;
    waiting->unsure = false;
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

/// The epoch is done, or given up. Where that cannot be written down it is tried again: what is not is still open.
void Scheduler::finish(const Place& place, bool done, const Json& result, const std::optional<Error>& why) {
    ++m_busy[place];
    write_effect(place, done, result, [this, place, done, result, why](const Result<void>& told) {
        if (!told.ok()) {
            m_parts.world.log.write(LogLevel::warning, "service", told.error().text());
            m_parts.world.loop.post_after(first_pause, [weak = weak_from_this(), place, done, result, why] {
                if (const auto self = weak.lock(); self && !self->m_stopped) self->finish(place, done, result, why);
            });
            return;
        }
        m_busy.erase(place);
        if (ScheduleInfo* schedule = find(place.id)) {
            if (ScheduledEpoch* waiting = find(place)) let_go(*waiting);
            schedule->waiting.erase(place.epoch);
            schedule->given_up = done ? std::nullopt : std::optional(place.epoch);
            schedule->error = why;
            publish(place.id);
        }
        if (!done)
            m_parts.world.log.write(LogLevel::error, "service",
                                    "schedule " + place.id + ": epoch " + std::to_string(place.epoch.value) +
                                        " is given up: " + why->text());
        save([](const Result<void>&) {});
    });
}

/// Ends an effect that was intended; where there is none, or it is done, nothing happens.
void Scheduler::write_effect(const Place& place, bool done, const Json& result, Handler<void> handler) {
    using State = journal::EffectRecord::State;
    m_parts.queue->run(
        [journal = m_parts.journal, key = key_of(place), done, text = result.dump()]() -> Result<void> {
            FILFIL_TRY(const auto effect, journal->effect(key));
            if (!effect || effect->state == State::done) return {};
            return journal->finish(key, done ? State::done : State::failed, text);
        },
        std::move(handler));
}

void Scheduler::let_go(ScheduledEpoch& waiting) {
    if (!waiting.hold) return;
    if (m_parts.holds.find(*waiting.hold) != nullptr) m_parts.holds.release(*waiting.hold, [](const Result<void>&) {});
    waiting.hold.reset();
}

}    // namespace filfil::service
