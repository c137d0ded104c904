// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "incentive/abi_entry.hpp"
#include "incentive/eth_address.hpp"
#include "incentive/u256.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace filfil::incentive::model {

/// The world around the contract, as it reaches it through the precompiles of the FEVM. Nothing that it does calls the
/// contract back.
class Outside {
public:
    virtual ~Outside() = default;

    struct Answer {
        bool works = true;    ///< the precompile itself did not fail
        std::int64_t exit_code = 0;
        Bytes data{};
    };

    /// A question to an actor, which changes nothing. @param params CBOR; none where it is empty
    virtual Answer ask(std::uint64_t actor, std::uint64_t method, ByteView params) = 0;

    /// The f410 address of an actor, empty where it has none. Nothing: the precompile fails.
    virtual std::optional<Bytes> delegated_address(std::uint64_t actor) = 0;

    /// A plain transfer (method 0) to an address of Filecoin's. @return whether it arrived
    virtual bool pay(ByteView to, const U256& amount) = 0;

    /// A call with money and no input. @return whether it was taken
    virtual bool send(const EthAddress& to, const U256& amount) = 0;
};

/// A call of the contract. Its money is there already when it begins.
struct Message {
    EthAddress from{};
    U256 value{};
    std::uint64_t epoch = 0;
    Bytes input{};
};

struct Log {
    std::vector<Word> topics{};
    Bytes data{};
    bool operator==(const Log&) const = default;
};

/// What came of it.
struct Outcome {
    bool succeeded = false;
    Bytes output{};    ///< or what it reverted with
    std::vector<Log> logs{};
    bool operator==(const Outcome&) const = default;
};

}    // namespace filfil::incentive::model
