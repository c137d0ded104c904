// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/house.hpp"

#include "service/market/preflight_watch.hpp"
#include "service/status.hpp"

#include <utility>

namespace filfil::service {
namespace {

MemoryGaugeOptions gauge_of(const Config& config) {
    MemoryGaugeOptions out;
    out.limit = config.memory.limit;
    return out;
}

}    // namespace

House::House(DaemonTools tools_, Config config_)
    : tools(std::move(tools_)),
      config(std::move(config_)),
      world(tools.world),
      events(world.clock),
      jobs(world, events),
      alerts(world.clock, events),
      catalog(world.files),
      figures(world, tools.read_memory, gauge_of(config)),
      queue(WorkerQueue::make(world)),
      taking(WorkerQueue::make(world)),
      opening(WorkerQueue::make(world)) {}

House::~House() {
    // Whoever is still told of something is told of what is gone.
    queue->abandon();
    taking->abandon();
    opening->abandon();
    figures.abandon();
    stop_opening.request_stop();
    api_listener.reset();
    retrieval_listener.reset();
    api.reset();
    preflights.reset();
    pay_day.reset();
    deals.reset();
    deal_book.reset();
    markets.reset();
    slots.reset();
    reputation.reset();
    contract_events.reset();
    caretaker.reset();
    holdings.reset();
    till.reset();
    desk.reset();
    eth.reset();
    retrieval.reset();
    catalog.set_engine(nullptr);
}

Result<ChainParts*> House::open_chain(bool with_head) const {
    if (open_error) return *open_error;
    if (stopping) return Error(ErrorCode::busy, "the daemon is stopping");
    if (!chain || !chain->serving || (with_head && !chain->has_head))
        return Error(ErrorCode::busy,
                     "the chain is not loaded yet: " +
                         (chain && chain->serving ? "the first one is still to come from a node" : stage),
                     "ask again when FilFil.Status says more");
    return chain.get();
}

Result<Desk*> House::open_desk() const {
    if (desk_error) return *desk_error;
    if (stopping) return Error(ErrorCode::busy, "the daemon is stopping");
    if (desk) return desk.get();
    if (!chain || !chain->follower)
        return Error(ErrorCode::busy, "the chain is not loaded yet: " + stage,
                     "ask again when FilFil.Status says more");
    return Error(ErrorCode::unsupported, "no contract is set that pays for snapshots on " + config.network,
                 "set incentive.contract to its address and start the daemon anew");
}

Result<DealKeeper*> House::open_deals() const {
    FILFIL_TRY([[maybe_unused]] Desk* const open, open_desk());
    if (market_error) return *market_error;
    if (!deals) return Error(ErrorCode::busy, "the markets are not opened yet", "ask again in a moment");
    return deals.get();
}

node::SyncState House::state() const {
    if (open_error) return node::SyncState::failed;
    if (!chain || !chain->follower) return node::SyncState::bootstrapping;
    return chain->follower->status().state;
}

std::optional<Epoch> House::head() const {
    if (!chain) return std::nullopt;
    if (chain->has_head && chain->follower) return chain->follower->status().synced;
    return chain->opened_at;
}

std::optional<Epoch> House::finalized() const {
    if (!chain || !chain->follower) return std::nullopt;
    const node::FollowerStatus& status = chain->follower->status();
    if (config.chain.finality == Finality::f3 && !status.finality_from_f3) return std::nullopt;
    const auto top = head();
    if (!status.finalized || !top) return std::nullopt;
    // What is final may lie above what is kept here.
    return std::min(*status.finalized, *top);
}

SnapshotSettings House::snapshot_settings() const {
    return {.folder = snapshots_folder(config),
            .network = config.network,
            .keep_layout = config.snapshots.keep_layout,
            .keep_files = config.snapshots.keep_files};
}

CheckpointSettings House::checkpoint_settings() const {
    return {.log_percent = config.checkpoint.log_percent, .every = config.checkpoint.every};
}

void House::look_around() {
    alerts.set(alerts_of(*this));
    retrieval::MetricSource::Health health;
    const node::SyncState now = state();
    health.ok = now == node::SyncState::synced;
    if (!health.ok) {
        health.why = std::string(name_of(now));
        if (open_error)
            health.why += ": " + open_error->message;
        else if (chain && chain->follower && !chain->follower->status().why.empty())
            health.why += ": " + chain->follower->status().why;
    }
    metrics.put(metrics_of(*this), std::move(health));
}

}    // namespace filfil::service
