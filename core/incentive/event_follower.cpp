// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/event_follower.hpp"

#include <algorithm>
#include <utility>

namespace filfil::incentive {
namespace {

using rpc::Json;

/// A node that answers more is no node of any chain; it keeps sums of block numbers in their range.
constexpr std::uint64_t highest_block = std::uint64_t{1} << 48;

/// So often in a row the head may change while logs are read, before the next look waits for its time.
constexpr unsigned most_torn = 3;

ContractEvent event_of(EthLog log) {
    auto event = contract::decode_event(log.topics, log.data);
    if (!event.ok())
        event =
            std::move(event).error().in("log " + std::to_string(log.index) + " of block " + std::to_string(log.block) +
                                        " (transaction " + hex_of(log.transaction) + ")");
    return {.log = std::move(log), .event = std::move(event)};
}

EventCursor cursor_at(std::uint64_t block) { return {.next = block, .floor = block}; }

}    // namespace

EventFollower::EventFollower(World& world, Ask ask, const EventFollowerConfig& config, std::optional<EventCursor> from,
                             Handlers handlers)
    : m_world(world),
      m_ask(std::move(ask)),
      m_config(config),
      m_handlers(std::move(handlers)),
      m_cursor(from ? std::move(*from) : cursor_at(m_config.start)),
      m_range(std::max<std::uint64_t>(1, m_config.longest_range)) {}

void EventFollower::start() {
    if (std::exchange(m_started, true)) return;
    poll();
}

void EventFollower::poke() {
    if (!m_started || m_stopped) return;
    if (m_polling) {
        m_again = true;
    } else {
        poll();
    }
}

void EventFollower::ask(const std::string& method, Json params, Then<Json> then) {
    m_ask(method, std::move(params), m_here([method, then = std::move(then)](rpc::Answer answer) {
              then(eth_result_of(std::move(answer), method));
          }));
}

void EventFollower::ask_block(const std::string& tag, Then<std::optional<BlockRef>> then) {
    ask("eth_getBlockByNumber", Json::array({tag, false}), [then = std::move(then)](Result<Json> answer) {
        // Epochs without blocks are null in some nodes, and an error in others.
        if (!answer.ok() && answer.error().code == ErrorCode::not_found) return then(std::optional<BlockRef>());
        if (!answer.ok()) return then(std::move(answer).error());
        if (answer->is_null()) return then(std::optional<BlockRef>());
        auto read = read_block_ref(*answer);
        if (!read.ok()) return then(std::move(read).error().in("eth_getBlockByNumber"));
        then(std::optional(*read));
    });
}

void EventFollower::poll() {
    m_polling = true;
    m_again = false;
    ask_block("latest", [this](Result<std::optional<BlockRef>> head) {
        if (!head.ok()) return fail(std::move(head).error());
        if (!*head) return fail(Error(ErrorCode::corrupt, "the node has no latest block"));
        on_head(**head);
    });
}

void EventFollower::poll_later() {
    if (std::exchange(m_timer, true)) return;
    auto wake = m_here([this](int) {
        m_timer = false;
        poke();
        if (!m_stopped) poll_later();
    });
    m_world.loop.post_after(m_config.poll_every, [wake]() mutable { wake(0); });
}

void EventFollower::end_poll() {
    m_polling = false;
    m_gathered.clear();
    poll_later();
    if (m_again && !m_stopped) poll();
}

void EventFollower::fail(Error why) {
    // What comes next is asked by the timer: a node in trouble is not pressed.
    m_again = false;
    m_torn = 0;
    end_poll();
    m_handlers.on_trouble(std::move(why).in("events of the contract " + m_config.contract.text()));
}

std::optional<std::uint64_t> EventFollower::settled_to() const noexcept {
    if (m_head->number < m_config.finality) return std::nullopt;
    return m_head->number - m_config.finality;
}

void EventFollower::on_head(const BlockRef& head) {
    if (head.number > highest_block)
        return fail(Error(ErrorCode::corrupt, "the node's latest block has the number " + std::to_string(head.number)));
    m_head = head;
    m_gathered.clear();
    check_newest();
}

void EventFollower::check_newest() {
    const std::vector<Checkpoint>& recent = m_cursor.recent;
    if (recent.empty()) return go_on_from(0);
    // A node that is behind knows nothing of blocks above its head.
    const auto above = std::ranges::upper_bound(recent, m_head->number, {}, &Checkpoint::number);
    const auto known = static_cast<std::size_t>(above - recent.begin());
    if (known == 0) return end_poll();
    const Checkpoint& newest = recent[known - 1];
    const auto decide = [this, known](bool same) {
        if (!same) return search(0, known - 1);
        // Where the node is behind, or its chain ends at a block that is known, that is no reorganisation yet.
        if (known < m_cursor.recent.size()) return end_poll();
        go_on_from(known);
    };
    if (newest.number == m_head->number) return decide(newest.hash == m_head->hash);
    ask_block(hex_of(newest.number), [this, decide, hash = newest.hash](Result<std::optional<BlockRef>> block) {
        if (!block.ok()) return fail(std::move(block).error());
        decide(*block && (*block)->hash == hash);
    });
}

/// Halves: the checkpoints below `good` are in the chain, that at `bad` and all above it are not.
void EventFollower::search(std::size_t good, std::size_t bad) {
    if (good == bad) return go_on_from(good);
    const std::size_t middle = good + (bad - good) / 2;
    const Checkpoint& one = m_cursor.recent[middle];
    ask_block(hex_of(one.number), [this, good, bad, middle, hash = one.hash](Result<std::optional<BlockRef>> block) {
        if (!block.ok()) return fail(std::move(block).error());
        if (*block && (*block)->hash == hash) return search(middle + 1, bad);
        search(good, middle);
    });
}

void EventFollower::go_on_from(std::size_t kept) {
    m_kept = kept;
    if (kept == m_cursor.recent.size()) {
        m_from = m_cursor.next;
    } else if (kept > 0) {
        m_from = std::max(m_cursor.recent[kept - 1].number + 1, m_cursor.floor);
    } else if (m_cursor.recent.front().number < m_cursor.floor) {
        m_stopped = true;
        fail(Error(ErrorCode::mismatch,
                   "the chain of the node does not have block " + std::to_string(m_cursor.recent.front().number) +
                       " (" + hex_of(m_cursor.recent.front().hash) + "), which was final",
                   "check that the node is on the right network; then let the events be read again from the start"));
        return;
    } else {
        m_from = m_cursor.floor;
    }
    next_range();
}

void EventFollower::next_range() {
    if (m_from > m_head->number) {
        // Nothing to ask for, but what is gone has to be told.
        if (m_kept < m_cursor.recent.size()) return check_head();
        end_poll();
        return;
    }
    std::uint64_t last = m_head->number;
    if (const auto settled = settled_to(); settled && m_from <= *settled) last = *settled;
    ask_logs(m_from, std::min(last, m_from + (m_range - 1)));
}

void EventFollower::ask_logs(std::uint64_t from, std::uint64_t to) {
    const Json filter = {
        {"address", m_config.contract.lower_text()}, {"fromBlock", hex_of(from)}, {"toBlock", hex_of(to)}};
    ask("eth_getLogs", Json::array({filter}), [this, from, to](Result<Json> answer) {
        if (!answer.ok()) {
            if (answer.error().code != ErrorCode::too_large || from == to) return fail(std::move(answer).error());
            m_range = std::max<std::uint64_t>(1, (to - from + 1) / 2);
            ask_logs(from, from + (m_range - 1));
            return;
        }
        auto logs = read_logs(*answer, from, to);
        if (!logs.ok()) return fail(std::move(logs).error());
        on_logs(from, to, std::move(*logs));
    });
}

Result<std::vector<EthLog>> EventFollower::read_logs(const Json& answer, std::uint64_t from, std::uint64_t to) const {
    const std::string where = "eth_getLogs of blocks " + std::to_string(from) + " to " + std::to_string(to);
    const auto wrong = [&](const std::string& what) { return Error(ErrorCode::corrupt, where + ": " + what); };
    std::vector<EthLog> out;
    // Some nodes say null where there is nothing.
    if (answer.is_null()) return out;
    if (!answer.is_array()) return wrong("the answer is no list");
    for (std::size_t i = 0; i < answer.size(); ++i) {
        auto log = read_eth_log(answer[i]);
        const std::string place = "log " + std::to_string(i);
        if (!log.ok()) return std::move(log).error().in(where + (": " + place));
        if (log->address != m_config.contract) return wrong(place + (" is of the contract " + log->address.text()));
        if (log->block < from || log->block > to) return wrong(place + (" is of block " + std::to_string(log->block)));
        if (log->removed) return wrong(place + " is of a block that is not in the chain");
        out.push_back(std::move(*log));
    }
    std::ranges::sort(out, {}, [](const EthLog& log) { return std::pair(log.block, log.index); });
    for (std::size_t i = 1; i < out.size(); ++i) {
        const EthLog& a = out[i - 1];
        const EthLog& b = out[i];
        if (a.block != b.block) continue;
        if (a.block_hash != b.block_hash)
            return wrong("two logs of block " + std::to_string(a.block) + " have two hashes of it");
        if (a.index == b.index)
            return wrong("log " + std::to_string(a.index) + " of block " + std::to_string(a.block) + " is there twice");
    }
    return out;
}

void EventFollower::on_logs(std::uint64_t from, std::uint64_t to, std::vector<EthLog> logs) {
    if (to - from + 1 >= m_range) m_range = std::min(m_range * 2, std::max<std::uint64_t>(1, m_config.longest_range));
    m_from = to + 1;
    const auto settled = settled_to();
    if (settled && to <= *settled) {
        deliver(std::move(logs), to, true);
        next_range();
        return;
    }
    m_gathered.insert(m_gathered.end(), std::make_move_iterator(logs.begin()), std::make_move_iterator(logs.end()));
    if (m_from <= m_head->number) return next_range();
    check_head();
}

/// What was read is of one chain only where its head is still there.
void EventFollower::check_head() {
    ask_block(hex_of(m_head->number), [this](Result<std::optional<BlockRef>> block) {
        if (!block.ok()) return fail(std::move(block).error());
        const bool same = *block && (*block)->hash == m_head->hash;
        const bool torn = std::ranges::any_of(m_gathered, [&](const EthLog& log) {
            return log.block == m_head->number && log.block_hash != m_head->hash;
        });
        if (!same || torn) {
            // It was reorganised meanwhile: all again, from the new head.
            if (++m_torn > most_torn)
                return fail(Error(ErrorCode::mismatch,
                                  "the node's latest block is not the one that it has at its number",
                                  "it may be several nodes behind one address: use one of them"));
            m_again = true;
            end_poll();
            return;
        }
        m_torn = 0;
        deliver(std::exchange(m_gathered, {}), m_head->number, false);
        end_poll();
    });
}

void EventFollower::deliver(std::vector<EthLog> logs, std::uint64_t to, bool settled) {
    EventBatch batch;
    std::vector<Checkpoint>& recent = m_cursor.recent;
    while (recent.size() > m_kept) {
        for (; !recent.back().logs.empty(); recent.back().logs.pop_back())
            batch.removed.push_back(event_of(std::move(recent.back().logs.back())));
        recent.pop_back();
    }
    for (const EthLog& log : logs) batch.added.push_back(event_of(log));
    m_cursor.next = to + 1;
    if (settled) {
        // One block that is final stays known: a chain without it is another chain.
        std::optional<Checkpoint> sure;
        if (!recent.empty()) sure = Checkpoint{recent.back().number, recent.back().hash, {}};
        if (!logs.empty()) sure = Checkpoint{logs.back().block, logs.back().block_hash, {}};
        recent.clear();
        if (sure) recent.push_back(*std::move(sure));
        m_cursor.floor = m_cursor.next;
    } else {
        for (EthLog& log : logs) {
            if (recent.empty() || recent.back().number != log.block) recent.push_back({log.block, log.block_hash, {}});
            recent.back().logs.push_back(std::move(log));
        }
        if (recent.empty() || recent.back().number != to) recent.push_back({to, m_head->hash, {}});
        prune();
    }
    m_kept = recent.size();
    batch.cursor = m_cursor;
    m_handlers.on_batch(std::move(batch));
}

/// Forgets what does not change any more, but for one block to recognise the chain by.
void EventFollower::prune() {
    const auto settled = settled_to();
    if (!settled) return;
    std::vector<Checkpoint>& recent = m_cursor.recent;
    const auto above = std::ranges::upper_bound(recent, *settled, {}, &Checkpoint::number);
    if (above == recent.begin()) return;
    recent.erase(recent.begin(), above - 1);
    recent.front().logs.clear();
    m_cursor.floor = std::max(m_cursor.floor, recent.front().number + 1);
}

}    // namespace filfil::incentive
