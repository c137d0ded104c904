// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "service/incentive/desk.hpp"
#include "service/incentive/event_book.hpp"

#include <cstdint>

namespace filfil::service {

/// Finds the slot for which the snapshot of an epoch was staged last: among the contract's events that were read, which
/// go back to its beginning, else among the 64 slots that it names as staged last. Both live as long as what they are
/// asked.
/// @param handler Error::not_found where neither has it
void find_slot(Desk& desk, EventBook& events, std::uint64_t epoch, Desk::Handler<std::uint32_t> handler);

}    // namespace filfil::service
