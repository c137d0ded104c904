// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "chain/head_change.hpp"
#include "snapshot/engine.hpp"

#include <span>
#include <vector>

namespace filfil::snapshot {

// What stands in the records of a state log, as canonical DAG-CBOR. Decoding gives Error::corrupt, with the field, for
// anything that encoding would not have written.

Result<Bytes> encode_saved(const Engine::Saved& saved);
Result<Engine::Saved> decode_saved(ByteView bytes);

/// A head change, and what replaying it has to know.
struct LoggedChanges {
    std::vector<chain::HeadChange> changes;
    bool settled =
        false;    ///< Engine::settled() before it: every block was there because a root that lasts leads to it
};

Result<Bytes> encode_changes(const LoggedChanges& changes);
Result<LoggedChanges> decode_changes(ByteView bytes);

Result<Bytes> encode_held(const Engine::Saved::Held& held);
Result<Engine::Saved::Held> decode_held(ByteView bytes);

Result<Bytes> encode_window(const Engine::Window& window);
Result<Engine::Window> decode_window(ByteView bytes);

Result<Bytes> encode_number(std::uint64_t number);
Result<std::uint64_t> decode_number(ByteView bytes);

}    // namespace filfil::snapshot
