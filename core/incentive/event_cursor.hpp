// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "incentive/log_json.hpp"

#include <cstdint>
#include <vector>

namespace filfil::incentive {

/// A block whose hash is remembered, with the logs that were told of it.
struct Checkpoint {
    std::uint64_t number = 0;
    Word hash{};
    std::vector<EthLog> logs{};

    bool operator==(const Checkpoint&) const = default;
};

/// How far a contract's events were told, and what is needed to take back those that a reorganisation undoes. Kept by
/// who uses the events, together with what it makes of them: then each counts once, whatever crashes.
struct EventCursor {
    std::uint64_t next = 0;    ///< the first block that was not looked at
    std::uint64_t floor =
        0;    ///< logs of all blocks from here on to `next` are in `recent`; below it nothing changes any more
    std::vector<Checkpoint> recent{};    ///< by number, upwards; the first may be below the floor, without logs

    bool operator==(const EventCursor&) const = default;
};

rpc::Json json_of(const EventCursor& cursor);

/// @return Error::corrupt with the field
Result<EventCursor> read_event_cursor(const rpc::Json& json);

}    // namespace filfil::incentive
