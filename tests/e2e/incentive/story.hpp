// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "errand.hpp"
#include "upsets.hpp"

#include <cstdint>
#include <functional>
#include <list>
#include <memory>
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
class Story {
public:
    Story(RoundsScene& scene, Upsets& upsets) : m_scene(scene), m_upsets(upsets) {}

    void play();

    static constexpr std::uint64_t slots = 3;    ///< of a round

    // Who is who: of RoundsScene::providers().
    [[nodiscard]] Party& stays() { return *m_places[0]; }
    [[nodiscard]] Party& misses() { return *m_places[1]; }
    [[nodiscard]] Party& leaves() { return *m_places[2]; }
    [[nodiscard]] Party& joins() { return m_scene.providers()[3]; }

    [[nodiscard]] std::uint64_t open_of(std::uint64_t round, std::uint64_t index) const {
        return m_start + ((round - 1) * slots + index) * RoundsScene::slot_epochs;
    }
    [[nodiscard]] static std::uint32_t slot_of(std::uint64_t round, std::uint64_t index) {
        return static_cast<std::uint32_t>(round << 16 | index);
    }

private:
    using Step = std::function<bool()>;    ///< whether it is done

    struct Task {
        std::string name;
        Step step;
    };

    void add(std::string name, Step step) { m_tasks.push_back({std::move(name), std::move(step)}); }

    /// Steps one after the other.
    void add_chain(std::string name, std::vector<Step> steps);
    void run_until_done();
    void take_turn();

    [[nodiscard]] Step at(std::uint64_t epoch) const;
    [[nodiscard]] Step command(Party& party, Words words, std::function<void(const Json&)> then = {});

    /// The same for what has to be done before an epoch: shortly before it the clock waits for the party's daemon,
    /// where that does not wait for the clock.
    [[nodiscard]] Step in_time(Step work, Party& party, std::uint64_t before);
    [[nodiscard]] bool waits_for_blocks(const Party& party) const;
    [[nodiscard]] Step dispatch(std::size_t account, std::function<std::string()> to,
                                std::function<std::string()> data);
    [[nodiscard]] Step contract_call(std::function<std::string()> data);

    void gather();
    void stage(std::uint64_t round, std::uint64_t index);
    void store(std::uint64_t round, std::uint64_t index, Party& by, std::vector<std::uint64_t> terms);
    [[nodiscard]] std::string proof(std::uint32_t slot, const Party& by, const std::vector<std::uint64_t>& terms);
    void exchange();
    void judge_the_miss();
    void lose_a_sector();
    void claim(std::uint64_t from, std::uint64_t before, Party& party);
    void claim_all(std::uint64_t from, Party& party);
    [[nodiscard]] bool has_all(const Party& party) const;

    RoundsScene& m_scene;
    Upsets& m_upsets;
    std::list<Task> m_tasks;
    std::vector<Party*> m_places;
    std::uint64_t m_start = 0;    ///< epoch at which the first round begins
    std::set<const Party*> m_claimed;
    bool m_hold = false;    ///< this turn: somebody needs the clock to wait
};

}    // namespace filfil::e2e
