// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "simulation_run.hpp"

#include <optional>
#include <utility>

// What comes when all faults are over, and what has to be right then.

namespace filfil::sim {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

void Simulation::calm() {
    trace.add("peace");
    m_node_down = 0;
    m_paid->calm();
    network.set_hook({});
    calm_down();
    for (const auto& devnet : devnets)
        for (const node::Fault fault : node::all_faults) devnet->set_fault(fault, 0);
}

bool Simulation::until(const std::string& what, const std::function<bool()>& there, Clock::Duration limit) {
    const Clock::Duration end = clock.steady() + limit;
    while (clock.steady() < end) {
        look_after_process();
        if (m_process && there()) return true;
        clock.advance(seconds(2));
    }
    wrong("a hang: not " + what);
    return false;
}

bool Simulation::come_in_step() {
    std::string last;
    const bool there = until(
        "in step with the chain's last head",
        [&] {
            const auto status = ask("FilFil.Status");
            if (!status) return false;
            last = status->dump();
            if (status->at("state") == "failed") (void)ask("FilFil.Retry");
            for (const auto& devnet : devnets)
                if (!devnet->status().ended) return false;
            return status->at("state") == "synced" && status->at("durable") == true &&
                   status->at("synced_epoch") == Json(chain->last().epoch.value);
        },
        hours(2));
    if (!there) wrong("the last status: " + last);
    return there;
}

bool Simulation::all_quiet() {
    std::string last;
    const bool there = until(
        "done with its jobs and schedules",
        [&] {
            look_at_schedules();
            user.look_at_jobs();
            const auto schedules = ask("FilFil.Schedules");
            const auto jobs = ask("FilFil.Jobs");
            const auto status = ask("FilFil.Status");
            if (!schedules || !jobs || !status) return false;
            last = schedules->dump() + jobs->dump();
            // The follower asks what is final when a head comes, and none comes any more: so it, and those behind it,
            // may wait.
            bool waits = false;
            for (const Json& job : jobs->at("jobs")) waits = waits || job.at("stage") == "waiting for finality";
            for (const Json& job : jobs->at("jobs")) {
                if (waits && job.at("kind") == "transaction") continue;
                if (job.at("state") == "queued" || job.at("state") == "running") return false;
            }
            for (const Json& schedule : schedules->at("schedules"))
                for (const Json& waiting : schedule.at("waiting")) {
                    // Nothing is known to be final where the daemon started after the last head.
                    const Json& finalized = status->at("finalized_epoch");
                    const bool later = schedule.at("finalized").get<bool>() &&
                                       (!finalized.is_number() ||
                                        waiting.at("epoch").get<std::int64_t>() > finalized.get<std::int64_t>());
                    if (!later) return false;
                }
            return true;
        },
        hours(1));
    if (!there) wrong("what was left: " + last);
    return there;
}

void Simulation::last_snapshot() {
    for (const auto& [method, params] : {std::pair<std::string, Json>{"FilFil.TakeSnapshot", {{"sha256", true}}},
                                         {"FilFil.Audit", {{"repair", false}}}}) {
        const auto begun = ask(method, params);
        if (!begun || !begun->contains("job")) return wrong(method + " was not begun at the end");
        std::optional<Json> job;
        if (!until(
                "done with " + method,
                [&] {
                    job = ask("FilFil.Job", {{"id", begun->at("job")}});
                    return job && job->at("state") != "queued" && job->at("state") != "running";
                },
                minutes(30)))
            return;
        if (job->at("state") != "done") wrong(method + " failed at the end: " + job->dump());
        if (method == "FilFil.Audit" && job->at("state") == "done" && job->at("result").at("good") != true)
            wrong("the audit at the end: " + job->dump());
    }
    user.look_at_jobs();
    look_at_schedules();
    clock.advance(seconds(5));
}

/// The slot's target is final now, and all that can go wrong while it is staged does.
void Simulation::stage_under_fire() {
    trace.add("staging under fire");
    m_net_rate = one_in(3) ? 0 : pick(1, 40);
    network.set_hook([this](Delivery& delivery) { return fate_of(delivery); });
    for (std::uint64_t turns = pick(15, 40); turns > 0; --turns) {
        look_after_process();
        wait();
        look_after_process();
        m_paid->act([this](const std::string& method, Json params) { user.call(method, std::move(params)); });
        if (!one_in(3) || !m_process) continue;
        if (one_in(2)) {
            if (m_crash_planned) continue;
            plan_power_loss(pick(1, 40));
        } else {
            kill(0, 9);
        }
    }
    calm();
}

/// However often it was asked for, and whatever came between: the slot is staged, once.
void Simulation::stage_in_the_end() {
    std::string last;
    std::optional<std::uint64_t> number;
    bool too_late = false;
    int patience = 100;
    const bool there = until(
        "staged",
        [&] {
            if (!number) {
                const auto begun = ask("FilFil.Incentivize", m_paid->wanted());
                if (begun && begun->contains("job")) number = begun->at("job").get<std::uint64_t>();
                return false;
            }
            const auto job = ask("FilFil.Job", {{"id", *number}});
            if (job) last = job->dump();
            const auto jobs = ask("FilFil.Jobs");
            if (!job || !jobs) return false;
            if (job->at("state") == "queued" || job->at("state") == "running") {
                // The follower asks what is final when a head comes, and none comes any more: it, or one before it,
                // waits.
                bool waits = false;
                for (const Json& one : jobs->at("jobs")) waits = waits || one.at("stage") == "waiting for finality";
                too_late = waits && --patience == 0;
                return too_late;
            }
            if (job->at("state") != "done") {
                // Nobody was there to hold it in time: it is final twenty epochs late, and the window has ten.
                too_late = last.find("needs older state than is kept") != std::string::npos;
                number.reset();
                return too_late;
            }
            if (!m_paid->settled()) return false;
            return true;
        },
        hours(2));
    if (!there) wrong("the last answer to FilFil.Incentivize: " + last);
    if (too_late) return;
    ++m_outcome.staged;
    m_outcome.reorged += m_paid->reorged();
    for (const std::string& what : m_paid->findings()) wrong(what);
}

void Simulation::check_holds() {
    const auto holds = ask("FilFil.Holds");
    const auto schedules = ask("FilFil.Schedules");
    if (!holds || !schedules) return wrong("the API does not answer at the end");
    std::map<std::uint64_t, Json> there;
    for (const Json& hold : holds->at("holds")) there[hold.at("number").get<std::uint64_t>()] = hold;
    for (const auto& [number, hold] : user.holds)
        if (!there.contains(number) || there[number].at("head") != hold.at("head"))
            wrong("hold " + std::to_string(number) + " was promised, and is gone");
    for (const auto& [number, hold] : there) {
        if (hold.at("kind") == "take") wrong("a hold of a job that is over: " + hold.dump());
        if (hold.at("kind") != "schedule") continue;
        bool waited_for = false;
        for (const Json& schedule : schedules->at("schedules"))
            for (const Json& waiting : schedule.at("waiting"))
                waited_for = waited_for || waiting.at("hold") == Json(number);
        if (!waited_for) wrong("a schedule's hold that it does not have: " + hold.dump());
    }
    for (const auto& [id, schedule] : user.schedules) {
        bool found = false;
        for (const Json& one : schedules->at("schedules")) found = found || one.at("id") == Json(id);
        if (!found) wrong("schedule " + id + " was promised, and is gone");
    }
}

void Simulation::look_at_disk() {
    if (!stop()) return wrong("the power went at the end");
    for (const std::string& path : files.paths())
        if (path.ends_with(".part")) wrong(path + " was left");
    auto journal = journal::open_sqlite_journal("/data/journal.db", clock, vfs.options());
    if (!journal.ok()) return wrong("the journal at the end: " + journal.error().text());
    snapshot::EngineOptions options;
    options.store.arena = {.segment_bits = 16, .huge_pages = false};
    options.recent_stateroots = window;
    options.slack = slack;
    Findings found;
    check_engine(found, files, "/data/engine", options, clock, *chain, **journal);
    m_outcome.snapshots = check_snapshots(found, **journal, *chain, acknowledged, user, files, m_hasher);
    m_outcome.scheduled = check_schedules(found, **journal, *chain, acknowledged, user, m_given_up);
    for (const std::string& what : found.wrong) wrong(what);
}

}    // namespace filfil::sim
