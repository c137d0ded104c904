// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/market/deal_driver.hpp"

#include "incentive/contract_types.hpp"
#include "service/error_json.hpp"
#include "service/incentive/slot_json.hpp"

#include <algorithm>
#include <utility>

namespace filfil::service {
namespace {

using incentive::Held;
using rpc::Json;

/// The longest pause between two tries of what the market refuses or does not answer.
constexpr Clock::Duration longest_pause = std::chrono::minutes(10);

Json json_of_holder(const contract::Holder& holder) {
    return {{"state", held_name(holder.state)},
            {"sector", holder.sector},
            {"until_epoch", holder.until},
            {"paid", holder.paid.text()},
            {"share", holder.share.text()}};
}

}    // namespace

std::string DealDriver::name_of(const DealEntry& deal) const {
    return text_of(deal.key, m_parts.desk.network().address_prefix);
}

/// Whether its window is closed so long that it cannot be opened again by a reorganisation.
bool DealDriver::over(const DealEntry& deal) const {
    const auto head = m_parts.head();
    return head && head->value >= deal.closes.value + static_cast<std::int64_t>(m_parts.confirmations);
}

/// Longer with each failure in a row.
void DealDriver::wait(DealEntry& deal, Clock::Duration least) {
    Clock::Duration pause = least;
    for (unsigned i = 1; i < deal.failures && pause < longest_pause; ++i) pause *= 2;
    deal.next_at = m_parts.world.clock.steady() + std::min(pause, std::max(least, longest_pause));
}

void DealDriver::stop(DealEntry& deal, const Error& why, Again again) {
    m_parts.world.log.write(LogLevel::error, "market", name_of(deal) + ": " + why.text());
    m_parts.book.set_stage(deal, DealStage::failed, error_json(why));
    m_parts.book.set_error(deal, why);
    if (m_parts.failed && again == Again::helps) m_parts.failed(deal);
    too_late_to_cancel(deal);
}

void DealDriver::too_late_to_cancel(DealEntry& deal) {
    if (const auto told = std::exchange(deal.to_cancel, nullptr))
        told(Error(ErrorCode::not_found, "the deal has ended by itself meanwhile", "`fil-fil deals show` says how"));
}

void DealDriver::drive(const DealKey& key) {
    DealEntry* const deal = m_parts.book.find(key);
    if (deal == nullptr || deal->busy || deal->stage < DealStage::proposing || is_end(deal->stage)) return;
    // Whose window is over waits for nothing more.
    if (m_parts.world.clock.steady() < deal->next_at && !over(*deal)) return;
    // The contract first: it may have the piece by other hands.
    ask_contract(*deal);
}

void DealDriver::ask_contract(DealEntry& deal) {
    m_parts.desk.read<calls::Holder>({.slot = deal.key.slot, .index = deal.key.piece, .miner = deal.key.miner},
                                     of<calls::Holder::Output>(deal, &DealDriver::contract_said));
}

void DealDriver::contract_said(DealEntry& deal, const Result<calls::Holder::Output>& holder) {
    if (!holder.ok()) {
        if (deal.to_cancel) return cancel_what_is_proposed(deal);
        ++deal.failures;
        m_parts.book.set_error(deal, holder.error().in("the contract does not answer"));
        return wait(deal, m_parts.settings().poll);
    }
    judge(deal, holder->value);
}

void DealDriver::judge(DealEntry& deal, const contract::Holder& holder) {
    const auto state = static_cast<Held>(holder.state);
    const auto head = m_parts.head();
    deal.published = state == Held::published;
    switch (state) {
        case Held::none:
            if (deal.stage == DealStage::notified) {
                m_parts.world.log.write(LogLevel::warning, "market",
                                        name_of(deal) +
                                            ": the chain was reorganised, and the contract does not have "
                                            "the piece any more; its notification comes again");
                m_parts.book.set_stage(deal, DealStage::proven, {{"reorganised", true}});
                return wait(deal, m_parts.settings().poll);
            }
            if (over(deal)) return miss(deal);
            if (deal.stage == DealStage::proposing) return propose(deal);
            return ask_market(deal);
        case Held::published: return judge_published(deal);
        case Held::active: break;
        case Held::done:
            if (!holder.paid.zero() || holder.share.zero()) break;
            return stop(deal,
                        Error(ErrorCode::mismatch, "the contract has closed the piece's account unpaid",
                              "its deal was not in a sector by its start: set deals.start_after longer than "
                              "sealing takes"),
                        Again::does_not);
        case Held::dead:
            return stop(
                deal,
                Error(ErrorCode::not_found, "sector " + std::to_string(holder.sector) + " with the piece was lost",
                      "see the sector in the miner's pipeline; what was not paid yet has gone back"),
                Again::does_not);
    }
    if (deal.stage != DealStage::notified) {
        m_parts.world.log.write(LogLevel::info, "market",
                                name_of(deal) + " is stored in sector " + std::to_string(holder.sector));
        m_parts.book.set_stage(deal, DealStage::notified, json_of_holder(holder));
        deal.sector = holder.sector;
        deal.seen_at = head;
        m_parts.book.touch(deal);
        if (m_parts.stored) m_parts.stored(deal);
        if (deal.to_cancel) cancel_what_is_proposed(deal);
        return;
    }
    // The contract answers again: what a reorganisation takes is to be seen with the next poll.
    deal.failures = 0;
    if (!deal.seen_at) deal.seen_at = head;
    const bool certain =
        head && deal.seen_at && head->value >= deal.seen_at->value + static_cast<std::int64_t>(m_parts.confirmations);
    // What a reorganisation took back and put elsewhere between two looks is not as old as it seems.
    if (certain && is_paid(holder))
        return m_parts.desk.read_at<calls::Holder>(
            static_cast<std::uint64_t>(head->value) - m_parts.confirmations,
            {.slot = deal.key.slot, .index = deal.key.piece, .miner = deal.key.miner},
            of<calls::Holder::Output>(deal, &DealDriver::contract_said_before));
    m_parts.book.set_error(deal, std::nullopt);
    wait(deal, m_parts.settings().poll);
}

/// Where nothing is due at once, it is paid as time passes.
bool DealDriver::is_paid(const contract::Holder& holder) const {
    const auto& terms = m_parts.desk.terms();
    return !holder.paid.zero() || holder.share.zero() || (terms && terms->params.upfront == 0);
}

/// As it was so many epochs ago, on the chain as it is now.
void DealDriver::contract_said_before(DealEntry& deal, const Result<calls::Holder::Output>& holder) {
    // A null round, or a node without old states for a moment: another epoch is looked at next time.
    if (!holder.ok()) return wait(deal, m_parts.settings().poll);
    const auto state = static_cast<Held>(holder->value.state);
    if ((state == Held::active || state == Held::done) && is_paid(holder->value))
        return m_parts.book.set_stage(deal, DealStage::paid, json_of_holder(holder->value));
    wait(deal, m_parts.settings().poll);
}

/// The start is a market's, not the contract's: what is proven can be activated behind it too.
void DealDriver::judge_published(DealEntry& deal) {
    if (deal.to_cancel) return cancel_what_is_proposed(deal);
    if (deal.stage == DealStage::proposing && nothing_is_there(deal)) {
        if (over(deal)) return miss(deal);
        m_parts.book.set_error(deal, Error(ErrorCode::busy, "the contract has the piece from another deal of yours",
                                           "nothing has to be done while that one goes on: `fil-fil deals` shows it"));
        return wait(deal, m_parts.settings().poll);
    }
    if (deal.stage == DealStage::notified) {
        m_parts.world.log.write(LogLevel::warning, "market",
                                name_of(deal) +
                                    ": the chain was reorganised, and the contract has the piece as published only; "
                                    "its deal is activated again");
        m_parts.book.set_stage(deal, DealStage::proven, {{"reorganised", true}});
        return wait(deal, m_parts.settings().poll);
    }
    if (deal.stage < DealStage::sealing) m_parts.book.set_stage(deal, DealStage::sealing, {{"published", true}});
    if (deal.stage == DealStage::proven && m_parts.to_activate) m_parts.to_activate(deal.key);
    ask_market(deal);
}

void DealDriver::miss(DealEntry& deal) {
    std::string why = "the window closed at epoch " + std::to_string(deal.closes.value) +
                      " and the contract does not "
                      "have the piece; it was at '" +
                      std::string(service::name_of(deal.stage)) + "'";
    std::string remedy = "see in `fil-fil deals show` what took so long, and in the market how far the piece is";
    const std::optional<Error>& because = deal.gone ? deal.gone : deal.error;
    if (because) {
        why += ": " + because->message;
        if (!because->remedy.empty()) remedy = because->remedy;
    }
    Error error(ErrorCode::mismatch, std::move(why), std::move(remedy));
    // What nobody staged is not the provider's to mend.
    const bool not_ours = deal.stage == DealStage::planned && because && because->code == ErrorCode::busy;
    m_parts.world.log.write(not_ours ? LogLevel::warning : LogLevel::error, "market",
                            name_of(deal) + ": " + error.text());
    m_parts.book.set_stage(deal, DealStage::missed, error_json(error));
    m_parts.book.set_error(deal, std::move(error));
    too_late_to_cancel(deal);
}

}    // namespace filfil::service
