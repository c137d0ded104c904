// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "ledger.hpp"

#include "incentive/eth_address.hpp"

#include <set>

namespace filfil::e2e {
namespace {

// What the contract was deployed with: see RoundsScene::deploy(), and the defaults of `contract deploy`.
constexpr Money reward = 2 * one_fil;
constexpr Money least_bond = 10 * one_fil;
constexpr Money bond_step = 16;
constexpr Money whole = 10'000;
constexpr Money upfront = 3000;
constexpr Money slash = 2000;
constexpr Money bounty = 5000;
constexpr Money pool = 100 * one_fil;

std::uint64_t number_in(const Json& hex) { return std::stoull(hex.get<std::string>(), nullptr, 16); }

Money upfront_of(Money share) { return share * upfront / whole; }

/// What was earned of a share by an epoch.
Money earned(Money share, std::uint64_t from, std::uint64_t until, std::uint64_t at) {
    const Money first = upfront_of(share);
    return first + (share - first) * (at - from) / (until - from);
}

/// Compares as text, which says more where they differ.
void expect_money(Money seen, Money wanted, const std::string& what) {
    EXPECT_EQ(text_of(seen), text_of(wanted)) << what;
}

}    // namespace

void Ledger::check() {
    m_scene.stand_still();
    check_stagings();
    check_members();
    follow_pieces();
    check_the_lost_one();
    check_contract();
    read_gas();
    check_wallets();
    check_effects();
    m_scene.hold(false);
}

void Ledger::check_stagings() {
    std::map<std::uint32_t, unsigned> times;
    for (const auto& logged : m_scene.contract().logs<events::SnapshotStaged>()) {
        ++times[logged.event.slot];
        expect_money(money_of(logged.event.reward), reward, "the reward of a slot");
        const std::uint64_t open = m_story.open_of(logged.event.slot >> 16, logged.event.slot & 0xffff);
        EXPECT_LT(logged.block, open) << "slot " << logged.event.slot << " was staged too late";
        EXPECT_LE(logged.event.epoch, open - RoundsScene::lead_epochs);
    }
    for (std::uint64_t round = 1; round <= 2; ++round)
        for (std::uint64_t index = 0; index < Story::slots; ++index)
            EXPECT_EQ(times[Story::slot_of(round, index)], 1U) << "slot " << index << " of round " << round;
    EXPECT_EQ(times.size(), 2 * Story::slots);
}

/// Who came, in order, with which bond; and who left.
void Ledger::check_members() {
    const auto came = m_scene.contract().logs<events::Registered>();
    ASSERT_EQ(came.size(), 4U);
    // The fourth came when one had asked to leave already.
    const std::array<Money, 4> before = {0, 1, 2, 2};
    for (std::size_t i = 0; i < came.size(); ++i) {
        const auto& one = came[i].event;
        expect_money(money_of(one.bond), least_bond + least_bond * before[i] / bond_step, "bond " + std::to_string(i));
        m_bonds[one.miner] = money_of(one.bond);
        EXPECT_EQ(one.first_round, i < 3 ? 1 : 2);
    }
    EXPECT_EQ(came[3].event.miner, m_story.joins().miner);
    const auto left = m_scene.contract().logs<events::ExitQueued>();
    ASSERT_EQ(left.size(), 1U);
    EXPECT_EQ(left[0].event.miner, m_story.leaves().miner);
    EXPECT_EQ(left[0].event.last_round, 1);
    // Its bond comes back once, when the round behind the one after its last is open.
    unsigned times = 0;
    for (const auto& [block, hash, one] : m_scene.contract().logs<events::Withdrawn>()) {
        if (one.bond.zero()) continue;
        ++times;
        EXPECT_EQ(one.miner, m_story.leaves().miner);
        EXPECT_GE(block, m_story.open_of(3, 0));
        expect_money(money_of(one.bond), m_bonds[one.miner], "the bond that comes back");
    }
    EXPECT_EQ(times, 1U);
    const auto missed = m_scene.contract().logs<events::Missed>();
    ASSERT_EQ(missed.size(), 1U);
    EXPECT_EQ(missed[0].event.miner, m_story.misses().miner);
    EXPECT_EQ(missed[0].event.slot, Story::slot_of(1, 1));
    EXPECT_EQ(m_scene.contract().logs<events::Removed>().size(), 0U);
    EXPECT_EQ(m_scene.contract().read<calls::Provider>({.miner = m_story.leaves().miner}).standing, 0);
    for (const Party* party : {&m_story.stays(), &m_story.misses(), &m_story.joins()})
        EXPECT_EQ(m_scene.contract().read<calls::Provider>({.miner = party->miner}).standing, 1) << party->name;
}

/// Each piece from its activation to its last payment, by the rules.
void Ledger::follow_pieces() {
    const auto& contract = m_scene.contract();
    for (const auto& [block, hash, one] : contract.logs<events::PieceActivated>()) {
        const auto [at, fresh] = m_pieces.try_emplace(Key(one.slot, one.piece, one.miner));
        EXPECT_TRUE(fresh) << "stored twice: piece " << int{one.piece} << " of slot " << one.slot;
        const Money pieces = contract.read<calls::SlotInfo>({.slot = one.slot}).pieces;
        Account& account = at->second;
        account.from = block;
        account.until = one.until;
        account.share = reward / pieces + (one.piece == 0 ? reward % pieces : 0);
        account.paid = upfront_of(account.share);
        expect_money(money_of(one.upfront), account.paid, "the first share");
    }
    for (const auto& [block, hash, one] : contract.logs<events::Settled>()) {
        Account& account = m_pieces[Key(one.slot, one.piece, one.miner)];
        ASSERT_GT(account.until, 0U);
        EXPECT_EQ(one.to, std::min(block, account.until));
        const Money now = earned(account.share, account.from, account.until, one.to);
        expect_money(money_of(one.amount), now - account.paid, "a settlement at " + std::to_string(block));
        account.paid = now;
    }
    for (const auto& [block, hash, one] : contract.logs<events::Dead>()) {
        Account& account = m_pieces[Key(one.slot, one.piece, one.miner)];
        account.dead = true;
        m_returned += account.share - account.paid;
        expect_money(money_of(one.returned), account.share - account.paid, "what returns of a lost piece");
    }
    std::map<std::uint32_t, std::size_t> stored;
    for (const auto& [key, account] : m_pieces) {
        const auto& [slot, piece, miner] = key;
        ++stored[slot];
        const auto holder = contract.read<calls::Holder>({.slot = slot, .index = piece, .miner = miner}).value;
        EXPECT_EQ(holder.state, account.dead ? 4 : 3) << "piece " << int{piece} << " of slot " << slot;
        expect_money(money_of(holder.paid), account.paid, "what was paid for a piece");
        if (!account.dead) expect_money(account.paid, account.share, "a piece that was stored to its end");
    }
    for (const std::uint32_t slot :
         {Story::slot_of(1, 0), Story::slot_of(1, 2), Story::slot_of(2, 0), Story::slot_of(2, 1), Story::slot_of(2, 2)})
        EXPECT_EQ(stored[slot], contract.read<calls::SlotInfo>({.slot = slot}).pieces) << "slot " << slot;
    EXPECT_EQ(stored.size(), 5U);
}

void Ledger::check_the_lost_one() {
    const auto dead = m_scene.contract().logs<events::Dead>();
    ASSERT_EQ(dead.size(), 1U);
    EXPECT_EQ(dead[0].event.slot, Story::slot_of(1, 0));
    EXPECT_EQ(dead[0].event.piece, 0);
    EXPECT_EQ(dead[0].event.miner, m_story.stays().miner);
    EXPECT_EQ(dead[0].event.reporter.lower_text(), m_scene.account(RoundsScene::watcher));
    EXPECT_GT(m_returned, 0U);
    m_slashed = m_bonds[m_story.stays().miner] * slash / whole;
    m_bounty = m_slashed * bounty / whole;
    expect_money(money_of(dead[0].event.bounty), m_bounty, "the bounty");
    const auto slashed = m_scene.contract().logs<events::Slashed>();
    ASSERT_EQ(slashed.size(), 1U);
    expect_money(money_of(slashed[0].event.amount), m_slashed, "what was slashed");
}

void Ledger::check_contract() {
    const auto totals = m_scene.contract().read<calls::Totals>().value;
    Money bonds = 0;
    for (const auto& [miner, bond] : m_bonds)
        if (miner != m_story.leaves().miner) bonds += bond;
    Money paid = 0;
    for (const auto& [key, account] : m_pieces) paid += account.paid;
    expect_money(money_of(totals.bonds), bonds - m_slashed, "bonds");
    expect_money(money_of(totals.pool), pool - paid + m_slashed - m_bounty, "the pool");
    expect_money(money_of(totals.locked), 0, "locked");
    expect_money(money_of(totals.owed), 0, "owed");
    expect_money(money_of(totals.credit), 0, "credit");
    expect_money(m_scene.contract().balance(m_scene.contract().address()),
                 money_of(totals.pool) + money_of(totals.bonds), "the contract's balance");
}

/// What everybody's transactions have cost, by their receipts.
void Ledger::read_gas() {
    Anvil& evm = m_scene.evm();
    const std::uint64_t height = evm.height();
    const std::string contract = value_in(incentive::EthAddress::parse(m_scene.contract().address())).lower_text();
    for (std::uint64_t number = 0; number <= height; ++number) {
        const Json block = evm.ask("eth_getBlockByNumber", Json::array({hex_of(number), true}));
        for (const Json& transaction : block["transactions"]) {
            const auto from = transaction["from"].get<std::string>();
            const Json receipt = evm.ask("eth_getTransactionReceipt", Json::array({transaction["hash"]}));
            m_gas[from] += Money{number_in(receipt["gasUsed"])} * number_in(receipt["effectiveGasPrice"]);
            // What failed has cost its gas and had no effect. The operator's account has made the mocks, too.
            const Json& to = transaction["to"];
            if (receipt["status"] == "0x1" && (to.is_null() || to == contract)) ++m_transactions[from];
        }
    }
}

Money Ledger::earned_by(std::uint64_t miner) const {
    Money out = 0;
    for (const auto& [key, account] : m_pieces)
        if (std::get<2>(key) == miner) out += account.paid;
    return out;
}

void Ledger::check_wallets() {
    const auto& contract = m_scene.contract();
    const auto reconcile = [&](const std::string& name, const std::string& account, Money before, Money in, Money out) {
        expect_money(contract.balance(account) + out + m_gas[account], before + in, name);
        EXPECT_GT(m_gas[account], 0U) << name;
    };
    const auto at_first = [&](std::size_t account) { return contract.balance(m_scene.account(account), "0x0"); };
    reconcile("the operator", m_scene.crew().account, m_scene.crew().balance, 0, 0);
    reconcile("the sponsor", m_scene.account(RoundsScene::sponsor), at_first(RoundsScene::sponsor), 0, pool);
    reconcile("who reported", m_scene.account(RoundsScene::watcher), at_first(RoundsScene::watcher), m_bounty, 0);
    for (const Party& party : m_scene.providers()) {
        const bool left = &party == &m_story.leaves();
        reconcile(party.name, party.account, party.balance, earned_by(party.miner) + (left ? m_bonds[party.miner] : 0),
                  m_bonds[party.miner]);
    }
}

/// Each transaction of a provider has had its one effect, and the operator has sent nothing but the contract and what
/// was staged.
void Ledger::check_effects() {
    std::map<std::string, std::set<std::string>> with_effect;
    const auto take = [&]<class Event>(const std::vector<Logged<Event>>& logs) {
        for (const auto& logged : logs) with_effect[logged.transaction].insert(std::string(Event::name));
    };
    take(m_scene.contract().logs<events::Registered>());
    take(m_scene.contract().logs<events::ExitQueued>());
    take(m_scene.contract().logs<events::Settled>());
    take(m_scene.contract().logs<events::Withdrawn>());
    std::map<std::string, std::uint64_t> effects;
    for (const auto& [hash, names] : with_effect) {
        const Json transaction = m_scene.evm().ask("eth_getTransactionByHash", Json::array({hash}));
        ++effects[transaction["from"].get<std::string>()];
    }
    for (const Party& party : m_scene.providers())
        EXPECT_EQ(m_transactions[party.account], effects[party.account]) << party.name << " has sent something in vain";
    EXPECT_EQ(m_transactions[m_scene.crew().account], 1 + 2 * Story::slots) << "the operator's transactions";
}

}    // namespace filfil::e2e
