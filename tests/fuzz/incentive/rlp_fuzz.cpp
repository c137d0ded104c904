// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/rlp.hpp"
#include "require.hpp"

#include <algorithm>

using namespace filfil;
using namespace filfil::incentive;

// One value has one encoding: whatever is read is written back as it was.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView bytes = std::as_bytes(std::span(data, size));
    const auto item = decode_rlp(bytes);
    if (!item.ok()) {
        fuzz::require(!item.error().message.empty(), "an error says something");
        return 0;
    }
    fuzz::require(std::ranges::equal(encode_rlp(*item), bytes), "what was read is written the same");
    if (const auto number = rlp_number(*item, "it"); number.ok())
        fuzz::require(RlpItem::number(*number) == *item, "a number has one form");
    return 0;
}
