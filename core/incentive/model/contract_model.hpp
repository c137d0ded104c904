// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "incentive/model/outside.hpp"
#include "incentive/model/state.hpp"

#include <memory>

namespace filfil::incentive::model {

/// The contract in C++: what it answers, changes, says in events and refuses, byte for byte. It is written from the
/// rules, shares no code with the Solidity, and a test holds the two against each other
/// (tests/contracts/test/differential). Gas is not counted, nothing calls it back, and of the encodings that Solidity
/// would take of a call's input it takes the one that compilers make, and less than a word behind it.
///
/// A value: copies are cheap, and share what they have in common. Not thread-safe.
class ContractModel {
public:
    /// The contract as its constructor leaves it. @param self its address
    /// @return what the constructor's checks say; then `contract` stays as it was
    static Outcome deploy(const contract::Constructor& how, const EthAddress& self, ContractModel& contract);

    /// A call; what is reverted has changed nothing, and gave no event.
    Outcome call(const Message& message, Outside& outside);

    /// The same without its effects: eth_call.
    [[nodiscard]] Outcome look(const Message& message, Outside& outside) const;

    /// Money that comes without a call, as actors can send it.
    void receive_silently(const U256& amount);

    [[nodiscard]] const State& state() const noexcept { return *m_state; }

    /// Whether it knows the function with that signature, e.g. "windows(uint64)".
    static bool knows(const AbiEntry& function);

private:
    std::shared_ptr<const State> m_state = std::make_shared<State>();
};

}    // namespace filfil::incentive::model
