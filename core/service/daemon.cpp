// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/daemon.hpp"

#include "service/api.hpp"
#include "service/house.hpp"
#include "service/incentive/eth_of_node.hpp"
#include "service/market/deal_json.hpp"
#include "service/market/preflight_watch.hpp"
#include "service/opening.hpp"
#include "service/status.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace filfil::service {
namespace {

using rpc::Json;

constexpr Clock::Duration tick_period = std::chrono::seconds(5);

std::optional<TlsFiles> tls_of(const std::string& certificate, const std::string& key) {
    if (certificate.empty()) return std::nullopt;
    return TlsFiles{certificate, key};
}

}    // namespace

struct Daemon::Impl final : node::FollowerEvents, std::enable_shared_from_this<Daemon::Impl> {
    Impl(DaemonTools tools, Config config) : house(std::move(tools), std::move(config)), world(house.world) {}
    ~Impl() override { house.stopping = true; }

    void start(std::function<void(Result<void>)> started);
    Result<void> listen(const OpenedFolder& opened);
    Result<void> listen_retrieval(const std::string& locator_token);
    void open_chain();
    void chain_opened(Result<OpenedEngine> opened);
    void not_opened(const Error& why, std::function<void()> retry);
    void put_in_order();
    void chain_is_there();
    void follow();
    void open_desk();
    void open_markets();
    void tick();
    void fail_to_start(Error why, const std::function<void(Result<void>)>& started);

    void stop(std::function<void()> stopped);
    void jobs_stopped();
    void follower_stopped();
    void queues_idle();

    void on_head(const chain::HeadChanges& changes) override;
    void on_state() override;
    void notify(const std::string& text) const {
        if (house.tools.notify) house.tools.notify(text);
    }

    House house;
    World& world;
    std::vector<node::NodeAddress> nodes;
    std::map<std::string, std::string> market_tokens;    ///< by their files
    std::function<void()> stopped;
};

void Daemon::Impl::start(std::function<void(Result<void>)> started) {
    house.started_at = world.clock.wall();
    const Tokens fresh = make_tokens(world.random);
    house.stage = "opening the data folder";
    // The folder's files come back open, and go to nobody else.
    house.opening->run([tools = house.tools, config = house.config,
                        fresh] { return std::make_shared<Result<OpenedFolder>>(open_folder(tools, config, fresh)); },
                       [this, started = std::move(started)](const std::shared_ptr<Result<OpenedFolder>>& opened) {
                           if (!opened->ok()) return fail_to_start(std::move(*opened).error(), started);
                           if (house.stopping)
                               return started(Error(ErrorCode::cancelled, "the daemon was stopped while it started"));
                           OpenedFolder& found = **opened;
                           house.paths = found.folder->paths();
                           house.folder = std::move(found.folder);
                           house.journal = found.journal;
                           nodes = std::move(found.nodes);
                           market_tokens = std::move(found.market_tokens);
                           house.locator_token = found.locator_token;
                           if (auto listening = listen(found); !listening.ok())
                               return fail_to_start(std::move(listening).error(), started);
                           house.look_around();
                           tick();
                           notify("READY=1");
                           started({});
                           open_chain();
                       });
}

void Daemon::Impl::fail_to_start(Error why, const std::function<void(Result<void>)>& started) {
    house.log(LogLevel::error, "the daemon cannot start: " + why.text());
    house.stopping = true;
    house.api_listener.reset();
    house.retrieval_listener.reset();
    house.api.reset();
    house.retrieval.reset();
    house.journal.reset();
    house.folder.reset();
    started(std::move(why));
}

Result<void> Daemon::Impl::listen(const OpenedFolder& opened) {
    const Config::Api& settings = house.config.api;
    FILFIL_TRY(const Endpoint at, parse_endpoint(settings.listen));
    rpc::ServerOptions options;
    options.read_token = opened.tokens.read;
    options.admin_token = opened.tokens.admin;
    options.origins = settings.origins;
    house.api = std::make_unique<rpc::Server>(world, std::move(options));
    add_api(*house.api, house);
    ListenOptions listening;
    listening.at = at;
    listening.tls = tls_of(settings.tls_cert, settings.tls_key);
    listening.connections = static_cast<unsigned>(settings.connections);
    listening.connections_a_peer = listening.connections;
    FILFIL_TRY(house.api_listener, world.transport.listen(listening, *house.api));
    house.log(LogLevel::info, "the API listens at " + text_of(house.api_listener->endpoint()));
    if (house.config.retrieval.listen.empty()) return {};
    return listen_retrieval(opened.locator_token);
}

Result<void> Daemon::Impl::listen_retrieval(const std::string& locator_token) {
    const Config::Retrieval& settings = house.config.retrieval;
    retrieval::RetrievalOptions options;
    options.locator_token = locator_token;
    options.requests_a_second_a_peer = static_cast<unsigned>(settings.requests_per_second_per_peer);
    options.blocks = settings.blocks;
    house.retrieval = std::make_unique<retrieval::Server>(world, house.catalog, &house.metrics, options);
    ListenOptions listening;
    FILFIL_TRY(listening.at, parse_endpoint(settings.listen));
    listening.tls = tls_of(settings.tls_cert, settings.tls_key);
    listening.connections = static_cast<unsigned>(settings.connections);
    listening.connections_a_peer = static_cast<unsigned>(settings.connections_per_peer);
    listening.bytes_a_second = settings.bytes_per_second;
    listening.bytes_a_second_a_connection = settings.bytes_per_second_per_connection;
    FILFIL_TRY(house.retrieval_listener, world.transport.listen(listening, *house.retrieval));
    house.log(LogLevel::info, "pieces are served at " + text_of(house.retrieval_listener->endpoint()));
    return {};
}

/// Also again, after it failed.
void Daemon::Impl::open_chain() {
    if (house.stopping || house.chain) return;
    house.open_error.reset();
    house.retry_opening = nullptr;
    house.progress = std::make_shared<OpeningProgress>();
    EngineWanted wanted;
    auto network = node::find_profile(house.config.network);
    if (!network.ok()) return chain_opened(std::move(network).error());
    wanted.network = *std::move(network);
    const Config::Chain& times = house.config.chain;
    if (times.genesis_time != 0) wanted.network.genesis_time = times.genesis_time;
    if (times.epoch_seconds != 0) wanted.network.seconds_per_epoch = times.epoch_seconds;
    wanted.folder = house.paths->engine;
    const std::string& bootstrap = house.config.chain.bootstrap;
    if (bootstrap != "node") wanted.bootstrap_car = bootstrap;
    wanted.options.store.arena = house.tools.arena;
    if (house.config.memory.limit != 0) wanted.options.store.memory_limit = house.config.memory.limit;
    wanted.options.recent_stateroots = house.config.chain.recent_stateroots;
    wanted.options.slack = house.config.chain.slack;
    wanted.options.keep_all_messages = !house.config.recipe.skip_old_msgs;
    wanted.seed = world.random.next();
    wanted.progress = house.progress;
    wanted.stop = house.stop_opening.get_token();
    house.stage = "loading the chain";
    house.opening->run([tools = house.tools, wanted = std::move(wanted)] { return open_engine(tools, wanted); },
                       [this](Result<OpenedEngine> opened) { chain_opened(std::move(opened)); });
}

void Daemon::Impl::not_opened(const Error& why, std::function<void()> retry) {
    house.open_error = why;
    house.retry_opening = std::move(retry);
    house.log(LogLevel::error, "the chain cannot be loaded: " + why.text());
    house.look_around();
    house.events.publish("status", status_of(house));
}

void Daemon::Impl::chain_opened(Result<OpenedEngine> opened) {
    if (house.stopping) return;
    if (!opened.ok()) return not_opened(opened.error(), [this] { open_chain(); });
    house.chain = std::make_unique<ChainParts>();
    ChainParts& chain = *house.chain;
    chain.engine = opened->engine;
    chain.network = opened->network;
    chain.opened_at = opened->head;
    if (opened->head) chain_is_there();
    chain.holds = std::make_unique<Holds>(world, house.queue, chain.engine, house.journal, house.events);
    chain.snapshots =
        std::make_unique<SnapshotService>(SnapshotService::Parts{.tools = {.world = world,
                                                                           .backend = house.tools.backend,
                                                                           .hashing = house.tools.hashing,
                                                                           .writing = house.tools.writing,
                                                                           .readers = house.tools.readers},
                                                                 .engine = chain.engine,
                                                                 .journal = house.journal,
                                                                 .queue = house.queue,
                                                                 .taking = house.taking,
                                                                 .holds = *chain.holds,
                                                                 .catalog = house.catalog,
                                                                 .jobs = house.jobs,
                                                                 .events = house.events,
                                                                 .finalized = [this] { return house.finalized(); }},
                                          house.snapshot_settings());
    chain.scheduler = std::make_shared<Scheduler>(
        Scheduler::Parts{.world = world,
                         .queue = house.queue,
                         .engine = chain.engine,
                         .journal = house.journal,
                         .holds = *chain.holds,
                         .snapshots = *chain.snapshots,
                         .events = house.events,
                         .head = [this] { return house.head(); },
                         .in_step = [this] { return house.state() == node::SyncState::synced; },
                         .finalized = [this] { return house.finalized(); },
                         .recipe = [this] { return house.recipe(); },
                         .compression = [this] { return house.config.snapshots.compress; }});
    chain.checkpointer = std::make_unique<Checkpointer>(world, chain.engine, house.jobs, house.checkpoint_settings());
    if (const auto info = world.files.info(join_path(house.paths->engine, "CURRENT")); info.ok() && info->mtime_ns > 0)
        chain.checkpointer->set_last_at(Clock::Duration(info->mtime_ns));
    put_in_order();
}

/// Until then nobody but the follower may look at the engine, which it fills.
void Daemon::Impl::chain_is_there() {
    house.chain->has_head = true;
    house.figures.set_engine(house.chain->engine);
    house.catalog.set_engine(house.chain->engine);
}

/// Holds, snapshots and schedules of the time before; then the chain is followed.
void Daemon::Impl::put_in_order() {
    house.open_error.reset();
    house.stage = "reading the journal";
    house.chain->holds->reconcile([this](Result<std::vector<journal::SnapshotRecord>> rows) {
        if (house.stopping) return;
        if (!rows.ok()) return not_opened(rows.error(), [this] { put_in_order(); });
        house.chain->snapshots->restore(*std::move(rows));
        house.chain->serving = true;
        follow();
        house.chain->scheduler->start(house.config.schedules, [this](const Result<void>& started) {
            if (!started.ok()) house.log(LogLevel::error, "no schedules: " + started.error().text());
        });
    });
}

void Daemon::Impl::follow() {
    const Config& config = house.config;
    node::FollowerOptions options;
    options.nodes = nodes;
    options.network = house.chain->network;
    options.reads_in_flight = config.follow.reads_in_flight;
    options.tipsets_at_once = config.follow.tipsets_at_once;
    options.migration_blocks = config.follow.migration_blocks;
    options.bootstrap_blocks = config.follow.bootstrap_blocks;
    options.retry_least = config.follow.retry_least;
    options.retry_most = config.follow.retry_most;
    options.poll = config.follow.poll;
    options.finality_from_f3 = config.chain.finality != Finality::ec;
    options.bootstrap_from_node = config.chain.bootstrap == "node";
    options.export_path = house.paths->export_car;
    house.chain->follower = std::make_unique<node::Follower>(world, *house.chain->engine, std::move(options), *this);
    house.chain->follower->start();
    open_desk();
    house.figures.refresh();
    house.look_around();
}

/// What the contract says needs no chain of our own, but its network.
void Daemon::Impl::open_desk() {
    const auto failed = [this](const Error& why) {
        house.desk_error = why;
        house.log(LogLevel::error, "the contract cannot be dealt with: " + why.text());
    };
    auto eth = open_eth(world, house.config, nodes);
    if (!eth.ok()) return failed(eth.error());
    house.eth = *std::move(eth);
    house.till = std::make_unique<Till>(Till::Parts{.world = world,
                                                    .queue = house.queue,
                                                    .journal = house.journal,
                                                    .events = house.events,
                                                    .node = *house.eth,
                                                    .chain_id = house.chain->network.chain_id},
                                        house.config.incentive);
    house.till->start();
    auto desk = Desk::make({.world = world,
                            .node = *house.eth,
                            .queue = house.queue,
                            .journal = house.journal,
                            .network = house.chain->network,
                            .head = [this] { return house.head(); }},
                           house.config);
    if (!desk.ok()) return failed(desk.error());
    house.desk = *std::move(desk);
    if (!house.desk) return;
    house.desk->start();
    house.contract_events = std::make_unique<EventBook>(EventBook::Parts{
        .world = world,
        .ask = [&eth = *house.eth](
                   const std::string& method, rpc::Json ask,
                   rpc::Client::AnswerHandler handler) { eth.ask(method, std::move(ask), std::move(handler)); },
        .queue = house.queue,
        .journal = house.journal,
        .events = house.events,
        .network = house.chain->network,
        .contract = house.desk->address(),
        .from = house.config.incentive.events_from});
    house.contract_events->start();
    house.reputation = std::make_unique<ReputationBook>(*house.contract_events);
    house.holdings = std::make_unique<HoldingBook>(*house.desk, [this] { return house.head(); });
    house.caretaker =
        std::make_unique<Caretaker>(Caretaker::Parts{.world = world,
                                                     .desk = *house.desk,
                                                     .holdings = *house.holdings,
                                                     .till = *house.till,
                                                     .node = *house.eth,
                                                     .head = [this] { return house.head(); },
                                                     .settings = [this] { return house.config.incentive; }});
    house.slots = std::make_unique<SlotKeeper>(SlotKeeper::Parts{.world = world,
                                                                 .desk = *house.desk,
                                                                 .holds = *house.chain->holds,
                                                                 .scheduler = *house.chain->scheduler,
                                                                 .head = [this] { return house.head(); },
                                                                 .finalized = [this] { return house.finalized(); },
                                                                 .recipe = [this] { return house.recipe(); }});
    house.pay_day = std::make_unique<PayDay>(house);
    open_markets();
    house.preflights = std::make_unique<PreflightWatch>(house);
}

void Daemon::Impl::open_markets() {
    const incentive::Ask ask = [&eth = *house.eth](const std::string& method, rpc::Json params,
                                                   rpc::Client::AnswerHandler handler) {
        eth.ask(method, std::move(params), std::move(handler));
    };
    // Where a free port was asked for, it is the one that was got.
    Config served = house.config;
    if (house.retrieval_listener) served.retrieval.listen = text_of(house.retrieval_listener->endpoint());
    auto markets = Markets::make({.world = world,
                                  .ask = ask,
                                  .journal = house.journal,
                                  .network = house.chain->network,
                                  .data_folder = house.config.data_folder,
                                  .tokens = market_tokens,
                                  .pieces_url = retrieval_url(served)},
                                 house.config);
    if (!markets.ok()) {
        house.market_error = markets.error();
        house.log(LogLevel::error, "markets cannot be dealt with: " + markets.error().text());
        return;
    }
    house.markets = *std::move(markets);
    const std::string contract = house.desk->address().lower_text();
    house.deal_book = std::make_unique<DealBook>(
        DealBook::Parts{.world = world,
                        .queue = house.queue,
                        .journal = house.journal,
                        .events = house.events,
                        .contract = contract,
                        .head = [this] { return house.head(); },
                        .json = [this](const DealEntry& deal) { return deal_json(house, deal); }});
    house.deals = std::make_unique<DealKeeper>(
        DealKeeper::Parts{.world = world,
                          .desk = *house.desk,
                          .slots = *house.slots,
                          .markets = *house.markets,
                          .book = *house.deal_book,
                          .snapshots = *house.chain->snapshots,
                          .queue = house.queue,
                          .journal = house.journal,
                          .ask = ask,
                          .contract = contract,
                          .head = [this] { return house.head(); },
                          .in_step = [this] { return house.state() == node::SyncState::synced; },
                          .finalized = [this] { return house.finalized(); },
                          .recipe = [this] { return house.recipe(); },
                          .settings = [this] { return house.config.deals; },
                          .to_activate =
                              [this](const DealKey& deal) {
                                  if (house.caretaker)
                                      house.caretaker->deal_is_proven(deal.slot, deal.piece, deal.miner);
                              },
                          .confirmations = house.config.incentive.confirmations});
    house.deals->start();
}

void Daemon::Impl::on_head(const chain::HeadChanges& changes) {
    if (house.stopping || !house.chain || !house.chain->follower) return;
    if (!house.chain->has_head) chain_is_there();
    Json list = Json::array();
    bool reverted = false;
    for (const chain::HeadChange& change : changes) {
        reverted = reverted || change.type != chain::HeadChange::Type::apply;
        Json key = Json::array();
        for (const ipld::Cid& cid : change.key) key.push_back(cid.text());
        list.push_back({{"type", name_of(change.type)}, {"epoch", change.epoch.value}, {"key", std::move(key)}});
    }
    const node::FollowerStatus& status = house.chain->follower->status();
    house.events.publish("head", {{"synced_epoch", status.synced.value},
                                  {"head_epoch", status.node_head.value},
                                  {"lag", status.lag},
                                  {"changes", std::move(list)}});
    house.figures.refresh();
    house.chain->scheduler->on_head(reverted);
    if (house.desk) house.desk->on_head();
    if (house.contract_events) house.contract_events->on_head();
    if (house.slots) house.slots->on_head(reverted);
    if (house.caretaker) house.caretaker->on_head();
    if (house.deals) house.deals->look();
    if (house.pay_day) house.pay_day->on_head();
    if (house.till) house.till->look();
}

void Daemon::Impl::on_state() {
    // The follower tells of its state also while it is being made.
    if (house.stopping || !house.chain || !house.chain->follower) return;
    house.look_around();
    house.events.publish("status", status_of(house));
    house.chain->scheduler->on_head(false);
    const node::FollowerStatus& status = house.chain->follower->status();
    notify("STATUS=" + std::string(name_of(status.state)) + ", epoch " + std::to_string(status.synced.value));
}

void Daemon::Impl::tick() {
    if (house.stopping) return;
    house.figures.refresh([this] {
        if (house.stopping) return;
        if (house.chain && house.chain->serving) {
            house.chain->snapshots->tidy();
            if (house.deals) house.deals->look();
            if (house.preflights) house.preflights->look();
            if (house.head()) house.chain->checkpointer->look(house.figures.engine().store.live_bytes);
        }
        house.look_around();
    });
    world.loop.post_after(tick_period, [weak = weak_from_this()] {
        if (const auto self = weak.lock()) self->tick();
    });
}

void Daemon::Impl::stop(std::function<void()> told) {
    stopped = std::move(told);
    house.log(LogLevel::info, "stopping");
    notify("STOPPING=1");
    house.stopping = true;
    house.stop_opening.request_stop();
    if (house.chain && house.chain->scheduler) house.chain->scheduler->stop();
    house.jobs.stop([weak = weak_from_this()] {
        if (const auto self = weak.lock()) self->jobs_stopped();
    });
}

void Daemon::Impl::jobs_stopped() {
    if (!house.chain || !house.chain->follower) return follower_stopped();
    house.chain->follower->stop([weak = weak_from_this()] {
        if (const auto self = weak.lock()) self->follower_stopped();
    });
}

/// What was begun on the queues is written before anything is closed.
void Daemon::Impl::follower_stopped() {
    house.opening->when_idle([this] {
        house.taking->when_idle(
            [this] { house.queue->when_idle([this] { house.figures.when_idle([this] { queues_idle(); }); }); });
    });
}

void Daemon::Impl::queues_idle() {
    house.api_listener.reset();
    house.retrieval_listener.reset();
    house.api.reset();
    house.preflights.reset();
    house.pay_day.reset();
    house.deals.reset();
    house.deal_book.reset();
    house.markets.reset();
    house.slots.reset();
    house.reputation.reset();
    house.contract_events.reset();
    house.caretaker.reset();
    house.holdings.reset();
    house.till.reset();
    house.desk.reset();
    house.eth.reset();
    house.retrieval.reset();
    house.catalog.set_engine(nullptr);
    house.figures.set_engine(nullptr);
    // The engine waits for layouts that go, so all of it goes on a worker; a download that is not over keeps it longer.
    std::shared_ptr<ChainParts> chain(std::move(house.chain));
    if (chain) {
        chain->follower.reset();
        chain->scheduler.reset();
    }
    world.workers.post([chain = std::move(chain), journal = std::move(house.journal), weak = weak_from_this(),
                        &loop = world.loop]() mutable {
        chain.reset();
        journal.reset();
        loop.post([weak] {
            const auto self = weak.lock();
            if (!self) return;
            self->house.folder.reset();
            self->house.log(LogLevel::info, "stopped");
            if (const auto told = std::exchange(self->stopped, nullptr)) told();
        });
    });
}

Daemon::Daemon(DaemonTools tools, Config config)
    : m_impl(std::make_shared<Impl>(std::move(tools), std::move(config))) {}

Daemon::~Daemon() = default;

void Daemon::start(std::function<void(Result<void>)> started) { m_impl->start(std::move(started)); }

void Daemon::stop(std::function<void()> stopped) { m_impl->stop(std::move(stopped)); }

Endpoint Daemon::api_endpoint() const {
    return m_impl->house.api_listener ? m_impl->house.api_listener->endpoint() : Endpoint{};
}

Endpoint Daemon::retrieval_endpoint() const {
    return m_impl->house.retrieval_listener ? m_impl->house.retrieval_listener->endpoint() : Endpoint{};
}

}    // namespace filfil::service
