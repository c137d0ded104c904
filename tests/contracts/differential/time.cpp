// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "sequencer.hpp"

#include <algorithm>

// When things are done, and with which slots.

namespace filfil::incentive::differential {

void Sequencer::pass_time() {
    const model::Clock now = clock();
    switch (m_random.below(20)) {
        case 0:
        case 1:
        case 2:
        case 3: m_now += 1; break;
        case 4:
        case 5:
        case 6: m_now += m_random.below(now.slot_length + 1); break;
        case 7:
        case 8: {    // to a boundary, or one off it
            std::vector<std::uint64_t> bounds = {now.start, now.end(), now.start + (now.length() + 1) / 2};
            for (const auto& [slot, staged] : m_contract.state().slots)
                bounds.insert(bounds.end(), {staged.open, staged.close});
            for (const auto& [key, holding] : m_contract.state().holdings)
                bounds.insert(bounds.end(), {holding.start, holding.until, holding.until + 86'400});
            const std::uint64_t to = any_of(bounds) + m_random.below(3);
            if (to > m_now + 1 && to - 1 < m_now + 200'000) m_now = to - 1;
            break;
        }
        case 9:
            if (one_in(2)) m_now += m_random.below(now.length() + 1);
            break;
        case 10:
            if (one_in(3)) m_now += m_random.below(4 * now.length() + 1);
            break;
        case 11:
            if (one_in(10)) m_now += std::min<std::uint64_t>(now.length() * pick(60, 140), 1'000'000);
            break;
        default: break;
    }
}

void Sequencer::go_to(std::uint64_t epoch) {
    if (epoch > m_now && epoch < m_now + 200'000 && !one_in(8)) m_now = epoch;
}

std::vector<contract::Window> Sequencer::windows_ahead() {
    std::vector<contract::Window> out;
    for (const auto& [miner, provider] : m_contract.state().providers) {
        const auto look = m_contract.look(
            {.epoch = m_now, .input = encode_call<contract::calls::Schedule>({.miner = miner, .count = 2}).value()},
            m_neighbours);
        if (!look.succeeded) continue;
        const auto schedule = decode_output<contract::calls::Schedule>(look.output);
        out.insert(out.end(), schedule->value.begin(), schedule->value.end());
    }
    return out;
}

/// Mostly one that has a window ahead; of the open round or the next; seldom any.
std::uint32_t Sequencer::any_slot() {
    const model::Clock now = clock();
    if (one_in(20)) return static_cast<std::uint32_t>(pick(0, 5) << 16 | pick(0, 3));
    if (const auto ahead = windows_ahead(); !ahead.empty() && !one_in(5)) return any_of(ahead).slot;
    const std::uint64_t round = now.number + (one_in(3) ? 1 : 0);
    const std::uint64_t slots = std::max<std::uint64_t>(1, now.slots());
    const std::uint64_t index = one_in(15) ? slots : m_random.below(slots);
    return slot_of(static_cast<std::uint16_t>(round), static_cast<std::uint16_t>(index));
}

/// Mostly one that is staged; mostly one whose window is not over, or a late one.
std::uint32_t Sequencer::staged_slot() {
    const auto& staged = m_contract.state().staged;
    if (staged.empty() || one_in(15)) return any_slot();
    std::vector<std::uint32_t> ahead;
    for (const auto& [slot, one] : m_contract.state().slots)
        if (one.close > m_now) ahead.push_back(slot);
    if (!ahead.empty() && !one_in(3)) return any_of(ahead);
    const std::uint64_t back = m_random.below(std::min<std::uint64_t>(staged.size(), 3));
    return staged[staged.size() - 1 - back];
}

std::optional<Sequencer::Stored> Sequencer::any_holding() {
    const auto& all = m_contract.state().holdings;
    if (all.empty()) return std::nullopt;
    std::vector<Stored> found;
    std::vector<Stored> going;    // there is still something to be done about them
    for (const auto& [key, holding] : all) {
        found.push_back({key.first.slot, key.first.piece(), key.second, holding});
        if (holding.state == Held::published || holding.state == Held::active) going.push_back(found.back());
    }
    return any_of(going.empty() || one_in(5) ? found : going);
}

}    // namespace filfil::incentive::differential
