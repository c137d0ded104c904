// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "service/alerts.hpp"
#include "service/incentive/slot_keeper.hpp"
#include "service/market/deal_driver.hpp"
#include "service/market/forecast.hpp"
#include "service/market/slot_facts.hpp"
#include "service/snapshot_service.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace filfil::service {

/// Stores the snapshots of own slots: with the policy `automatic` as soon as a window opens, else when somebody asks.
/// For each slot the snapshot is taken once its target is final, its pieces are held against what is staged, and each
/// is ordered; a DealDriver takes them from there.
///
/// Lives on the loop; nothing is told after it was destroyed.
class DealKeeper {
public:
    template <class T>
    using Handler = std::function<void(Result<T>)>;

    struct Parts {
        World& world;
        Desk& desk;
        SlotKeeper& slots;
        Markets& markets;
        DealBook& book;
        SnapshotService& snapshots;
        std::shared_ptr<WorkerQueue> queue;
        std::shared_ptr<journal::Journal> journal;
        incentive::Ask ask;    ///< the node
        std::string contract;
        std::function<std::optional<Epoch>()> head;
        std::function<bool()> in_step;    ///< whether that is the node's
        std::function<std::optional<Epoch>()> finalized;
        std::function<snapshot::Recipe()> recipe;
        std::function<Config::Deals()> settings;
        std::function<void(const DealKey&)> to_activate{};    ///< see DealDriver::Parts
        std::uint64_t confirmations = 5;
    };

    explicit DealKeeper(Parts parts);

    /// Takes up what an earlier run left open.
    void start();

    /// The head is another, or time has passed: does what is due.
    void look();

    [[nodiscard]] std::vector<Alert> alerts() const;
    [[nodiscard]] const Forecast& forecast() const noexcept { return m_forecast; }

    /// Whether it will be stored only after its window has closed, by how long its stages took before.
    [[nodiscard]] bool late(const DealEntry& deal) const;

    /// Begins to store the snapshot of an epoch for those of these miners whose slot wants it; what is on its way
    /// already goes on, and what failed is tried again. @param handler the journal's numbers of the deals: of the
    /// slot's first pieces, or of all that there are. Error::not_found where no window of these miners wants that
    /// epoch, with those that come next; Error::mismatch for one that is closed; Error::unsupported without a market
    void store(std::vector<std::uint64_t> miners, Epoch epoch, Handler<std::vector<std::int64_t>> handler);

    /// Tries again what waits, at once; what has ended without success becomes a new deal, while its window is open.
    /// @param handler the number of the deal that goes on
    void retry(std::int64_t id, Handler<std::int64_t> handler);

    void cancel(std::int64_t id, std::function<void(Result<void>)> handler);

private:
    using SlotKey = std::pair<std::uint64_t, std::uint32_t>;    // miner, slot

    struct MinersWindow {
        std::uint64_t miner = 0;
        contract::Window window{};
    };
    struct MinersWindows {
        std::uint64_t miner = 0;
        std::vector<contract::Window> windows{};
    };

    /// Of one slot and provider: pieces and their attempts.
    static constexpr std::uint64_t most_deals = 1000;

    /// A slot whose pieces are not ordered yet.
    struct SlotWork {
        bool busy = false;
        Clock::Duration next_at{};
        unsigned failures = 0;
        std::optional<SlotFacts> facts{};
    };

    /// A deal that has failed and was not tried again.
    struct FailedDeal {
        std::int64_t id = 0;    ///< of the journal; 0: it is not there yet
        Epoch closes;
        std::optional<Error> why{};
    };

    /// A piece that cannot be had from here, although its market may come for it: how it is put back.
    struct Gone {
        bool busy = false;
        Clock::Duration next_at{};
    };

    // deal_keeper.cpp
    void recall_failed(const std::vector<journal::DealRecord>& known);
    void take_up_windows();
    void consider(std::uint64_t miner, const contract::Window& window);
    DealEntry& plan(std::uint64_t miner, const contract::Window& window, std::uint8_t piece, std::uint32_t attempt);
    [[nodiscard]] std::vector<DealKey> waiting_of(const SlotKey& slot) const;

    // deal_requests.cpp
    [[nodiscard]] Result<std::vector<MinersWindow>> windows_for(Epoch epoch,
                                                                const std::vector<MinersWindows>& all) const;
    void store_in(const std::vector<MinersWindow>& windows, Handler<std::vector<std::int64_t>> handler);
    std::vector<DealKey> take_up(const MinersWindow& own, const std::vector<journal::DealRecord>& known);
    void tell_numbers(const std::vector<DealKey>& keys, const std::vector<journal::DealRecord>& known,
                      const Handler<std::vector<std::int64_t>>& handler);
    void try_again(const journal::DealRecord& record, Handler<std::int64_t> handler);
    void anew(const journal::DealRecord& record, const contract::Window& window,
              const std::vector<journal::DealRecord>& known, const Handler<std::int64_t>& handler);

    // deal_orders.cpp: a slot, from its window to the orders of its pieces
    void go_on(const SlotKey& slot);
    void facts_read(const SlotKey& slot, const Result<SlotFacts>& facts);
    [[nodiscard]] SnapshotRequest request_for(const DealEntry& deal) const;
    void take_snapshot(const SlotKey& slot);
    void keep_served(DealEntry& deal);
    void taken(const SlotKey& slot, const JobInfo& job);
    void compare(const SlotKey& slot, const journal::SnapshotRecord& snapshot);
    void order(const SlotKey& slot, const journal::SnapshotRecord& snapshot, bool alternative,
               const std::vector<journal::DealRecord>& known);
    void order_piece(DealEntry& deal, const journal::SnapshotRecord& snapshot, std::size_t number);
    void add_collateral(const DealKey& key, market::DealOrder order);
    void ordered(const DealKey& key, const market::DealOrder& order);
    void hold_up(const SlotKey& slot, const Error& why, bool soon);
    void set_all(const SlotKey& slot, DealStage stage);
    [[nodiscard]] SlotWork* begin_step(const SlotKey& slot);

    Parts m_parts;
    DealDriver m_driver;
    Forecast m_forecast;
    std::map<SlotKey, SlotWork> m_slots;
    std::map<DealKey, Gone> m_gone;
    std::map<DealKey, FailedDeal> m_failed;    ///< while their windows are open
    std::set<SlotKey> m_seen;                  ///< it is known whether there is a deal
    std::set<SlotKey> m_without_market;
    bool m_started = false;
    std::shared_ptr<int> m_alive = std::make_shared<int>(0);
};

}    // namespace filfil::service
