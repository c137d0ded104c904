// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "play.hpp"

#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace filfil::e2e {

/// Two rounds of three slots each, by the clock:
///
///     round 1   slot 0: stored        slot 1: missed           slot 2: stored by who leaves
///     round 2   slot 0: stored        slot 1: stored this time slot 2: stored by who joined
///     round 3   begins, and who has left gets its bond
///
/// All are staged by the operator as soon as it can. Who has slot 0 loses a sector of its first one. In the end
/// everybody takes what it has earned.
class Story final : public Play {
public:
    using Play::Play;

    void play();

    // Who is who: of RoundsScene::providers().
    [[nodiscard]] Party& stays() { return place(0); }
    [[nodiscard]] Party& misses() { return place(1); }
    [[nodiscard]] Party& leaves() { return place(2); }
    [[nodiscard]] Party& joins() { return scene().providers()[3]; }

private:
    void store(std::uint64_t round, std::uint64_t index, Party& by, std::vector<std::uint64_t> terms);
    [[nodiscard]] std::string proof(std::uint32_t slot, const Party& by, const std::vector<std::uint64_t>& terms);
    void exchange();
    void judge_the_miss();
    void lose_a_sector();
    void claim(std::uint64_t from, std::uint64_t before, Party& party);
    void claim_all(std::uint64_t from, Party& party);
    [[nodiscard]] bool has_all(const Party& party) const;

    std::set<const Party*> m_claimed;
};

}    // namespace filfil::e2e
