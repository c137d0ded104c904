// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/snapshot_service.hpp"

#include "service/snapshot_files.hpp"
#include "snapshot/file_name.hpp"

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

/// A take from being asked for to its end.
struct SnapshotService::Running {
    std::string name;
    std::shared_ptr<Taking> taking;
    std::optional<std::uint64_t> job;
    std::optional<std::int64_t> snapshot;     ///< that the journal has already
    std::optional<std::uint64_t> own_hold;    ///< taken for it, and not yet the snapshot's
    std::vector<Handler<std::uint64_t>> begun;
    std::vector<Jobs::Watcher> ended;
    std::shared_ptr<JobContext> context;
    std::function<void(Result<Json>)> done;
};

SnapshotService::SnapshotService(Parts parts, SnapshotSettings settings)
    : m_parts(std::move(parts)), m_settings(std::move(settings)) {}

std::size_t SnapshotService::laid_out() const {
    return static_cast<std::size_t>(std::ranges::count_if(
        m_kept, [](const auto& entry) { return entry.second.held && entry.second.held->laid_out(); }));
}

void SnapshotService::restore(std::vector<journal::SnapshotRecord> snapshots) {
    m_parts.queue->run(
        [&files = m_parts.tools.world.files, folder = m_settings.folder, snapshots = std::move(snapshots)] {
            (void)remove_parts(files, folder);
            // Those that a user put elsewhere may be on a disk that is not there at the moment: that is told when one
            // asks for them, and not forgotten.
            std::vector<std::pair<journal::SnapshotRecord, bool>> out;
            for (const journal::SnapshotRecord& snapshot : snapshots) {
                bool any = false;
                for (const auto& places : file_places(snapshot, header_size_of(snapshot)))
                    any = any || std::ranges::any_of(places, [&](const FilePlace& place) {
                              return open_file_bytes(files, place, 0).ok();
                          });
                out.emplace_back(snapshot, any);
            }
            return out;
        },
        [this](std::vector<std::pair<journal::SnapshotRecord, bool>> found) {
            for (auto& [record, in_file] : found) {
                if (!record.hold && !in_file) {
                    m_parts.tools.world.log.write(LogLevel::warning, "service",
                                                  "snapshot " + std::to_string(record.id) + " of epoch " +
                                                      std::to_string(record.epoch.value) +
                                                      " is not served: its files are gone");
                    continue;
                }
                const auto recipe = snapshot::parse_recipe(record.recipe);
                std::shared_ptr<HeldSnapshot> held;
                if (record.hold && recipe.ok())
                    held = std::make_shared<HeldSnapshot>(m_parts.engine, m_parts.tools.world.clock, *record.hold,
                                                          *recipe, nullptr);
                keep(std::move(record), std::move(held));
            }
        });
}

void SnapshotService::keep(journal::SnapshotRecord record, std::shared_ptr<HeldSnapshot> held) {
    m_parts.catalog.put(record, held, header_size_of(record));
    const std::int64_t id = record.id;
    Kept& kept = m_kept[id];
    if (kept.held && kept.held != held) drop_layout(kept.held->end());
    kept = {std::move(record), std::move(held)};
}

/// On a worker, since it waits for the engine.
void SnapshotService::drop_layout(std::shared_ptr<const LaidOut> layout) {
    if (!layout) return;
    m_parts.tools.world.workers.post([layout = std::move(layout)]() mutable { layout.reset(); });
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
        if (const auto kept = m_kept.find(taking.record().id); kept != m_kept.end() && kept->second.held) {
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

bool SnapshotService::served_from_file(const journal::SnapshotRecord& record) const {
    const auto places = file_places(record, header_size_of(record));
    return !places.empty() && std::ranges::none_of(places, [](const auto& list) { return list.empty(); });
}

/// Its blocks may go.
void SnapshotService::release_hold(std::int64_t id, std::uint64_t hold) {
    const auto kept = m_kept.find(id);
    if (kept != m_kept.end() && kept->second.held && kept->second.held->hold() == hold) {
        drop_layout(kept->second.held->end());
        kept->second.held.reset();
        kept->second.record.hold.reset();
        m_parts.catalog.put(kept->second.record, nullptr, header_size_of(kept->second.record));
        if (!served_from_file(kept->second.record)) m_kept.erase(kept);
    }
    m_parts.queue->run([journal = m_parts.journal, id] { return journal->set_snapshot_hold(id, std::nullopt); },
                       [this, hold](const Result<void>& told) {
                           if (!told.ok())
                               m_parts.tools.world.log.write(LogLevel::warning, "service", told.error().text());
                           m_parts.holds.release(hold, [](const Result<void>&) {});
                       });
}

void SnapshotService::tidy() {
    for (auto& [id, kept] : m_kept)
        if (kept.held) drop_layout(kept.held->take_unused(m_settings.keep_layout));
    const auto in_use = [&](std::int64_t id) {
        return std::ranges::any_of(m_running, [&](const auto& entry) { return entry.second->snapshot == id; });
    };
    for (const std::uint64_t number : m_parts.holds.expired()) {
        const HoldInfo* hold = m_parts.holds.find(number);
        if (!hold->snapshot) {
            m_parts.tools.world.log.write(LogLevel::info, "service", "hold " + std::to_string(number) + " expired");
            m_parts.holds.release(number, [](const Result<void>&) {});
            continue;
        }
        // What is being read is not taken away.
        const auto kept = m_kept.find(*hold->snapshot);
        if (in_use(*hold->snapshot) || (kept != m_kept.end() && kept->second.held && kept->second.held->laid_out()))
            continue;
        release_hold(*hold->snapshot, number);
    }
}

void SnapshotService::forget(std::int64_t id, bool own_folder_only, Handler<Forgotten> handler) {
    m_parts.catalog.remove(id);
    std::optional<std::uint64_t> hold;
    if (const auto kept = m_kept.find(id); kept != m_kept.end()) {
        if (kept->second.held) {
            hold = kept->second.held->hold();
            drop_layout(kept->second.held->end());
        }
        m_kept.erase(kept);
    }
    m_parts.queue->run(
        [&files = m_parts.tools.world.files, journal = m_parts.journal, folder = m_settings.folder, id,
         own_folder_only]() -> Result<Forgotten> {
            Forgotten out;
            FILFIL_TRY(const auto row, journal->snapshot(id));
            if (!row)
                return Error(ErrorCode::not_found, "there is no snapshot " + std::to_string(id),
                             "FilFil.Snapshots lists those there are");
            std::vector<std::string> paths;
            if (row->path) paths.push_back(*row->path);
            for (const journal::PieceRecord& piece : row->pieces)
                if (piece.path) paths.push_back(*piece.path);
            std::optional<Error> why;
            for (const std::string& path : paths) {
                if (own_folder_only && parent_folder(path) != folder) continue;
                const auto info = files.info(path);
                if (!info.ok()) continue;
                if (auto removed = files.remove(path); !removed.ok()) {
                    why = std::move(removed).error();
                    continue;
                }
                out.bytes += info->size;
                out.files.push_back(path);
            }
            if (why) return *std::move(why);
            FILFIL_CHECK(journal->forget_snapshot_files(id));
            FILFIL_CHECK(journal->set_snapshot_hold(id, std::nullopt));
            return out;
        },
        [this, id, hold, handler = std::move(handler)](Result<Forgotten> done) {
            if (done.ok()) {
                done->hold = hold.has_value();
                m_parts.events.publish("snapshot_forgotten", {{"id", id}, {"bytes_freed", done->bytes}});
            }
            if (hold) m_parts.holds.release(*hold, [](const Result<void>&) {});
            handler(std::move(done));
        });
}

std::vector<std::int64_t> SnapshotService::retain(const std::vector<std::int64_t>& scheduled) {
    std::vector<std::int64_t> out;
    // Without a number files stay; blocks in memory for which there is no file do not pile up all the same.
    constexpr std::size_t holds_without_number = 3;
    std::size_t without_file = 0;
    for (auto id = scheduled.rbegin(); id != scheduled.rend(); ++id) {
        const auto kept = m_kept.find(*id);
        // One whose blocks are gone has at most a file that is not served, e.g. a compressed one.
        const bool on_disk = kept == m_kept.end() || kept->second.record.path.has_value();
        const bool stays = m_settings.keep_files != 0 ? out.size() < m_settings.keep_files
                                                      : on_disk || ++without_file <= holds_without_number;
        if (stays)
            out.push_back(*id);
        else
            forget(*id, true, [&log = m_parts.tools.world.log, id = *id](const Result<Forgotten>& done) {
                log.write(done.ok() ? LogLevel::info : LogLevel::warning, "service",
                          done.ok() ? "snapshot " + std::to_string(id) + " was the oldest: its files and hold are gone"
                                    : done.error().text());
            });
    }
    std::ranges::reverse(out);
    return out;
}

}    // namespace filfil::service
