// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "sequence.hpp"

namespace filfil::incentive::differential {
namespace {

constexpr std::string_view step_types =
    "(string,uint64,uint256,address,uint256,bytes,(bytes32,bool,uint256,bytes)[],bool,bytes,bytes32[],uint256,"
    "(string,bytes,bool,bytes32)[])";

struct Whole {
    Sequence sequence;
    template <class Self, class Visitor>
    static void visit(Self& self, Visitor& visitor) {
        visitor(self.sequence);
    }
};

}    // namespace

std::string line_of(const Sequence& sequence) {
    const std::string types = "((uint64,address,bytes," + std::string(step_types) + "[]))";
    return "0x" + to_hex(write_abi(types, Whole{sequence}).value());
}

}    // namespace filfil::incentive::differential
