// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/model/machine.hpp"

#include <algorithm>

// Who stores which piece, and what it earns by that.

namespace filfil::incentive::model {
namespace {

constexpr std::uint64_t market_actor = 5;
constexpr std::uint64_t validate_sector_status = 3092458564;
constexpr std::uint64_t generate_sector_location = 1321604665;
constexpr std::uint64_t get_nominal_sector_expiration = 3010055991;
constexpr std::uint64_t get_deal_activation = 2567238399;
constexpr std::uint64_t get_deal_sector = 2611213344;

constexpr std::uint64_t status_dead = 0;
constexpr std::uint64_t status_active = 1;
constexpr std::int64_t deal_expired = 32;    ///< f05's exit code for a deal that is over
constexpr std::uint64_t grace = 86'400;      ///< epochs after `until` in which the rest can be settled: 30 days
constexpr std::uint64_t last_epoch = (std::uint64_t{1} << 40) - 1;

/// The share of a piece of a slot's reward: equal ones, the first piece has the remainder.
Amount share_of(const Slot& slot, const PieceKey& piece) {
    const auto shared = divide(slot.reward, slot.staging(piece.alternative).size());
    if (!shared) panic(Panic::division);
    return piece.index == 0 ? Amount(shared->quotient) + Amount(shared->remainder) : Amount(shared->quotient);
}

}    // namespace

/// Writes down that the miner has the piece. Its share leaves what is locked for the slot: it is owed now.
Holding& Machine::hold(Miner miner, const PieceKey& piece) {
    Slot& slot = m_state.slots.at(piece.slot);
    const Amount share = share_of(slot, piece);
    slot.locked -= share;
    m_state.money.locked -= share;
    m_state.money.owed += share;
    Progress& progress = m_state.progress[{piece.slot, miner}];
    progress.held.insert(piece.index);
    progress.alternative = piece.alternative;
    m_state.holders[piece.slot].push_back({piece.piece(), miner});
    Holding& holding = m_state.holdings[{piece, miner}];
    holding.share = share;
    return holding;
}

void Machine::pay_out(Miner miner, Holding& holding, const Amount& amount) {
    holding.paid += amount;
    m_state.money.owed -= amount;
    m_state.money.credit += amount;
    m_state.earned[miner] += amount;
}

/// What was owed and will not be paid returns to the pool.
Amount Machine::take_back(Holding& holding) {
    const Amount amount = holding.share - holding.paid;
    m_state.money.owed -= amount;
    m_state.money.pool += amount;
    return amount;
}

/// A piece is in a sector. Payment starts now.
void Machine::start(Miner miner, const PieceKey& piece, Holding& holding, std::uint64_t sector, std::uint64_t until) {
    const Slot& slot = m_state.slots.at(piece.slot);
    holding.state = Held::active;
    holding.sector = sector;
    holding.until = std::min(until, last_epoch);
    holding.start = std::min(m_now, holding.until);
    const Amount upfront = holding.share.part(params_of(slot.version).upfront, shares);
    pay_out(miner, holding, upfront);
    emit(events::PieceActivated{.slot = piece.slot,
                                .piece = piece.piece(),
                                .miner = miner,
                                .sector = sector,
                                .until = holding.until,
                                .upfront = upfront});
    Progress& progress = m_state.progress[{piece.slot, miner}];
    progress.active.insert(piece.index);
    if (progress.active.size() != slot.staging(progress.alternative).size()) return;
    emit(events::SlotCompleted{.slot = piece.slot, .miner = miner});
    const auto provider = m_state.providers.find(miner);
    if (provider == m_state.providers.end() || provider->second.judged != incentive::round_of(piece.slot)) return;
    ++provider->second.judged;
    provider->second.misses = 0;
}

/// A sector's notification: takes the piece, or says why not.
void Machine::proven(Miner miner, const Root& root, std::uint64_t padded, std::uint64_t sector, std::uint64_t until) {
    const Checked checked = check(miner, root, padded, until);
    if (checked.why != Refusal::none) {
        emit(events::PieceIgnored{.miner = miner, .root = root, .reason = static_cast<std::uint8_t>(checked.why)});
        return;
    }
    start(miner, *checked.piece, hold(miner, *checked.piece), sector, until);
}

/// A deal of the built-in market was published.
void Machine::publish(Miner miner, const PieceKey& piece, std::uint64_t deal, std::uint64_t start,
                      std::uint64_t until) {
    Holding& holding = hold(miner, piece);
    holding.state = Held::published;
    holding.deal = deal;
    holding.start = std::min(start, last_epoch);
    holding.until = std::min(until, last_epoch);
    emit(events::DealPublished{.slot = piece.slot, .piece = piece.piece(), .miner = miner, .deal_id = deal});
}

Holding& Machine::holding_of(std::uint32_t slot, std::uint8_t piece, Miner miner, Held wanted) {
    const auto found = m_state.holdings.find({PieceKey::of(slot, piece), miner});
    if (found == m_state.holdings.end() || found->second.state == Held::none)
        revert(errors::NotHeld{.slot = slot, .piece = piece, .miner = miner});
    if (found->second.state != wanted) revert(errors::NotActive{.slot = slot, .piece = piece, .miner = miner});
    return found->second;
}

/// What the miner's actor says of a sector (FIP-0112).
bool Machine::sector_is(Miner miner, std::uint64_t sector, std::uint64_t status, ByteView aux) {
    only_short(aux.size());
    Bytes question = cbor_head(4, 3);
    for (const Bytes& part : {cbor_number(sector), cbor_number(status), cbor_bytes(aux)})
        question.insert(question.end(), part.begin(), part.end());
    const Bytes answer = query(miner, validate_sector_status, question);
    return CborReader(answer).boolean();
}

/// What an active piece has earned and was not credited for, up to which epoch: now, or the end of its term.
calls::Due::Output Machine::due_of(std::uint32_t slot, const Holding& holding) const {
    if (m_now >= holding.until) return {.amount = holding.share - holding.paid, .to = holding.until};
    const Amount upfront = holding.share.part(params_of(m_state.slots.at(slot).version).upfront, shares);
    const Amount since = (holding.share - upfront).part(m_now - holding.start, holding.until - holding.start);
    return {.amount = upfront + since - holding.paid, .to = m_now};
}

calls::Due::Output Machine::due(const calls::Due::Input& in) {
    const auto found = m_state.holdings.find({PieceKey::of(in.slot, in.index), in.miner});
    if (found == m_state.holdings.end() || found->second.state != Held::active) return {};
    return due_of(in.slot, found->second);
}

calls::Location::Output Machine::location(const calls::Location::Input& in) {
    const Bytes number = cbor_number(in.sector);
    Bytes question = cbor_head(4, 1);
    question.insert(question.end(), number.begin(), number.end());
    const Bytes answer = query(in.miner, generate_sector_location, question);
    CborReader reader(answer);
    reader.tuple(2);
    calls::Location::Output out;
    out.status = static_cast<std::uint8_t>(reader.number());
    out.aux = to_bytes(reader.bytes());
    const Outside::Answer expiration = ask(in.miner, get_nominal_sector_expiration, number);
    if (expiration.works && expiration.exit_code == 0)
        out.expiration = static_cast<std::uint64_t>(CborReader(expiration.data).integer());
    return out;
}

calls::Settle::Output Machine::settle(const calls::Settle::Input& in) {
    advance_first();
    Holding& holding = holding_of(in.slot, in.piece, in.miner, Held::active);
    if (!sector_is(in.miner, holding.sector, status_active, in.aux))
        revert(errors::NotActive{.slot = in.slot, .piece = in.piece, .miner = in.miner});
    const auto due = due_of(in.slot, holding);
    if (due.to == holding.until)
        holding.state = Held::done;
    else if (due.amount.zero())
        revert(errors::NothingToDo{});
    pay_out(in.miner, holding, due.amount);
    emit(events::Settled{.slot = in.slot, .piece = in.piece, .miner = in.miner, .amount = due.amount, .to = due.to});
    return {};
}

/// What f05 says of a deal. Only its own words count: a call that failed must not end a deal.
Machine::Activation Machine::activation(std::uint64_t deal) {
    const Outside::Answer answer = ask(market_actor, get_deal_activation, cbor_number(deal));
    if (answer.works && answer.exit_code == deal_expired) return {.active = false, .over = true};
    if (!answer.works || answer.exit_code != 0)
        revert(
            errors::ActorCall{.actor = market_actor, .method = get_deal_activation, .exit_code = exit_code_of(answer)});
    CborReader reader(answer.data);
    reader.tuple(2);
    const std::int64_t from = reader.integer();
    const bool over = reader.integer() >= 0;
    return {.active = from >= 0 && !over, .over = over};
}

calls::ActivateDeal::Output Machine::activate_deal(const calls::ActivateDeal::Input& in) {
    advance_first();
    judge(in.miner);
    Holding& holding = holding_of(in.slot, in.piece, in.miner, Held::published);
    if (!activation(holding.deal).active)
        revert(errors::NotActive{.slot = in.slot, .piece = in.piece, .miner = in.miner});
    const Bytes answer = query(market_actor, get_deal_sector, cbor_number(holding.deal));
    const std::uint64_t sector = CborReader(answer).number();
    start(in.miner, PieceKey::of(in.slot, in.piece), holding, sector, holding.until);
    return {};
}

calls::ReportDead::Output Machine::report_dead(const calls::ReportDead::Input& in) {
    advance_first();
    judge(in.miner);
    Holding& holding = holding_of(in.slot, in.piece, in.miner, Held::active);
    if (m_now >= holding.until) revert(errors::TermOver{.until = holding.until});
    if (!sector_is(in.miner, holding.sector, status_dead, in.aux))
        revert(errors::NotDead{.slot = in.slot, .piece = in.piece, .miner = in.miner});
    holding.state = Held::dead;
    const Amount returned = take_back(holding);
    const contract::Params& then = params_of(m_state.slots.at(in.slot).version);
    const Amount bounty = slash(in.miner, then.slash).part(then.bounty, shares);
    m_state.money.pool -= bounty;
    m_state.money.credit += bounty;
    m_state.credit[m_message.from] += bounty;
    emit(events::Dead{.slot = in.slot,
                      .piece = in.piece,
                      .miner = in.miner,
                      .reporter = m_message.from,
                      .returned = returned,
                      .bounty = bounty});
    strike(in.miner, then.max_misses);
    return {};
}

calls::Close::Output Machine::close(const calls::Close::Input& in) {
    advance_first();
    const auto found = m_state.holdings.find({PieceKey::of(in.slot, in.piece), in.miner});
    if (found != m_state.holdings.end() && found->second.state == Held::published) {
        const Holding& deal = found->second;
        if (m_now <= deal.start) revert(errors::TooEarly{.epoch = deal.start + 1});
        if (m_now < deal.until && activation(deal.deal).active) revert(errors::TooEarly{.epoch = deal.until});
    } else {
        const Holding& active = holding_of(in.slot, in.piece, in.miner, Held::active);
        if (m_now < active.until + grace) revert(errors::TooEarly{.epoch = active.until + grace});
    }
    found->second.state = Held::done;
    const Amount returned = take_back(found->second);
    emit(events::Closed{.slot = in.slot, .piece = in.piece, .miner = in.miner, .returned = returned});
    return {};
}

}    // namespace filfil::incentive::model
