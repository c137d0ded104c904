// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/incentive/holding_book.hpp"

#include "incentive/revert_text.hpp"
#include "service/incentive/gather.hpp"
#include "service/incentive/slot_json.hpp"

#include <algorithm>
#include <utility>

namespace filfil::service {
namespace {

/// A sector lives for five years at most, and so does what is held in it; epochs, and as many for what is not settled.
constexpr std::uint64_t longest_life = 5'300'000;

/// What is deeper below the head is not reorganised away.
constexpr std::uint64_t for_good = 900;

constexpr std::size_t asked_at_once = 16;
constexpr std::size_t most_rounds = 4096;
constexpr std::size_t most_slots = 8192;
constexpr std::uint64_t holders_a_page = 256;

std::uint64_t slots_of(const contract::Round& round) {
    return round.replicas == 0 ? 0 : (round.positions + round.replicas - 1U) / round.replicas;
}

std::uint64_t end_of(const contract::Round& round) { return round.start + slots_of(round) * round.slot_length; }

/// A slot of a round that is known.
struct SlotOf {
    std::uint32_t slot = 0;
    std::uint64_t target = 0;
    std::uint64_t close = 0;
};

/// Newest first; those that are open or were.
std::vector<SlotOf> slots_in(const std::vector<contract::Round>& rounds, std::uint64_t now) {
    std::vector<SlotOf> out;
    for (const contract::Round& round : rounds)
        for (std::uint64_t i = slots_of(round); i > 0 && out.size() < most_slots; --i) {
            const std::uint64_t open = round.start + (i - 1) * round.slot_length;
            if (open > now) continue;
            out.push_back({.slot = static_cast<std::uint32_t>(round.number) << 16 | static_cast<std::uint32_t>(i - 1),
                           .target = open - std::min<std::uint64_t>(open, round.lead),
                           .close = open + round.window_length});
        }
    return out;
}

}    // namespace

rpc::Json json_of(const HeldPiece& held, const node::Profile& network) {
    const contract::Holder& one = held.holder;
    return {{"miner", miner_text(one.miner, network.address_prefix)},
            {"slot", held.slot},
            {"round", held.slot >> 16},
            {"index", held.slot & 0xffff},
            {"target_epoch", held.target},
            {"target_time", time_json(network, held.target)},
            {"piece", one.piece & 0x7f},
            {"alternative", (one.piece & 0x80) != 0},
            {"state", held_name(one.state)},
            {"sector", one.sector},
            {"until_epoch", one.until},
            {"until_time", time_json(network, one.until)},
            {"paid", one.paid.text()},
            {"share", one.share.text()}};
}

std::string text_of(const HeldPiece& held) {
    return incentive::piece_text(held.holder.piece) + " of " + incentive::slot_text(held.slot);
}

std::uint64_t HoldingBook::now() const {
    const auto head = m_head();
    return static_cast<std::uint64_t>(head ? std::max<std::int64_t>(0, head->value) : 0);
}

void HoldingBook::find(std::vector<std::uint64_t> miners, Desk::Handler<std::vector<HeldPiece>> handler) {
    m_desk.read<calls::Round>({}, [this, miners = std::move(miners),
                                   handler = std::move(handler)](const Result<calls::Round::Output>& round) mutable {
        if (!round.ok()) return handler(round.error());
        rounds_before(round->value, [this, miners = std::move(miners),
                                     handler = std::move(handler)](const Result<Rounds>& rounds) mutable {
            if (!rounds.ok()) return handler(rounds.error());
            std::vector<SlotOf> slots = slots_in(*rounds, now());
            std::erase_if(slots, [&](const SlotOf& one) {
                const auto known = m_holders_of.find(one.slot);
                return known != m_holders_of.end() &&
                       std::ranges::none_of(miners, [&](std::uint64_t miner) { return known->second.contains(miner); });
            });
            std::ranges::reverse(slots);
            const auto asked = std::make_shared<std::vector<SlotOf>>(std::move(slots));
            gather_by<std::vector<contract::Holder>>(
                asked_at_once, asked->size(),
                [this, asked](std::size_t i, const Desk::Handler<std::vector<contract::Holder>>& one) {
                    holders_of((*asked)[i].slot, one);
                },
                [this, asked, miners = std::move(miners),
                 handler = std::move(handler)](const Result<std::vector<std::vector<contract::Holder>>>& all) {
                    if (!all.ok()) return handler(all.error());
                    std::vector<HeldPiece> out;
                    for (std::size_t i = 0; i < asked->size(); ++i) {
                        const SlotOf& slot = (*asked)[i];
                        std::set<std::uint64_t> holders;
                        for (const contract::Holder& holder : (*all)[i]) {
                            holders.insert(holder.miner);
                            if (std::ranges::find(miners, holder.miner) != miners.end())
                                out.push_back({.slot = slot.slot, .target = slot.target, .holder = holder});
                        }
                        if (slot.close + for_good < now()) m_holders_of[slot.slot] = std::move(holders);
                    }
                    handler(std::move(out));
                });
        });
    });
}

/// Newest first.
void HoldingBook::rounds_before(contract::Round newest, Desk::Handler<Rounds> handler) {
    auto found = std::make_shared<Rounds>();
    if (newest.number == 0) return handler(std::move(*found));
    const std::uint64_t next = newest.number - 1U;
    found->push_back(newest);
    more_rounds(std::move(found), next, std::move(handler));
}

void HoldingBook::more_rounds(std::shared_ptr<Rounds> found, std::uint64_t next, Desk::Handler<Rounds> handler) {
    while (next > 0 && found->size() < most_rounds && found->back().start + longest_life > now()) {
        const auto known = m_rounds.find(static_cast<std::uint16_t>(next));
        if (known == m_rounds.end()) break;
        // Numbers of a time with no provider have no round.
        if (known->second.number != 0) found->push_back(known->second);
        --next;
    }
    if (next == 0 || found->size() >= most_rounds || found->back().start + longest_life <= now())
        return handler(std::move(*found));
    const std::size_t count = std::min<std::uint64_t>(next, asked_at_once);
    gather<calls::RoundOf::Output>(
        count,
        [this, next](std::size_t i, const Desk::Handler<calls::RoundOf::Output>& one) {
            m_desk.read<calls::RoundOf>({.number = static_cast<std::uint16_t>(next - i)}, one);
        },
        [this, found, next, count, handler](const Result<std::vector<calls::RoundOf::Output>>& all) {
            if (!all.ok()) return handler(all.error());
            for (std::size_t i = 0; i < count; ++i) {
                const contract::Round& round = (*all)[i].value;
                if (round.number != 0) found->push_back(round);
                if (found->back().start + for_good < now() && (round.number == 0 || end_of(round) + for_good < now()))
                    m_rounds[static_cast<std::uint16_t>(next - i)] = round;
            }
            more_rounds(found, next - count, handler);
        });
}

void HoldingBook::holders_of(std::uint32_t slot, Desk::Handler<std::vector<contract::Holder>> handler) {
    next_page(slot, std::make_shared<std::vector<contract::Holder>>(), std::move(handler));
}

void HoldingBook::next_page(std::uint32_t slot, std::shared_ptr<std::vector<contract::Holder>> found,
                            Desk::Handler<std::vector<contract::Holder>> handler) {
    m_desk.read<calls::Holders>(
        {.slot = slot, .from = static_cast<std::uint64_t>(found->size()), .count = holders_a_page},
        [this, slot, found, handler = std::move(handler)](const Result<calls::Holders::Output>& page) {
            if (!page.ok()) return handler(page.error());
            found->insert(found->end(), page->value.begin(), page->value.end());
            if (page->value.size() < holders_a_page) return handler(std::move(*found));
            next_page(slot, found, handler);
        });
}

}    // namespace filfil::service
