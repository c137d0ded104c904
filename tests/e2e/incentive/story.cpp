// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "story.hpp"

#include "ipld/piece_cid.hpp"

#include <algorithm>

namespace filfil::e2e {
namespace {

constexpr const char* reward = "2 FIL";

/// The clock waits for what has to be done so many epochs before it is too late.
constexpr std::uint64_t margin = 15;

/// Few forks are deeper.
constexpr std::uint64_t fork_usual = 8;

// Beyond them something hangs: epochs, and turns in which the clock stood still.
constexpr std::uint64_t longest = 4000;
constexpr unsigned longest_hold = 200'000;

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
    m_upsets.check(m_scene);
}

void Story::add_chain(std::string name, std::vector<Step> steps) {
    add(std::move(name), [steps = std::move(steps), next = std::size_t{0}]() mutable {
        while (next < steps.size() && steps[next]()) ++next;
        return next == steps.size();
    });
}

void Story::take_turn() {
    m_scene.turn();
    if (testing::Test::HasFailure()) return;
    m_upsets.turn(m_scene);
    m_hold = false;
    for (auto task = m_tasks.begin(); task != m_tasks.end() && !testing::Test::HasFailure();) {
        const auto now = task++;
        if (!now->step()) continue;
        m_tasks.erase(now);
    }
    m_scene.hold(m_hold);
}

void Story::run_until_done() {
    const std::uint64_t last = m_scene.epoch() + longest;
    unsigned held = 0;
    while (!m_tasks.empty() && !testing::Test::HasFailure() && m_scene.epoch() < last && held < longest_hold) {
        take_turn();
        held = m_hold ? held + 1 : 0;
    }
    if (m_tasks.empty() && !testing::Test::HasFailure()) return;
    std::string open;
    for (const Task& task : m_tasks) open += "\n  " + task.name;
    ADD_FAILURE() << "at epoch " << m_scene.epoch() << " these are not done:" << open << "\n" << m_scene.story_so_far();
}

Story::Step Story::at(std::uint64_t epoch) const {
    return [this, epoch] { return m_scene.epoch() >= epoch; };
}

Story::Step Story::command(Party& party, Words words, std::function<void(const Json&)> then) {
    // Copies of the step are the same errand.
    const auto errand = std::make_shared<std::unique_ptr<Errand>>();
    return [&party, words = std::move(words), then = std::move(then), errand] {
        if (!*errand) *errand = std::make_unique<Errand>(party, words);
        const auto& said = (*errand)->look();
        if (!said) return false;
        if (then && !testing::Test::HasFailure()) then(*said);
        errand->reset();
        return true;
    };
}

/// Whether it has sent something that only has to become deep enough.
bool Story::waits_for_blocks(const Party& party) const {
    const Json all = m_scene.ask(party, "FilFil.Transactions", Json::object());
    return all.is_object() &&
           std::ranges::any_of(all["transactions"], [](const Json& one) { return !one["hash"].is_null(); });
}

Story::Step Story::in_time(Step work, Party& party, std::uint64_t before) {
    return [this, work = std::move(work), &party, before] {
        if (work()) return true;
        m_hold = m_hold || (m_scene.epoch() + margin >= before && !waits_for_blocks(party));
        return false;
    };
}

Story::Step Story::dispatch(std::size_t account, std::function<std::string()> to, std::function<std::string()> data) {
    return [this, account, to = std::move(to), data = std::move(data), sent = std::shared_ptr<Dispatch>()]() mutable {
        if (!sent) sent = std::make_shared<Dispatch>(m_scene.evm(), m_scene.account(account), to(), data());
        return sent->settled();
    };
}

Story::Step Story::contract_call(std::function<std::string()> data) {
    return dispatch(RoundsScene::watcher, [this] { return m_scene.contract().address(); }, std::move(data));
}

/// Three register before the first round begins.
void Story::gather() {
    for (std::size_t i = 0; i < slots; ++i) m_scene.start_daemon(m_scene.providers()[i]);
    // One after the other, since the bond rises with each; and all within the length of a slot.
    for (std::size_t i = 0; i < slots; ++i) {
        Party& party = m_scene.providers()[i];
        const Step before = [this, i] {
            const auto came = m_scene.contract().logs<events::Registered>();
            return came.size() >= i && (i == 0 || m_scene.evm().height() >= came[i - 1].block + fork_usual);
        };
        // The first round begins a slot's length after the first has come.
        const Step all_in_time = [this, &party, work = command(party, {"register", party.miner_text()})] {
            const auto came = m_scene.contract().logs<events::Registered>();
            const std::uint64_t start = came.empty() ? longest : came.front().block + RoundsScene::slot_epochs;
            return in_time(work, party, start)();
        };
        add_chain(party.name + " registers", {before, all_in_time});
    }
    run_until_done();
    if (testing::Test::HasFailure()) return;
    m_places.resize(slots);
    for (std::size_t i = 0; i < slots; ++i) {
        Party& party = m_scene.providers()[i];
        const auto provider = m_scene.contract().read<calls::Provider>({.miner = party.miner});
        ASSERT_EQ(provider.first_round, 1) << party.name << " came too late for the first round";
        ASSERT_LT(provider.position, slots);
        m_places[provider.position] = &party;
    }
    const auto round = m_scene.contract().read<calls::Round>().value;
    ASSERT_EQ(round.number, 1);
    m_start = round.start;
    for (std::size_t i = 0; i < slots; ++i) {
        const Json next = RoundsScene::look(*m_places[i], {"next-window"});
        EXPECT_EQ(next["slot"], slot_of(1, i));
        EXPECT_EQ(next["open_epoch"], open_of(1, i));
        EXPECT_EQ(next["target_epoch"], open_of(1, i) - RoundsScene::lead_epochs);
    }
}

void Story::stage(std::uint64_t round, std::uint64_t index) {
    const std::uint32_t slot = slot_of(round, index);
    const std::uint64_t open = open_of(round, index);
    const std::uint64_t target = open - RoundsScene::lead_epochs;
    Party& crew = m_scene.crew();
    const Step work =
        command(crew, {"incentivize", std::to_string(target), "--reward", reward}, [slot](const Json& said) {
            EXPECT_EQ(said["slot"], slot);
            EXPECT_EQ(said["reward"], text_of(2 * one_fil));
        });
    add_chain("stage " + std::to_string(round) + "." + std::to_string(index), {at(target), in_time(work, crew, open)});
}

/// What the miner's actor is told to do: each piece of the snapshot that its own daemon has made goes into a sector.
/// Empty while that is not there yet.
std::string Story::proof(std::uint32_t slot, const Party& by, const std::vector<std::uint64_t>& terms) {
    const auto info = m_scene.contract().read<calls::SlotInfo>({.slot = slot});
    if (info.staged_at == 0) return {};
    const Json taken = m_scene.ask(by, "FilFil.Snapshots", {{"epoch", info.epoch}});
    if (!taken.is_object() || taken["snapshots"].empty()) return {};
    const Json snapshot = m_scene.ask(by, "FilFil.Snapshot", {{"id", taken["snapshots"][0]["id"]}});
    if (!snapshot.is_object()) return {};
    EXPECT_EQ(snapshot["pieces"].size(), info.pieces) << by.name << ": " << snapshot.dump();
    incentive::AbiValue::List sectors;
    for (std::size_t i = 0; i < snapshot["pieces"].size(); ++i) {
        const Json& piece = snapshot["pieces"][i];
        const auto cid = value_in(ipld::Cid::parse(piece["piece_cid"].get<std::string>()));
        const auto info_of_piece = value_in(ipld::read_piece_cid(cid));
        const Bytes root = to_bytes(ByteView(info_of_piece.root));
        const auto staged =
            m_scene.contract().read<calls::Piece>({.slot = slot, .index = static_cast<std::uint8_t>(i)});
        EXPECT_EQ(to_hex(root), to_hex(staged.root)) << by.name << " made another snapshot than the operator";
        const std::uint64_t until = open_of(slot >> 16, slot & 0xffff) + terms[std::min(i, terms.size() - 1)];
        // Braces around a single list would copy it.
        incentive::AbiValue::List pieces(1);
        pieces[0] = incentive::AbiValue::List{root, piece["padded_size"].get<std::uint64_t>(), Bytes()};
        sectors.push_back(incentive::AbiValue::List{sector_of(slot, i), until, std::move(pieces)});
    }
    const auto contract = value_in(incentive::EthAddress::parse(m_scene.contract().address()));
    return data_of_call("prove(address,(uint64,int64,(bytes32,uint64,bytes)[])[],bool)", {contract, sectors, true});
}

void Story::store(std::uint64_t round, std::uint64_t index, Party& by, std::vector<std::uint64_t> terms) {
    const std::uint32_t slot = slot_of(round, index);
    const auto data = std::make_shared<std::string>();
    const Step prepare = [this, slot, &by, terms = std::move(terms), data, close = open_of(round, index + 1)] {
        *data = proof(slot, by, terms);
        if (data->empty() && m_scene.epoch() + margin >= close) m_hold = true;
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
        m_scene.start_daemon(joins());
        return true;
    };
    const Step joined = [this] {
        const Json next = RoundsScene::look(joins(), {"next-window"});
        EXPECT_EQ(next["standing"], "active");
        EXPECT_EQ(next["slot"], slot_of(2, 2)) << "the first window of who joins is in the next round";
        EXPECT_EQ(next["open_epoch"], open_of(2, 2));
        return true;
    };
    add_chain("one leaves and another joins", {at(m_start + 2), command(leaves(), {"exit", leaves().miner_text()}),
                                               left, command(joins(), {"register", joins().miner_text()}), joined});
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
    OnChain& contract = m_scene.contract();
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
