// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/world.hpp"
#include "commp/backend.hpp"
#include "journal/journal.hpp"
#include "service/jobs.hpp"
#include "service/layout_bytes.hpp"
#include "service/snapshot_request.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace filfil::service {

/// What snapshots are taken with; all of it outlives them.
struct TakingTools {
    World& world;
    commp::Backend& backend;
    Executor& hashing;
    Executor& writing;
    unsigned readers = 1;
};

/// One snapshot being taken: what is done on the workers, step by step, each of them after the one before. Not
/// thread-safe.
class Taking {
public:
    /// @param hold of the engine, that keeps the tipset's blocks; nothing where the journal has all that is wanted
    Taking(const TakingTools& tools, std::shared_ptr<snapshot::DurableEngine> engine,
           std::shared_ptr<journal::Journal> journal, SnapshotRequest request, chain::TipsetKey head, Epoch epoch);

    /// Looks into the journal and at files. @return true where nothing is left to be done
    Result<bool> look();

    /// Of look(): other snapshots of the tipset, of another recipe, whose files have the names that these will have.
    /// They have to be served from elsewhere before emit(), which forgets their files first.
    [[nodiscard]] const std::vector<std::int64_t>& replaced() const noexcept { return m_replaced; }

    /// Where a snapshot is kept already, its layout is used.
    void use(std::optional<std::uint64_t> hold, std::shared_ptr<HeldSnapshot> held);
    Result<void> lay_out(JobContext& context);

    /// Cuts, hashes and writes what is not there yet. Either all files have their names when this returns, or none.
    Result<void> emit(JobContext& context);

    /// Receipts, then the snapshot with its hold. After an error the files that were written are gone again.
    Result<void> write_down();

    [[nodiscard]] const SnapshotRequest& request() const noexcept { return m_request; }
    [[nodiscard]] const chain::TipsetKey& head() const noexcept { return m_head; }
    [[nodiscard]] Epoch epoch() const noexcept { return m_epoch; }
    [[nodiscard]] const journal::SnapshotRecord& record() const noexcept { return m_record; }
    [[nodiscard]] bool recorded() const noexcept { return m_row; }    ///< the journal had it before
    [[nodiscard]] const TakenTimes& times() const noexcept { return m_times; }
    [[nodiscard]] std::optional<std::uint64_t> hold() const noexcept { return m_hold; }
    [[nodiscard]] std::shared_ptr<const LaidOut> take_layout() noexcept { return std::move(m_laid); }

private:
    Result<void> hash(JobContext& context);
    Result<bool> find_receipts();
    Result<void> write_files(JobContext& context);
    [[nodiscard]] snapshot::Target target() const;
    [[nodiscard]] bool has_file(const std::string& path, std::optional<std::uint64_t> size) const;
    Result<void> find_replaced();
    void set_paths(std::vector<std::string> paths);

    TakingTools m_tools;
    std::shared_ptr<snapshot::DurableEngine> m_engine;
    std::shared_ptr<journal::Journal> m_journal;
    SnapshotRequest m_request;
    chain::TipsetKey m_head;
    Epoch m_epoch;
    std::string m_stem;
    bool m_row = false;
    bool m_need_hash = true;
    bool m_need_sha256 = false;
    bool m_need_files = false;
    std::optional<std::uint64_t> m_hold;
    std::shared_ptr<HeldSnapshot> m_held;
    std::shared_ptr<const LaidOut> m_laid;
    journal::SnapshotRecord m_record;
    TakenTimes m_times;
    std::size_t m_planned = 1;    ///< pieces
    std::vector<std::string> m_written;
    std::vector<std::int64_t> m_replaced;
    std::vector<journal::ReceiptRecord> m_receipts;
};

/// The error where no hold can be had on a tipset, with the epochs that snapshots can be had of.
/// @param why what the engine said
Error outside_window(snapshot::DurableEngine& engine, std::int64_t recent_stateroots, const Error& why);

}    // namespace filfil::service
