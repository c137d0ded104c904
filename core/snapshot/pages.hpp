// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <cstddef>
#include <cstdint>

namespace filfil::snapshot {

/// Zeroed memory of its own from the system; nothing of it is taken before it is touched. Where it is large enough it
/// begins on a boundary of huge pages, and the kernel is asked to use them: random access to gigabytes otherwise misses
/// the TLB each time.
/// @return null where there is none
std::byte* map_pages(std::uint64_t bytes, bool huge) noexcept;

/// Has the system give memory to a part of it now, so that whoever writes there first does not wait for it. What cannot
/// be had is no harm: it comes when it is touched.
void touch_pages(std::byte* start, std::uint64_t bytes) noexcept;

/// Gives it back. @param bytes as for map_pages()
void unmap_pages(std::byte* start, std::uint64_t bytes) noexcept;

}    // namespace filfil::snapshot
