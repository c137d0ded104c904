// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstring>
#include <new>
#include <span>
#include <type_traits>

namespace filfil::test {

/// The side of a piece of memory whose neighbour ends the program when it is touched.
enum class Guard { before, after };

/// `count` values of T, all bytes 0xdb, right beside a page that may neither be read nor written: a kernel that goes
/// too far is noticed in every build, sanitizer or not.
template <class T>
class Guarded {
    static_assert(std::is_trivially_copyable_v<T>);

public:
    Guarded(std::size_t count, Guard guard) : m_count(count) {
        const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
        const std::size_t inside = (count * sizeof(T) + page - 1) / page * page;
        m_bytes = inside + 2 * page;
        void* const mapped = mmap(nullptr, m_bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (mapped == MAP_FAILED) throw std::bad_alloc();
        m_mapped = static_cast<std::byte*>(mapped);
        if (inside != 0 && mprotect(m_mapped + page, inside, PROT_READ | PROT_WRITE) != 0) throw std::bad_alloc();
        std::byte* const first = m_mapped + page + (guard == Guard::before ? 0 : inside - count * sizeof(T));
        if (inside != 0) std::memset(m_mapped + page, 0xdb, inside);
        m_first = reinterpret_cast<T*>(first);
    }
    ~Guarded() { munmap(m_mapped, m_bytes); }
    Guarded(const Guarded&) = delete;
    Guarded& operator=(const Guarded&) = delete;

    [[nodiscard]] T* data() noexcept { return m_first; }
    [[nodiscard]] std::span<T> span() noexcept { return {m_first, m_count}; }
    [[nodiscard]] std::byte* bytes() noexcept { return reinterpret_cast<std::byte*>(m_first); }

private:
    std::size_t m_count;
    std::size_t m_bytes = 0;
    std::byte* m_mapped = nullptr;
    T* m_first = nullptr;
};

}    // namespace filfil::test
