// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/bytes.hpp"
#include "bench/bench.hpp"

#include <functional>
#include <memory>
#include <vector>

namespace filfil::bench {

/// Memory that cards read at full speed, or ordinary memory where there is no card. Touched already.
class HostMemory {
public:
    static Result<std::unique_ptr<HostMemory>> make(const Bench& bench, std::size_t bytes);
    ~HostMemory();
    HostMemory(const HostMemory&) = delete;
    HostMemory& operator=(const HostMemory&) = delete;

    [[nodiscard]] ByteSpan bytes() noexcept { return {m_memory, m_size}; }

private:
    HostMemory(gpu::Runtime* runtime, std::size_t bytes) : m_runtime(runtime), m_size(bytes) {}
    gpu::Runtime* m_runtime;
    std::byte* m_memory = nullptr;
    std::size_t m_size;
    std::unique_ptr<std::byte[]> m_ordinary;
};

/// Runs body(0) … body(n-1) side by side and waits for all.
void side_by_side(unsigned n, const std::function<void(unsigned)>& body);

/// Different bytes everywhere, by `threads` threads.
void fill_random(ByteSpan out, unsigned threads, std::uint64_t seed);

/// Ordinary memory full of such bytes. Its pages are first touched by all threads: where a virtual machine's host gives
/// memory only then, one alone would take long.
class RandomMemory {
public:
    RandomMemory(std::size_t bytes, unsigned threads, std::uint64_t seed);
    [[nodiscard]] ByteView bytes() const noexcept { return {m_memory.get(), m_size}; }

private:
    std::unique_ptr<std::byte[]> m_memory;
    std::size_t m_size;
};

enum class Direction { to_card, from_card };

/// Bytes a second of copies of `bytes` each between pinned memory and a card, back to back on `queues` queues.
/// @return one figure a round
Result<std::vector<double>> copy_rates(Bench& bench, Direction direction, std::size_t bytes, unsigned queues,
                                       unsigned rounds);

/// Bytes a second of memcpy by `threads` threads out of `from`, which no cache should hold, into a buffer of `run`
/// bytes each, pinned where there is a card.
Result<std::vector<double>> memcpy_rates(Bench& bench, ByteView from, unsigned threads, std::size_t run,
                                         unsigned rounds);

/// How much such memory has to be.
std::size_t uncached_bytes(const Bench& bench) noexcept;

/// Bytes a second of reading the first `size` bytes of a file by `threads` threads in runs of `run` bytes into buffers
/// as above.
Result<std::vector<double>> read_rates(Bench& bench, const std::string& path, std::uint64_t size, unsigned threads,
                                       std::size_t run, unsigned rounds);

/// What hashing from host memory can come to at most, in bytes a second.
struct HostBound {
    std::string name;    ///< "copy" or "memcpy", the slower of the two
    double rate = 0;
};

/// The rate at which the card takes payload from pinned memory in submissions as the program makes them.
Result<double> copy_bound(Bench& bench);

/// The slower of that and memcpy on all CPUs; without a card memcpy alone.
Result<HostBound> host_bound(Bench& bench);

}    // namespace filfil::bench
