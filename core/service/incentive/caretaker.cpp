// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/incentive/caretaker.hpp"

#include "service/incentive/slot_json.hpp"

#include <algorithm>
#include <utility>

namespace filfil::service {
namespace {

// Epochs, half a minute each.
constexpr std::uint64_t holdings_every = 60;
constexpr std::uint64_t sectors_every = 720;
constexpr std::uint64_t bad_sectors_every = 60;
constexpr std::uint64_t deals_every = 20;
constexpr std::uint64_t again_after = 10;

// Before the end of a piece's term. The first is for what may go wrong until the last, whose share of what is lost, the
// time from then to the end, is a thousandth of the shortest term there is on a real network.
constexpr std::uint64_t day_before = 2880;
constexpr std::uint64_t just_before = 60;

/// What is due to be done for an active piece; "" for nothing yet.
std::string stage_at(std::uint64_t now, std::uint64_t until) {
    if (now >= until) return "after";
    if (now + just_before >= until) return "last";
    return now + day_before >= until ? "day-before" : "";
}

incentive::Held state_of(const HeldPiece& held) { return static_cast<incentive::Held>(held.holder.state); }

}    // namespace

std::uint64_t Caretaker::now() const {
    const auto head = m_parts.head();
    return static_cast<std::uint64_t>(head ? std::max<std::int64_t>(0, head->value) : 0);
}

std::string Caretaker::name_of(const HeldPiece& held) const {
    return miner_text(held.holder.miner, m_parts.desk.network().address_prefix);
}

void Caretaker::on_head() {
    if (!m_parts.head() || m_parts.desk.miners().empty() || !m_parts.desk.terms()) return;
    const bool due = !m_read_at || now() >= *m_read_at + holdings_every || now() < *m_read_at;
    if (due && !m_reading) return read_holdings();
    act();
}

void Caretaker::deal_is_proven(std::uint32_t slot, std::uint8_t piece, std::uint64_t miner) {
    const auto known = m_pieces.find({slot, piece, miner});
    if (known == m_pieces.end())
        m_read_at.reset();
    else if (!known->second.failed)
        known->second.try_from = 0;
    on_head();
}

void Caretaker::read_holdings() {
    m_reading = true;
    m_parts.holdings.find(
        m_parts.desk.miners(), [this, alive = std::weak_ptr<int>(m_alive)](const Result<std::vector<HeldPiece>>& held) {
            if (alive.expired()) return;
            m_reading = false;
            // The desk tells of what is wrong with the contract; what is known already is taken care of all the same.
            if (!held.ok()) return act();
            m_read_at = now();
            std::map<Key, Piece> before = std::exchange(m_pieces, {});
            for (const HeldPiece& one : *held) {
                if (state_of(one) != incentive::Held::published && state_of(one) != incentive::Held::active) continue;
                const Key key{one.slot, one.holder.piece, one.holder.miner};
                const auto known = before.find(key);
                Piece& piece = m_pieces[key] = known == before.end() ? Piece{} : std::move(known->second);
                piece.held = one;
            }
            act();
        });
}

void Caretaker::act() {
    const Config::Incentive settings = m_parts.settings();
    for (auto& [key, piece] : m_pieces) {
        const bool active = state_of(piece.held) == incentive::Held::active;
        if (active && settings.expiry_alarm_days > 0) look_at_sector(key, piece);
        if (!settings.upkeep || piece.busy || now() < piece.try_from) continue;
        if (!active) {
            activate(key, piece);
            continue;
        }
        const std::string stage = stage_at(now(), piece.held.holder.until);
        if (!stage.empty() && !piece.done.contains(stage)) settle(key, piece, stage);
    }
}

// ------------------------------------------------------------------------------------------------------- retention

bool Caretaker::ends_soon(const Piece& piece) const {
    const std::uint64_t days = m_parts.settings().expiry_alarm_days;
    const std::uint64_t seconds = std::max<std::uint64_t>(1, m_parts.desk.network().seconds_per_epoch);
    return piece.place && days > 0 && piece.place->expiration <= now() + days * 86'400 / seconds;
}

void Caretaker::look_at_sector(const Key& key, Piece& piece) {
    const bool bad =
        piece.place && (static_cast<SectorStatus>(piece.place->status) != SectorStatus::active || ends_soon(piece));
    const std::uint64_t every = bad ? bad_sectors_every : sectors_every;
    if (piece.looking || (piece.place_read_at != 0 && now() < piece.place_read_at + every)) return;
    piece.looking = true;
    piece.place_read_at = now();
    read_place(m_parts.desk, piece.held,
               of_piece<SectorPlace>(key, [this, every](Piece& one, const Result<SectorPlace>& place) {
                   one.looking = false;
                   if (!place.ok()) {
                       m_trouble = place.error();
                       // Soon again, and not when the next look would be due.
                       const std::uint64_t again = now() + again_after;
                       one.place_read_at = again > every ? again - every : 1;
                       return;
                   }
                   m_trouble.reset();
                   m_seen_at = now();
                   one.place = *place;
               }));
}

// ---------------------------------------------------------------------------------------------- what is sent unasked

void Caretaker::failed(Piece& piece, const Error& why) {
    if (!piece.failed || piece.failed->message != why.message)
        m_parts.world.log.write(
            LogLevel::warning, "incentive",
            text_of(piece.held) + " of " + name_of(piece.held) + " cannot be settled: " + why.text());
    piece.failed = why;
    piece.busy = false;
    piece.try_from = now() + again_after;
}

void Caretaker::over(Piece& piece, const std::string& stage) {
    piece.done.insert(stage);
    piece.failed.reset();
    piece.busy = false;
}

void Caretaker::settle(const Key& key, Piece& piece, const std::string& stage) {
    piece.busy = true;
    m_parts.desk.read<calls::Due>(
        {.slot = piece.held.slot, .index = piece.held.holder.piece, .miner = piece.held.holder.miner},
        of_piece<calls::Due::Output>(key, [this, key, stage](Piece& one, const Result<calls::Due::Output>& due) {
            if (!due.ok()) return failed(one, due.error());
            // Settled up to now, or its account has ended.
            if (due->amount.zero() && due->to < one.held.holder.until) return over(one, stage);
            read_place(m_parts.desk, one.held,
                       of_piece<SectorPlace>(key, [this, key, stage](Piece& held, const Result<SectorPlace>& place) {
                           if (!place.ok()) return failed(held, place.error());
                           held.place = *place;
                           send_settlement(key, held, stage, *place);
                       }));
        }));
}

void Caretaker::send_settlement(const Key& key, Piece& piece, const std::string& stage, const SectorPlace& place) {
    const auto active = check_active(piece.held, place, m_parts.desk.network().address_prefix);
    // Of a sector that is gone there is no more to have; of one that is faulty there is, once it is recovered.
    if (!active.ok() && active.error().code == ErrorCode::denied && stage == "after") {
        if (piece.failed)
            m_parts.world.log.write(LogLevel::error, "incentive", name_of(piece.held) + ": " + active.error().text());
        return over(piece, stage);
    }
    if (!active.ok()) return failed(piece, active.error());
    auto order = settle_order(m_parts.desk, piece.held, place, stage + "/" + to_hex(place.aux));
    if (!order.ok()) return failed(piece, order.error());
    send(key, key_prefix<calls::Settle>(m_parts.desk, piece.held), *std::move(order), stage);
}

void Caretaker::activate(const Key& key, Piece& piece) {
    const auto address = m_parts.till.address();
    // Without a wallet nothing is tried: who runs it so knows.
    if (!address.ok() || piece.done.contains("activate")) return;
    auto order = activate_order(m_parts.desk, piece.held, "once");
    if (!order.ok()) return failed(piece, order.error());
    piece.busy = true;
    const incentive::Call call = order->call;
    m_parts.node.call(
        *address, call, incentive::At::latest(),
        [this, key, order = *std::move(order), alive = std::weak_ptr<int>(m_alive)](const rpc::Answer& answer) {
            if (alive.expired()) return;
            const auto found = m_pieces.find(key);
            if (found == m_pieces.end()) return;
            if (answer.result)
                return send(key, key_prefix<calls::ActivateDeal>(m_parts.desk, found->second.held), order, "activate");
            // Its sector is not proven yet.
            found->second.busy = false;
            found->second.try_from = now() + deals_every;
        });
}

void Caretaker::send(const Key& key, const std::string& prefix, incentive::SendOrder order, const std::string& stage) {
    const std::string title = order.title;
    const auto sent = m_parts.till.send_or_wait(
        prefix, std::move(order),
        of_piece<incentive::SendOutcome>(
            key, [this, stage, title](Piece& piece, const Result<incentive::SendOutcome>& outcome) {
                if (!outcome.ok()) return failed(piece, outcome.error());
                over(piece, stage);
                m_read_at.reset();    // it stands otherwise in the contract now
                m_parts.world.log.write(LogLevel::info, "incentive",
                                        title + ": done in block " + std::to_string(outcome->block));
            }));
    if (!sent.ok())
        if (const auto found = m_pieces.find(key); found != m_pieces.end()) failed(found->second, sent.error());
}

// ---------------------------------------------------------------------------------------------------- what is told

std::vector<Alert> Caretaker::alerts() const {
    std::vector<Alert> out;
    for (const auto& [key, piece] : m_pieces) {
        const HeldPiece& held = piece.held;
        const std::string miner = name_of(held);
        if (piece.failed)
            out.push_back(
                {.code =
                     "not_settled_" + miner + "_" + std::to_string(held.slot) + "_" + std::to_string(held.holder.piece),
                 .severity = Alert::Severity::error,
                 .message = text_of(held) + " of " + miner + ", whose term ends at epoch " +
                            std::to_string(held.holder.until) + ", cannot be settled: " + piece.failed->message,
                 .remedy = piece.failed->remedy});
        if (!piece.place || state_of(held) != incentive::Held::active) continue;
        const std::string sector = "sector " + std::to_string(held.holder.sector) + " of " + miner;
        const std::string code = miner + "_" + std::to_string(held.holder.sector);
        const bool in_term = now() < held.holder.until;
        const auto status = static_cast<SectorStatus>(piece.place->status);
        if (status == SectorStatus::dead && in_term) {
            out.push_back({.code = "sector_gone_" + code,
                           .severity = Alert::Severity::error,
                           .message = sector + ", which has to hold " + text_of(held) + " until epoch " +
                                      std::to_string(held.holder.until) + ", is gone",
                           .remedy = "nothing more is paid for it, and anybody may report it; look at the miner"});
        } else if (status == SectorStatus::faulty) {
            out.push_back({.code = "sector_faulty_" + code,
                           .severity = Alert::Severity::warning,
                           .message = sector + ", which holds " + text_of(held) + ", is faulty",
                           .remedy = "recover it: what it earns can be settled while it is proven alone"});
        } else if (status == SectorStatus::active && ends_soon(piece)) {
            out.push_back(
                {.code = "sector_ends_" + code,
                 .severity = Alert::Severity::warning,
                 .message = sector + ", which holds " + text_of(held) + ", ends at epoch " +
                            std::to_string(piece.place->expiration) + ", " +
                            std::to_string(piece.place->expiration - std::min(piece.place->expiration, now())) +
                            " epochs from now",
                 .remedy = "extend the sector, so that the snapshot stays stored"});
        }
    }
    return out;
}

rpc::Json Caretaker::json() const {
    const auto seen = std::ranges::count_if(m_pieces, [](const auto& one) { return one.second.place.has_value(); });
    return {{"pieces", m_pieces.size()},
            {"sectors_seen", seen},
            {"epoch", m_seen_at == 0 ? rpc::Json(nullptr) : rpc::Json(m_seen_at)},
            {"trouble", m_trouble ? rpc::Json(m_trouble->text()) : rpc::Json(nullptr)}};
}

}    // namespace filfil::service
