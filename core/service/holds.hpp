// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "journal/journal.hpp"
#include "rpc/json.hpp"
#include "service/event_bus.hpp"
#include "service/worker_queue.hpp"
#include "snapshot/durable_engine.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace filfil::service {

/// Why a hold is there.
enum class HoldKind : std::uint8_t {
    user,        ///< somebody asked for it
    take,        ///< a snapshot is being taken: after a crash nobody needs it
    schedule,    ///< a schedule waits for its epoch to be final
    snapshot,    ///< a snapshot that was taken is served from memory
};

std::string_view name_of(HoldKind kind) noexcept;

struct HoldInfo {
    std::uint64_t number = 0;    ///< of the engine
    chain::TipsetKey head;
    Epoch epoch;
    std::int64_t recent_stateroots = 0;
    HoldKind kind = HoldKind::user;
    std::string reason;
    std::optional<std::int64_t> snapshot{};         ///< of the journal
    Clock::Duration made_at{};                      ///< wall clock
    std::optional<Clock::Duration> expires_at{};    ///< wall clock; nothing: it stays until it is released
};

/// {"number", "head", "epoch", "recent_stateroots", "kind", "reason", "snapshot", "made_at", "expires_at"}; times in
/// seconds since 1970.
rpc::Json json_of(const HoldInfo& hold);

/// The epoch of a tipset whose header is in the store. @return Error::not_found
Result<Epoch> epoch_of(snapshot::DurableEngine& engine, const chain::TipsetKey& key);

/// The holds of the engine with why they are there, which the journal remembers. Lives on the loop; nothing is told
/// after its queue was abandoned.
class Holds {
public:
    template <class T>
    using Handler = std::function<void(Result<T>)>;

    Holds(World& world, std::shared_ptr<WorkerQueue> queue, std::shared_ptr<snapshot::DurableEngine> engine,
          std::shared_ptr<journal::Journal> journal, EventBus& events);

    /// After a start: holds of the engine that nobody owns are released; rows of the journal whose hold is gone are
    /// told so. @param handler gets the snapshots that can still be served, from a file or by their hold, oldest first
    void reconcile(Handler<std::vector<journal::SnapshotRecord>> handler);

    struct Wanted {
        snapshot::TipsetChoice tipset;
        std::int64_t recent_stateroots = 0;
        HoldKind kind = HoldKind::user;
        std::string reason;
        std::optional<Clock::Duration> expires_at{};
    };

    /// Durable, with its reason, when `handler` is told.
    void take(Wanted wanted, Handler<HoldInfo> handler);

    /// @return Error::not_found for one that is not there
    void release(std::uint64_t number, Handler<void> handler);

    /// The hold is that of a snapshot of the journal from now on.
    void give_to_snapshot(std::uint64_t number, std::int64_t snapshot, std::string reason,
                          std::optional<Clock::Duration> expires_at);
    void set_expiry(std::uint64_t number, std::optional<Clock::Duration> expires_at);

    [[nodiscard]] const std::map<std::uint64_t, HoldInfo>& all() const noexcept { return m_holds; }
    [[nodiscard]] const HoldInfo* find(std::uint64_t number) const;

    /// Those whose time is over.
    [[nodiscard]] std::vector<std::uint64_t> expired() const;

    /// Tells the journal again of holds that were gone after the start, where it could not be told then. To be called
    /// now and then.
    void retry();

    /// What the journal refused, while it does.
    [[nodiscard]] const std::optional<Error>& not_saved() const noexcept { return m_not_saved; }

private:
    struct Found;
    static Found look(World& world, snapshot::DurableEngine& engine, journal::Journal& journal);
    void save(Handler<void> handler);

    World& m_world;
    std::shared_ptr<WorkerQueue> m_queue;
    std::shared_ptr<snapshot::DurableEngine> m_engine;
    std::shared_ptr<journal::Journal> m_journal;
    EventBus& m_events;
    std::map<std::uint64_t, HoldInfo> m_holds;
    std::map<std::int64_t, std::uint64_t> m_lost;    ///< snapshots of which the journal names a hold that is gone
    bool m_retrying = false;
    std::optional<Error> m_not_saved;
};

}    // namespace filfil::service
