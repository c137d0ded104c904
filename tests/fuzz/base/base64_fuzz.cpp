// SPDX-License-Identifier: Apache-2.0 OR MIT
// Text is refused with a reason or is the one text of its bytes; bytes come back from their text.
#include "base/base64.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace filfil;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const Result<Bytes> bytes = from_base64(text); bytes.ok()) {
        if (to_base64(*bytes) != text) std::abort();
    } else if (bytes.error().message.empty()) {
        std::abort();
    }
    const Bytes input = to_bytes(bytes_of(text));
    const Result<Bytes> back = from_base64(to_base64(input));
    if (!back.ok() || *back != input) std::abort();
    return 0;
}
