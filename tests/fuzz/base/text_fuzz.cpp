// SPDX-License-Identifier: Apache-2.0 OR MIT
// What users type: sizes and hexadecimal. A text is refused with a reason, or means one thing that reads back.
#include "base/bytes.hpp"
#include "base/units.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace filfil;
    const std::string_view text(reinterpret_cast<const char*>(data), size);

    if (const Result<std::uint64_t> bytes = parse_size(text); bytes.ok()) {
        const std::string again = format_size(*bytes);
        const Result<std::uint64_t> back = parse_size(again);
        // The rounded form ("1.46 GiB") has a space and is for people; the exact one has to read back.
        if (again.find(' ') == std::string::npos && (!back.ok() || *back != *bytes)) std::abort();
    } else if (bytes.error().message.empty()) {
        std::abort();
    }

    if (const Result<Bytes> bytes = from_hex(text); bytes.ok()) {
        if (bytes->size() * 2 != size || from_hex(to_hex(*bytes)).value() != *bytes) std::abort();
    } else if (bytes.error().message.empty()) {
        std::abort();
    }
    return 0;
}
