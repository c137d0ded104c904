// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/keccak.hpp"
#include "incentive/model/cbor_reader.hpp"
#include "incentive/model/machine.hpp"
#include "ipld/cbor_head.hpp"
#include "sequencer.hpp"

#include <algorithm>

// Who calls what.

namespace filfil::incentive::differential {

namespace calls = contract::calls;

namespace {

constexpr std::uint64_t authenticate_message = 2643134072;
constexpr std::uint64_t market_notify_deal = 4186741094;
constexpr std::uint64_t sector_content_changed = 2034386435;
constexpr std::uint64_t receive_tokens = 3726118371;
constexpr std::uint64_t cbor = 0x51;
constexpr std::uint64_t market_actor = 5;

std::string text(std::uint64_t size) { return std::string(size, 'x'); }

}    // namespace

model::Root Sequencer::fresh_root() {
    const auto hash = keccak_256(bytes_of("root " + std::to_string(m_seed) + " " + std::to_string(++m_roots)));
    model::Root out;
    std::ranges::copy(hash, out.begin());
    return out;
}

void Sequencer::act() {
    if (one_in(4)) disturb_world();
    pass_time();
    if (one_in(30)) gift();
    const model::Clock now = clock();
    if (now.due(m_now) && m_now - now.end() > 64 * now.length() && !one_in(4))
        return call<calls::Advance>(anybody(), {}, {});
    if (!m_contract.state().holdings.empty() && one_in(4)) return later();
    switch (m_random.below(24)) {
        case 0:
        case 1: return join();
        case 2:
        case 3:
        case 4:
        case 5: return stage();
        case 6:
        case 7:
        case 8:
        case 9: return notify_sectors();
        case 10: return deal(false);
        case 11:
        case 12: return deal(true);
        case 13:
        case 14:
        case 15:
        case 16: return later();
        case 17: return office();
        case 18:
        case 19:
        case 20: return provider_call();
        case 21: return slot_call();
        case 22: return one_in(2) ? call<calls::Advance>(anybody(), {}, {}) : curio();
        default: return odd_call();
    }
}

void Sequencer::join() {
    std::vector<Miner> strangers;
    for (const Miner one : m_miners)
        if (!m_contract.state().providers.contains(one)) strangers.push_back(one);
    const Miner miner = strangers.empty() || one_in(5) ? any_miner() : any_of(strangers);
    U256 value = money();
    model::ContractModel at_hand = m_contract;
    const auto bond = at_hand.look({.epoch = m_now, .input = encode_call<calls::BondNow>({}).value()}, m_neighbours);
    if (bond.succeeded && !one_in(6)) value = U256::from_bytes(bond.output).value();
    if (one_in(5)) value = *add(value, pick(1, 1000));
    if (one_in(12)) value = subtract(value, 1).value_or(U256());
    call<calls::Register>(mostly(controller(miner)), value, {.miner = miner});
}

void Sequencer::stage() {
    if (!one_in(6) && windows_ahead().empty()) return join();
    contract::StageArgs args;
    args.slot = m_cancelled && !one_in(4) ? *m_cancelled : one_in(5) ? staged_slot() : any_slot();
    m_cancelled.reset();
    model::ContractModel at_hand = m_contract;
    const auto look = at_hand.look(
        {.epoch = m_now, .input = encode_call<calls::SlotWindow>({.slot = args.slot}).value()}, m_neighbours);
    calls::SlotWindow::Output window;
    if (look.succeeded) window = decode_output<calls::SlotWindow>(look.output).value();
    go_to(one_in(3) ? window.open : window.target);
    args.epoch = one_in(12) ? pick(0, m_now + 2) : window.target - std::min(window.target, one_in(8) ? pick(1, 66) : 0);
    args.tipset = fresh_root();
    const auto& params = m_contract.state().params;
    auto version = params.find(m_contract.state().clock.version);
    if (one_in(10)) version = params.begin();
    args.recipe = one_in(20) ? fresh_root() : version->second.recipe;
    args.payload = Bytes(one_in(12) ? pick(127, 129) : pick(0, 40), std::byte{0x71});
    std::uint64_t count = pick(1, 3);
    if (one_in(25)) count = one_in(2) ? 0 : one_in(2) ? 65 : 64;
    for (std::uint64_t i = 0; i < count; ++i) {
        contract::Piece piece{.root = fresh_root(), .log2_padded = static_cast<std::uint8_t>(pick(7, 36))};
        piece.raw_size = model::capacity(piece.log2_padded) - m_random.below(60);
        if (one_in(30)) piece = some_piece(staged_slot());
        if (one_in(40)) piece.log2_padded = static_cast<std::uint8_t>(one_in(2) ? pick(0, 6) : pick(37, 66));
        if (one_in(40)) piece.raw_size = one_in(2) ? 0 : model::capacity(piece.log2_padded % 40) + 1;
        if (one_in(60)) piece.root = {};
        args.pieces.push_back(piece);
    }
    args.reward =
        one_in(10) ? *add(version->second.reward_cap, 1) : multiply(pick(0, 1U << 30), pick(0, 1U << 29)).value();
    const auto there = m_contract.state().slots.find(args.slot);
    if (there != m_contract.state().slots.end() && !one_in(5)) args.reward = there->second.reward;
    call<calls::Stage>(mostly(m_contract.state().operator_), money(), {.args = args});
}

void Sequencer::notify_sectors() {
    Miner miner = mostly_a_provider();
    const std::uint32_t slot = staged_slot();
    if (const auto staged = m_contract.state().slots.find(slot); staged != m_contract.state().slots.end()) {
        if (!one_in(4)) go_to(staged->second.open);
        for (const auto& [one, provider] : m_contract.state().providers)
            if (provider.elected(round_of(slot)) &&
                provider.place_in(round_of(slot)) / staged->second.replicas == index_of(slot) && !one_in(3))
                miner = one;
    }
    EthAddress from = EthAddress::of_id(miner);
    if (one_in(20)) from = anybody();
    Bytes input = sector_changes(miner);
    call<calls::HandleFilecoinMethod>(
        from, {}, {.method = sector_content_changed, .codec = one_in(40) ? 0x55 : cbor, .params = std::move(input)});
}

void Sequencer::deal(bool published) {
    Miner miner = mostly_a_provider();
    const std::uint32_t slot = staged_slot();
    if (const auto staged = m_contract.state().slots.find(slot); staged != m_contract.state().slots.end() && !one_in(4))
        go_to(staged->second.open);
    const Bytes inner = model::cbor_bytes(proposal(miner));
    Bytes input = model::cbor_head(ipld::cbor_list, one_in(40) ? 3 : 2);
    const Bytes& other = published ? model::cbor_number(++m_deals) : model::cbor_bytes({});
    for (const Bytes& part : published ? std::vector<Bytes>{inner, other} : std::vector<Bytes>{other, inner})
        input.insert(input.end(), part.begin(), part.end());
    if (one_in(30)) input = mutated(input, m_random);
    if (published && !one_in(10)) m_neighbours.deals[m_deals] = {};
    EthAddress from = published ? EthAddress::of_id(market_actor) : anybody();
    if (one_in(25)) from = one_in(2) ? anybody() : EthAddress::of_id(any_miner());
    call<calls::HandleFilecoinMethod>(
        from, {}, {.method = published ? market_notify_deal : authenticate_message, .codec = cbor, .params = input});
}

/// What is done about a piece that somebody has.
void Sequencer::later() {
    const auto known = any_holding();
    if (!known) return provider_call();
    Stored held = *known;
    if (one_in(25)) held.piece ^= 0x80;
    if (one_in(25)) held.miner = any_miner();
    if (one_in(25)) held.slot = staged_slot();
    if (one_in(20)) return call<calls::Location>(anybody(), {}, {.miner = held.miner, .sector = held.holding.sector});
    Bytes aux = m_neighbours.location(held.miner, held.holding.sector);
    if (one_in(20)) aux = one_in(3) ? Bytes(pick(127, 130)) : mutated(aux, m_random);
    if (held.holding.state == Held::published && one_in(4)) {
        // the last epoch at which a deal counts as stored, or the next
        go_to(held.holding.start + m_random.below(2));
        return call<calls::Poke>(anybody(), {}, {.miner = held.miner});
    }
    switch (held.holding.state == Held::published ? pick(4, 9) : m_random.below(7)) {
        case 0:
        case 1:
        case 2:
            if (one_in(6)) go_to(held.holding.until + m_random.below(3));
            return call<calls::Settle>(anybody(), {},
                                       {.slot = held.slot, .piece = held.piece, .miner = held.miner, .aux = aux});
        case 3:
        case 4: {
            auto& miner = m_neighbours.miners[held.miner];
            if (const auto sector = miner.sectors.find(held.holding.sector); sector != miner.sectors.end() && one_in(2))
                sector->second.status = model::Neighbours::Sector::Status::dead;
            return call<calls::ReportDead>(anybody(), {},
                                           {.slot = held.slot, .piece = held.piece, .miner = held.miner, .aux = aux});
        }
        case 5:
        case 6:
            if (one_in(2))
                go_to((held.holding.state == Held::published ? held.holding.start : held.holding.until + 86'400) +
                      m_random.below(2));
            return call<calls::Close>(anybody(), {}, {.slot = held.slot, .piece = held.piece, .miner = held.miner});
        default: {
            if (const auto deal = m_neighbours.deals.find(held.holding.deal);
                deal != m_neighbours.deals.end() && !one_in(3) && !deal->second.activated)
                deal->second = {.activated = m_now, .terminated = one_in(6), .sector = pick(1, 300)};
            return call<calls::ActivateDeal>(anybody(), {},
                                             {.slot = held.slot, .piece = held.piece, .miner = held.miner});
        }
    }
}

void Sequencer::provider_call() {
    Miner miner = mostly_a_provider();
    switch (m_random.below(10)) {
        case 0:
        case 1: return call<calls::Exit>(mostly(controller(miner)), {}, {.miner = miner});
        case 2:
            return call<calls::SetEndpoint>(mostly(controller(miner)), {},
                                            {.miner = miner, .url = text(one_in(6) ? pick(127, 129) : pick(0, 40))});
        case 3:
        case 4: {
            const std::uint32_t slot = staged_slot();
            const model::Root root = one_in(2) ? some_piece(slot).root : one_in(6) ? model::Root{} : fresh_root();
            return call<calls::Attest>(mostly(controller(miner)), {}, {.miner = miner, .slot = slot, .root = root});
        }
        case 5:
        case 6: return call<calls::Poke>(anybody(), {}, {.miner = miner});
        case 7:
        case 8: {
            std::vector<Miner> creditors;
            for (const auto& [one, amount] : m_contract.state().earned)
                if (!amount.zero()) creditors.push_back(one);
            for (const auto& [one, provider] : m_contract.state().providers)
                if (provider.last_round != 0) creditors.push_back(one);
            if (!creditors.empty() && !one_in(5)) miner = any_of(creditors);
            if (one_in(4)) m_now += clock().length() * pick(1, 2);
            return call<calls::Withdraw>(anybody(), {}, {.miner = miner});
        }
        default: {
            std::vector<EthAddress> creditors = {anybody()};
            for (const auto& [who, amount] : m_contract.state().credit) creditors.push_back(who);
            return call<calls::WithdrawOwn>(any_of(creditors), {}, {});
        }
    }
}

void Sequencer::slot_call() {
    const std::uint32_t slot = staged_slot();
    if (one_in(2)) {
        // what is staged anew can be attested to anew
        const Miner miner = mostly_a_provider();
        const bool attested = one_in(2);
        const auto attest = [&] {
            if (attested)
                call<calls::Attest>(controller(miner), {}, {.miner = miner, .slot = slot, .root = fresh_root()});
        };
        attest();
        call<calls::Cancel>(mostly(m_contract.state().operator_), {}, {.slot = slot});
        if (!m_out.steps.back().succeeds || one_in(3)) return;
        m_cancelled = slot;
        stage();
        return attest();
    }
    if (const auto staged = m_contract.state().slots.find(slot); staged != m_contract.state().slots.end())
        go_to(staged->second.close);
    call<calls::Reclaim>(anybody(), {}, {.slot = slot});
}

void Sequencer::office() {
    const model::State& state = m_contract.state();
    switch (m_random.below(12)) {
        case 0:
        case 1:
        case 2: {
            const contract::Params next = some_params();
            return call<calls::QueueParams>(mostly(state.owner), {}, {.next = one_in(5) ? spoilt(next) : next});
        }
        case 3: {
            return call<calls::SetOperator>(mostly(state.owner), {}, {.next = anybody()});
        }
        case 4: return call<calls::SetGuardian>(mostly(state.owner), {}, {.next = one_in(3) ? anybody() : m_guardian});
        case 5: {
            const bool on = !state.paused && one_in(2);
            return call<calls::SetPaused>(one_in(2) ? mostly(state.owner) : state.guardian, {}, {.on = on});
        }
        case 6: return call<calls::OfferOwnership>(mostly(state.owner), {}, {.next = anybody()});
        case 7: return call<calls::AcceptOwnership>(mostly(state.pending_owner), {}, {});
        case 8:
            return call<calls::SetSuccessor>(mostly(state.owner), {}, {.next = one_in(9) ? EthAddress() : anybody()});
        default: {
            if (state.successor.zero() && !one_in(3))
                return call<calls::SetSuccessor>(mostly(state.owner), {}, {.next = anybody()});
            if (one_in(3)) m_now += clock().length() * 2;
            U256 amount = state.money.pool;
            if (one_in(3)) amount = *add(amount, 1);
            if (one_in(3)) amount = divide(amount, 2)->quotient;
            return call<calls::MoveToSuccessor>(mostly(state.owner), {}, {.amount = amount});
        }
    }
}

/// What nobody should send.
void Sequencer::odd_call() {
    switch (m_random.below(8)) {
        case 0: return call<calls::Fund>(anybody(), money(), {.memo = text(one_in(5) ? pick(127, 130) : pick(0, 50))});
        case 1: return call("receive", anybody(), money(), {});
        case 2: return call<calls::Poke>(anybody(), pick(1, 5), {.miner = any_miner()});
        case 3: return call<calls::Totals>(anybody(), pick(0, 1), {});
        case 4:
            return call("unknown", anybody(), pick(0, 1),
                        Bytes(pick(1, 40), static_cast<std::byte>(m_random.below(256))));
        case 5: {
            Bytes cut = encode_call<calls::Windows>({.miner = any_miner()}).value();
            cut.resize(m_random.below(cut.size() - 1) + 1);
            return call("cut short", anybody(), {}, cut);
        }
        case 6:
            return call<calls::HandleFilecoinMethod>(
                anybody(), {}, {.method = one_in(2) ? receive_tokens : m_random.next(), .codec = cbor, .params = {}});
        default: {
            Bytes dirty = encode_call<calls::Poke>({.miner = any_miner()}).value();
            dirty[4 + m_random.below(24)] = std::byte{1};
            return call("out of range", anybody(), {}, dirty);
        }
    }
}

void Sequencer::curio() {
    const std::uint32_t slot = staged_slot();
    const contract::Piece piece = some_piece(slot);
    const auto found = m_contract.state().roots.find(piece.root);
    contract::CurioDealView deal;
    deal.deal_id = found == m_contract.state().roots.end() || one_in(15)
                       ? one_in(2) ? U256(pick(0, 1U << 20)) : U256::power_of_two(70)
                       : U256(deal_of(found->second.slot, found->second.piece()));
    deal.state = static_cast<std::uint8_t>(one_in(10) ? pick(0, 3) : 0);
    deal.provider_actor_id = one_in(20) ? U256::power_of_two(64) : U256(any_miner());
    deal.piece_cid_v2 = piece_cid_v2(piece);
    deal.start_epoch = one_in(2) ? U256() : U256(m_now + pick(0, 50));
    deal.duration = one_in(20) ? U256::power_of_two(64) : U256(pick(0, 700));
    deal.allocation_id = one_in(20) ? 1 : 0;
    deal.finalized_epoch = one_in(20) ? 1 : 0;
    if (const auto staged = m_contract.state().slots.find(slot); staged != m_contract.state().slots.end())
        go_to(staged->second.open);
    if (one_in(4)) return call<calls::GetDealState>(anybody(), {}, {.deal_id = deal.deal_id});
    call<calls::VerifyDeal>(anybody(), {}, {.deal = deal});
}

/// Money that nobody tells the contract of.
void Sequencer::gift() {
    m_gift = money();
    m_contract.receive_silently(m_gift);
}

}    // namespace filfil::incentive::differential
