// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "node/devnet/devnet_impl.hpp"

#include <algorithm>

namespace filfil::node {
namespace {

using chain::HeadChange;
using Known = DevnetChain::Known;

/// How far behind the head F3 finalises here; no event goes back so far.
constexpr std::int64_t f3_distance = 20;

/// How often subscribers are looked at that have not taken all yet.
constexpr Clock::Duration look_again = std::chrono::milliseconds(1);

/// Tipsets that Fault::reorg takes back at most.
constexpr std::uint64_t most_taken_back = 5;

std::string_view name_of_end(bool failed) {
    return failed ? "the devnet's chain broke off" : "the devnet's chain ended";
}

}    // namespace

Result<void> Devnet::Impl::begin(std::uint64_t events) {
    FILFIL_TRY(const chain::HeadChanges first, chain->step());
    if (first.empty()) return Error(ErrorCode::invalid_argument, "a devnet needs a chain with a head");
    FILFIL_TRY(head, chain->tipset(first.back().key));
    FILFIL_TRY(genesis, chain->at(Epoch{0}, *head));
    finalized = genesis;
    FILFIL_CHECK(take(first));
    for (; event < events; ++event) {
        FILFIL_TRY(const chain::HeadChanges changes, chain->step());
        if (changes.empty()) break;
        FILFIL_CHECK(take(changes));
    }
    return {};
}

/// The head is where the changes lead.
Result<void> Devnet::Impl::take(const chain::HeadChanges& changes) {
    const HeadChange& last = changes.back();
    FILFIL_TRY(head, chain->tipset(last.key));
    if (last.type == HeadChange::Type::revert) {
        FILFIL_TRY(head, chain->parent(*head));
    }
    const Epoch epoch{std::max<std::int64_t>(0, head->epoch.value - f3_distance)};
    if (epoch > finalized->epoch) {
        FILFIL_TRY(finalized, chain->at(epoch, *head));
    }
    return {};
}

Result<void> Devnet::Impl::emit(const chain::HeadChanges& changes) {
    const Epoch before = head->epoch;
    FILFIL_CHECK(take(changes));
    Epoch common = before;
    for (const HeadChange& change : changes) {
        if (change.type != HeadChange::Type::revert) continue;
        FILFIL_TRY(const Known* reverted, chain->tipset(change.key));
        FILFIL_TRY(const Known* below, chain->parent(*reverted));
        common = below->epoch;
    }
    if (evm != nullptr) evm->follow(common, head->epoch);
    tell(changes);
    if (told_of_head) told_of_head(changes, event);
    return {};
}

void Devnet::Impl::tell(const chain::HeadChanges& changes) {
    auto json = head_changes_json(*chain, changes);
    if (!json.ok()) {
        world.log.write(LogLevel::error, "node", "a head change cannot be told: " + json.error().text());
        return;
    }
    const auto text = std::make_shared<const std::string>(text_of(*json));
    const std::size_t buffer = lotus() ? 16 : 10;
    // A session that breaks leaves the map meanwhile.
    std::vector<SessionPtr> all;
    for (const auto& [number, session] : sessions) all.push_back(session);
    for (const SessionPtr& session : all) {
        bool breaks = false;
        for (Channel& channel : session->channels) {
            if (!channel.notifies || channel.ending) continue;
            breaks = breaks || happens(Fault::drop);
            if (happens(Fault::channel_close)) channel.ending = true;
            if (channel.ending || happens(Fault::lost_event)) continue;
            for (int times = happens(Fault::repeat_event) ? 2 : 1; times > 0; --times) channel.pending.push_back(text);
        }
        if (breaks) {
            break_off(session);
            continue;
        }
        pump(session);
        // Whoever has not taken these by now is a slow reader.
        for (Channel& channel : session->channels) channel.ending = channel.ending || channel.pending.size() > buffer;
    }
}

/// Plans a head change there and back, as a fault.
Result<void> Devnet::Impl::reorganise() {
    chain::HeadChanges back;
    chain::HeadChanges again;
    const std::uint64_t count = 1 + random.below(most_taken_back);
    const Known* at = head;
    while (back.size() < count && at->epoch > finalized->epoch && at->epoch.value > 0) {
        back.push_back({HeadChange::Type::revert, at->key, at->epoch});
        again.insert(again.begin(), {HeadChange::Type::apply, at->key, at->epoch});
        FILFIL_TRY(at, chain->parent(*at));
    }
    if (back.empty()) return {};
    if (random.below(2) == 0) {
        back.insert(back.end(), again.begin(), again.end());
        pending_changes.push_back(std::move(back));
    } else {
        pending_changes.push_back(std::move(back));
        pending_changes.push_back(std::move(again));
    }
    return {};
}

/// What Fault::reorg left undone, then the chain's next event.
Result<bool> Devnet::Impl::next_event() {
    while (!pending_changes.empty()) {
        const chain::HeadChanges changes = std::move(pending_changes.front());
        pending_changes.pop_front();
        FILFIL_CHECK(emit(changes));
    }
    FILFIL_TRY(const chain::HeadChanges changes, chain->step());
    if (changes.empty()) {
        ended = true;
        return false;
    }
    ++event;
    FILFIL_CHECK(emit(changes));
    return true;
}

void Devnet::Impl::advance() {
    const auto step = [&]() -> Result<bool> {
        if (pending_changes.empty() && happens(Fault::reorg)) FILFIL_CHECK(reorganise());
        if (pending_changes.empty()) return next_event();
        const chain::HeadChanges changes = std::move(pending_changes.front());
        pending_changes.pop_front();
        FILFIL_CHECK(emit(changes));
        return true;
    };
    const auto stepped = step();
    if (stepped.ok() && *stepped) return;
    ended = true;
    std::string why(name_of_end(!stepped.ok()));
    if (!stepped.ok()) why += ": " + stepped.error().text();
    world.log.write(stepped.ok() ? LogLevel::info : LogLevel::error, "node", why);
}

void Devnet::Impl::schedule() {
    const std::uint64_t number = ++timer;
    if (!started || paused || ended) return;
    Clock::Duration delay = options.period;
    if (options.by_clock && delay > Clock::Duration::zero())
        if (const auto due = chain->due(Epoch{head->epoch.value + 1}))
            delay = std::clamp(*due - world.clock.wall(), options.period / 20, options.period * 4);
    post([this, number] { tick(number); }, delay);
}

void Devnet::Impl::tick(std::uint64_t number) {
    if (number != timer || paused) return;
    if (evm != nullptr && evm->is_at_work()) return post([this, number] { tick(number); }, look_again);
    if (options.period == Clock::Duration::zero()) {
        // Without a subscriber nothing happens until one comes.
        const bool any = std::ranges::any_of(sessions, [](const auto& entry) {
            return std::ranges::any_of(entry.second->channels, &Channel::notifies);
        });
        if (!any) return;
        if (!subscribers_ready()) return post([this, number] { tick(number); }, look_again);
    }
    advance();
    schedule();
}

bool Devnet::Impl::subscribers_ready() const {
    return std::ranges::all_of(sessions, [](const auto& entry) {
        const bool subscribed = std::ranges::any_of(entry.second->channels, &Channel::notifies);
        const bool behind = std::ranges::any_of(entry.second->channels, [](const Channel& channel) {
            return channel.notifies && (!channel.open || channel.ending || !channel.pending.empty());
        });
        return !subscribed || (!behind && entry.second->socket->queued() == 0);
    });
}

}    // namespace filfil::node
