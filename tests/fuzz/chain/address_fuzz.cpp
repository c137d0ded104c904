// SPDX-License-Identifier: Apache-2.0 OR MIT
// Text is refused with a reason or is the one text of its address and letter; so are bytes, and amounts.
#include "../ipld/require.hpp"
#include "chain/address.hpp"
#include "chain/amount.hpp"

using namespace filfil;
using filfil::fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView bytes = fuzz::input(data, size);
    const std::string_view text = chars_of(bytes);
    if (const auto address = chain::Address::parse(text); address.ok()) {
        require(address->text(text.front()) == text, "text reads back");
        require(*chain::Address::from_bytes(address->bytes()) == *address, "the bytes of what was read are an address");
    } else {
        require(!address.error().message.empty() && address.error().message.size() < 400, "an error says why, shortly");
    }
    if (const auto address = chain::Address::from_bytes(bytes); address.ok()) {
        require(address->bytes().size() == size, "an address keeps its bytes");
        for (const char letter : {'f', 't'}) {
            const auto back = chain::Address::parse(address->text(letter));
            require(back.ok() && *back == *address, "what is printed reads back");
        }
    }
    if (const auto amount = chain::parse_amount(text); amount.ok()) {
        const auto back = chain::amount_text(*amount);
        require(back.ok() && (*back == text || text.empty()), "an amount reads back");
    }
    if (const auto amount = chain::amount_text(bytes); amount.ok()) {
        const auto back = chain::parse_amount(*amount);
        require(back.ok() && *back == to_bytes(bytes), "the bytes of an amount read back");
    }
    return 0;
}
