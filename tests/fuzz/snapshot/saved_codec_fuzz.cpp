// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "../car/require.hpp"
#include "snapshot/saved_codec.hpp"

#include <algorithm>

using namespace filfil;
using namespace filfil::snapshot;
using filfil::fuzz::require;

namespace {

template <class Decode, class Encode>
void through(ByteView bytes, Decode decode, Encode encode) {
    const auto value = decode(bytes);
    if (!value.ok()) {
        require(!value.error().message.empty(), "an error says something");
        return;
    }
    const auto again = encode(*value);
    require(again.ok() && std::ranges::equal(*again, bytes), "what is read has one encoding");
}

}    // namespace

/// Any bytes as what stands in the records of a log.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView bytes = fuzz::input(data, size);
    through(bytes, decode_saved, encode_saved);
    through(bytes, decode_changes, encode_changes);
    through(bytes, decode_held, encode_held);
    through(bytes, decode_window, encode_window);
    through(bytes, decode_number, encode_number);
    return 0;
}
