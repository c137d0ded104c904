// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/random.hpp"
#include "rounds_scene.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace filfil::e2e {

/// What goes wrong while the rounds go by. This one: nothing but the few forks that any devnet's chain has.
class Upsets {
public:
    virtual ~Upsets() = default;

    /// Called after each turn of the scene.
    virtual void turn(RoundsScene&) {}

    /// Called in the end: whether all of it has come to pass.
    virtual void check(RoundsScene&) {}
};

/// What the operator and the providers send is taken back by a reorganisation, once it is in a block.
class Reorgs final : public Upsets {
public:
    void turn(RoundsScene& scene) override;
    void check(RoundsScene& scene) override;

private:
    struct Aim {
        std::string account;
        std::uint64_t nonce = 0;    ///< so many are in blocks with it
        unsigned turns = 0;
    };

    std::map<std::string, std::uint64_t> m_known;    ///< how many of an account's transactions are in blocks
    std::map<std::string, unsigned> m_taken_back;
    std::optional<Aim> m_aim;
};

/// Each daemon is killed at any time, and while it does something that it was asked for, and started again.
class Kills final : public Upsets {
public:
    explicit Kills(std::uint64_t seed) : m_random(seed) {}

    void turn(RoundsScene& scene) override;
    void check(RoundsScene& scene) override;

private:
    [[nodiscard]] bool is_due(RoundsScene& scene, const Party& party);

    static constexpr unsigned most = 4;            ///< of each
    static constexpr unsigned most_at_work = 2;    ///< of each, while it does something
    SeededRandom m_random;
    std::map<std::string, std::uint64_t> m_next;    ///< epoch of each one's next end
    std::map<std::string, unsigned> m_at_work;
    std::map<std::string, unsigned> m_spared;    ///< turns at work before the first end
};

}    // namespace filfil::e2e
