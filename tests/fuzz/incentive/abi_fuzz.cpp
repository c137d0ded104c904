// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/abi_codec.hpp"
#include "require.hpp"

#include <algorithm>

using namespace filfil;
using namespace filfil::incentive;

// The input is a type, a line feed, and data. A type that is read is written as it was. Data that is read is written as
// it was: there is one encoding of each value.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView all = std::as_bytes(std::span(data, size));
    const auto end = static_cast<std::size_t>(std::ranges::find(all, std::byte{'\n'}) - all.begin());
    const std::string_view text = chars_of(all.first(end));
    const auto type = AbiType::parse(text);
    if (!type.ok()) {
        fuzz::require(type.error().message.starts_with("ABI type: "), "an error says that it is about a type");
        return 0;
    }
    fuzz::require(type->text() == text, "a type is written as it was read");
    const ByteView encoded = all.subspan(std::min(end + 1, size));
    const auto value = decode_abi(*type, encoded);
    if (!value.ok()) {
        fuzz::require(value.error().message.starts_with("ABI data: "), "an error says that it is about data");
        return 0;
    }
    const auto again = encode_abi(*type, *value);
    fuzz::require(again.ok(), "what was read is written");
    fuzz::require(std::ranges::equal(*again, encoded), "it is written as it was read");
    return 0;
}
