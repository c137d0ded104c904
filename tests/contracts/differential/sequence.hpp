// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "incentive/contract_abi.hpp"
#include "incentive/model/outside.hpp"

#include <string>
#include <vector>

namespace filfil::incentive::differential {

// What Differential.t.sol reads: the structs of the same names there, a line each sequence, in hexadecimal digits.

/// What a precompile says when it is asked that.
struct Answer {
    Word key{};    ///< keccak-256 of (precompile, input)
    bool works = true;
    U256 moves{};    ///< money that goes
    Bytes output{};
    template <class Self, class Visitor>
    static void visit(Self& self, Visitor& visitor) {
        visitor(self.key);
        visitor(self.works);
        visitor(self.moves);
        visitor(self.output);
    }
};

/// A view, and the keccak-256 of what it gives.
struct Look {
    std::string what{};
    Bytes input{};
    bool succeeds = false;
    Word output{};
    template <class Self, class Visitor>
    static void visit(Self& self, Visitor& visitor) {
        visitor(self.what);
        visitor(self.input);
        visitor(self.succeeds);
        visitor(self.output);
    }
};

struct Step {
    std::string what{};
    std::uint64_t epoch = 0;
    U256 gift{};    ///< money that came without a call, before it
    EthAddress from{};
    U256 value{};
    Bytes input{};
    std::vector<Answer> answers{};
    bool succeeds = false;
    Bytes output{};
    std::vector<Word> logs{};    ///< keccak-256 of topics and data
    U256 balance{};
    std::vector<Look> looks{};
    std::vector<std::string> events{};    ///< their names: not written
    template <class Self, class Visitor>
    static void visit(Self& self, Visitor& visitor) {
        visitor(self.what);
        visitor(self.epoch);
        visitor(self.gift);
        visitor(self.from);
        visitor(self.value);
        visitor(self.input);
        visitor(self.answers);
        visitor(self.succeeds);
        visitor(self.output);
        visitor(self.logs);
        visitor(self.balance);
        visitor(self.looks);
    }
};

struct Sequence {
    std::uint64_t seed = 0;
    EthAddress self{};
    Bytes constructor{};    ///< its arguments
    std::vector<Step> steps{};
    template <class Self, class Visitor>
    static void visit(Self& self, Visitor& visitor) {
        visitor(self.seed);
        visitor(self.self);
        visitor(self.constructor);
        visitor(self.steps);
    }
};

/// In hexadecimal digits.
std::string line_of(const Sequence& sequence);

}    // namespace filfil::incentive::differential
