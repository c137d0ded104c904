// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "showcase/cast.hpp"

#include <array>

namespace filfil::showcase {

incentive::EthAddress person(std::uint8_t number) {
    std::array<std::byte, incentive::EthAddress::size> bytes{};
    bytes.front() = std::byte{0xf1};
    bytes.back() = static_cast<std::byte>(number);
    return incentive::EthAddress(bytes);
}

std::vector<Provider> providers(const incentive::EthAddress& wallet) {
    const auto owner = [](unsigned place) { return person(static_cast<std::uint8_t>(first_provider_number + place)); };
    return {
        {.miner = own_miner, .owner = wallet, .own = true, .skips_every = 2, .delay = 9},
        {.miner = own_miner + 1, .owner = owner(1), .endpoint = "https://steady.example:5347#region=eu-west"},
        {.miner = own_miner + 2,
         .owner = owner(2),
         .skips_every = 2,
         .delay = 20,
         .endpoint = "https://now-and-then.example:5347#region=us-east"},
        {.miner = own_miner + 3,
         .owner = owner(3),
         .delay = 14,
         .loses_at = 220,
         .endpoint = "https://unlucky.example:5347#region=ap-south"},
        {.miner = own_miner + 4, .owner = owner(4), .delay = 30, .exits_at = 150},
    };
}

}    // namespace filfil::showcase
