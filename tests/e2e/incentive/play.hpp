// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "errand.hpp"
#include "upsets.hpp"

#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <vector>

namespace filfil::e2e {

/// What happens by the chain's clock, many things at once: each turn of the scene all that is open is looked at. Three
/// providers have registered before the first round begins.
class Play {
public:
    Play(RoundsScene& scene, Upsets& upsets) : m_scene(scene), m_upsets(upsets) {}
    virtual ~Play() = default;
    Play(const Play&) = delete;
    Play& operator=(const Play&) = delete;

    static constexpr std::uint64_t slots = 3;    ///< of a round

    [[nodiscard]] std::uint64_t open_of(std::uint64_t round, std::uint64_t index) const {
        return m_start + ((round - 1) * slots + index) * m_scene.slot_length();
    }
    [[nodiscard]] static std::uint32_t slot_of(std::uint64_t round, std::uint64_t index) {
        return static_cast<std::uint32_t>(round << 16 | index);
    }

protected:
    using Step = std::function<bool()>;    ///< whether it is done

    void add(std::string name, Step step) { m_tasks.push_back({std::move(name), std::move(step)}); }

    /// Steps one after the other.
    void add_chain(std::string name, std::vector<Step> steps);
    void run_until_done();

    /// This turn somebody needs the clock to wait.
    void hold() noexcept { m_hold = true; }

    [[nodiscard]] Step at(std::uint64_t epoch) const;
    [[nodiscard]] Step command(Party& party, Words words, std::function<void(const Json&)> then = {});

    /// The same for what has to be done before an epoch: shortly before it the clock waits for the party's daemon,
    /// where that does not wait for the clock.
    [[nodiscard]] Step in_time(Step work, Party& party, std::uint64_t before);
    [[nodiscard]] Step dispatch(std::size_t account, std::function<std::string()> to,
                                std::function<std::string()> data);
    [[nodiscard]] Step contract_call(std::function<std::string()> data);

    /// Starts the daemons of the first three, and registers them.
    void gather();

    /// The operator stages a slot as soon as it can.
    void stage(std::uint64_t round, std::uint64_t index);

    [[nodiscard]] RoundsScene& scene() const { return m_scene; }
    [[nodiscard]] Upsets& upsets() const { return m_upsets; }
    [[nodiscard]] Party& place(std::size_t index) { return *m_places[index]; }    ///< who has that slot of a round

private:
    struct Task {
        std::string name;
        Step step;
    };

    void take_turn();
    [[nodiscard]] bool waits_for_blocks(const Party& party) const;

    RoundsScene& m_scene;
    Upsets& m_upsets;
    std::list<Task> m_tasks;
    std::vector<Party*> m_places;
    std::uint64_t m_start = 0;    ///< epoch at which the first round begins
    bool m_hold = false;
};

}    // namespace filfil::e2e
