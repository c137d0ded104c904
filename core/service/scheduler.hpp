// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "rpc/json.hpp"
#include "service/config.hpp"
#include "service/holds.hpp"
#include "service/snapshot_service.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace filfil::service {

/// An epoch of a schedule from the time when the head has reached it until it is done.
struct ScheduledEpoch {
    Epoch epoch;
    std::optional<std::uint64_t> hold{};    ///< of its tipset
    std::optional<std::uint64_t> job{};
    std::uint32_t failures = 0;    ///< in a row
    std::optional<Error> error{};
    bool unsure = false;    ///< the chain went back, and whether the hold is of its tipset was not looked at since
};

/// What one schedule is and how far it has come.
struct ScheduleInfo {
    std::string id;    ///< made of what it says, "every-2880-final-file-…": the same schedule has the same id, ever
    ScheduleSetting what;
    bool from_config = false;       ///< it stands in config.toml, and is removed there
    std::optional<Epoch> last{};    ///< the highest epoch that is waited for, done or given up
    std::map<Epoch, ScheduledEpoch> waiting{};
    std::optional<std::int64_t> last_snapshot{};
    std::optional<Epoch> given_up{};    ///< the last one, until one is done after it
    std::optional<Error> error{};       ///< why
};

/// {"id", "every_epochs", "at_epoch", "finalized", "to_file", "recipe", "from_config", "last_epoch", "next_epoch",
/// "waiting": [{"epoch", "hold", "job", "failures", "error"}], "last_snapshot", "given_up_epoch", "error"}
rpc::Json json_of(const ScheduleInfo& schedule);

/// The id of a schedule. Recipes are part of it, `fallback` where it names none.
std::string id_of(const ScheduleSetting& schedule, const snapshot::Recipe& fallback);

/// Takes snapshots at the epochs that were set: once, or at each multiple of a number. With `finalized` the tipset is
/// held as soon as the head is there, followed through reorgs, and taken when it cannot be reverted any more.
///
/// Each epoch is taken once: what was done stands in the journal as an effect "schedule/<id>/<epoch>", and a take that
/// a crash cut short is done again. Multiples that were missed while the daemon was off or behind are taken as far as
/// their state is kept; of more than 16 the newest alone. A take that fails is tried again after 30 s, then twice as
/// long each time; after the fifth failure, or where the epoch's state is not kept any more, the epoch is given up.
///
/// Lives on the loop. Nothing is told after its queue was abandoned; timers look whether it is still there.
class Scheduler : public std::enable_shared_from_this<Scheduler> {
public:
    struct Parts {
        World& world;
        std::shared_ptr<WorkerQueue> queue;
        std::shared_ptr<snapshot::DurableEngine> engine;
        std::shared_ptr<journal::Journal> journal;
        Holds& holds;
        SnapshotService& snapshots;
        EventBus& events;
        std::function<std::optional<Epoch>()> head;         ///< nothing before there is one
        std::function<bool()> in_step;                      ///< the head is not far behind the network's
        std::function<std::optional<Epoch>()> finalized;    ///< nothing where that is not known
        std::function<snapshot::Recipe()> recipe;           ///< for schedules that name none
        std::function<car::Compression()> compression;      ///< of files
    };
    template <class T>
    using Handler = std::function<void(Result<T>)>;

    explicit Scheduler(Parts parts) : m_parts(std::move(parts)) {}

    /// Reads what the journal remembers, then goes by the head. @param from_config those of config.toml
    void start(std::vector<ScheduleSetting> from_config, std::function<void(Result<void>)> started);

    /// The head, or what is final, is another. @param reverted tipsets left the chain
    void on_head(bool reverted);

    /// Durable when told. @return Error::invalid_argument for one that says nothing, or that is there already
    void add(ScheduleSetting schedule, Handler<ScheduleInfo> handler);

    /// config.toml has others now.
    void set_config(std::vector<ScheduleSetting> from_config);

    /// @return Error::not_found; Error::invalid_argument for one of config.toml
    void remove(const std::string& id, Handler<void> handler);

    [[nodiscard]] std::vector<ScheduleInfo> list() const;

    /// No take begins any more.
    void stop() { m_stopped = true; }

private:
    struct Place {
        std::string id;
        Epoch epoch;
        auto operator<=>(const Place&) const = default;
    };

    void restore(std::vector<ScheduleSetting> from_config, std::string_view saved);
    void find_holds();
    void find_effects(const std::vector<journal::EffectRecord>& open);
    void begin_with(const ScheduleInfo& schedule, Epoch head);
    [[nodiscard]] static Epoch before_first(const ScheduleSetting& what, Epoch head);
    void write_effect(const Place& place, bool done, const rpc::Json& result, Handler<void> handler);
    void give_away(ScheduleInfo& schedule);
    void look(ScheduleInfo& schedule);
    void look(const Place& place);
    void wait_for(const Place& place);
    void hold(const Place& place);
    void check_hold(const Place& place);
    void begin(const Place& place);
    void take(const Place& place, chain::TipsetKey tipset);
    void ended(const Place& place, const JobInfo& job);
    void failed(const Place& place, const Error& why);
    void finish(const Place& place, bool done, const rpc::Json& result, const std::optional<Error>& why);
    void let_go(ScheduledEpoch& waiting);
    void save(Handler<void> handler);
    void publish(const std::string& id);
    [[nodiscard]] ScheduleInfo* find(const std::string& id);
    [[nodiscard]] ScheduledEpoch* find(const Place& place);
    [[nodiscard]] static std::string key_of(const Place& place);
    [[nodiscard]] static std::optional<Place> place_of(std::string_view key);

    /// Puts a mark on a place while something of it is under way.
    [[nodiscard]] bool busy(const Place& place) const { return m_busy.contains(place); }

    Parts m_parts;
    bool m_started = false;
    bool m_stopped = false;
    std::map<std::string, ScheduleInfo> m_schedules;
    std::map<Place, std::uint64_t> m_busy;    ///< what of is under way; also until another try
    std::map<std::string, Epoch> m_first;     ///< `last` of new schedules, until it is saved
    std::vector<std::int64_t> m_snapshots;    ///< that were taken for schedules and are kept, oldest first
};

}    // namespace filfil::service
