// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/units.hpp"
#include "chain/tipset.hpp"
#include "ipld/digest.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace filfil::journal {

/// A piece of a snapshot that was taken.
struct PieceRecord {
    std::uint32_t number = 0;    ///< from 0
    ipld::Cid piece_cid;         ///< of version 1
    std::string piece_cid_v2;
    std::uint64_t payload_size = 0;    ///< bytes
    std::uint64_t padded_size = 0;     ///< bytes, a power of two
    std::uint64_t body_begin = 0;      ///< of the CAR's body: where its first section begins
    std::uint64_t body_end = 0;
    std::optional<std::string> path{};    ///< of its own file
};

/// A snapshot that was taken.
struct SnapshotRecord {
    std::int64_t id = 0;    ///< given by the journal
    std::string network;
    Epoch epoch;
    chain::TipsetKey head;
    std::string recipe;    ///< snapshot::text_of(Recipe)
    ipld::Digest256 recipe_hash{};
    std::vector<ipld::Cid> roots;
    std::uint64_t blocks = 0;
    std::uint64_t car_bytes = 0;
    std::optional<ipld::Digest256> car_sha256{};
    std::optional<std::string> path{};      ///< of the one file of the whole CAR
    std::string compression = "none";       ///< of that file
    std::optional<std::uint64_t> hold{};    ///< of the engine, that keeps its blocks
    std::string device;
    double layout_seconds = 0;
    double emit_seconds = 0;
    Clock::Duration taken_at{};    ///< wall clock
    std::vector<PieceRecord> pieces;
};

struct SnapshotFilter {
    std::optional<Epoch> epoch{};
    std::optional<std::int64_t> before_id{};    ///< for pages, newest first
    std::size_t limit = 100;
};

/// What a pure task gave: see "Receipts" in docs/architecture.md.
struct ReceiptRecord {
    ipld::Digest256 key{};    ///< BLAKE2b-256 of the task's description as canonical DAG-CBOR
    std::string task;         ///< "commp"
    Bytes description;        ///< that DAG-CBOR
    Bytes result;             ///< DAG-CBOR
    std::string device;
    double seconds = 0;
    Clock::Duration made_at{};
};

/// Something done to the outside world that must not be done twice (a message sent, a deal proposed), and how far it
/// is.
struct EffectRecord {
    enum class State : std::uint8_t {
        intended,    ///< written before it was done: after a crash it may have been done, or not
        done,
        failed,    ///< known not to have been done
    };
    std::string key;     ///< names the effect; the same effect has the same key, ever
    std::string kind;    ///< "stage", "propose", …
    State state = State::intended;
    std::string request;    ///< JSON: what was to be done
    std::string result;     ///< JSON: what came of it; "" while intended
    std::uint32_t attempts = 0;
    Clock::Duration first_at{};
    Clock::Duration last_at{};
};

/// An event of a log that is kept elsewhere and can take events back: a contract's, on a chain.
struct EventRecord {
    std::uint64_t block = 0;    ///< with `index` its place in the log
    std::uint64_t index = 0;
    std::string name;                        ///< "Settled"
    std::optional<std::uint64_t> slot{};     ///< that it is about
    std::optional<std::uint64_t> miner{};    ///< that it is about
    std::string fields;                      ///< JSON

    bool operator==(const EventRecord&) const = default;
};

struct EventPlace {
    std::uint64_t block = 0;
    std::uint64_t index = 0;

    auto operator<=>(const EventPlace&) const = default;
};

/// What a log's reader has come to: events that are gone, then those that are new.
struct EventChange {
    std::vector<EventPlace> removed{};
    std::vector<EventRecord> added{};
    std::string cursor{};    ///< the reader's own: where to go on
};

struct EventFilter {
    std::optional<std::string> name{};
    std::optional<std::uint64_t> slot{};
    std::optional<std::uint64_t> miner{};
    std::optional<EventPlace> before{};    ///< for pages, newest first
    std::size_t limit = 100;
};

/// A piece of a slot's snapshot that one provider stores, or tries to, and how far that is. The same (contract, miner,
/// slot, piece, attempt) is one deal.
struct DealRecord {
    std::int64_t id = 0;     ///< given by the journal
    std::string contract;    ///< "0x…"
    std::uint64_t miner = 0;
    std::uint64_t slot = 0;
    std::uint32_t piece = 0;    ///< its number in what was staged
    std::uint32_t attempt = 0;

    // What may change
    std::string market;                      ///< "curio-mk20", …
    std::string market_id;                   ///< the market's name of it; "" before it is known
    std::string stage;                       ///< "proposed", …
    bool open = true;                        ///< something is still to happen
    Epoch target;                            ///< of the slot
    Epoch opens;                             ///< the slot's window…
    Epoch closes;                            ///< …and the first epoch after it
    std::optional<ipld::Cid> piece_cid{};    ///< of version 1, once it is known
    std::uint64_t payload_size = 0;          ///< bytes; 0 before they are known
    std::uint64_t padded_size = 0;
    std::optional<std::int64_t> snapshot{};    ///< whose piece it is
    std::optional<std::uint64_t> sector{};
    std::string order;               ///< JSON: what was proposed; "" before
    std::string status;              ///< JSON: what the market said last; "" before
    std::string error;               ///< JSON {"code", "message", "remedy"}: why it does not go on; "" where it does
    Clock::Duration begun_at{};      ///< wall clock
    Clock::Duration changed_at{};    ///< wall clock

    bool operator==(const DealRecord&) const = default;
};

/// Something that happened to a deal.
struct DealStepRecord {
    std::uint64_t number = 0;        ///< from 1, given by the journal
    std::string kind;                ///< "stage", "error", "answer", "asked"
    std::string name;                ///< the stage; the error's code; what the market was asked
    Clock::Duration at{};            ///< wall clock
    std::optional<Epoch> epoch{};    ///< of the head then
    std::string details;             ///< JSON

    bool operator==(const DealStepRecord&) const = default;
};

struct DealFilter {
    std::optional<std::uint64_t> miner{};
    std::optional<std::uint64_t> slot{};
    bool only_open = false;
    std::optional<std::int64_t> before_id{};    ///< for pages, newest first
    std::size_t limit = 100;
};

/// What a daemon has to remember of what it did, across crashes: whatever a method has returned without an error is
/// durable. An interface, so that a shared database can take SQLite's place. Thread-safe.
class Journal {
public:
    virtual ~Journal() = default;

    // Snapshots. The same (head, recipe) is one snapshot: adding it again replaces paths, hold, timings and pieces'
    // paths and gives the same id.
    /// @param snapshot its `id` is not looked at; pieces in ascending order of their numbers
    /// @return the id; Error::mismatch where the journal has it with other values of what head and recipe decide
    /// (roots, sizes, pieces, hash); Error::invalid_argument for an empty head or CID, a time that is no number, or
    /// text that is no UTF-8; Error::too_large for a size of 2^63 or more
    [[nodiscard]] virtual Result<std::int64_t> put_snapshot(const SnapshotRecord& snapshot) = 0;
    [[nodiscard]] virtual Result<std::vector<SnapshotRecord>> snapshots(const SnapshotFilter& filter) = 0;
    [[nodiscard]] virtual Result<std::optional<SnapshotRecord>> snapshot(std::int64_t id) = 0;
    [[nodiscard]] virtual Result<std::optional<SnapshotRecord>> find_snapshot(const chain::TipsetKey& head,
                                                                              const ipld::Digest256& recipe_hash) = 0;
    [[nodiscard]] virtual Result<std::vector<SnapshotRecord>> snapshots_with_piece(const ipld::Cid& piece_cid) = 0;

    /// Of that id, the file paths or the hold are gone (std::nullopt). @return Error::not_found
    [[nodiscard]] virtual Result<void> set_snapshot_hold(std::int64_t id, std::optional<std::uint64_t> hold) = 0;
    [[nodiscard]] virtual Result<void> forget_snapshot_files(std::int64_t id) = 0;

    // Receipts. Putting one that is there already changes nothing: the task is pure.
    [[nodiscard]] virtual Result<std::optional<ReceiptRecord>> receipt(const ipld::Digest256& key) = 0;
    [[nodiscard]] virtual Result<void> put_receipt(const ReceiptRecord& receipt) = 0;

    // Effects.
    /// Before it is done. Writes it down as intended, once more where it has failed. @return the record as it stood
    /// before (nothing: it is new): one that is done must not be done again; one that was intended already was cut
    /// short by a crash, or is under way, and who does it has to find out which. Error::mismatch where the same key
    /// stands for another kind or request
    [[nodiscard]] virtual Result<std::optional<EffectRecord>> intend(const std::string& key, const std::string& kind,
                                                                     const std::string& request) = 0;
    /// @return Error::not_found for a key that was not intended; Error::invalid_argument for one that is done already
    [[nodiscard]] virtual Result<void> finish(const std::string& key, EffectRecord::State state,
                                              const std::string& result) = 0;
    [[nodiscard]] virtual Result<std::optional<EffectRecord>> effect(const std::string& key) = 0;
    /// All that are intended, oldest first: what a restart has to look into.
    [[nodiscard]] virtual Result<std::vector<EffectRecord>> open_effects() = 0;

    // Events of outside logs, each log by a name.
    /// Takes all of a change in, and its cursor, or nothing of it. What is removed and not there is no error, and an
    /// event whose place is taken replaces what stands there.
    /// @return Error::invalid_argument for text that is no UTF-8; Error::too_large for a number of 2^63 or more
    [[nodiscard]] virtual Result<void> change_events(const std::string& log, const EventChange& change) = 0;
    [[nodiscard]] virtual Result<std::vector<EventRecord>> events(const std::string& log,
                                                                  const EventFilter& filter) = 0;
    /// Of the last change; nothing before the first.
    [[nodiscard]] virtual Result<std::optional<std::string>> events_cursor(const std::string& log) = 0;
    /// The log has to be read again from its start.
    [[nodiscard]] virtual Result<void> forget_events(const std::string& log) = 0;

    // Deals.
    /// Writes a deal down as it is now, new or not, and what happened to it meanwhile: all of it, or nothing. Of steps
    /// of kind "answer" each deal keeps the latest 500.
    /// @param deal its `id` is not looked at @param steps their numbers are not looked at @return the id
    /// @return Error::invalid_argument for text that is no UTF-8 or a time that is no number; Error::too_large for a
    /// number of 2^63 or more
    [[nodiscard]] virtual Result<std::int64_t> put_deal(const DealRecord& deal,
                                                        const std::vector<DealStepRecord>& steps) = 0;
    [[nodiscard]] virtual Result<std::vector<DealRecord>> deals(const DealFilter& filter) = 0;
    [[nodiscard]] virtual Result<std::optional<DealRecord>> deal(std::int64_t id) = 0;
    /// Oldest first. @return Error::not_found for a deal that is none
    [[nodiscard]] virtual Result<std::vector<DealStepRecord>> deal_steps(std::int64_t id) = 0;

    // Settings: small texts under names.
    [[nodiscard]] virtual Result<std::optional<std::string>> setting(const std::string& name) = 0;
    [[nodiscard]] virtual Result<void> set_setting(const std::string& name, const std::string& value) = 0;

    /// A copy of all of it, whole, in a new file, while it is in use: other calls wait. It takes the place of an
    /// earlier backup only when it is durable. One at the journal's own path with ".bak" behind it is named to the user
    /// where the journal turns out to be damaged. @return Error::io, and no new file then; Error::invalid_argument for
    /// a path of the journal itself
    [[nodiscard]] virtual Result<void> backup(const std::string& path) = 0;
};

struct SqliteOptions {
    std::string vfs{};    ///< a registered sqlite3_vfs by its name, e.g. a simulation's; "" for the system's

    /// Puts one file in another's place, durably, which a sqlite3_vfs cannot do; empty for the system's files.
    std::function<Result<void>(const std::string& from, const std::string& to)> rename{};
};

/// Opens or makes the journal in a SQLite file (WAL, synchronous=FULL, exclusive locking, so that no shared memory is
/// needed), and brings one of an older version up to date in one transaction, after a backup beside it.
/// @return Error::unsupported for one of a newer version; Error::corrupt for what is no journal or is damaged
/// (integrity check), with a remedy; Error::busy where another process has it open; Error::io
Result<std::unique_ptr<Journal>> open_sqlite_journal(const std::string& path, const Clock& clock,
                                                     const SqliteOptions& options = {});

}    // namespace filfil::journal
