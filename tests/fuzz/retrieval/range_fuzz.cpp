// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "require.hpp"
#include "retrieval/byte_range.hpp"

#include <cstring>
#include <string>

using namespace filfil::retrieval;
using filfil::fuzz::require;

/// Eight bytes of a size, then a Range field: what it gives lies inside, and says the same when it is written out.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::uint64_t body = 0;
    if (size < sizeof(body)) return 0;
    std::memcpy(&body, data, sizeof(body));
    const std::string_view field(reinterpret_cast<const char*>(data + sizeof(body)), size - sizeof(body));
    const ByteRange range = parse_byte_range(field, body);
    if (range.kind != ByteRange::Kind::part) {
        require(range.offset == 0 && range.length == 0, "nothing is said of a part where there is none");
        return 0;
    }
    require(range.length > 0, "a part is not empty");
    require(range.offset < body && range.length <= body - range.offset, "a part lies inside of the body");
    const std::uint64_t last = range.offset + range.length - 1;
    require(parse_byte_range("bytes=" + std::to_string(range.offset) + "-" + std::to_string(last), body) == range,
            "a part that is written out is the same part");
    if (last == body - 1) {
        require(parse_byte_range("bytes=" + std::to_string(range.offset) + "-", body) == range,
                "an open end is the end");
        require(parse_byte_range("bytes=-" + std::to_string(range.length), body) == range,
                "the last bytes are the same");
    }
    return 0;
}
