// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "flow_checks.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

namespace filfil::sim {
namespace {

using incentive::Held;
using incentive::U256;
using incentive::model::ModelChain;

template <class Call>
bool calls_it(const incentive::Call& call) {
    return call.data.size() > Call::selector.size() &&
           std::ranges::equal(ByteView(call.data).first(Call::selector.size()), Call::selector);
}

U256 sum(const U256& a, const U256& b) { return incentive::add(a, b).value_or(U256::max()); }

/// Calls back with each event of the contract, with where it stands in the chain.
template <class Call>
void each_event(const PayingChain& paying, const Call& call) {
    for (const auto& block : paying.chain().blocks())
        for (const ModelChain::Done& done : block.transactions)
            for (const auto& [from, log] : done.logs)
                if (const auto event = contract::decode_event(log.topics, log.data); event.ok()) call(done, *event);
}

/// What the contract has as stored for own providers is known to be.
void check_contract(FlowLook& look) {
    for (const auto& [key, held] : look.seen.paying.state().holdings) {
        const auto& [piece, miner] = key;
        if (miner == PayingChain::stranger || (held.state != Held::active && held.state != Held::done)) continue;
        const auto window = look.seen.paying.windows().find({miner, piece.slot});
        if (window == look.seen.paying.windows().end() || window->second.open > look.seen.last_open) continue;
        const auto paid = std::ranges::count_if(look.deals, [&](const FlowLook::Deal& deal) {
            return FlowLook::place_of(deal.record) == key && deal.record.stage == "paid";
        });
        const bool taken_back = std::ranges::any_of(look.deals, [&](const FlowLook::Deal& deal) {
            return FlowLook::place_of(deal.record) == key && look.taken_back_since(deal);
        });
        look.add(paid == 1 || (paid == 0 && taken_back),
                 "the contract has piece " + std::to_string(piece.piece()) + " of slot " + std::to_string(piece.slot) +
                     " for t0" + std::to_string(miner) + " as stored, and the journal has " + std::to_string(paid) +
                     " deals of it that are paid");
    }
}

/// Nothing of ours took effect twice.
void check_sent(FlowLook& look) {
    const PayingChain& paying = look.seen.paying;
    const bool lost = paying.deep() || paying.reorged() > 0;
    std::map<Bytes, std::uint64_t> took;
    std::map<Bytes, std::uint64_t> sent;
    for (const auto& block : paying.chain().blocks())
        for (const ModelChain::Done& done : block.transactions) {
            if (done.transaction.from != paying.sender()) continue;
            const incentive::Call& call = done.transaction.call;
            if (calls_it<calls::Withdraw>(call) || calls_it<calls::Settle>(call)) continue;
            const bool stage = calls_it<calls::Stage>(call);
            // One slot, whatever is staged for it.
            const Bytes key = stage ? Bytes(call.data.begin(), call.data.begin() + 4 + 64) : call.data;
            ++sent[key];
            if (done.outcome.succeeded) ++took[key];
            look.add(done.outcome.succeeded || lost,
                     "a transaction of ours failed in the chain: " + to_hex(ByteView(call.data).first(4)));
        }
    for (const auto& [key, times] : took)
        look.add(times <= 1, "a transaction of ours took effect " + std::to_string(times) +
                                 " times: " + to_hex(ByteView(key).first(4)));
    for (const auto& [key, times] : sent)
        look.add(times <= 1 || lost, std::to_string(times) + " transactions of ours to one end are in the chain: " +
                                         to_hex(ByteView(key).first(4)));
}

/// What was credited is what the pieces were paid, each once, and it is there or was withdrawn once.
void check_money(FlowLook& look) {
    std::map<std::uint64_t, U256> withdrawn;
    std::map<PayingChain::Place, std::uint64_t> activated;
    each_event(look.seen.paying, [&](const ModelChain::Done& done, const contract::Event& event) {
        if (const auto* one = std::get_if<contract::events::PieceActivated>(&event))
            ++activated[{incentive::model::PieceKey::of(one->slot, one->piece), one->miner}];
        if (const auto* taken = std::get_if<contract::events::Withdrawn>(&event)) {
            withdrawn[taken->miner] = sum(withdrawn[taken->miner], taken->amount);
            look.add(!taken->amount.zero() || done.transaction.from != look.seen.paying.sender(),
                     "a withdrawal of ours took nothing");
        }
    });
    const auto& state = look.seen.paying.state();
    for (const auto& [place, times] : activated)
        look.add(times == 1, "piece " + std::to_string(place.first.piece()) + " of slot " +
                                 std::to_string(place.first.slot) + " was activated " + std::to_string(times) +
                                 " times for t0" + std::to_string(place.second));
    for (const std::uint64_t miner : {PayingChain::first_own, PayingChain::second_own, PayingChain::stranger}) {
        U256 paid;
        for (const auto& [place, held] : state.holdings) {
            if (place.second != miner) continue;
            paid = sum(paid, U256(held.paid));
            look.add(U256(held.paid) <= U256(held.share), "more was paid for a piece than its share");
            look.add(U256(held.paid).zero() || activated.contains(place), "a piece was paid and never activated");
        }
        const auto earned = state.earned.find(miner);
        const U256 has = sum(earned == state.earned.end() ? U256() : U256(earned->second), withdrawn[miner]);
        look.add(has == paid, "t0" + std::to_string(miner) + " was paid " + paid.text() + " and has had " + has.text());
    }
}

}    // namespace

void check_chain(FlowLook& look) {
    check_contract(look);
    check_sent(look);
    check_money(look);
}

}    // namespace filfil::sim
