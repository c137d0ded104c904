// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "upsets.hpp"

namespace filfil::e2e {
namespace {

/// Transactions of each that are taken back at most.
constexpr unsigned most_taken_back = 2;

/// A transaction that is still there then lies too deep.
constexpr unsigned most_turns = 60;

/// Of the turns in which somebody does something.
constexpr std::uint64_t at_work_one_of = 5;

std::vector<Party*> all_of(RoundsScene& scene) {
    std::vector<Party*> out = {&scene.crew()};
    for (Party& party : scene.providers()) out.push_back(&party);
    return out;
}

}    // namespace

void Reorgs::turn(RoundsScene& scene) {
    if (m_aim) {
        const bool gone = scene.evm().nonce(m_aim->account) < m_aim->nonce;
        if (gone) ++m_taken_back[m_aim->account];
        if (!gone && ++m_aim->turns < most_turns) return;
        scene.set_reorgs("0");
        m_aim.reset();
    }
    for (const Party* party : all_of(scene)) {
        const std::uint64_t now = scene.evm().nonce(party->account);
        const auto [known, first] = m_known.try_emplace(party->account, now);
        const bool more = now > known->second;
        known->second = now;
        if (first || !more || m_aim || m_taken_back[party->account] >= most_taken_back) continue;
        m_aim = Aim{.account = party->account, .nonce = now};
        scene.set_reorgs("1");
    }
}

void Reorgs::check(RoundsScene& scene) {
    scene.set_reorgs("0");
    for (const Party* party : all_of(scene))
        EXPECT_GT(m_taken_back[party->account], 0U) << "nothing of " << party->name << " was taken back";
}

bool Kills::is_due(RoundsScene& scene, const Party& party) {
    if (!party.daemon) return false;
    if (party.errands > 0 && m_at_work[party.name] < most_at_work) {
        // Whoever has little to do may be spared by the die each time.
        const bool at_last = m_at_work[party.name] == 0 && ++m_spared[party.name] >= at_work_one_of;
        if (m_random.below(at_work_one_of) == 0 || at_last) {
            ++m_at_work[party.name];
            return true;
        }
    }
    const auto [next, first] = m_next.try_emplace(party.name, scene.epoch() + m_random.below(80));
    if (scene.epoch() < next->second || party.kills >= most + m_at_work[party.name]) return false;
    next->second = scene.epoch() + 40 + m_random.below(160);
    return true;
}

void Kills::turn(RoundsScene& scene) {
    for (Party* party : all_of(scene)) {
        if (!is_due(scene, *party)) continue;
        // Until it is up again nobody looks at the clock; the play lets it go on.
        scene.hold(true);
        party->kill_and_start();
    }
}

void Kills::check(RoundsScene& scene) {
    for (const Party* party : all_of(scene))
        EXPECT_GT(m_at_work[party->name], 0U)
            << party->name << " was not killed at work, but " << party->kills << " times in all";
}

}    // namespace filfil::e2e
