// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/snapshot_files.hpp"
#include "service/snapshot_running.hpp"
#include "service/snapshot_service.hpp"

#include <algorithm>
#include <utility>

// What becomes of snapshots that were taken.

namespace filfil::service {

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

/// Others get their files' names.
void SnapshotService::forget_files(const std::vector<std::int64_t>& snapshots) {
    for (const std::int64_t id : snapshots) {
        m_parts.tools.world.log.write(
            LogLevel::warning, "service",
            "snapshot " + std::to_string(id) +
                ": its files are replaced by those of another recipe, which have the same names");
        const auto kept = m_kept.find(id);
        if (kept == m_kept.end()) continue;
        kept->second.record.path.reset();
        for (journal::PieceRecord& piece : kept->second.record.pieces) piece.path.reset();
        m_parts.catalog.put(kept->second.record, kept->second.held, header_size_of(kept->second.record));
        if (!kept->second.held) m_kept.erase(kept);
    }
}

bool SnapshotService::served_from_file(const journal::SnapshotRecord& record) const {
    const auto places = file_places(record, header_size_of(record));
    return !places.empty() && std::ranges::none_of(places, [](const auto& list) { return list.empty(); });
}

/// Its blocks may go. The journal is told first: as long as it cannot be, the hold stays, and the next tidy() tries
/// again.
void SnapshotService::release_hold(std::int64_t id, std::uint64_t hold) {
    if (!m_releasing.insert(hold).second) return;
    m_parts.queue->run(
        [journal = m_parts.journal, id, hold]() -> Result<void> {
            FILFIL_TRY(const auto row, journal->snapshot(id));
            if (!row || row->hold != hold) return {};
            return journal->set_snapshot_hold(id, std::nullopt);
        },
        [this, id, hold](const Result<void>& told) {
            m_releasing.erase(hold);
            if (!told.ok()) {
                m_parts.tools.world.log.write(LogLevel::warning, "service", told.error().text());
                return;
            }
            const auto kept = m_kept.find(id);
            if (kept != m_kept.end() && kept->second.held && kept->second.held->hold() == hold) {
                drop_layout(kept->second.held->end());
                kept->second.held.reset();
                kept->second.record.hold.reset();
                m_parts.catalog.put(kept->second.record, nullptr, header_size_of(kept->second.record));
                if (!served_from_file(kept->second.record)) m_kept.erase(kept);
            }
            m_parts.holds.release(hold, [](const Result<void>&) {});
        });
}

void SnapshotService::tidy() {
    m_parts.holds.retry();
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
            if (hold && done.ok()) m_parts.holds.release(*hold, [](const Result<void>&) {});
            // The journal still names it: it goes when that can be changed.
            if (hold && !done.ok()) m_parts.holds.set_expiry(*hold, m_parts.tools.world.clock.wall());
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
