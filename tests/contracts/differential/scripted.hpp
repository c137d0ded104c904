// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/random.hpp"
#include "incentive/model/neighbours.hpp"
#include "sequence.hpp"

#include <functional>

namespace filfil::incentive::differential {

/// Filecoin around the model, as neighbours say, but that one in so many answers is spoilt; and all of it written down
/// as the precompiles' inputs and outputs. The same question in one call has the same answer.
class Scripted final : public model::Outside {
public:
    Scripted(model::Neighbours& neighbours, Random& random) : m_neighbours(neighbours), m_random(random) {}

    /// One in so many answers is spoilt from now on; 0: none.
    void spoil(std::uint64_t one_in) { m_spoil = one_in; }

    /// What was asked since the last time.
    std::vector<differential::Answer> take() {
        m_said.clear();
        return std::exchange(m_answers, {});
    }

    Answer ask(std::uint64_t actor, std::uint64_t method, ByteView params) override;
    std::optional<Bytes> delegated_address(std::uint64_t actor) override;
    bool pay(ByteView to, const U256& amount) override;
    bool send(const EthAddress& to, const U256& amount) override { return m_neighbours.send(to, amount); }

private:
    bool spoilt() { return m_spoil != 0 && m_random.below(m_spoil) == 0; }
    void spoil(Answer& answer);
    void note(std::uint64_t precompile, ByteView input, bool works, const U256& moves, Bytes output);

    model::Neighbours& m_neighbours;
    Random& m_random;
    std::uint64_t m_spoil = 0;
    std::vector<differential::Answer> m_answers;
    std::map<Bytes, Answer> m_said;    ///< in this call
};

/// A few bytes of `bytes` are not what they were.
Bytes mutated(Bytes bytes, Random& random);

}    // namespace filfil::incentive::differential
