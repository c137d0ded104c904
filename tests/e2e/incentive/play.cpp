// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "play.hpp"

#include <algorithm>

namespace filfil::e2e {
namespace {

constexpr const char* reward = "2 FIL";

/// The clock waits for what has to be done so many epochs before it is too late: a transaction that fails in another
/// branch than it was tried in is known to be lost only when it lies deep, and has to be sent once more in time.
constexpr std::uint64_t margin = 25;

/// Few forks are deeper.
constexpr std::uint64_t fork_usual = 8;

// Beyond them something hangs: epochs, and turns in which the clock stood still.
constexpr std::uint64_t longest = 4000;
constexpr unsigned longest_hold = 200'000;

}    // namespace

void Play::add_chain(std::string name, std::vector<Step> steps) {
    add(std::move(name), [steps = std::move(steps), next = std::size_t{0}]() mutable {
        while (next < steps.size() && steps[next]()) ++next;
        return next == steps.size();
    });
}

void Play::take_turn() {
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

void Play::run_until_done() {
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

Play::Step Play::at(std::uint64_t epoch) const {
    return [this, epoch] { return m_scene.epoch() >= epoch; };
}

Play::Step Play::command(Party& party, Words words, std::function<void(const Json&)> then) {
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
bool Play::waits_for_blocks(const Party& party) const {
    const Json all = m_scene.ask(party, "FilFil.Transactions", Json::object());
    return all.is_object() &&
           std::ranges::any_of(all["transactions"], [](const Json& one) { return !one["hash"].is_null(); });
}

Play::Step Play::in_time(Step work, Party& party, std::uint64_t before) {
    return [this, work = std::move(work), &party, before] {
        if (work()) return true;
        m_hold = m_hold || (m_scene.epoch() + margin >= before && !waits_for_blocks(party));
        return false;
    };
}

Play::Step Play::dispatch(std::size_t account, std::function<std::string()> to, std::function<std::string()> data) {
    return [this, account, to = std::move(to), data = std::move(data), sent = std::shared_ptr<Dispatch>()]() mutable {
        if (!sent) sent = std::make_shared<Dispatch>(m_scene.evm(), m_scene.account(account), to(), data());
        return sent->settled();
    };
}

Play::Step Play::contract_call(std::function<std::string()> data) {
    return dispatch(RoundsScene::watcher, [this] { return m_scene.contract().address(); }, std::move(data));
}

/// Three register before the first round begins.
void Play::gather() {
    for (std::size_t i = 0; i < slots; ++i) m_scene.start_daemon(m_scene.providers()[i]);
    if (testing::Test::HasFailure()) return;
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
            const std::uint64_t start = came.empty() ? longest : came.front().block + m_scene.slot_length();
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
        Json next = RoundsScene::look(*m_places[i], {"next-window"});
        EXPECT_EQ(next["slot"], slot_of(1, i));
        EXPECT_EQ(next["open_epoch"], open_of(1, i));
        EXPECT_EQ(next["target_epoch"], open_of(1, i) - RoundsScene::lead_epochs);
    }
}

void Play::stage(std::uint64_t round, std::uint64_t index) {
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

}    // namespace filfil::e2e
