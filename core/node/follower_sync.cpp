// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "node/follower_impl.hpp"

#include "car/writer.hpp"

#include <algorithm>
#include <span>
#include <utility>

namespace filfil::node {
namespace {

using Type = chain::HeadChange::Type;

/// Dead blocks that are freed with a head change, and in one go when nothing else is to do.
constexpr std::uint64_t tick_blocks = 20'000;

constexpr unsigned most_rounds = 16;

/// What of an array leads on from `at`, if it does: an array that begins with what was applied already is taken from
/// there.
template <class Steps>
std::optional<std::size_t> leads_on(const chain::TipsetKey& at, const Steps& steps) {
    std::size_t begin = 0;
    for (std::size_t i = 0; i < steps.size(); ++i)
        if (steps[i].change.type != Type::revert && steps[i].change.key == at) begin = i + 1;
    const chain::TipsetKey* top = &at;
    for (std::size_t i = begin; i < steps.size(); ++i) {
        switch (steps[i].change.type) {
            case Type::current: return std::nullopt;
            case Type::revert:
                if (steps[i].change.key != *top) return std::nullopt;
                top = &steps[i].parents;
                break;
            case Type::apply:
                if (steps[i].parents != *top) return std::nullopt;
                top = &steps[i].change.key;
                break;
        }
    }
    return begin;
}

template <class Steps>
std::size_t applies_in(const Steps& steps) {
    return static_cast<std::size_t>(
        std::ranges::count_if(steps, [](const auto& step) { return step.change.type == Type::apply; }));
}

}    // namespace

void Follower::Impl::step() {
    if (stopping || busy || !link || !subscribed) return;
    if (head.empty()) return bootstrap();
    if (!path.empty()) return work_off();

    Steps next;
    chain::TipsetKey top = head;
    while (!told.empty() && applies_in(next) < options.tipsets_at_once) {
        const auto begin = leads_on(top, told.front());
        if (!begin) break;
        for (std::size_t i = *begin; i < told.front().size(); ++i) {
            Step& step = told.front()[i];
            top = step.change.type == Type::revert ? step.parents : step.change.key;
            next.push_back(std::move(step));
        }
        told.pop_front();
    }
    if (!next.empty()) return gather(std::move(next));
    told.clear();
    if (target != head && target != behind) return catch_up();
    rest();
}

void Follower::Impl::catch_up() {
    busy = true;
    const bool waits_for_somebody = status.state == SyncState::rebootstrap_needed || status.state == SyncState::failed;
    if (target_epoch.value - head_epoch.value > near_epochs && !waits_for_somebody) set_state(SyncState::catching_up);
    if (path_failed) return descend(target);
    link->path(head, target,
               here([this](Result<std::vector<JsonHeadChange>> answer) { take_path(std::move(answer)); }));
}

void Follower::Impl::take_path(Result<std::vector<JsonHeadChange>> answer) {
    busy = false;
    if (!answer.ok()) {
        // It may not know the head that is kept here: headers are read from its own downwards then.
        log(LogLevel::info, answer.error().text() + "; reading headers instead");
        path_failed = true;
        return step();
    }
    Steps steps = steps_of(std::move(*answer));
    const auto begin = leads_on(head, steps);
    if (!begin || *begin == steps.size()) {
        path_failed = true;
        return step();
    }
    path.assign(std::make_move_iterator(steps.begin() + static_cast<std::ptrdiff_t>(*begin)),
                std::make_move_iterator(steps.end()));
    work_off();
}

/// All reverts and some of what is applied: as far as its blocks are read side by side.
void Follower::Impl::work_off() {
    Steps next;
    std::size_t applies = 0;
    while (!path.empty() && applies < options.tipsets_at_once) {
        applies += path.front().change.type == Type::apply ? 1 : 0;
        next.push_back(std::move(path.front()));
        path.pop_front();
    }
    gather(std::move(next));
}

/// A node that is behind, or on a fork that lost, would take back what is final: what was done since then because it
/// cannot change (a snapshot that was committed to, one that is stored) would be wrong.
bool Follower::Impl::leaves_what_is_final(const Steps& steps) const {
    return status.finalized && first.empty() && std::ranges::any_of(steps, [&](const Step& step) {
               return step.change.type == Type::revert && step.change.epoch <= *status.finalized;
           });
}

void Follower::Impl::stay_with_what_is_final(const Steps& steps) {
    if (applies_in(steps) == 0 && path.empty()) {
        log(LogLevel::info, link->name() + " is at epoch " + std::to_string(target_epoch.value) +
                                ", behind the chain here, of which epoch " + std::to_string(status.finalized->value) +
                                " is final");
        behind = target;
        return step();
    }
    lose(Error(ErrorCode::mismatch,
               link->name() + " is on a chain that parts from this one before epoch " +
                   std::to_string(status.finalized->value) + ", which is final; its head is at epoch " +
                   std::to_string(target_epoch.value),
               "it is tried again, after the other nodes; if it stays so, look at that node's peers"),
         SyncState::catching_up);
}

void Follower::Impl::gather(Steps steps) {
    if (leaves_what_is_final(steps)) return stay_with_what_is_final(steps);
    busy = true;
    current = std::move(steps);
    ahead.clear();
    ahead_cids.clear();
    changes.clear();
    rounds = 0;
    gather_start = last_byte = world.clock.steady();
    gathering = std::make_unique<Gathering>(engine.engine().store(), blocks,
                                            Gathering::Limits{.blocks = options.migration_blocks});
    ++gathering_number;
    for (Step& step : current) {
        changes.push_back(step.change);
        if (step.change.type != Type::apply) continue;
        for (std::size_t i = 0; i < step.headers.size(); ++i)
            if (!step.headers[i].empty()) blocks.add(step.change.key[i], std::move(step.headers[i]));
        step.headers.clear();
        if (auto wanted = gathering->want_tipset(step.change.key); !wanted.ok()) return give_up(wanted.error());
    }
    pump();
}

void Follower::Impl::pump() {
    if (gathering->done() && delayed == 0) {
        if (!writing_ahead) apply();
        return;
    }
    const std::size_t reading = link->reading();
    const std::size_t window = 2 * options.reads_in_flight;
    if (reading >= window) return;
    for (const ipld::Cid& cid : gathering->next(window - reading))
        link->read(cid, here([this, cid, number = gathering_number](Result<Bytes> data) {
                       if (number == gathering_number && gathering) take_block(cid, std::move(data));
                   }));
}

void Follower::Impl::take_block(const ipld::Cid& cid, Result<Bytes> data) {
    if (!data.ok()) {
        if (data.error().code == ErrorCode::corrupt) ++status.wrong_answers;
        return ask_again(cid, data.error());
    }
    const std::size_t size = data->size();
    auto taken = gathering->take(cid, std::move(*data));
    if (!taken.ok()) {
        if (taken.error().code != ErrorCode::mismatch) return give_up(taken.error());
        ++status.wrong_answers;
        return ask_again(cid, taken.error());
    }
    ++status.blocks_read;
    status.bytes_read += size;
    if (!first.empty() && gathering->lowest() && first_epoch.value > 0)
        status.bootstrap_progress =
            1 - static_cast<double>(gathering->lowest()->value) / static_cast<double>(first_epoch.value);
    last_byte = world.clock.steady();
    if (first.empty()) write_ahead(cid);
    pump();
}

/// Blocks go to the engine's log while others are on their way: then the change is durable soon after its last byte.
void Follower::Impl::write_ahead(const ipld::Cid& cid) {
    if (const Bytes* data = blocks.find(cid)) {
        car::append_section(ahead, cid.bytes(), *data);
        ahead_cids.push_back(cid);
    }
    if (writing_ahead || ahead.size() < options.log_ahead) return;
    writing_ahead = true;
    run(
        [this, sections = std::exchange(ahead, {}), cids = std::exchange(ahead_cids, {})] {
            engine.write_ahead(sections, cids);
            return true;
        },
        [this](bool) {
            writing_ahead = false;
            if (gathering) return pump();
            // The node was lost meanwhile.
            busy = running > 0;
            step();
        });
}

/// Before a block is asked for once more.
Clock::Duration Follower::Impl::delay_of(unsigned attempt) const {
    return options.retry_least / 10 * (1U << std::min(attempt - 1, 10U));
}

void Follower::Impl::ask_again(const ipld::Cid& cid, const Error& why) {
    const unsigned attempt = ++attempts[cid];
    if (attempt >= options.read_attempts) return give_up(why);
    ++delayed;
    world.loop.post_after(delay_of(attempt), here([this, cid, number = gathering_number] {
                              if (number != gathering_number || !gathering) return;
                              --delayed;
                              gathering->put_back(cid);
                              pump();
                          }));
}

/// What is missing cannot be had from this node.
void Follower::Impl::give_up(const Error& why) {
    if (why.code == ErrorCode::too_large) {
        lose(why, SyncState::rebootstrap_needed);
        return retry_after(options.retry_most);
    }
    if (why.code != ErrorCode::not_found) return lose(why, SyncState::catching_up);
    if (++missing_in_a_row < options.nodes.size()) return lose(why, SyncState::catching_up);
    const std::string epoch =
        current.empty() ? "the head" : "epoch " + std::to_string(current.back().change.epoch.value);
    lose(
        Error(ErrorCode::not_found, why.message + ": no node has all of the state of " + epoch + " any more, or yet",
              "if it stays so, take a newer snapshot and start again with --bootstrap, or follow a node that keeps its "
              "states longer"),
        SyncState::rebootstrap_needed);
}

void Follower::Impl::apply() {
    // It may have become so while blocks were read.
    if (leaves_what_is_final(current)) {
        busy = false;
        gathering.reset();
        ++gathering_number;
        return stay_with_what_is_final(current);
    }
    status.last_blocks = gathering->blocks();
    status.last_bytes = gathering->bytes();
    status.last_read_seconds = seconds_between(gather_start, last_byte);
    const bool starting = !first.empty();
    run(
        [this, starting, chosen = first] {
            auto done = starting ? engine.start(chosen, blocks) : engine.apply(changes, blocks);
            const double seconds = seconds_between(last_byte, world.clock.steady());
            if (done.ok()) (void)engine.tick(tick_blocks);
            return std::pair(std::move(done), seconds);
        },
        [this, starting](std::pair<Result<void>, double> done) {
            applied(std::move(done.first), done.second, starting);
        });
}

void Follower::Impl::applied(Result<void> done, double seconds, bool starting) {
    if (!done.ok()) return not_applied(done.error(), starting);
    missing_in_a_row = 0;
    failures = 0;
    blocks.clear();
    attempts.clear();
    gathering.reset();
    ++gathering_number;
    busy = false;
    settled = false;
    if (starting) return bootstrapped({});
    ++status.head_changes;
    for (const chain::HeadChange& change : changes) {
        status.tipsets += change.type == Type::apply ? 1 : 0;
        status.reverted += change.type == Type::revert ? 1 : 0;
    }
    status.last_apply_seconds = seconds;
    read_head();
    update_lag();
    if (status.lag > near_epochs) set_state(SyncState::catching_up);
    events.on_head(changes);
    ask_finality();
    step();
}

void Follower::Impl::not_applied(const Error& why, bool starting) {
    const std::vector<ipld::Cid> missing = blocks.take_missing();
    if (!missing.empty() && gathering && link && !starting && ++rounds < most_rounds) {
        for (const ipld::Cid& cid : missing) {
            const bool header = std::ranges::any_of(
                changes, [&](const auto& change) { return std::ranges::find(change.key, cid) != change.key.end(); });
            if (auto wanted = gathering->want_again(cid, header); !wanted.ok()) return give_up(wanted.error());
        }
        return pump();
    }
    gathering.reset();
    ++gathering_number;
    busy = false;
    first.clear();
    read_head();
    if (why.code == ErrorCode::too_large) {
        lose(why, SyncState::failed);
        return retry_after(options.retry_most);
    }
    // Whatever it was, beginning anew from the engine's head is right; blocks that are at hand need not be read again.
    if (!link) return;
    lose(why, head.empty() ? SyncState::bootstrapping : SyncState::catching_up);
}

void Follower::Impl::rest() {
    update_lag();
    failures = 0;
    set_state(SyncState::synced);
    if (settled) return;
    busy = true;
    run([this] { return engine.tick(tick_blocks, snapshot::Tidiness::thorough); },
        [this](Result<bool> done) {
            busy = false;
            if (!done.ok()) log(LogLevel::error, done.error().text());
            settled = !done.ok() || *done;
            step();
        });
}

}    // namespace filfil::node
