// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "bench/ceilings.hpp"

#include "base/files.hpp"
#include "base/random.hpp"
#include "base/units.hpp"
#include "commp/node.hpp"
#include "report/row.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstring>
#include <mutex>
#include <optional>
#include <thread>

namespace filfil::bench {
namespace {

constexpr Clock::Duration longest_wait = std::chrono::seconds(20);

/// What one buffer of a reading thread holds where there is no card that says so.
constexpr std::size_t usual_run = 16 * MiB;

std::size_t submission_bytes(const Bench& bench) {
    return bench.trial != nullptr ? bench.trial->quads * commp::quad_payload : usual_run;
}

Result<void> wait(gpu::Queue& queue) {
    FILFIL_TRY(const bool done, queue.wait(longest_wait));
    if (done) return {};
    // Nothing of it can be given back any more.
    queue.abandon();
    return Error(ErrorCode::device, "the card gave no answer for 20 seconds");
}

}    // namespace

Result<std::unique_ptr<HostMemory>> HostMemory::make(const Bench& bench, std::size_t bytes) {
    std::unique_ptr<HostMemory> out(new HostMemory(bench.runtime, bytes));
    if (bench.has_card()) {
        FILFIL_TRY(void* const memory, bench.runtime->allocate_pinned(bench.card->number, bytes));
        out->m_memory = static_cast<std::byte*>(memory);
    } else {
        out->m_ordinary = std::make_unique_for_overwrite<std::byte[]>(bytes);
        out->m_memory = out->m_ordinary.get();
    }
    return out;
}

HostMemory::~HostMemory() {
    if (m_runtime != nullptr && m_memory != nullptr) m_runtime->free_pinned(m_memory);
}

void side_by_side(unsigned n, const std::function<void(unsigned)>& body) {
    std::vector<std::jthread> threads;
    for (unsigned i = 1; i < n; ++i) threads.emplace_back([&body, i] { body(i); });
    body(0);
}

void fill_random(ByteSpan out, unsigned threads, std::uint64_t seed) {
    constexpr std::size_t run = MiB;
    std::atomic<std::size_t> next{0};
    side_by_side(threads, [&](unsigned) {
        for (std::size_t at = 0; (at = next.fetch_add(run)) < out.size();)
            SeededRandom(seed + at).fill(out.subspan(at, std::min(run, out.size() - at)));
    });
}

RandomMemory::RandomMemory(std::size_t bytes, unsigned threads, std::uint64_t seed)
    : m_memory(std::make_unique_for_overwrite<std::byte[]>(bytes)), m_size(bytes) {
    fill_random({m_memory.get(), bytes}, threads, seed);
}

Result<std::vector<double>> copy_rates(Bench& bench, Direction direction, std::size_t bytes, unsigned queues,
                                       unsigned rounds) {
    struct Way {
        std::unique_ptr<gpu::Queue> queue;
        void* card = nullptr;
        std::unique_ptr<HostMemory> host;
    };
    std::vector<Way> ways(queues);
    for (Way& way : ways) {
        FILFIL_TRY(way.host, HostMemory::make(bench, bytes));
        fill_random(way.host->bytes(), bench.cpus, 1);
        FILFIL_TRY(way.queue, bench.runtime->open_queue(bench.card->number));
        FILFIL_TRY(way.card, way.queue->allocate(bytes));
    }
    // Enough for the polling of wait() not to show.
    const std::size_t copies = std::max<std::size_t>(4, bench.pick<std::size_t>(256 * MiB, 2 * GiB) / bytes / queues);
    std::vector<double> rates;
    for (unsigned round = 0; round <= rounds; ++round) {
        const double begin = bench.now();
        for (std::size_t i = 0; i < copies; ++i)
            for (Way& way : ways) {
                FILFIL_CHECK(direction == Direction::to_card
                                 ? way.queue->copy_in(way.card, way.host->bytes().data(), bytes)
                                 : way.queue->copy_out(way.host->bytes().data(), way.card, bytes));
            }
        for (Way& way : ways) FILFIL_CHECK(wait(*way.queue));
        const double seconds = bench.now() - begin;
        // The first one warms up.
        if (round != 0) rates.push_back(static_cast<double>(copies * queues * bytes) / seconds);
    }
    return rates;
}

std::size_t uncached_bytes(const Bench& bench) noexcept { return bench.pick<std::size_t>(256 * MiB, 2 * GiB); }

Result<std::vector<double>> memcpy_rates(Bench& bench, ByteView from, unsigned threads, std::size_t run,
                                         unsigned rounds) {
    std::vector<std::unique_ptr<HostMemory>> to(threads);
    for (auto& memory : to) {
        FILFIL_TRY(memory, HostMemory::make(bench, run));
        std::memset(memory->bytes().data(), 1, run);
    }
    std::vector<double> rates;
    for (unsigned round = 0; round <= rounds; ++round) {
        std::atomic<std::size_t> next{0};
        const double begin = bench.now();
        side_by_side(threads, [&](unsigned i) {
            for (std::size_t at = 0; (at = next.fetch_add(run)) < from.size();)
                std::memcpy(to[i]->bytes().data(), from.data() + at, std::min(run, from.size() - at));
        });
        if (round != 0) rates.push_back(static_cast<double>(from.size()) / (bench.now() - begin));
    }
    return rates;
}

Result<std::vector<double>> read_rates(Bench& bench, const std::string& path, std::uint64_t size, unsigned threads,
                                       std::size_t run, unsigned rounds) {
    SystemFiles files;
    FILFIL_TRY(const auto file, files.open(path));
    std::vector<std::unique_ptr<HostMemory>> to(threads);
    for (auto& memory : to) {
        FILFIL_TRY(memory, HostMemory::make(bench, run));
        std::memset(memory->bytes().data(), 1, run);
    }
    std::vector<double> rates;
    for (unsigned round = 0; round <= rounds; ++round) {
        std::atomic<std::uint64_t> next{0};
        std::mutex mutex;
        std::optional<Error> failure;
        const double begin = bench.now();
        side_by_side(threads, [&](unsigned i) {
            for (std::uint64_t at = 0; (at = next.fetch_add(run)) < size;) {
                auto got = file->read_at(at, to[i]->bytes().first(std::min<std::uint64_t>(run, size - at)));
                if (got.ok()) continue;
                const std::scoped_lock lock(mutex);
                failure = std::move(got).error();
                return;
            }
        });
        if (failure) return *failure;
        if (round != 0) rates.push_back(static_cast<double>(size) / (bench.now() - begin));
    }
    return rates;
}

Result<double> copy_bound(Bench& bench) {
    FILFIL_TRY(const std::vector<double> rates, copy_rates(bench, Direction::to_card, submission_bytes(bench), 2, 3));
    return report::median(rates);
}

Result<HostBound> host_bound(Bench& bench) {
    const RandomMemory from(uncached_bytes(bench), bench.cpus, 2);
    FILFIL_TRY(const std::vector<double> rates,
               memcpy_rates(bench, from.bytes(), bench.cpus, submission_bytes(bench), 3));
    HostBound bound{"memcpy", report::median(rates)};
    if (!bench.has_card()) return bound;
    FILFIL_TRY(const double copy, copy_bound(bench));
    if (copy < bound.rate) bound = {"copy", copy};
    return bound;
}

}    // namespace filfil::bench
