// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/contract_types.hpp"
#include "service/incentive/slot_json.hpp"
#include "service/market/deal_driver.hpp"

#include <utility>

// What DealDriver has to do with the market; deal_driver.cpp is the contract's part.

namespace filfil::service {

using market::DealState;
using rpc::Json;

/// Whether the market certainly has no such deal.
bool DealDriver::nothing_is_there(const DealEntry& deal) {
    return deal.market_id.empty() || deal.status.state == DealState::refused;
}

void DealDriver::propose(DealEntry& deal) {
    if (deal.to_cancel) return cancel_what_is_proposed(deal);
    const auto head = m_parts.head();
    // What comes in behind the window is not paid: it stays as it is until that is certain.
    if (!head || *head < deal.opens || *head >= deal.closes) return wait(deal, m_parts.settings().poll);
    // By an old head a window is open that is over.
    if (!m_parts.in_step()) {
        m_parts.book.set_error(
            deal, Error(ErrorCode::busy, "the chain here is not at the node's head, so nothing is proposed",
                        "it goes on by itself once it is: `fil-fil status` says how far it is"));
        return wait(deal, m_parts.settings().poll);
    }
    if (m_parts.markets.of(deal.key.miner) == nullptr || !deal.order) {
        m_parts.book.set_error(
            deal, Error(ErrorCode::unsupported,
                        "no market is set for " + miner_text(deal.key.miner, m_parts.desk.network().address_prefix),
                        "set markets, with the kind of market that the provider runs"));
        ++deal.failures;
        return wait(deal, m_parts.settings().poll);
    }
    // The operator may have staged another snapshot since this one was ordered.
    m_parts.desk.read<calls::Piece>({.slot = deal.key.slot, .index = deal.key.piece},
                                    of<calls::Piece::Output>(deal, &DealDriver::staged_piece_read));
}

void DealDriver::staged_piece_read(DealEntry& deal, const Result<calls::Piece::Output>& staged) {
    if (deal.to_cancel) return cancel_what_is_proposed(deal);
    if (!staged.ok()) {
        ++deal.failures;
        m_parts.book.set_error(deal, staged.error().in("the contract does not answer"));
        return wait(deal, m_parts.settings().poll);
    }
    if (staged->root != deal.order->root && nothing_is_there(deal)) {
        deal.order.reset();
        return m_parts.book.set_stage(deal, DealStage::planned, {{"why", "another snapshot is staged now"}});
    }
    const Stall& stall = *m_parts.markets.of(deal.key.miner);
    if (deal.market != stall.backend->kind()) {
        // The one before may have it: another is not sent the same.
        if (!nothing_is_there(deal)) return wait_for_its_market(deal);
        deal.order.reset();
        return m_parts.book.set_stage(deal, DealStage::planned, {{"why", "the miner's market is of another kind now"}});
    }
    const std::string id = stall.backend->id_of(*deal.order);
    if (!nothing_is_there(deal) && deal.market_id == id) return send(deal);
    deal.sent_before = SentDeal{std::exchange(deal.market, stall.backend->kind()), std::exchange(deal.market_id, id),
                                std::exchange(deal.status, {})};
    // Whoever reads the journal after a crash must know that the market may have it.
    m_parts.book.when_written(deal, of<void>(deal, &DealDriver::written_down));
}

void DealDriver::written_down(DealEntry& deal, const Result<void>& written) {
    SentDeal before = *std::exchange(deal.sent_before, std::nullopt);
    if (written.ok() && !deal.to_cancel) return send(deal);
    // Nothing was sent; what was sent and refused earlier stays told.
    deal.market = std::move(before.market);
    deal.market_id = std::move(before.market_id);
    deal.status = std::move(before.status);
    if (deal.to_cancel) return cancel_what_is_proposed(deal);
    ++deal.failures;
    m_parts.book.set_error(deal, written.error().in("the deal cannot be written down, so it is not proposed"));
    wait(deal, m_parts.settings().poll);
}

void DealDriver::send(DealEntry& deal) {
    m_parts.markets.of(deal.key.miner)
        ->proposer->propose(*deal.order, of<market::DealStatus>(deal, &DealDriver::proposed));
}

void DealDriver::proposed(DealEntry& deal, const Result<market::DealStatus>& status) {
    if (!status.ok()) {
        ++deal.failures;
        // Whether it was taken is not known any more, whatever was said before.
        deal.status = {};
        m_parts.book.set_error(deal, status.error());
        if (deal.to_cancel) return cancel_what_is_proposed(deal);
        return wait(deal, m_parts.settings().poll);
    }
    if (status->state == DealState::refused) {
        deal.status = *status;
        ++deal.failures;
        const market::Refusal why = status->why.value_or(
            market::Refusal{"refused", "the market does not take the deal", "look at the market's log"});
        m_parts.book.set_error(deal, market::error_of(why));
        if (deal.to_cancel) return cancel_what_is_proposed(deal);
        return wait(deal, m_parts.settings().poll);
    }
    if (status->state != DealState::failed)
        m_parts.world.log.write(LogLevel::info, "market",
                                name_of(deal) +
                                    (status->found ? " was in the market already" : " was taken by the market") +
                                    " as " + status->id);
    take_status(deal, *status);
    if (deal.to_cancel) cancel_what_is_proposed(deal);
}

void DealDriver::cancel_what_is_proposed(DealEntry& deal) {
    auto handler = std::exchange(deal.to_cancel, nullptr);
    if (deal.stage == DealStage::cancelled) return handler({});
    cancel(deal.key, std::move(handler));
}

/// The market that it was sent to, where that is still the miner's.
Stall* DealDriver::market_of(const DealEntry& deal) const {
    Stall* const stall = m_parts.markets.of(deal.key.miner);
    return stall != nullptr && stall->backend->kind() == deal.market ? stall : nullptr;
}

Error DealDriver::no_such_market(const DealEntry& deal) const {
    return {ErrorCode::unsupported,
            "the deal was made with " + deal.market + ", and no such market is set for " +
                miner_text(deal.key.miner, m_parts.desk.network().address_prefix) + " any more",
            deal.stage == DealStage::proposing
                ? "set it again until the deal is over; or, where it certainly has not got the deal, fil-fil deals "
                  "cancel, and then fil-fil deals retry"
                : "set it again until the deal is over"};
}

void DealDriver::wait_for_its_market(DealEntry& deal) {
    ++deal.failures;
    m_parts.book.set_error(deal, no_such_market(deal));
    wait(deal, m_parts.settings().poll);
}

void DealDriver::ask_market(DealEntry& deal) {
    Stall* const stall = market_of(deal);
    if (stall == nullptr || !deal.order) return wait_for_its_market(deal);
    auto handler = of<market::DealStatus>(deal, &DealDriver::heard);
    if (deal.status.state == DealState::awaiting_data) return stall->backend->provide(*deal.order, std::move(handler));
    if (deal.status.state == DealState::publishing) return stall->backend->publish_now(*deal.order, std::move(handler));
    stall->backend->status(*deal.order, std::move(handler));
}

void DealDriver::heard(DealEntry& deal, const Result<market::DealStatus>& status) {
    if (!status.ok()) {
        ++deal.failures;
        m_parts.book.set_error(deal, status.error());
        return wait(deal, m_parts.settings().poll);
    }
    deal.failures = 0;
    take_status(deal, *status);
}

void DealDriver::take_status(DealEntry& deal, const market::DealStatus& status) {
    const market::DealStatus before = std::exchange(deal.status, status);
    if (!status.id.empty()) deal.market_id = status.id;
    if (status.sector) deal.sector = status.sector;
    const auto failed = [&](std::string sentence, std::string remedy) {
        stop(deal, status.why ? market::error_of(*status.why)
                              : Error(ErrorCode::internal, std::move(sentence), std::move(remedy)));
    };
    switch (status.state) {
        case DealState::unknown: {
            const Stall* const stall = market_of(deal);
            if (stall != nullptr && !stall->backend->follows_deals()) {
                // Whoever has typed it in elsewhere needs it no more: the contract tells the rest.
                deal.status = before;
                m_parts.book.set_error(deal, std::nullopt);
                return wait(deal, m_parts.settings().poll);
            }
            return failed(
                "the market does not know the deal any more",
                "look for the piece in the sealing pipeline; where it is not there, run fil-fil deals retry. A "
                "market tells of a deal to the wallet alone that made it: was another one set?");
        }
        case DealState::refused:
        case DealState::failed: return failed("the market says that the deal has failed", "look at the market's log");
        case DealState::cancelled: return m_parts.book.set_stage(deal, DealStage::cancelled);
        default: break;
    }
    const auto head = m_parts.head();
    const auto stage = stage_of(status.state);
    const std::int64_t start = deal.order ? deal.order->start : 0;
    const bool started = start > 0 && head && head->value > start + static_cast<std::int64_t>(m_parts.confirmations);
    if (deal.published && started && deal.stage < DealStage::proven && (!stage || *stage < DealStage::proven))
        return stop(deal, Error(ErrorCode::mismatch,
                                "the deal's start, epoch " + std::to_string(start) +
                                    ", came before its sector was proven: the deal is void" +
                                    (status.why ? "; its market says: " + status.why->sentence : ""),
                                "set deals.start_after longer than sealing takes"));
    switch (status.state) {
        case DealState::paused:
            m_parts.book.set_error(deal, status.why
                                             ? market::error_of(*status.why)
                                             : Error(ErrorCode::busy, "the market has paused the deal: " + status.said,
                                                     "look at it in the market, and let it go on there"));
            return wait(deal, m_parts.settings().poll);
        default: break;
    }
    // A market may take a step again; the deal has been further all the same.
    if (stage && *stage > deal.stage)
        m_parts.book.set_stage(deal, *stage, market::json_of(status));
    else if (!(before == status))
        m_parts.book.touch(deal);
    if (deal.published && started) return ask_for_activation(deal);
    if (status.why)
        m_parts.book.set_error(deal, market::error_of(*status.why));
    else if (is_unheard(deal))
        m_parts.book.set_error(
            deal,
            Error(ErrorCode::mismatch,
                  "the market says that the piece is proven, and the contract does not have it: its message waits "
                  "for the chain, or it came before the slot was staged, as a reorganisation may have put it, and "
                  "is ignored",
                  "see in `fil-fil contract events` when the slot was staged; what is ignored is not paid unless the "
                  "chain is reorganised once more"));
    else
        m_parts.book.set_error(deal, std::nullopt);
    wait(deal, m_parts.settings().poll);
}

/// What the contract has may be from another deal than the one that the market has proven: where people asked for the
/// piece again and a reorganisation brought back what was published before. The contract lets such an account be
/// closed. So many epochs ago, where no reorganisation changes it.
void DealDriver::ask_for_activation(DealEntry& deal) {
    const std::int64_t then = m_parts.head()->value - static_cast<std::int64_t>(m_parts.confirmations);
    m_parts.desk.read_at<calls::Close>(static_cast<std::uint64_t>(then),
                                       {.slot = deal.key.slot, .piece = deal.key.piece, .miner = deal.key.miner},
                                       of<calls::Close::Output>(deal, &DealDriver::account_looked_at));
}

void DealDriver::account_looked_at(DealEntry& deal, const Result<calls::Close::Output>& may_be_closed) {
    if (may_be_closed.ok())
        return stop(deal, Error(ErrorCode::mismatch,
                                "the contract has the piece from a deal that was in no sector by its start, and the "
                                "start of this one, epoch " +
                                    std::to_string(deal.order->start) + ", has come too: the deal is void",
                                "the account can be closed with the contract's close(); before a piece is asked for "
                                "again, see in the market that its first deal is gone"));
    if (may_be_closed.error().code != ErrorCode::busy) {
        ++deal.failures;
        m_parts.book.set_error(deal, may_be_closed.error().in("the contract does not answer"));
        return wait(deal, m_parts.settings().poll);
    }
    m_parts.book.set_error(deal, Error(ErrorCode::busy, "the piece is proven, and its deal waits to be activated",
                                       "set incentive.upkeep, and see that the wallet has funds; `fil-fil claim` "
                                       "does it too"));
    wait(deal, m_parts.settings().poll);
}

/// Whether it has been proven for so long that the contract should have heard of it, and has not.
bool DealDriver::is_unheard(const DealEntry& deal) const {
    if (deal.stage != DealStage::proven || deal.published || deal.times.empty()) return false;
    const auto& since = deal.times.back().epoch;
    const auto head = m_parts.head();
    return since && head && head->value >= since->value + static_cast<std::int64_t>(m_parts.confirmations);
}

void DealDriver::cancel(const DealKey& key, std::function<void(Result<void>)> handler) {
    DealEntry* const deal = m_parts.book.find(key);
    if (deal == nullptr || is_end(deal->stage))
        return handler(Error(ErrorCode::not_found, "the deal has ended already", "`fil-fil deals show` says how"));
    if (deal->stage >= DealStage::notified)
        return handler(Error(ErrorCode::unsupported, "the piece is stored: there is nothing to take back",
                             "`fil-fil payouts` shows what it earns"));
    if (deal->to_cancel)
        return handler(Error(ErrorCode::busy, "somebody has asked for that already", "look again in a moment"));
    if (deal->busy) {
        if (deal->stage != DealStage::proposing)
            return handler(Error(ErrorCode::busy, "its market is being asked just now", "try again in a moment"));
        deal->to_cancel = std::move(handler);
        return;
    }
    if (deal->stage < DealStage::proposing || (deal->stage == DealStage::proposing && nothing_is_there(*deal))) {
        m_parts.book.set_stage(*deal, DealStage::cancelled);
        return handler({});
    }
    Stall* const stall = market_of(*deal);
    m_parts.book.note(*deal, "asked", "cancel", Json::object());
    if ((stall == nullptr || !deal->order) && deal->stage == DealStage::proposing) {
        // It was never said to have it, and it is not there to be asked: whoever takes it back has been told so.
        m_parts.world.log.write(
            LogLevel::warning, "market",
            name_of(*deal) + " is taken back, and " + deal->market + " was not asked whether it has it");
        m_parts.book.set_stage(*deal, DealStage::cancelled, {{"why", "its market is not set any more"}});
        return handler({});
    }
    if (stall == nullptr || !deal->order) return handler(no_such_market(*deal));
    deal->busy = true;
    stall->backend->cancel(*deal->order, [this, key, handler = std::move(handler), alive = std::weak_ptr<int>(m_alive)](
                                             const Result<market::DealStatus>& status) {
        if (alive.expired()) return;
        DealEntry* const entry = m_parts.book.find(key);
        if (entry != nullptr) entry->busy = false;
        if (!status.ok()) return handler(status.error());
        if (entry == nullptr || is_end(entry->stage)) return handler({});
        entry->status = *status;
        if (status->state == DealState::cancelled || status->state == DealState::unknown ||
            status->state == DealState::failed) {
            m_parts.book.set_stage(*entry, DealStage::cancelled);
            // Who has asked for it meanwhile.
            if (const auto other = std::exchange(entry->to_cancel, nullptr)) other({});
            return handler({});
        }
        handler(Error(ErrorCode::busy, "the market has not taken the deal back: it says " + status->said,
                      "cancel it in the market"));
    });
}

}    // namespace filfil::service
