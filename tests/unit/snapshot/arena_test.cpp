// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "snapshot/arena.hpp"
#include "snapshot/section_view.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <vector>

#include <sys/mman.h>

namespace filfil::snapshot {
namespace {

constexpr std::uint64_t page = 4096;

/// How many of the pages that lie wholly in [start, start + bytes) have memory.
std::uint64_t resident(const std::byte* start, std::uint64_t bytes) {
    const auto begin = (reinterpret_cast<std::uintptr_t>(start) + page - 1) / page * page;
    const auto end = (reinterpret_cast<std::uintptr_t>(start) + bytes) / page * page;
    if (end <= begin) return 0;
    std::vector<unsigned char> pages((end - begin) / page);
    if (::mincore(reinterpret_cast<void*>(begin), end - begin, pages.data()) != 0) return 0;
    return static_cast<std::uint64_t>(std::ranges::count_if(pages, [](unsigned char at) { return (at & 1) != 0; }));
}

bool kernel_gives_memory_ahead() {
#ifdef MADV_POPULATE_WRITE
    void* found = ::mmap(nullptr, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    const bool gives = found != MAP_FAILED && ::madvise(found, page, MADV_POPULATE_WRITE) == 0;
    if (found != MAP_FAILED) ::munmap(found, page);
    return gives;
#else
    return false;
#endif
}

class Ahead : public ::testing::Test {
protected:
    static constexpr std::uint64_t segment = std::uint64_t{1} << 20;
    Reclaimer reclaimer;
    Arena arena{{.segment_bits = 20, .huge_pages = false, .limit = ~std::uint64_t{0}}, reclaimer};
    const Bytes cid = [] {
        Bytes out(38, std::byte{0x11});
        std::ranges::copy(bytes_of("\x01\x71\xa0\xe4\x02\x20"), out.begin());
        return out;
    }();
    const Bytes data = Bytes(1000, std::byte{0x22});

    SectionRef append(const Bytes& block) {
        auto written = arena.append(Shelf::blocks, cid, block);
        EXPECT_TRUE(written.ok());
        return *written;
    }
};

TEST_F(Ahead, TouchedMemoryIsThereBeforeItIsWritten) {
    if (!kernel_gives_memory_ahead()) GTEST_SKIP() << "this kernel gives no memory ahead";
    const std::byte* end = arena.at(append(data).offset()) + Arena::footprint(1040);
    if (resident(end, 64 * page) >= 63) GTEST_SKIP() << "this kernel has given a huge page for the first byte";
    const std::uint64_t written = arena.written();
    arena.touch_ahead(Shelf::blocks, 65 * page);
    EXPECT_GE(resident(end, 64 * page), 63U);
    EXPECT_EQ(arena.written(), written) << "what is only touched is not written";
}

TEST_F(Ahead, WhatWasWrittenStays) {
    const SectionRef before = append(data);
    arena.touch_ahead(Shelf::blocks, segment);
    const SectionRef after = append(Bytes(5000, std::byte{0x33}));
    EXPECT_TRUE(std::ranges::equal(view_section(arena.at(before.offset())).data, data));
    EXPECT_EQ(after.offset(), before.offset() + Arena::footprint(before.size()));
    EXPECT_EQ(view_section(arena.at(after.offset())).data.back(), std::byte{0x33});
}

TEST_F(Ahead, NothingIsTouchedBehindTheSegmentNorWithoutOne) {
    arena.touch_ahead(Shelf::blocks, segment);
    EXPECT_EQ(arena.mapped(), 0U);
    append(data);
    arena.touch_ahead(Shelf::blocks, 100 * segment);
    arena.touch_ahead(Shelf::blocks, 100 * segment);
    EXPECT_EQ(arena.mapped(), segment);
    while (arena.mapped() == segment) append(data);
    arena.touch_ahead(Shelf::blocks, segment);
    EXPECT_TRUE(std::ranges::equal(view_section(arena.at(append(data).offset())).data, data));
}

}    // namespace
}    // namespace filfil::snapshot
