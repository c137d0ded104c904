// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "snapshot/engine.hpp"
#include "snapshot/recorded_blocks.hpp"
#include "snapshot/state_log.hpp"

#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>

namespace filfil::snapshot {

/// An engine whose state outlives the process, without the network: a folder with a checkpoint, which is a CAR of all
/// blocks, and a log of what came since.
///
///     CURRENT             which checkpoint to begin with, and the version of all this
///     checkpoint-7.car    a snapshot of the head at that time, and behind it what else was kept (forks, holds)
///     log-7               the engine's state then, and every head change, its new blocks, holds and releases since
///     LOCK                held by the process that has the folder open
///
/// While a new checkpoint is written the next log has begun already; CURRENT changes when the checkpoint is whole. So
/// at any moment the checkpoint named there and the logs from its number on give the latest state that was durable.
///
/// What replaying rests on: a change is recorded with the blocks that it fetched, and it fetched what it did not find.
/// So while logs are replayed, nothing may be missing that was there when they were written, be it garbage: blocks are
/// freed only where the record says that none was there then. Until the end of the replay there may be more blocks in
/// memory than before by as much as the logs have bytes.
///
/// apply(), hold(), release(), write_ahead() and tick() may be called by any thread, in turns; checkpoint() beside them
/// by one more; not_durable() and log_bytes() at any time.
class DurableEngine {
public:
    struct Opened {
        bool fresh = false;              ///< the folder was empty: load() or start() comes next
        std::uint64_t checkpoint = 0;    ///< its number
        std::uint64_t replayed = 0;      ///< head changes from the logs
        std::uint64_t torn_bytes = 0;    ///< at the end of the last log, dropped: what a crash left of a record
        std::uint64_t lost_holds = 0;    ///< could not be taken again: what they kept was there for another reason
        bool cut_short = false;          ///< a log before the last one was damaged: later ones were left out
        LoadReport load;
        double replay_seconds = 0;
    };

    /// Opens a folder, which is made where it is missing. Files and executor must outlive the engine. Without CURRENT
    /// the latest checkpoint is taken, which was whole when it got its name.
    /// @return Error::unsupported for a folder of a newer version; Error::corrupt, truncated, mismatch or not_found for
    /// a damaged one, with what is damaged; Error::busy where another process has it open
    static Result<std::unique_ptr<DurableEngine>> open(Files& files, std::string folder, const EngineOptions& options,
                                                       Random& random, const Clock& clock, Executor& executor,
                                                       const LoadOptions& load = {});

    [[nodiscard]] const Opened& opened() const noexcept { return m_opened; }

    /// For what changes nothing: layouts and statistics.
    [[nodiscard]] Engine& engine() noexcept { return *m_engine; }

    /// The first chain of a fresh folder, made durable by a checkpoint. Where that fails the chain is there all the
    /// same, and not_durable() tells. Errors as those of Engine.
    Result<LoadReport> load(car::Reader& reader, const LoadOptions& options = {});
    Result<void> start(const chain::TipsetKey& head, BlockSource& source);

    /// As Engine::apply, durable when it returns. Where the log cannot be written the change is made all the same and
    /// the error given by not_durable(): a full disk does not keep the engine from following the chain.
    Result<void> apply(std::span<const chain::HeadChange> changes, BlockSource& source);
    Result<std::uint64_t> hold(const TipsetChoice& tipset, std::int64_t recent_stateroots);
    Result<void> release(std::uint64_t hold);

    /// Writes blocks to the log that the next change will probably fetch, while others are still on their way: so that
    /// apply() has the less to write. What it does not fetch only takes room there. An error is one of not_durable().
    /// @param sections of the blocks, whole; their hashes were checked. @param cids theirs
    void write_ahead(const Bytes& sections, std::span<const ipld::Cid> cids);

    /// As Engine::tick.
    Result<bool> tick(std::uint64_t budget = 10'000, Tidiness tidiness = Tidiness::quick);

    /// Why the folder does not have the latest state; it is behind until the next checkpoint succeeds.
    [[nodiscard]] std::optional<Error> not_durable() const;

    /// Bytes of logs since the checkpoint: what a restart has to replay.
    [[nodiscard]] std::uint64_t log_bytes() const;

    /// Writes a new checkpoint, then forgets what came before it. The chain may be followed meanwhile.
    /// @return Error::cancelled, or what Files give; then the old one still stands
    Result<void> checkpoint(std::stop_token stop = {}, Progress* progress = nullptr);

private:
    DurableEngine(Files& files, std::string folder, const EngineOptions& options, Random& random, const Clock& clock,
                  Executor& executor);

    // Opening
    Result<std::optional<std::uint64_t>> find_current();
    Result<void> recover(std::uint64_t number, const LoadOptions& load);
    Result<bool> replay(std::uint64_t number);
    Result<void> replay_record(const StateLogReader::Record& record, RecordedBlocks& blocks);
    Result<bool> follows(std::uint64_t number, bool& damaged) const;

    // Living with the chain
    template <class Write>
    void log(Write&& write);
    bool append_blocks(std::span<const Bytes> sections);
    void set_not_durable(std::optional<Error> error);
    void set_log_bytes();

    // Checkpoints
    Result<void> collect();
    Result<StateLog> begin_log(std::uint64_t number, const Engine::Saved& saved);
    Result<void> write_checkpoint(std::uint64_t number, const Layout& layout, const std::stop_token& stop,
                                  Progress* progress);
    Result<void> set_current(std::uint64_t number);
    void forget_others(std::uint64_t checkpoint, std::uint64_t last_log);
    [[nodiscard]] std::string path_of(std::string_view what, std::uint64_t number) const;

    Files& m_files;
    const std::string m_folder;
    const Clock& m_clock;
    Executor& m_executor;
    const Engine::Window m_window;    ///< that was asked for
    std::unique_ptr<AppendFile> m_lock;
    std::unique_ptr<Engine> m_engine;
    Opened m_opened;
    std::set<std::uint64_t> m_lost_holds;    ///< while logs are replayed
    std::mutex m_mutex;                      ///< held while the engine changes, so that the log has the same order
    std::mutex m_checkpointing;
    std::optional<StateLog> m_log;
    RecordingSource m_recording;            ///< blocks that came for this change, and for failed ones before it
    std::uint64_t m_number = 0;             ///< of the log that is written
    bool m_hole = false;                    ///< something is missing in that log: what came after it is of no use there
    std::uint64_t m_older_log_bytes = 0;    ///< of the logs before it, from the checkpoint on
    mutable std::mutex m_status;            ///< for what follows
    std::optional<Error> m_not_durable;
    std::uint64_t m_log_bytes = 0;
};

}    // namespace filfil::snapshot
