// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/model/reverts.hpp"

namespace filfil::incentive::model {

void panic(Panic why) {
    Bytes data = {std::byte{0x4e}, std::byte{0x48}, std::byte{0x7b}, std::byte{0x71}};
    const auto word = U256(static_cast<std::uint64_t>(why)).bytes();
    data.insert(data.end(), word.begin(), word.end());
    throw Reverted(std::move(data));
}

}    // namespace filfil::incentive::model
