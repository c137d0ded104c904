// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "snapshot/pages.hpp"

#include <sys/mman.h>

#include <new>

namespace filfil::snapshot {
namespace {

constexpr std::uint64_t page = 4096;
constexpr std::uint64_t huge_page = std::uint64_t{2} << 20;

/// Below this the general allocator serves better: it packs small runs together.
constexpr std::uint64_t least_mapped = std::uint64_t{64} << 10;

}    // namespace

std::byte* map_pages(std::uint64_t bytes, bool huge) noexcept {
    if (bytes < least_mapped) return new (std::nothrow) std::byte[bytes]();
    const bool align = bytes >= huge_page;
    const std::uint64_t asked = align ? bytes + huge_page : bytes;
    void* found = ::mmap(nullptr, asked, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (found == MAP_FAILED) return nullptr;
    auto* start = static_cast<std::byte*>(found);
    if (!align) return start;
    const std::uint64_t skew = reinterpret_cast<std::uintptr_t>(start) % huge_page;
    const std::uint64_t before = skew == 0 ? 0 : huge_page - skew;
    if (before > 0) ::munmap(start, before);
    start += before;
    // The end is cut on a page's boundary: munmap() takes whole pages.
    const std::uint64_t used = (bytes + page - 1) / page * page;
    if (const std::uint64_t after = asked - before - used; after >= page) ::munmap(start + used, after);
    if (huge) ::madvise(start, used, MADV_HUGEPAGE);
    return start;
}

void touch_pages([[maybe_unused]] std::byte* start, [[maybe_unused]] std::uint64_t bytes) noexcept {
#ifdef MADV_POPULATE_WRITE
    const std::uint64_t skew = reinterpret_cast<std::uintptr_t>(start) % page;
    ::madvise(start - skew, (bytes + skew + page - 1) / page * page, MADV_POPULATE_WRITE);
#endif
}

void unmap_pages(std::byte* start, std::uint64_t bytes) noexcept {
    if (bytes < least_mapped)
        delete[] start;
    else
        ::munmap(start, bytes);
}

}    // namespace filfil::snapshot
