// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "node/follower.hpp"
#include "retrieval/server.hpp"
#include "rpc/server.hpp"
#include "service/alerts.hpp"
#include "service/checkpointer.hpp"
#include "service/daemon.hpp"
#include "service/data_folder.hpp"
#include "service/event_bus.hpp"
#include "service/figures.hpp"
#include "service/holds.hpp"
#include "service/incentive/caretaker.hpp"
#include "service/incentive/desk.hpp"
#include "service/incentive/event_book.hpp"
#include "service/incentive/holding_book.hpp"
#include "service/incentive/pay_day.hpp"
#include "service/incentive/reputation_book.hpp"
#include "service/incentive/slot_keeper.hpp"
#include "service/incentive/till.hpp"
#include "service/jobs.hpp"
#include "service/market/deal_keeper.hpp"
#include "service/metrics_board.hpp"
#include "service/piece_catalog.hpp"
#include "service/scheduler.hpp"
#include "service/snapshot_service.hpp"
#include "service/worker_queue.hpp"

#include <algorithm>
#include <atomic>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

namespace filfil::service {

/// How far opening the engine has come. Shared with the worker that does it.
class OpeningProgress final : public Progress {
public:
    void advance(std::uint64_t bytes) noexcept override { m_done += bytes; }
    void set_total(std::uint64_t bytes) noexcept { m_total = bytes; }

    /// 0 to 1.
    [[nodiscard]] double part() const noexcept {
        const std::uint64_t total = m_total;
        return total == 0 ? 0 : std::min(1.0, static_cast<double>(m_done) / static_cast<double>(total));
    }

private:
    std::atomic<std::uint64_t> m_done{0};
    std::atomic<std::uint64_t> m_total{0};
};

/// What of the daemon stands on an open engine.
struct ChainParts {
    std::shared_ptr<snapshot::DurableEngine> engine;
    node::Profile network;
    std::unique_ptr<Holds> holds;
    std::unique_ptr<SnapshotService> snapshots;
    std::shared_ptr<Scheduler> scheduler;
    std::unique_ptr<Checkpointer> checkpointer;
    std::unique_ptr<node::Follower> follower;
    bool serving = false;                ///< holds are in order, so that snapshots can be taken
    std::optional<Epoch> opened_at{};    ///< the head that the folder had; nothing: it was empty
    bool has_head = false;               ///< else the engine is the follower's alone, which fills it
};

class PreflightWatch;    // it looks at the house

/// All of a daemon, as its API sees it. Touched on the loop only.
struct House {
    House(DaemonTools tools_, Config config_);
    ~House();
    House(const House&) = delete;
    House& operator=(const House&) = delete;

    DaemonTools tools;
    Config config;
    World& world;
    EventBus events;
    Jobs jobs;
    Alerts alerts;
    PieceCatalog catalog;
    Figures figures;
    MetricsBoard metrics;
    std::shared_ptr<WorkerQueue> queue;     ///< what is short: journal, holds
    std::shared_ptr<WorkerQueue> taking;    ///< snapshots
    std::shared_ptr<WorkerQueue> opening;

    std::unique_ptr<DataFolder> folder;
    std::optional<DataPaths> paths;
    std::shared_ptr<journal::Journal> journal;
    std::unique_ptr<ChainParts> chain;
    std::unique_ptr<incentive::EthNode> eth;       ///< what contracts are asked through
    std::unique_ptr<Desk> desk;                    ///< none: no contract is set
    std::unique_ptr<HoldingBook> holdings;         ///< where there is a desk
    std::unique_ptr<EventBook> contract_events;    ///< where there is a desk
    std::unique_ptr<ReputationBook> reputation;    ///< where there is a desk
    std::unique_ptr<SlotKeeper> slots;             ///< where there is a desk
    std::unique_ptr<Till> till;                    ///< what pays for transactions
    std::unique_ptr<Caretaker> caretaker;          ///< where there is a desk
    std::unique_ptr<PayDay> pay_day;               ///< where there is a desk
    std::unique_ptr<Markets> markets;              ///< where there is a desk
    std::unique_ptr<DealBook> deal_book;           ///< where there is a desk
    std::unique_ptr<DealKeeper> deals;             ///< where there is a desk
    std::unique_ptr<PreflightWatch> preflights;    ///< where there is a desk
    std::optional<Error> market_error{};           ///< why there is no market although one is set
    std::optional<Error> desk_error{};             ///< why there is none although one is

    std::string locator_token{};     ///< that markets have to send for pieces; "": there is no locator
    Clock::Duration started_at{};    ///< wall clock
    std::shared_ptr<OpeningProgress> progress;
    std::string stage = "starting";     ///< while there is no chain yet
    std::optional<Error> open_error;    ///< why there will be none until somebody retries
    std::optional<snapshot::DurableEngine::Opened> opened;
    std::stop_source stop_opening;
    bool stopping = false;
    std::function<void()> retry_opening;             ///< set where that can help
    std::vector<std::string> waiting_for_restart;    ///< settings that were changed in the file

    // Servers stand on all before them.
    std::unique_ptr<rpc::Server> api;
    std::unique_ptr<retrieval::Server> retrieval;
    std::unique_ptr<Transport::Listener> api_listener;
    std::unique_ptr<Transport::Listener> retrieval_listener;

    void log(LogLevel level, const std::string& message) const { world.log.write(level, "service", message); }

    /// @param with_head false for what does not look at the engine, which may be empty then
    /// @return Error::busy while the engine is being opened or filled, or why it could not be
    [[nodiscard]] Result<ChainParts*> open_chain(bool with_head = true) const;

    /// @return Error::unsupported where no contract is set, or why it cannot be dealt with; Error::busy before the
    /// chain is known
    [[nodiscard]] Result<Desk*> open_desk() const;

    /// @return Error::unsupported without a contract, or why markets cannot be dealt with; Error::busy before the
    /// chain is known
    [[nodiscard]] Result<DealKeeper*> open_deals() const;

    [[nodiscard]] node::SyncState state() const;

    /// The head of the engine; nothing while it has none.
    [[nodiscard]] std::optional<Epoch> head() const;
    [[nodiscard]] std::optional<Epoch> finalized() const;
    [[nodiscard]] snapshot::Recipe recipe() const { return default_recipe(config); }
    [[nodiscard]] SnapshotSettings snapshot_settings() const;
    [[nodiscard]] CheckpointSettings checkpoint_settings() const;

    /// What holds now, for alerts and metrics.
    void look_around();
};

}    // namespace filfil::service
