// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "service/holds.hpp"
#include "service/piece_catalog.hpp"
#include "service/taking.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace filfil::service {

struct SnapshotSettings {
    std::string folder;    ///< where files go that nobody named a folder for; only files in it are ever deleted
    std::string network;
    Clock::Duration keep_layout = std::chrono::hours(1);
    std::uint64_t keep_files = 0;    ///< of scheduled snapshots; 0: all
};

/// Takes snapshots, one after the other, and keeps what was taken within reach.
///
/// A snapshot holds its tipset from the moment it is asked for. Once taken it is served from its layout for keep_layout
/// after it was read last. Then, where a file can be served in its place, the hold is released; where there is none the
/// hold stays until it expires, and the snapshot is laid out anew when somebody reads it. Of scheduled snapshots the
/// newest keep_files keep their files or their holds.
///
/// Lives on the loop. Nothing is told after its queues were abandoned.
class SnapshotService {
public:
    template <class T>
    using Handler = std::function<void(Result<T>)>;

    struct Parts {
        TakingTools tools;
        std::shared_ptr<snapshot::DurableEngine> engine;
        std::shared_ptr<journal::Journal> journal;
        std::shared_ptr<WorkerQueue> queue;    ///< for what is short
        std::shared_ptr<WorkerQueue> taking;
        Holds& holds;
        PieceCatalog& catalog;
        Jobs& jobs;
        EventBus& events;

        /// The newest epoch that cannot be reverted; nothing where it is not known.
        std::function<std::optional<Epoch>()> finalized;
    };

    SnapshotService(Parts parts, SnapshotSettings settings);

    void set(SnapshotSettings settings) { m_settings = std::move(settings); }
    [[nodiscard]] const SnapshotSettings& settings() const noexcept { return m_settings; }

    /// After a start: removes what was being written, and serves again what is still there.
    void restore(std::vector<journal::SnapshotRecord> snapshots);

    /// @param begun told the job's id, or why there is none; the same snapshot asked for again while it is being taken
    /// is the same job. @param ended told when it ends; its result is what json_of_taken() gives
    void take(SnapshotRequest request, Handler<std::uint64_t> begun, Jobs::Watcher ended = {});

    struct Forgotten {
        std::uint64_t bytes = 0;    ///< of files that were deleted
        std::vector<std::string> files;
        bool hold = false;    ///< one was released
    };

    /// Deletes the files of a snapshot and gives up its hold; the journal still knows it. @param own_folder_only leaves
    /// files elsewhere alone
    void forget(std::int64_t id, bool own_folder_only, Handler<Forgotten> handler);

    /// Lets go of layouts nobody reads and holds whose time is over. To be called now and then.
    void tidy();

    /// Keeps the newest keep_files of these snapshots, which are in the order in which they were taken, and forgets the
    /// others. @return those that stay
    std::vector<std::int64_t> retain(const std::vector<std::int64_t>& scheduled);

    /// Snapshots that can be had from here, by their id.
    [[nodiscard]] bool serves(std::int64_t id) const { return m_kept.contains(id); }
    [[nodiscard]] std::size_t kept() const noexcept { return m_kept.size(); }
    [[nodiscard]] std::size_t laid_out() const;

private:
    struct Running;
    struct Kept {
        journal::SnapshotRecord record;
        std::shared_ptr<HeldSnapshot> held;
    };

    void found(std::shared_ptr<Running> take, bool complete);
    void start_job(const std::shared_ptr<Running>& take);
    void run(const std::shared_ptr<Running>& take);
    void look_again(const std::shared_ptr<Running>& take);
    void forget_files(const std::vector<std::int64_t>& snapshots);
    void lay_out(const std::shared_ptr<Running>& take);
    void emit(const std::shared_ptr<Running>& take);
    void write_down(const std::shared_ptr<Running>& take);
    void written(const std::shared_ptr<Running>& take);
    void fail(const std::shared_ptr<Running>& take, Error why);
    void not_begun(const std::shared_ptr<Running>& take, const Error& why);
    void keep(journal::SnapshotRecord record, std::shared_ptr<HeldSnapshot> held);
    void drop_layout(std::shared_ptr<const LaidOut> layout);
    void release_hold(std::int64_t id, std::uint64_t hold);
    [[nodiscard]] bool served_from_file(const journal::SnapshotRecord& record) const;

    Parts m_parts;
    SnapshotSettings m_settings;
    std::map<std::string, std::shared_ptr<Running>> m_running;    ///< by what is wanted
    std::map<std::int64_t, Kept> m_kept;
    std::set<std::uint64_t> m_releasing;    ///< holds of which the journal is being told
};

}    // namespace filfil::service
