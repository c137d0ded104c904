// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/contract_types.hpp"
#include "service/incentive/slot_json.hpp"
#include "service/market/deal_keeper.hpp"
#include "service/market/order_terms.hpp"

#include <algorithm>
#include <utility>

namespace filfil::service {
namespace {

using rpc::Json;

/// The blocks stay so long behind the window's end, for a market that fetches late.
constexpr Clock::Duration keep_behind = std::chrono::hours(24);

constexpr Clock::Duration longest_pause = std::chrono::minutes(10);

}    // namespace

/// The work on a slot where something is to be done now.
DealKeeper::SlotWork* DealKeeper::begin_step(const SlotKey& slot) {
    SlotWork& work = m_slots[slot];
    if (work.busy || m_parts.world.clock.steady() < work.next_at) return nullptr;
    return &work;
}

void DealKeeper::hold_up(const SlotKey& slot, const Error& why, bool soon) {
    SlotWork& work = m_slots[slot];
    work.busy = false;
    work.failures = soon ? 1 : work.failures + 1;
    Clock::Duration pause = m_parts.settings().poll;
    for (unsigned i = 1; i < work.failures && pause < longest_pause; ++i) pause *= 2;
    work.next_at = m_parts.world.clock.steady() + std::min(pause, std::max(longest_pause, m_parts.settings().poll));
    for (const DealKey& key : waiting_of(slot))
        if (DealEntry* const deal = m_parts.book.find(key)) m_parts.book.set_error(*deal, why);
}

void DealKeeper::set_all(const SlotKey& slot, DealStage stage) {
    for (const DealKey& key : waiting_of(slot)) {
        DealEntry* const deal = m_parts.book.find(key);
        // What is tried again keeps its place, and its error until it has gone well.
        if (deal != nullptr && deal->stage < stage) m_parts.book.set_stage(*deal, stage);
    }
}

void DealKeeper::go_on(const SlotKey& slot) {
    const auto head = m_parts.head();
    const std::vector<DealKey> keys = waiting_of(slot);
    if (keys.empty() || !head) return;
    const DealEntry* const first = m_parts.book.find(keys.front());
    // What comes in behind the window is not paid: it stays as it is until that is certain.
    if (*head < first->opens) return;
    const bool closed = *head >= first->closes;
    if (closed && head->value >= first->closes.value + static_cast<std::int64_t>(m_parts.confirmations)) {
        if (m_slots[slot].busy) return;
        for (const DealKey& key : keys)
            if (DealEntry* const deal = m_parts.book.find(key)) m_driver.miss(*deal);
        return;
    }
    SlotWork* const work = begin_step(slot);
    if (work == nullptr || closed) return;
    const auto finalized = m_parts.finalized();
    if (!finalized || *finalized < first->target)
        return hold_up(slot,
                       Error(ErrorCode::busy, "epoch " + std::to_string(first->target.value) + " is not final yet",
                             "nothing has to be done; where it stays so, look at the node's F3"),
                       true);
    work->busy = true;
    read_slot_facts(m_parts.desk, slot.second,
                    [this, slot, alive = std::weak_ptr<int>(m_alive)](const Result<SlotFacts>& facts) {
                        if (!alive.expired()) facts_read(slot, facts);
                    });
}

void DealKeeper::facts_read(const SlotKey& slot, const Result<SlotFacts>& facts) {
    if (!facts.ok()) return hold_up(slot, facts.error().in("the contract does not answer"), false);
    if (!facts->staged())
        return hold_up(slot,
                       Error(ErrorCode::busy, "nothing is staged for the slot yet",
                             "the snapshot operator stages it; nothing has to be done here"),
                       true);
    if (waiting_of(slot).empty()) {
        m_slots[slot].busy = false;
        return;
    }
    m_slots[slot].facts = *facts;
    take_snapshot(slot);
}

SnapshotRequest DealKeeper::request_for(const DealEntry& deal) const {
    const Stall* const stall = m_parts.markets.of(deal.key.miner);
    const auto head = m_parts.head();
    SnapshotRequest request;
    request.tipset.epoch = deal.target;
    request.recipe = m_parts.recipe();
    request.asked_by = "store";
    const std::int64_t left = std::max<std::int64_t>(0, deal.closes.value - (head ? head->value : 0));
    request.keep =
        std::chrono::seconds(left * static_cast<std::int64_t>(m_parts.desk.network().seconds_per_epoch)) + keep_behind;
    if (stall != nullptr && stall->wants_files()) {
        request.kind = snapshot::Target::Kind::pieces;
        request.folder = stall->setting.folder;
    }
    return request;
}

void DealKeeper::take_snapshot(const SlotKey& slot) {
    const std::vector<DealKey> keys = waiting_of(slot);
    SnapshotRequest request = request_for(*m_parts.book.find(keys.front()));
    set_all(slot, DealStage::snapshot);
    m_parts.snapshots.take(
        std::move(request),
        [this, slot, alive = std::weak_ptr<int>(m_alive)](const Result<std::uint64_t>& begun) {
            if (!alive.expired() && !begun.ok()) hold_up(slot, begun.error(), false);
        },
        [this, slot, alive = std::weak_ptr<int>(m_alive)](const JobInfo& job) {
            if (!alive.expired()) taken(slot, job);
        });
}

/// The market comes for the bytes when it likes: until it has them they have to be there, whatever somebody deleted.
void DealKeeper::keep_served(DealEntry& deal) {
    const bool wanted = deal.stage >= DealStage::proposing && deal.stage <= DealStage::fetching;
    if (!wanted || !deal.snapshot || m_parts.snapshots.serves(*deal.snapshot)) {
        m_gone.erase(deal.key);
        deal.gone.reset();
        return;
    }
    Gone& gone = m_gone[deal.key];
    if (gone.busy || m_parts.world.clock.steady() < gone.next_at) return;
    gone.busy = true;
    m_parts.world.log.write(LogLevel::warning, "market",
                            text_of(deal.key, m_parts.desk.network().address_prefix) +
                                ": its snapshot is not served any more, and is taken again");
    const auto failed = [this, key = deal.key, alive = std::weak_ptr<int>(m_alive)](const std::optional<Error>& why) {
        if (alive.expired()) return;
        const auto found = m_gone.find(key);
        if (found == m_gone.end()) return;
        found->second.busy = false;
        if (DealEntry* const entry = m_parts.book.find(key)) entry->gone = why;
        found->second.next_at = m_parts.world.clock.steady() + m_parts.settings().poll;
    };
    m_parts.snapshots.take(
        request_for(deal),
        [failed](const Result<std::uint64_t>& begun) {
            if (!begun.ok()) failed(begun.error());
        },
        [this, failed, snapshot = *deal.snapshot, alive = std::weak_ptr<int>(m_alive)](const JobInfo& job) {
            if (alive.expired()) return;
            if (job.error || m_parts.snapshots.serves(snapshot)) return failed(job.error);
            failed(Error(ErrorCode::not_found,
                         "the snapshot's older state is not kept any more, and no file of it is left",
                         "where somebody else holds the piece, fetch it and give it to the market by hand"));
        });
}

void DealKeeper::taken(const SlotKey& slot, const JobInfo& job) {
    if (job.error) return hold_up(slot, *job.error, false);
    if (job.state != JobState::done)
        return hold_up(slot, Error(ErrorCode::cancelled, "the snapshot was cancelled", "it is taken again soon"),
                       false);
    const auto id = rpc::integer_field(job.result, "id");
    if (!id.ok()) return hold_up(slot, id.error(), false);
    m_parts.queue->run(
        [journal = m_parts.journal, number = *id] { return journal->snapshot(number); },
        [this, slot, alive = std::weak_ptr<int>(m_alive)](const Result<std::optional<journal::SnapshotRecord>>& row) {
            if (alive.expired()) return;
            if (!row.ok()) return hold_up(slot, row.error(), false);
            if (!*row)
                return hold_up(
                    slot, Error(ErrorCode::not_found, "the snapshot was forgotten meanwhile", "it is taken again soon"),
                    false);
            compare(slot, **row);
        });
}

void DealKeeper::compare(const SlotKey& slot, const journal::SnapshotRecord& snapshot) {
    set_all(slot, DealStage::commp);
    const auto matched = match(*m_slots[slot].facts, snapshot);
    if (!matched.ok()) return hold_up(slot, matched.error(), false);
    m_parts.queue->run([journal = m_parts.journal,
                        slot] { return journal->deals({.miner = slot.first, .slot = slot.second, .limit = 1000}); },
                       [this, slot, snapshot, alternative = *matched,
                        alive = std::weak_ptr<int>(m_alive)](const Result<std::vector<journal::DealRecord>>& known) {
                           if (alive.expired()) return;
                           if (!known.ok()) return hold_up(slot, known.error(), false);
                           order(slot, snapshot, alternative, *known);
                       });
}

/// Each piece of what is staged gets a deal where it never had one; those that wait go on with theirs.
void DealKeeper::order(const SlotKey& slot, const journal::SnapshotRecord& snapshot, bool alternative,
                       const std::vector<journal::DealRecord>& known) {
    if (!m_parts.desk.terms()) {
        const auto& trouble = m_parts.desk.trouble();
        return hold_up(
            slot,
            Error(ErrorCode::busy,
                  "the contract's terms have not been read yet" + (trouble ? ": " + trouble->message : std::string()),
                  trouble && !trouble->remedy.empty() ? trouble->remedy : "it goes on by itself"),
            true);
    }
    // An order may wait for the node still.
    m_slots[slot] = {.next_at = m_parts.world.clock.steady() + m_parts.settings().poll};
    const std::vector<DealKey> waiting = waiting_of(slot);
    if (waiting.empty()) return;
    const DealEntry& first = *m_parts.book.find(waiting.front());
    const contract::Window window{.slot = slot.second,
                                  .target = static_cast<std::uint64_t>(first.target.value),
                                  .open = static_cast<std::uint64_t>(first.opens.value),
                                  .close = static_cast<std::uint64_t>(first.closes.value)};
    const std::uint8_t bit = alternative ? incentive::alternative_bit : 0;
    // All are planned, and written down so, before the first goes on: a crash between leaves the others to be found.
    std::vector<DealKey> fresh;
    for (std::size_t number = 0; number < snapshot.pieces.size(); ++number) {
        const auto piece = static_cast<std::uint8_t>(number | bit);
        const auto is_it = [&](const DealKey& key) {
            return key.miner == slot.first && key.slot == slot.second && key.piece == piece;
        };
        const bool there = std::ranges::any_of(m_parts.book.all(), [&](const auto& one) { return is_it(one.first); }) ||
                           std::ranges::any_of(known, [&](const journal::DealRecord& one) {
                               return one.contract == m_parts.contract && one.piece == piece;
                           });
        if (!there) fresh.push_back(plan(slot.first, window, piece, 0).key);
    }
    for (const DealKey& key : waiting) {
        DealEntry& deal = *m_parts.book.find(key);
        const std::size_t number = key.piece & ~unsigned{incentive::alternative_bit};
        if ((key.piece & incentive::alternative_bit) == bit && number < snapshot.pieces.size()) {
            order_piece(deal, snapshot, number);
            continue;
        }
        m_parts.book.set_stage(deal, DealStage::cancelled,
                               {{"why", "the snapshot here is the other one of the two that are staged"}});
    }
    for (const DealKey& key : fresh)
        if (DealEntry* const deal = m_parts.book.find(key))
            order_piece(*deal, snapshot, key.piece & ~unsigned{incentive::alternative_bit});
    look();
}

void DealKeeper::order_piece(DealEntry& deal, const journal::SnapshotRecord& snapshot, std::size_t number) {
    const journal::PieceRecord& piece = snapshot.pieces[number];
    deal.piece_cid = piece.piece_cid;
    deal.payload_size = piece.payload_size;
    deal.padded_size = piece.padded_size;
    deal.snapshot = snapshot.id;
    const auto root = root_of(piece);
    if (!root.ok() || snapshot.roots.empty())
        return m_parts.book.set_error(deal, root.ok()
                                                ? Error(ErrorCode::internal, "a snapshot without roots",
                                                        "forget it with `fil-fil snapshots`, and it is taken again")
                                                : root.error());
    const Stall* const stall = m_parts.markets.of(deal.key.miner);
    if (stall != nullptr && deal.market != stall->backend->kind()) {
        // What another kind of market was sent is certainly not there, or it would not be ordered again.
        deal.market = stall->backend->kind();
        deal.market_id.clear();
        deal.status = {};
    }
    market::DealOrder order = order_terms(m_parts.desk, stall, m_parts.settings(), m_parts.head(), deal.key.miner);
    order.deal = incentive::deal_of(deal.key.slot, deal.key.piece);
    order.root = *root;
    order.payload_size = piece.payload_size;
    order.padded_size = piece.padded_size;
    order.payload_root = snapshot.roots.front();
    order.path = piece.path.value_or("");
    order.attempt = deal.key.attempt;
    if (stall == nullptr || !stall->f05()) return ordered(deal.key, order);
    // To f05 and its markets the same terms are the same deal: another attempt has to differ from the one before.
    order.start += deal.key.attempt;
    add_collateral(deal.key, std::move(order));
}

void DealKeeper::add_collateral(const DealKey& key, market::DealOrder order) {
    const std::string method = "Filecoin.StateDealProviderCollateralBounds";
    Json params = Json::array({order.padded_size, false, nullptr});
    m_parts.ask(
        method, std::move(params),
        [this, key, method, order = std::move(order), alive = std::weak_ptr<int>(m_alive)](rpc::Answer answer) mutable {
            if (alive.expired()) return;
            DealEntry* const deal = m_parts.book.find(key);
            if (deal == nullptr) return;
            const auto offered = offered_collateral(std::move(answer).to_result(method));
            if (!offered.ok()) return m_parts.book.set_error(*deal, offered.error().in("what f05 wants as collateral"));
            order.collateral = *offered;
            ordered(key, order);
        });
}

void DealKeeper::ordered(const DealKey& key, const market::DealOrder& order) {
    DealEntry* const deal = m_parts.book.find(key);
    if (deal == nullptr || deal->stage >= DealStage::proposing) return;
    deal->order = order;
    m_parts.book.set_stage(*deal, DealStage::proposing, market::json_of(order));
    m_driver.drive(key);
}

}    // namespace filfil::service
