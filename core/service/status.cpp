// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/status.hpp"

#include "service/market/preflight_watch.hpp"
#include "service/or_null.hpp"
#include "service/times.hpp"

#include <algorithm>
#include <utility>

namespace filfil::service {
namespace {

using rpc::Json;

Json json_of(const MemoryForecast& forecast) {
    return {{"state", name_of(forecast.state)},
            {"used", forecast.used},
            {"limit", forecast.limit},
            {"bytes_per_hour", static_cast<std::int64_t>(forecast.bytes_an_hour)},
            {"store_bytes_per_hour", static_cast<std::int64_t>(forecast.store_bytes_an_hour)},
            {"hours_left", forecast.hours_left ? Json(*forecast.hours_left) : Json(nullptr)},
            {"sentence", forecast.sentence},
            {"remedy", forecast.remedy}};
}

Json checkpoint_json(const House& house) {
    Json out = {{"age_seconds", nullptr}, {"log_bytes", 0}, {"running", false}, {"error", nullptr}};
    if (!house.chain) return out;
    const Checkpointer& checkpointer = *house.chain->checkpointer;
    if (checkpointer.last_at())
        out["age_seconds"] =
            seconds_of(std::max(Clock::Duration::zero(), house.world.clock.wall() - *checkpointer.last_at()));
    out["log_bytes"] = house.chain->engine->log_bytes();
    out["running"] = checkpointer.running();
    if (checkpointer.last_error()) out["error"] = checkpointer.last_error()->text();
    return out;
}

Json sync_json(const node::FollowerStatus& status) {
    return {{"head_changes", status.head_changes},
            {"tipsets", status.tipsets},
            {"reverted", status.reverted},
            {"connects", status.connects},
            {"blocks_read", status.blocks_read},
            {"bytes_read", status.bytes_read},
            {"wrong_answers", status.wrong_answers},
            {"last_blocks", status.last_blocks},
            {"last_bytes", status.last_bytes},
            {"last_read_seconds", rounded_seconds(status.last_read_seconds)},
            {"last_apply_seconds", rounded_seconds(status.last_apply_seconds)}};
}

Json retrieval_json(const House& house) {
    if (!house.retrieval) return nullptr;
    const retrieval::Server::Counters counters = house.retrieval->counters();
    const retrieval::Catalog::Counts counts = house.catalog.counts();
    return {{"listen", house.retrieval_listener ? Json(text_of(house.retrieval_listener->endpoint())) : Json(nullptr)},
            {"requests", counters.requests},
            {"bytes", counters.bytes},
            {"in_flight", counters.in_flight},
            {"not_found", counters.not_found},
            {"refused", counters.refused},
            {"pieces_in_memory", counts.in_memory},
            {"pieces_in_files", counts.in_files}};
}

struct Why {
    std::string why;
    std::string remedy;
};

Why why_of(const House& house) {
    if (house.open_error) return {house.open_error->message, house.open_error->remedy};
    if (!house.chain) return {house.stage, ""};
    if (!house.chain->follower) return {house.stage, ""};
    const node::FollowerStatus& status = house.chain->follower->status();
    return {status.why, status.remedy};
}

double progress_of(const House& house) {
    if (house.chain && house.chain->follower) {
        const node::FollowerStatus& status = house.chain->follower->status();
        return status.state == node::SyncState::bootstrapping ? status.bootstrap_progress : 1;
    }
    return house.progress ? house.progress->part() : 0;
}

}    // namespace

Json status_of(const House& house) {
    const Why why = why_of(house);
    const node::FollowerStatus none{};
    const bool following = house.chain && house.chain->follower;
    const node::FollowerStatus& follower = following ? house.chain->follower->status() : none;
    const snapshot::EngineStats& engine = house.figures.engine();
    const auto head = house.head();
    const auto durable = house.chain ? house.chain->engine->not_durable() : std::nullopt;
    Json alerts = Json::array();
    for (const Alert& alert : house.alerts.list()) alerts.push_back(service::json_of(alert));
    Json out = {{"network", house.config.network},
                {"head_epoch", following ? std::max(follower.node_head.value, head ? head->value : 0)
                               : head    ? head->value
                                         : 0},
                {"synced_epoch", head ? head->value : 0},
                {"lag", follower.lag},
                {"blocks", engine.store.live_blocks},
                {"bytes", engine.store.live_bytes},
                {"pinned_roots", engine.store.pins},
                {"holds", house.chain ? house.chain->holds->all().size() : 0},
                {"rss", house.figures.memory().rss},
                {"state", name_of(house.state())},
                {"why", why.why},
                {"remedy", why.remedy},
                {"progress", progress_of(house)}};
    out["version"] = house.tools.version;
    out["started_at"] = seconds_of(house.started_at);
    out["node"] = follower.node;
    out["node_version"] = follower.node_version;
    out["behind_clock"] = follower.behind_clock;
    out["finalized_epoch"] = epoch_or_null(house.finalized());
    out["finality"] = follower.finality_from_f3 ? "f3" : "ec";
    out["tipsets"] = engine.tipsets;
    out["headers"] = engine.headers;
    out["stored_blocks"] = engine.store.stored_blocks;
    out["store_bytes"] = engine.store.arena_bytes + engine.store.index_bytes;
    out["memory"] = json_of(house.figures.forecast());
    out["durable"] = house.chain != nullptr && !durable;
    out["not_durable"] = durable ? Json(durable->text()) : Json(nullptr);
    out["checkpoint"] = checkpoint_json(house);
    out["snapshots"] = house.chain && house.chain->snapshots ? house.chain->snapshots->kept() : 0;
    out["layouts"] = house.chain && house.chain->snapshots ? house.chain->snapshots->laid_out() : 0;
    out["schedules"] = house.chain && house.chain->scheduler ? house.chain->scheduler->list().size() : 0;
    out["jobs_running"] = house.jobs.running();
    out["jobs_queued"] = house.jobs.queued();
    out["device"] = house.tools.backend.name();
    out["sync"] = sync_json(follower);
    out["retrieval"] = retrieval_json(house);
    out["retention"] = house.caretaker ? house.caretaker->json() : Json(nullptr);
    out["alerts"] = std::move(alerts);
    return out;
}

std::vector<Alert> alerts_of(const House& house) {
    using Severity = Alert::Severity;
    std::vector<Alert> out;
    const auto add = [&](std::string code, Severity severity, std::string message, std::string remedy) {
        out.push_back({.code = std::move(code),
                       .severity = severity,
                       .message = std::move(message),
                       .remedy = std::move(remedy)});
    };
    const Why why = why_of(house);
    switch (house.state()) {
        case node::SyncState::failed: add("failed", Severity::error, why.why, why.remedy); break;
        case node::SyncState::rebootstrap_needed:
            add("rebootstrap_needed", Severity::error, why.why, why.remedy);
            break;
        case node::SyncState::node_lost: add("node_lost", Severity::error, why.why, why.remedy); break;
        default: break;
    }
    const MemoryForecast forecast = house.figures.forecast();
    if (forecast.state == MemoryForecast::State::low || forecast.state == MemoryForecast::State::over)
        add("memory", forecast.state == MemoryForecast::State::over ? Severity::error : Severity::warning,
            forecast.sentence, forecast.remedy);
    if (!house.chain) return out;
    if (const auto behind = house.chain->engine->not_durable(); behind && house.head())
        add("not_durable", Severity::error, "what came since the last checkpoint is in memory only: " + behind->message,
            behind->remedy.empty() ? "make room on the disk; a new checkpoint is then written by itself"
                                   : behind->remedy);
    if (house.chain->holds->not_saved())
        add("journal", Severity::error, "the journal cannot be written: " + house.chain->holds->not_saved()->message,
            "make room on the disk of the data folder");
    if (house.chain->follower && house.chain->follower->status().behind_clock > 20)
        add("node_behind", Severity::warning,
            "the node's head is " + std::to_string(house.chain->follower->status().behind_clock) +
                " epochs behind the clock",
            "look whether the node is in sync and the clock is right");
    if (house.chain->scheduler)
        for (const ScheduleInfo& schedule : house.chain->scheduler->list())
            if (schedule.given_up)
                add("schedule_" + schedule.id, Severity::error,
                    "the snapshot of epoch " + std::to_string(schedule.given_up->value) +
                        " was given up: " + (schedule.error ? schedule.error->message : ""),
                    schedule.error ? schedule.error->remedy : "");
    if (house.desk_error) add("contract", Severity::error, house.desk_error->message, house.desk_error->remedy);
    if (house.desk && house.desk->trouble())
        add("contract", Severity::error, "the contract cannot be read: " + house.desk->trouble()->message,
            house.desk->trouble()->remedy);
    if (house.till)
        if (const auto low = house.till->running_low(); low && house.desk)
            add("gas_low", Severity::warning, *low, "send some FIL to it, or lower incentive.gas_alarm");
    if (house.slots)
        for (Alert& alert : house.slots->alerts()) out.push_back(std::move(alert));
    if (house.caretaker)
        for (Alert& alert : house.caretaker->alerts()) out.push_back(std::move(alert));
    if (house.market_error) add("market", Severity::error, house.market_error->message, house.market_error->remedy);
    if (house.deals)
        for (Alert& alert : house.deals->alerts()) out.push_back(std::move(alert));
    if (house.preflights)
        for (Alert& alert : house.preflights->alerts()) out.push_back(std::move(alert));
    return out;
}

std::vector<retrieval::Metric> metrics_of(const House& house) {
    using Kind = retrieval::Metric::Kind;
    std::vector<retrieval::Metric> out;
    const auto add = [&](std::string name, std::string help, double value, Kind kind = Kind::gauge) {
        out.push_back({.name = "filfil_" + std::move(name), .help = std::move(help), .kind = kind, .value = value});
    };
    const auto number = [](auto value) { return static_cast<double>(value); };
    const node::FollowerStatus none{};
    const node::FollowerStatus& follower =
        house.chain && house.chain->follower ? house.chain->follower->status() : none;
    const snapshot::EngineStats& engine = house.figures.engine();
    const auto head = house.head();
    const auto finalized = house.finalized();
    add("head_epoch", "Epoch of the node's head", number(follower.node_head.value));
    add("synced_epoch", "Epoch of the head that is kept here", number(head ? head->value : 0));
    add("lag_epochs", "Epochs between the two", number(follower.lag));
    add("behind_clock_epochs", "Epochs between the node's head and the clock", number(follower.behind_clock));
    add("finalized_epoch", "Newest epoch that cannot be reverted", number(finalized ? finalized->value : 0));
    for (const node::SyncState state :
         {node::SyncState::bootstrapping, node::SyncState::catching_up, node::SyncState::synced,
          node::SyncState::node_lost, node::SyncState::rebootstrap_needed, node::SyncState::failed})
        out.push_back({.name = "filfil_state",
                       .help = "1 for the state that holds",
                       .labels = {{"state", std::string(name_of(state))}},
                       .value = house.state() == state ? 1.0 : 0.0});
    add("blocks", "Blocks that are kept", number(engine.store.live_blocks));
    add("block_bytes", "Bytes of their sections", number(engine.store.live_bytes));
    add("store_bytes", "Memory of the block store", number(engine.store.arena_bytes + engine.store.index_bytes));
    add("pinned_roots", "Roots that are pinned", number(engine.store.pins));
    add("resident_bytes", "Memory of the process", number(house.figures.memory().rss));
    add("holds", "Holds", number(house.chain ? house.chain->holds->all().size() : 0));
    add("layouts", "Snapshots that are laid out in memory",
        number(house.chain && house.chain->snapshots ? house.chain->snapshots->laid_out() : 0));
    add("jobs_running", "Jobs that run", number(house.jobs.running()));
    add("log_bytes", "Log since the checkpoint", number(house.chain ? house.chain->engine->log_bytes() : 0));
    add("durable", "1 where the folder has the latest state",
        house.chain && !house.chain->engine->not_durable() ? 1.0 : 0.0);
    add("alerts", "Alerts", number(house.alerts.list().size()));
    add("head_changes_total", "Head changes applied", number(follower.head_changes), Kind::counter);
    add("tipsets_total", "Tipsets applied", number(follower.tipsets), Kind::counter);
    add("reverted_total", "Tipsets reverted", number(follower.reverted), Kind::counter);
    add("node_connects_total", "Connections to nodes", number(follower.connects), Kind::counter);
    add("node_blocks_read_total", "Blocks read from nodes", number(follower.blocks_read), Kind::counter);
    add("node_bytes_read_total", "Bytes read from nodes", number(follower.bytes_read), Kind::counter);
    add("node_wrong_answers_total", "Answers of nodes that were wrong", number(follower.wrong_answers), Kind::counter);
    add("last_apply_seconds", "From the last byte of a head change until it was durable", follower.last_apply_seconds);
    add("last_read_seconds", "Reading what a head change needed", follower.last_read_seconds);
    return out;
}

}    // namespace filfil::service
