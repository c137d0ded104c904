// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "flow_checks.hpp"

#include "service/error_json.hpp"

#include <algorithm>
#include <optional>
#include <string>

namespace filfil::sim {
namespace {

using incentive::Held;
using incentive::U256;
using incentive::model::Holding;
using incentive::model::PieceKey;
using journal::DealRecord;

/// A window that is calm for so many epochs is long enough for what waits to be tried again, and to be stored.
constexpr std::uint64_t enough = 23;

template <class Call>
bool calls_it(const incentive::Call& call) {
    return call.data.size() > Call::selector.size() &&
           std::ranges::equal(ByteView(call.data).first(Call::selector.size()), Call::selector);
}

class Checks {
public:
    Checks(const FlowSeen& seen, FlowOutcome& out) : m_seen(seen), m_out(out) {}

    void run() {
        if (!read()) return;
        look_at_chain();
        for (const DealRecord& deal : m_deals) check_deal(deal);
        for (const auto& [key, window] : m_seen.paying.windows())
            if (window.open <= m_seen.last_open) check_window(key.first, window);
        check_contract();
        for (const Shop* shop : m_seen.shops) check_shop(*shop);
        check_sent();
        check_money();
    }

private:
    void add(bool good, const std::string& what) {
        if (!good) m_out.wrong.push_back(what);
    }
    static std::string name_of(const DealRecord& deal) {
        return "deal " + std::to_string(deal.id) + " (t0" + std::to_string(deal.miner) + ", slot " +
               std::to_string(deal.slot) + ", piece " + std::to_string(deal.piece) + ", attempt " +
               std::to_string(deal.attempt) + ", " + deal.market + ", " + deal.stage + ")";
    }
    bool looked_at(const DealRecord& deal) const {
        return static_cast<std::uint64_t>(deal.opens.value) <= m_seen.last_open;
    }

    bool read() {
        auto rows = m_seen.journal.deals({.limit = 10'000});
        add(rows.ok(), "the journal's deals cannot be read");
        if (!rows.ok()) return false;
        m_deals = *std::move(rows);
        return true;
    }

    [[nodiscard]] const Holding* holding(std::uint64_t slot, std::uint32_t piece, std::uint64_t miner) const {
        const auto& all = m_seen.paying.state().holdings;
        const auto found =
            all.find({PieceKey::of(static_cast<std::uint32_t>(slot), static_cast<std::uint8_t>(piece)), miner});
        return found == all.end() || found->second.state == Held::none ? nullptr : &found->second;
    }
    [[nodiscard]] const Shop* shop_of(std::uint64_t miner) const {
        for (const Shop* shop : m_seen.shops)
            if (shop->miner() == miner) return shop;
        return nullptr;
    }

    void check_deal(const DealRecord& deal) {
        ++m_out.deals;
        if (!looked_at(deal)) return;
        const std::string name = name_of(deal);
        add(!deal.open, name + " has not ended");
        const Holding* const held = holding(deal.slot, deal.piece, deal.miner);
        const bool stored = held != nullptr && (held->state == Held::active || held->state == Held::done);
        if (deal.stage == "paid") {
            ++m_out.paid;
            // What was certain and was taken back came too late, it may be.
            add((stored && !held->paid.zero()) || m_seen.paying.deep(), name + ": the contract has not paid for it");
            add(deal.error.empty(), name + " has an error: " + deal.error);
            return check_certain(deal);
        }
        add(!stored || paid_by_another(deal), name + ": the contract has the piece as stored; " + deal.error);
        if (deal.stage == "cancelled") {
            ++m_out.cancelled;
            return add(m_seen.asked.cancelled.contains(deal.id), name + ": nobody asked for that");
        }
        if (deal.stage == "missed") ++m_out.missed;
        if (deal.stage == "failed") ++m_out.failed;
        const auto json = rpc::parse_json(deal.error);
        const auto error = json.ok() ? service::parse_error(*json) : std::nullopt;
        if (!error || error->message.empty() || error->remedy.empty())
            return add(false, name + " has no sentence, or no remedy: " + deal.error);
        if (deal.stage == "missed") return check_miss(deal, *error);
        if (deal.stage == "failed") return check_failure(deal, *error);
        add(deal.open, name + " has ended at a stage that is none of the ends");
    }

    /// What is told to be paid cannot be taken back any more.
    void check_certain(const DealRecord& deal) {
        const auto steps = m_seen.journal.deal_steps(deal.id);
        if (!steps.ok()) return add(false, name_of(deal) + ": its steps cannot be read");
        const auto activated = m_activated.find(
            {PieceKey::of(static_cast<std::uint32_t>(deal.slot), static_cast<std::uint8_t>(deal.piece)), deal.miner});
        for (const journal::DealStepRecord& step : *steps) {
            if (step.kind != "stage" || step.name != "paid" || !step.epoch || activated == m_activated.end()) continue;
            const auto told = static_cast<std::uint64_t>(step.epoch->value);
            // What comes back within a poll of the contract is not seen to have been away.
            constexpr unsigned blind =
                Weather::reorg | Weather::daemon | Weather::contract | Weather::network | Weather::disk;
            const unsigned bad = m_seen.weather.between(activated->second - 8, told + 1);
            // The devnet may be on a fork that is up to three epochs behind the contract's chain.
            add(told + 3 >= activated->second + m_seen.paying.confirmations() || m_seen.paying.deep() ||
                    (bad & blind) != 0,
                name_of(deal) + ": told to be paid at epoch " + std::to_string(told) + ", and activated at epoch " +
                    std::to_string(activated->second));
        }
    }

    bool paid_by_another(const DealRecord& deal) const {
        return std::ranges::any_of(m_deals, [&](const DealRecord& other) {
            return other.miner == deal.miner && other.slot == deal.slot && other.piece == deal.piece &&
                   other.stage == "paid";
        });
    }

    /// The reason that stands there has to have been one.
    void check_miss(const DealRecord& deal, const Error& error) {
        const std::string name = name_of(deal);
        const auto opens = static_cast<std::uint64_t>(deal.opens.value);
        const auto closes = static_cast<std::uint64_t>(deal.closes.value);
        const std::string& why = error.message;
        const auto says = [&](std::string_view words) { return why.find(words) != std::string::npos; };
        const unsigned bad = m_seen.weather.between(static_cast<std::uint64_t>(deal.target.value), closes + 1);
        const unsigned market = Weather::market(deal.miner);
        const auto& slots = m_seen.paying.state().slots;
        const auto slot = slots.find(static_cast<std::uint32_t>(deal.slot));
        add(says("the window closed at epoch " + std::to_string(closes)),
            name + ": another reason than its window: " + why);
        if (says("nothing is staged"))
            return add(
                slot == slots.end() || slot->second.staged_at + enough > closes || m_seen.paying.deep() || bad != 0,
                name + ": it was staged at epoch " + std::to_string(slot->second.staged_at) + ": " + why);
        if (says("is not final yet")) return add(bad != 0, name + ": it was final: " + why);
        if (says("the contract does not answer"))
            return add((bad & (Weather::contract | Weather::network)) != 0, name + ": it did answer: " + why);
        if (says("market-"))
            return add((bad & (market | Weather::network)) != 0, name + ": nothing was wrong there: " + why);
        add(bad != 0 || static_cast<std::uint64_t>(deal.begun_at.count()) != 0 ||
                (slot != slots.end() && slot->second.staged_at > opens),
            name + ": nothing was wrong: " + why);
    }

    void check_failure(const DealRecord& deal, const Error& error) {
        const std::string name = name_of(deal);
        const Shop* const shop = shop_of(deal.miner);
        const auto& there = shop->fake().deals();
        const auto known = there.find(deal.market_id);
        const bool forgot = shop->forgotten.contains(deal.market_id);
        const bool broke = known != there.end() && !known->second.error.empty();
        add(forgot || broke, name + ": its market knows nothing of that: " + error.message);
    }

    void check_window(std::uint64_t miner, const contract::Window& window) {
        ++m_out.slots;
        const auto& slots = m_seen.paying.state().slots;
        const auto slot = slots.find(window.slot);
        std::vector<const DealRecord*> own;
        for (const DealRecord& deal : m_deals)
            if (deal.miner == miner && deal.slot == window.slot) own.push_back(&deal);
        const std::string name = "slot " + std::to_string(window.slot) + " of t0" + std::to_string(miner);
        const bool watched = m_seen.weather.longest_calm(window.open, window.close, miner) >= 6;
        add(!own.empty() || !watched, name + ": there is no deal of it, and nothing was wrong for six epochs");
        if (slot == slots.end()) return;
        ++m_out.staged;
        // People and markets may end one for good.
        const bool ended = std::ranges::any_of(
            own, [](const DealRecord* deal) { return deal->stage == "cancelled" || deal->stage == "failed"; });
        const std::uint64_t from = std::max<std::uint64_t>(window.open, slot->second.staged_at + 1);
        const std::uint64_t calm = m_seen.weather.longest_calm(from, window.close, miner);
        if (ended || calm < enough) return;
        for (std::size_t piece = 0; piece < slot->second.pieces.size(); ++piece) {
            ++m_out.owed;
            const bool paid = std::ranges::any_of(
                own, [&](const DealRecord* deal) { return deal->piece == piece && deal->stage == "paid"; });
            const DealRecord* last = nullptr;
            for (const DealRecord* deal : own)
                if (deal->piece == piece) last = deal;
            add(paid, name + ", piece " + std::to_string(piece) + ": not paid, though nothing was wrong for " +
                          std::to_string(calm) +
                          " epochs: " + (last == nullptr ? "no deal" : last->stage + " " + last->error));
        }
    }

    /// What the contract has as stored for own providers is known to be.
    void check_contract() {
        for (const auto& [key, held] : m_seen.paying.state().holdings) {
            const auto& [piece, miner] = key;
            if (miner == PayingChain::stranger || (held.state != Held::active && held.state != Held::done)) continue;
            const auto window = m_seen.paying.windows().find({miner, piece.slot});
            if (window == m_seen.paying.windows().end() || window->second.open > m_seen.last_open) continue;
            const bool known = std::ranges::any_of(m_deals, [&](const DealRecord& deal) {
                return deal.miner == miner && deal.slot == piece.slot && deal.piece == piece.piece() &&
                       deal.stage == "paid";
            });
            add(known, "the contract has piece " + std::to_string(piece.piece()) + " of slot " +
                           std::to_string(piece.slot) + " for t0" + std::to_string(miner) +
                           " as stored, and the journal has no deal of it that is paid");
        }
    }

    void check_shop(const Shop& shop) {
        const auto& deals = shop.fake().deals();
        add(shop.fake().accepted() == deals.size() + shop.forgets,
            shop.host() + " has taken a deal more than once: " + std::to_string(shop.fake().accepted()) + " for " +
                std::to_string(deals.size() + shop.forgets));
        std::map<std::string, std::uint64_t> pieces;
        const auto look = [&](const std::string& id, const market::FakeDeal& deal) {
            ++pieces[deal.piece];
            const bool known = std::ranges::any_of(
                m_deals, [&](const DealRecord& one) { return one.miner == shop.miner() && one.market_id == id; });
            add(known, shop.host() + " has deal " + id + ", which is not in the journal");
        };
        for (const auto& [id, deal] : deals) look(id, deal);
        for (const auto& [id, deal] : shop.forgotten) look(id, deal);
        for (const auto& [piece, count] : pieces)
            add(count <= 1 + m_seen.asked.retries, shop.host() + " has " + std::to_string(count) + " deals of piece " +
                                                       piece + ", and nobody asked for that");
        // No two attempts of one piece are anybody's but people's.
        for (const DealRecord& deal : m_deals)
            add(deal.attempt <= m_seen.asked.retries, name_of(deal) + ": nobody asked for it again");
    }

    /// Nothing of ours took effect twice.
    void check_sent() {
        std::map<Bytes, std::uint64_t> took;
        std::map<Bytes, std::uint64_t> sent;
        for (const auto& block : m_seen.paying.chain().blocks())
            for (const auto& done : block.transactions) {
                if (done.transaction.from != m_seen.paying.sender()) continue;
                const incentive::Call& call = done.transaction.call;
                if (calls_it<calls::Withdraw>(call) || calls_it<calls::Settle>(call)) continue;
                const bool stage = calls_it<calls::Stage>(call);
                // One slot, whatever is staged for it.
                const Bytes key = stage ? Bytes(call.data.begin(), call.data.begin() + 4 + 64) : call.data;
                ++sent[key];
                if (done.outcome.succeeded) ++took[key];
                add(done.outcome.succeeded || m_seen.paying.deep() || m_seen.paying.reorged() > 0,
                    "a transaction of ours failed in the chain: " + to_hex(ByteView(call.data).first(4)));
            }
        for (const auto& [key, times] : took)
            add(times <= 1, "a transaction of ours took effect " + std::to_string(times) +
                                " times: " + to_hex(ByteView(key).first(4)));
        for (const auto& [key, times] : sent)
            add(times <= 1 || m_seen.paying.deep() || m_seen.paying.reorged() > 0,
                std::to_string(times) +
                    " transactions of ours to one end are in the chain: " + to_hex(ByteView(key).first(4)));
    }

    void look_at_chain() {
        const auto& blocks = m_seen.paying.chain().blocks();
        for (std::size_t number = 0; number < blocks.size(); ++number)
            for (const auto& done : blocks[number].transactions)
                for (const auto& [from, log] : done.logs) {
                    const auto event = contract::decode_event(log.topics, log.data);
                    if (!event.ok()) continue;
                    if (const auto* one = std::get_if<contract::events::PieceActivated>(&*event))
                        add(m_activated.emplace(std::pair(PieceKey::of(one->slot, one->piece), one->miner), number)
                                .second,
                            "piece " + std::to_string(one->piece) + " of slot " + std::to_string(one->slot) +
                                " was activated twice");
                    if (const auto* out = std::get_if<contract::events::Withdrawn>(&*event))
                        m_withdrawn[out->miner] = sum(m_withdrawn[out->miner], out->amount);
                }
    }

    static U256 sum(const U256& a, const U256& b) { return incentive::add(a, b).value_or(U256::max()); }

    /// What was credited is what the pieces were paid, and it is there or was withdrawn once.
    void check_money() {
        const auto& state = m_seen.paying.state();
        for (const std::uint64_t miner : {PayingChain::first_own, PayingChain::second_own, PayingChain::stranger}) {
            U256 paid;
            for (const auto& [key, held] : state.holdings) {
                if (key.second != miner) continue;
                paid = sum(paid, U256(held.paid));
                add(U256(held.paid) <= U256(held.share), "more was paid for a piece than its share");
            }
            const auto earned = state.earned.find(miner);
            const U256 has = sum(earned == state.earned.end() ? U256() : U256(earned->second), m_withdrawn[miner]);
            add(has == paid, "t0" + std::to_string(miner) + " was paid " + paid.text() + " and has had " + has.text());
        }
    }

    const FlowSeen& m_seen;
    FlowOutcome& m_out;
    std::vector<DealRecord> m_deals;
    std::map<std::uint64_t, U256> m_withdrawn;
    std::map<std::pair<PieceKey, std::uint64_t>, std::uint64_t> m_activated;    ///< by piece and miner, in which epoch
};

}    // namespace

unsigned Weather::between(std::uint64_t from, std::uint64_t to) const {
    unsigned out = 0;
    for (auto one = at.lower_bound(from); one != at.end() && one->first < to; ++one) out |= one->second;
    return out;
}

std::uint64_t Weather::longest_calm(std::uint64_t from, std::uint64_t to, std::uint64_t miner) const {
    const unsigned others = Weather::market(PayingChain::first_own) | Weather::market(PayingChain::second_own);
    const unsigned mask = ~(others & ~Weather::market(miner));
    std::uint64_t longest = 0;
    std::uint64_t begun = from;
    for (auto one = at.lower_bound(from); one != at.end() && one->first < to; ++one) {
        if ((one->second & mask) != 0)
            begun = one->first + 1;
        else
            longest = std::max(longest, one->first + 1 - begun);
    }
    return longest;
}

void check_flow(const FlowSeen& seen, FlowOutcome& out) { Checks(seen, out).run(); }

}    // namespace filfil::sim
