// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/snapshot_service.hpp"

#include "service/snapshot_running.hpp"

#include <algorithm>
#include <utility>

namespace filfil::service {
namespace {

using rpc::Json;

/// The same for two requests that the same job answers.
std::string name_of(const SnapshotRequest& request, const chain::TipsetKey& head) {
    return chain::text_of(head) + "|" + snapshot::text_of(request.recipe) + "|" +
           std::to_string(static_cast<int>(request.kind)) + "|" + request.folder + "|" +
           std::string(car::name_of(request.compression)) + "|" + (request.sha256 ? "sha256" : "");
}

std::string reason_of(const SnapshotRequest& request) { return "a snapshot for " + request.asked_by; }

}    // namespace

SnapshotService::SnapshotService(Parts parts, SnapshotSettings settings)
    : m_parts(std::move(parts)), m_settings(std::move(settings)) {}

std::size_t SnapshotService::laid_out() const {
    return static_cast<std::size_t>(std::ranges::count_if(
        m_kept, [](const auto& entry) { return entry.second.held && entry.second.held->laid_out(); }));
}

void SnapshotService::take(SnapshotRequest request, Handler<std::uint64_t> begun, Jobs::Watcher ended) {
    if (request.network.empty()) request.network = m_settings.network;
    if (request.folder.empty()) request.folder = m_settings.folder;
    if (request.finalized) {
        request.tipset.epoch = m_parts.finalized();
        if (!request.tipset.epoch) {
            m_parts.tools.world.loop.post([begun = std::move(begun)] {
                begun(Error(ErrorCode::busy, "which epoch is final is not known yet",
                            "wait until the node is followed, or name an epoch"));
            });
            return;
        }
    }
    struct Found {
        Result<bool> complete = false;
        std::shared_ptr<Taking> taking{};
    };
    m_parts.queue->run(
        [tools = m_parts.tools, engine = m_parts.engine, journal = m_parts.journal, request = std::move(request)] {
            Found out;
            const auto look = [&]() -> Result<bool> {
                auto key = engine->engine().find(request.tipset);
                if (!key.ok())
                    return outside_window(*engine, static_cast<std::int64_t>(request.recipe.recent_stateroots),
                                          key.error());
                FILFIL_TRY(const Epoch epoch, epoch_of(*engine, *key));
                out.taking = std::make_shared<Taking>(tools, engine, journal, request, *std::move(key), epoch);
                return out.taking->look();
            };
            out.complete = look();
            return out;
        },
        [this, begun = std::move(begun), ended = std::move(ended)](Found looked) mutable {
            if (!looked.complete.ok()) return begun(std::move(looked.complete).error());
            std::string name = name_of(looked.taking->request(), looked.taking->head());
            std::shared_ptr<Running>& take = m_running[name];
            const bool again = take != nullptr;
            if (!again) take = std::make_shared<Running>();
            if (ended) take->ended.push_back(std::move(ended));
            if (take->job) return begun(*take->job);
            take->begun.push_back(std::move(begun));
            if (again) return;
            take->name = std::move(name);
            take->taking = std::move(looked.taking);
            found(take, *looked.complete);
        });
}

/// It is known what is wanted, and whether the journal has it all: now it must not go away any more.
void SnapshotService::found(std::shared_ptr<Running> take, bool complete) {
    Taking& taking = *take->taking;
    if (taking.recorded()) take->snapshot = taking.record().id;
    if (taking.recorded())
        if (const auto kept = m_kept.find(taking.record().id);
            kept != m_kept.end() && kept->second.held && !m_releasing.contains(kept->second.held->hold())) {
            taking.use(kept->second.held->hold(), kept->second.held);
            return start_job(take);
        }
    const auto recent = static_cast<std::int64_t>(taking.request().recipe.recent_stateroots);
    m_parts.holds.take({.tipset = {.key = taking.head(), .epoch = std::nullopt},
                        .recent_stateroots = recent,
                        .kind = HoldKind::take,
                        .reason = reason_of(taking.request())},
                       [this, take, complete, recent](Result<HoldInfo> held) {
                           if (held.ok()) {
                               take->own_hold = held->number;
                               take->taking->use(held->number, nullptr);
                               return start_job(take);
                           }
                           // Of what was taken before, nothing but serving it from memory needs the hold.
                           if (complete) return start_job(take);
                           m_parts.queue->run(
                               [engine = m_parts.engine, recent, why = held.error()] {
                                   return std::make_shared<Error>(outside_window(*engine, recent, why));
                               },
                               [this, take](const std::shared_ptr<Error>& why) { not_begun(take, *why); });
                       });
}

void SnapshotService::not_begun(const std::shared_ptr<Running>& take, const Error& why) {
    m_running.erase(take->name);
    if (take->own_hold) m_parts.holds.release(*std::exchange(take->own_hold, {}), [](const Result<void>&) {});
    for (const auto& begun : std::exchange(take->begun, {})) begun(why);
}

void SnapshotService::start_job(const std::shared_ptr<Running>& take) {
    const SnapshotRequest& request = take->taking->request();
    Json head = Json::array();
    for (const ipld::Cid& cid : take->taking->head()) head.push_back(cid.text());
    Json params = {{"epoch", take->taking->epoch().value},
                   {"head", std::move(head)},
                   {"recipe", snapshot::text_of(request.recipe)},
                   {"asked_by", request.asked_by}};
    auto job = m_parts.jobs.start_on_loop(
        "snapshot", std::move(params),
        [this, take](std::shared_ptr<JobContext> context, std::function<void(Result<Json>)> done) {
            take->context = std::move(context);
            take->done = std::move(done);
            look_again(take);
        },
        [this, take](const JobInfo& info) {
            m_running.erase(take->name);
            if (take->own_hold) m_parts.holds.release(*std::exchange(take->own_hold, {}), [](const Result<void>&) {});
            for (const Jobs::Watcher& ended : take->ended) ended(info);
        });
    if (!job.ok()) return not_begun(take, job.error());
    take->job = *job;
    for (const auto& begun : std::exchange(take->begun, {})) begun(*job);
}

void SnapshotService::fail(const std::shared_ptr<Running>& take, Error why) {
    drop_layout(take->taking->take_layout());
    take->done(std::move(why));
}

/// A job before this one may have done a part of it.
void SnapshotService::look_again(const std::shared_ptr<Running>& take) {
    m_parts.taking->run([take] { return take->taking->look(); },
                        [this, take](Result<bool> complete) {
                            if (!complete.ok()) return fail(take, std::move(complete).error());
                            forget_files(take->taking->replaced());
                            if (!*complete) return lay_out(take);
                            if (take->own_hold) return write_down(take);
                            written(take);
                        });
}

void SnapshotService::lay_out(const std::shared_ptr<Running>& take) {
    m_parts.taking->run([take] { return take->taking->lay_out(*take->context); },
                        [this, take](Result<void> done) {
                            if (!done.ok()) return fail(take, std::move(done).error());
                            emit(take);
                        });
}

void SnapshotService::emit(const std::shared_ptr<Running>& take) {
    m_parts.taking->run([take] { return take->taking->emit(*take->context); },
                        [this, take](Result<void> done) {
                            if (!done.ok()) return fail(take, std::move(done).error());
                            write_down(take);
                        });
}

void SnapshotService::write_down(const std::shared_ptr<Running>& take) {
    m_parts.taking->run([take] { return take->taking->write_down(); },
                        [this, take](Result<void> done) {
                            if (!done.ok()) return fail(take, std::move(done).error());
                            written(take);
                        });
}

void SnapshotService::written(const std::shared_ptr<Running>& take) {
    Taking& taking = *take->taking;
    const SnapshotRequest& request = taking.request();
    std::shared_ptr<const LaidOut> layout = taking.take_layout();
    std::shared_ptr<HeldSnapshot> held;
    if (const auto kept = m_kept.find(taking.record().id); kept != m_kept.end()) held = kept->second.held;
    if (const auto own = std::exchange(take->own_hold, {})) {
        if (held) {
            // Another job for the same snapshot came first: its hold is enough, and the row names this one.
            m_parts.holds.release(held->hold(), [](const Result<void>&) {});
            drop_layout(held->end());
        }
        held = std::make_shared<HeldSnapshot>(m_parts.engine, m_parts.tools.world.clock, *own, request.recipe,
                                              std::move(layout));
    } else {
        drop_layout(std::move(layout));
    }
    if (held) {
        const Clock::Duration keep_for =
            std::max(request.keep.value_or(Clock::Duration::zero()), m_settings.keep_layout);
        const auto expires =
            request.keep_always ? std::nullopt : std::optional(m_parts.tools.world.clock.wall() + keep_for);
        m_parts.holds.give_to_snapshot(held->hold(), taking.record().id, reason_of(request), expires);
    }
    journal::SnapshotRecord record = taking.record();
    const Json result = json_of_taken(record, taking.times(), request.kind == snapshot::Target::Kind::pieces);
    if (held || served_from_file(record)) keep(record, held);
    m_parts.tools.world.log.write(
        LogLevel::info, "service",
        "snapshot " + std::to_string(record.id) + " of epoch " + std::to_string(record.epoch.value) +
            (taking.times().reused
                 ? " was taken before: nothing was hashed"
                 : " taken: " + std::to_string(record.blocks) + " blocks, " + format_size(record.car_bytes)));
    m_parts.events.publish("snapshot", service::json_of(record));
    take->done(result);
}

}    // namespace filfil::service
