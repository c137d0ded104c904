// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "story.hpp"

#include "ipld/piece_cid.hpp"

#include <algorithm>

namespace filfil::e2e {
namespace {

/// The clock waits for what has to be done so many epochs before it is too late.
constexpr std::uint64_t margin = 15;

std::string masked(std::uint64_t miner) { return incentive::EthAddress::of_id(miner).lower_text(); }

std::uint64_t sector_of(std::uint32_t slot, std::size_t piece) {
    return (slot >> 16) * 1000 + (slot & 0xff) * 100 + piece;
}

}    // namespace

void Story::play() {
    gather();
    if (testing::Test::HasFailure()) return;
    for (std::uint64_t round = 1; round <= 2; ++round)
        for (std::uint64_t index = 0; index < slots; ++index) stage(round, index);
    // The sector that is lost would have lasted longest.
    const std::uint64_t usual = RoundsScene::least_term + 30;
    store(1, 0, stays(), {6 * RoundsScene::slot_epochs, usual});
    store(1, 2, leaves(), {usual});
    store(2, 0, stays(), {usual});
    store(2, 1, misses(), {usual});
    store(2, 2, joins(), {usual});
    exchange();
    judge_the_miss();
    lose_a_sector();
    const std::uint64_t halfway = open_of(2, 0) + 5;
    for (Party* party : {&stays(), &leaves()}) claim(halfway, open_of(2, 1), *party);
    const std::uint64_t end = open_of(2, 2) + usual + 10;
    for (Party* party : {&stays(), &misses(), &leaves(), &joins()}) claim_all(end, *party);
    run_until_done();
    upsets().check(scene());
}

/// What the miner's actor is told to do: each piece of the snapshot that its own daemon has made goes into a sector.
/// Empty while that is not there yet.
std::string Story::proof(std::uint32_t slot, const Party& by, const std::vector<std::uint64_t>& terms) {
    const auto info = scene().contract().read<calls::SlotInfo>({.slot = slot});
    if (info.staged_at == 0) return {};
    const Json taken = scene().ask(by, "FilFil.Snapshots", {{"epoch", info.epoch}});
    if (!taken.is_object() || taken["snapshots"].empty()) return {};
    const Json snapshot = scene().ask(by, "FilFil.Snapshot", {{"id", taken["snapshots"][0]["id"]}});
    if (!snapshot.is_object()) return {};
    EXPECT_EQ(snapshot["pieces"].size(), info.pieces) << by.name << ": " << snapshot.dump();
    incentive::AbiValue::List sectors;
    for (std::size_t i = 0; i < snapshot["pieces"].size(); ++i) {
        const Json& piece = snapshot["pieces"][i];
        const auto cid = value_in(ipld::Cid::parse(piece["piece_cid"].get<std::string>()));
        const auto info_of_piece = value_in(ipld::read_piece_cid(cid));
        const Bytes root = to_bytes(ByteView(info_of_piece.root));
        const auto staged =
            scene().contract().read<calls::Piece>({.slot = slot, .index = static_cast<std::uint8_t>(i)});
        EXPECT_EQ(to_hex(root), to_hex(staged.root)) << by.name << " made another snapshot than the operator";
        const std::uint64_t until = open_of(slot >> 16, slot & 0xffff) + terms[std::min(i, terms.size() - 1)];
        // Braces around a single list would copy it.
        incentive::AbiValue::List pieces(1);
        pieces[0] = incentive::AbiValue::List{root, piece["padded_size"].get<std::uint64_t>(), Bytes()};
        sectors.push_back(incentive::AbiValue::List{sector_of(slot, i), until, std::move(pieces)});
    }
    const auto contract = value_in(incentive::EthAddress::parse(scene().contract().address()));
    return data_of_call("prove(address,(uint64,int64,(bytes32,uint64,bytes)[])[],bool)", {contract, sectors, true});
}

void Story::store(std::uint64_t round, std::uint64_t index, Party& by, std::vector<std::uint64_t> terms) {
    const std::uint32_t slot = slot_of(round, index);
    const auto data = std::make_shared<std::string>();
    const Step prepare = [this, slot, &by, terms = std::move(terms), data, close = open_of(round, index + 1)] {
        *data = proof(slot, by, terms);
        if (data->empty() && scene().epoch() + margin >= close) hold();
        return !data->empty();
    };
    add_chain(by.name + " stores " + std::to_string(round) + "." + std::to_string(index),
              {at(open_of(round, index) + RoundsScene::deep), prepare,
               dispatch(RoundsScene::actors, [&by] { return masked(by.miner); }, [data] { return *data; })});
}

/// One leaves, and behind it another comes, who waits for the next round.
void Story::exchange() {
    const Step left = [this] {
        EXPECT_EQ(RoundsScene::look(leaves(), {"next-window"})["standing"], "leaving");
        scene().start_daemon(joins());
        return true;
    };
    const Step joined = [this] {
        const Json next = RoundsScene::look(joins(), {"next-window"});
        EXPECT_EQ(next["standing"], "active");
        EXPECT_EQ(next["slot"], slot_of(2, 2)) << "the first window of who joins is in the next round";
        EXPECT_EQ(next["open_epoch"], open_of(2, 2));
        return true;
    };
    add_chain("one leaves and another joins",
              {at(open_of(1, 0) + 2), command(leaves(), {"exit", leaves().miner_text()}), left,
               command(joins(), {"register", joins().miner_text()}), joined});
}

void Story::judge_the_miss() {
    const auto misses_now = [this] { return RoundsScene::look(misses(), {"payouts"})["misses"]; };
    add_chain("a miss is counted",
              {at(open_of(1, 2) + RoundsScene::deep),
               contract_call([this] { return OnChain::data_of<calls::Poke>({.miner = misses().miner}); }),
               contract_call([] { return OnChain::data_of<calls::Reclaim>({.slot = slot_of(1, 1)}); }),
               [misses_now] {
                   EXPECT_EQ(misses_now(), 1);
                   return true;
               },
               at(open_of(2, 2) + RoundsScene::deep),
               [misses_now] {
                   EXPECT_EQ(misses_now(), 0) << "it has stored the next one";
                   return true;
               }});
}

void Story::lose_a_sector() {
    const std::uint32_t slot = slot_of(1, 0);
    const auto remove = [slot] { return data_of_call("removeSector(uint64)", {sector_of(slot, 0)}); };
    // Where a sector is that is not there: nowhere.
    const auto report = [this, slot] {
        return OnChain::data_of<calls::ReportDead>(
            {.slot = slot, .piece = 0, .miner = stays().miner, .aux = value_in(from_hex("822020"))});
    };
    add_chain("a sector is lost and reported",
              {at(open_of(2, 1) + 30), [this] { return m_claimed.contains(&stays()); },
               dispatch(
                   RoundsScene::actors, [this] { return masked(stays().miner); }, remove),
               contract_call(report), contract_call([] { return OnChain::data_of<calls::WithdrawOwn>({}); }),
               [this] {
                   const Json told = RoundsScene::look(stays(), {"payouts"});
                   const auto& held = told["holdings"];
                   EXPECT_EQ(std::ranges::count_if(held, [](const Json& one) { return one["state"] == "dead"; }), 1)
                       << told.dump();
                   return true;
               }});
}

/// Credits what it has earned, and takes it.
void Story::claim(std::uint64_t from, std::uint64_t before, Party& party) {
    const auto work = command(party, {"claim", "--all"}, [this, &party](const Json& said) {
        EXPECT_EQ(said["failed"], 0) << party.name << ": " << said.dump();
        m_claimed.insert(&party);
    });
    add_chain(party.name + " claims from " + std::to_string(from), {at(from), in_time(work, party, before)});
}

bool Story::has_all(const Party& party) const {
    OnChain& contract = scene().contract();
    if (!contract.read<calls::Provider>({.miner = party.miner}).earned.zero()) return false;
    const auto stored = contract.logs<events::PieceActivated>();
    return std::ranges::none_of(stored, [&](const auto& logged) {
        const auto& one = logged.event;
        constexpr int active = 2;
        return one.miner == party.miner &&
               contract.read<calls::Holder>({.slot = one.slot, .index = one.piece, .miner = one.miner}).value.state ==
                   active;
    });
}

/// The same until there is no more to take: what was under way when it was asked for was of an earlier epoch.
void Story::claim_all(std::uint64_t from, Party& party) {
    const auto again = [this, &party, work = command(party, {"claim", "--all"})] { return work() && has_all(party); };
    add_chain(party.name + " claims all from " + std::to_string(from), {at(from), again});
}

}    // namespace filfil::e2e
