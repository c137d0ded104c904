// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/model/addresses.hpp"

#include <algorithm>
#include <limits>

namespace filfil::incentive::model {

Bytes id_address(std::uint64_t id) {
    Bytes out = {std::byte{0}};
    for (; id >= 0x80; id >>= 7) out.push_back(static_cast<std::byte>(0x80 | (id & 0x7f)));
    out.push_back(static_cast<std::byte>(id));
    return out;
}

std::optional<std::uint64_t> id_of_address(ByteView address) {
    if (address.size() < 2 || address.size() > 11) return std::nullopt;
    std::uint64_t id = 0;
    for (std::size_t i = 1; i < address.size(); ++i) {
        const auto group = std::to_integer<std::uint64_t>(address[i]) & 0x7f;
        // the tenth group has room for one bit
        if (i == 10 && group > 1) return std::nullopt;
        id |= group << (7 * (i - 1));
    }
    if (!std::ranges::equal(address, id_address(id))) return std::nullopt;
    return id;
}

Bytes delegated_address(const EthAddress& who) {
    Bytes out = {std::byte{4}, std::byte{10}};
    out.insert(out.end(), who.bytes().begin(), who.bytes().end());
    return out;
}

Bytes caller_address(const EthAddress& who) { return who.id() ? id_address(*who.id()) : delegated_address(who); }

bool is_address_of(ByteView address, const EthAddress& who, Outside& outside) {
    Bytes full = to_bytes(address);
    if (const auto id = id_of_address(address)) {
        auto found = outside.delegated_address(*id);
        if (!found) return false;
        full = *std::move(found);
    }
    return full == delegated_address(who);
}

}    // namespace filfil::incentive::model
