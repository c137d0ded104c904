// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "chain/head_events.hpp"

#include <cstdlib>

// Any text gives changes or one error; changes have a key and an epoch that is not negative.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto changes = filfil::chain::parse_head_changes({reinterpret_cast<const char*>(data), size});
    if (!changes.ok()) {
        if (changes.error().message.empty()) std::abort();
        return 0;
    }
    for (const filfil::chain::HeadChange& change : *changes)
        if (change.key.empty() || change.epoch.value < 0) std::abort();
    return 0;
}
