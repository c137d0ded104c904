// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "node/follower_impl.hpp"

#include <algorithm>
#include <utility>

namespace filfil::node {

std::string_view name_of(SyncState state) noexcept {
    switch (state) {
        case SyncState::bootstrapping: return "bootstrapping";
        case SyncState::catching_up: return "catching_up";
        case SyncState::synced: return "synced";
        case SyncState::node_lost: return "node_lost";
        case SyncState::rebootstrap_needed: return "rebootstrap_needed";
        case SyncState::failed: return "failed";
    }
    return "failed";
}

Follower::Follower(World& world, snapshot::DurableEngine& engine, FollowerOptions options, FollowerEvents& events)
    : m_impl(std::make_shared<Impl>(world, engine, std::move(options), events)) {}

Follower::~Follower() {
    m_impl->stopping = true;
    m_impl->drop_link();
}

void Follower::start() { m_impl->start(); }
void Follower::stop(std::function<void()> stopped) { m_impl->stop(std::move(stopped)); }
const FollowerStatus& Follower::status() const noexcept { return m_impl->status; }

void Follower::retry() {
    if (m_impl->waiting) m_impl->retry_after(Clock::Duration::zero());
}

Follower::Impl::Impl(World& world_, snapshot::DurableEngine& engine_, FollowerOptions options_, FollowerEvents& events_)
    : world(world_), engine(engine_), options(std::move(options_)), events(events_) {}

void Follower::Impl::start() {
    read_head();
    if (options.nodes.empty()) {
        fail(Error(ErrorCode::invalid_argument, "no node is named",
                   "give one with --node ws://HOST:PORT/rpc/v1, or in the configuration file"),
             SyncState::failed);
        return;
    }
    set_state(head.empty() ? SyncState::bootstrapping : SyncState::catching_up);
    connect();
}

void Follower::Impl::stop(std::function<void()> stopped) {
    on_stopped = std::move(stopped);
    stopping = true;
    stop_source.request_stop();
    drop_link();
    maybe_stopped();
}

void Follower::Impl::maybe_stopped() {
    if (running > 0 || stopped_told || !on_stopped) return;
    stopped_told = true;
    world.loop.post(std::exchange(on_stopped, nullptr));
}

/// The link may be on the stack: it goes a task later.
void Follower::Impl::drop_link() {
    ++link_number;
    subscribed = false;
    asking_finality = false;
    told.clear();
    if (link) world.loop.post([old = std::shared_ptr<NodeLink>(std::move(link))]() mutable { old.reset(); });
}

void Follower::Impl::connect() {
    drop_link();
    waiting = false;
    link = std::make_unique<NodeLink>(world, options.nodes[node], options.reads_in_flight);
    status.node = link->name();
    link->open(here([this](Result<NodeInfo> info) {
                   if (!info.ok()) return lose(info.error());
                   meet(std::move(*info));
               }),
               here([this](const Error& why) { lose(why); }));
}

void Follower::Impl::meet(NodeInfo info) {
    ++status.connects;
    status.node_version = info.version;
    const ipld::Cid& genesis = info.genesis.key.front();
    auto right = check_node_name(options.network, info.network);
    if (right.ok() && !head.empty()) {
        const auto own = engine.engine().find({.key = {}, .epoch = Epoch{0}});
        if (!own.ok() || own->front() != genesis)
            right = Error(ErrorCode::mismatch,
                          "the node's chain begins with genesis " + genesis.text() +
                              ", and the one that is kept here with " +
                              (own.ok() ? own->front().text() : std::string("none")),
                          "follow a node of the same network, or take another data folder");
    }
    // A devnet's profile takes any genesis, and keeps to it from then on.
    if (right.ok()) right = adopt_genesis(options.network, genesis, info.genesis.headers.front().timestamp);
    if (!right.ok()) return lose(std::move(right).error().in(link->name()), SyncState::failed);
    log(LogLevel::info, "connected to " + link->name() + ", " + info.version + ", network " + info.network);
    if (info.tells_heads)
        subscribe();
    else
        poll();
}

void Follower::Impl::subscribe() {
    link->notify(here([this](Result<std::vector<JsonHeadChange>> told_now) {
                     if (!told_now.ok()) {
                         ++status.wrong_answers;
                         return lose(told_now.error());
                     }
                     take_told(steps_of(std::move(*told_now)));
                 }),
                 here([this](const Error& why) { lose(why); }));
}

Follower::Impl::Step Follower::Impl::step_of(chain::HeadChange::Type type, JsonTipset tipset) {
    Step out;
    out.change = {type, std::move(tipset.key), tipset.epoch};
    out.parents = tipset.headers.front().parents;
    if (type != chain::HeadChange::Type::revert) out.headers = std::move(tipset.blocks);
    return out;
}

Follower::Impl::Steps Follower::Impl::steps_of(std::vector<JsonHeadChange> changes) {
    Steps out;
    for (JsonHeadChange& change : changes)
        if (change.tipset) out.push_back(step_of(change.change.type, std::move(*change.tipset)));
    return out;
}

void Follower::Impl::take_told(Steps steps) {
    last_told = world.clock.steady();
    if (steps.empty()) return;
    const Step& last = steps.back();
    if (last.change.type == chain::HeadChange::Type::revert) {
        // The head is the tipset below; its epoch is not told.
        target = last.parents;
        target_epoch = Epoch{last.change.epoch.value - 1};
    } else {
        target = last.change.key;
        target_epoch = last.change.epoch;
    }
    if (!subscribed) {
        subscribed = true;
        if (status.state == SyncState::node_lost)
            set_state(head.empty() ? SyncState::bootstrapping : SyncState::catching_up);
        look_after_silence();
    }
    path_failed = false;
    behind.clear();
    told.push_back(std::move(steps));
    update_lag();
    if (status.state == SyncState::synced && status.lag > near_epochs) set_state(SyncState::catching_up);
    ask_finality();
    step();
}

/// Where nothing tells of head changes.
void Follower::Impl::poll() {
    link->head(here([this](Result<JsonTipset> now) {
        if (!now.ok()) return lose(now.error());
        if (!subscribed || now->key != target) {
            take_told({step_of(chain::HeadChange::Type::current, std::move(*now))});
        }
        world.loop.post_after(options.poll, here([this] { poll(); }));
    }));
}

/// A node, or something between, may stop telling without closing anything.
void Follower::Impl::look_after_silence() {
    if (!link) return;
    const Clock::Duration patience =
        2 * std::chrono::seconds(std::max<std::uint64_t>(1, options.network.seconds_per_epoch));
    world.loop.post_after(patience, here([this, patience] {
                              if (world.clock.steady() - last_told < patience) return look_after_silence();
                              link->head(here([this](Result<JsonTipset> now) {
                                  if (!now.ok()) return lose(now.error());
                                  if (now->key != target) {
                                      log(LogLevel::warning,
                                          link->name() + " has another head and did not tell: asking it");
                                      take_told({step_of(chain::HeadChange::Type::current, std::move(*now))});
                                  }
                                  last_told = world.clock.steady();
                                  look_after_silence();
                              }));
                          }));
}

void Follower::Impl::ask_finality() {
    if (options.finality_from_f3 && !f3_unsupported) {
        if (asking_finality || !link) return;
        asking_finality = true;
        link->finalized(here([this](Result<JsonTipset> tipset) {
            asking_finality = false;
            if (tipset.ok()) return take_finality(*tipset);
            if (tipset.error().code != ErrorCode::unsupported) return;
            f3_unsupported = true;
            ask_finality();
        }));
        return;
    }
    status.finality_from_f3 = false;
    const Epoch final_epoch{std::max<std::int64_t>(0, head_epoch.value - options.network.finality)};
    if (head.empty() || (status.finalized && *status.finalized >= final_epoch)) return;
    status.finalized = final_epoch;
    events.on_state();
}

void Follower::Impl::take_finality(const JsonTipset& tipset) {
    // A worker may be filling the engine, which nobody may look at then.
    if (head.empty()) return;
    // What is not on the chain that is kept here is not reached yet, or is no finality that helps.
    const auto own = engine.engine().find({.key = {}, .epoch = tipset.epoch});
    if (!own.ok() || *own != tipset.key) return;
    status.finality_from_f3 = tipset.epoch.value > target_epoch.value - options.network.finality;
    if (status.finalized && *status.finalized >= tipset.epoch) return;
    status.finalized = tipset.epoch;
    events.on_state();
}

Clock::Duration Follower::Impl::next_delay() {
    Clock::Duration delay = options.retry_least;
    for (std::size_t i = options.nodes.size(); i <= failures && delay < options.retry_most; i += options.nodes.size())
        delay *= 2;
    delay = std::min(delay, options.retry_most);
    // Those who lost the same node should not all come back at once.
    return delay / 2 + Clock::Duration(static_cast<Clock::Duration::rep>(
                           world.random.below(static_cast<std::uint64_t>(delay.count() / 2 + 1))));
}

/// The node, or what it was asked for, cannot be had: the next one is tried, after a pause once all had their turn.
void Follower::Impl::lose(const Error& why, SyncState state) {
    log(LogLevel::warning, why.text());
    // A connection over which blocks came was worth making.
    if (gathering && gathering->blocks() > 0) failures = 0;
    gathering.reset();
    ++gathering_number;
    attempts.clear();
    delayed = 0;
    path.clear();
    path_failed = false;
    descent.reset();
    exporting.reset();
    first.clear();
    // What the engine does goes on.
    busy = running > 0;
    drop_link();
    ++failures;
    node = (node + 1) % options.nodes.size();
    const bool all_tried = failures % options.nodes.size() == 0;
    if (all_tried || state != SyncState::node_lost) set_state(state, why.message, why.remedy);
    retry_after(all_tried ? next_delay() : Clock::Duration::zero());
}

/// No other node helps.
void Follower::Impl::fail(const Error& why, SyncState state) {
    log(LogLevel::error, why.text());
    set_state(state, why.message, why.remedy);
}

void Follower::Impl::retry_after(Clock::Duration delay) {
    waiting = true;
    world.loop.post_after(delay, [weak = weak_from_this(), number = ++timer] {
        const auto self = weak.lock();
        if (self && self->timer == number && self->waiting && !self->stopping) self->connect();
    });
}

void Follower::Impl::set_state(SyncState state, std::string why, std::string remedy) {
    if (status.state == state && status.why == why) return;
    status.state = state;
    status.why = std::move(why);
    status.remedy = std::move(remedy);
    events.on_state();
}

void Follower::Impl::read_head() {
    const snapshot::EngineStats stats = engine.engine().stats();
    head = stats.head;
    head_epoch = stats.epoch;
    status.synced = head_epoch;
}

void Follower::Impl::update_lag() {
    status.node_head = target_epoch;
    status.synced = head_epoch;
    status.lag = head.empty() ? target_epoch.value : std::max<std::int64_t>(0, target_epoch.value - head_epoch.value);
    const auto due = expected_epoch(options.network, world.clock.wall());
    status.behind_clock = due ? std::max<std::int64_t>(0, due->value - target_epoch.value) : 0;
}

}    // namespace filfil::node
