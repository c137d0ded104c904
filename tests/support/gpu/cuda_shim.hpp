// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

// Lets a plain C++ compiler read CUDA kernels as they are, and runs them on the CPU. Goes before a kernel's header, and
// not into one file with headers of CUDA or Thrust, which have meanings of their own for these words.

#include "base/random.hpp"
#include "base/result.hpp"

#include <ucontext.h>

#include <algorithm>
#include <array>
#include <barrier>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <numeric>
#include <optional>
#include <ostream>
#include <string>
#include <thread>
#include <tuple>
#include <utility>
#include <vector>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define FILFIL_SHIM_ASAN
#elif __has_feature(thread_sanitizer)
#define FILFIL_SHIM_TSAN
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define FILFIL_SHIM_ASAN
#elif defined(__SANITIZE_THREAD__)
#define FILFIL_SHIM_TSAN
#endif
#ifdef FILFIL_SHIM_ASAN
#include <sanitizer/common_interface_defs.h>
#endif
#ifdef FILFIL_SHIM_TSAN
#include <sanitizer/tsan_interface.h>
#endif

// Shared memory stands in a section of its own, so that it can be found and poisoned. Not under ASan, which lays guards
// only around variables of ordinary sections; and gcc gives the variables of templates no section. "Used" keeps the
// compiler from reasoning that nobody else writes to a static variable of one function.
#if defined(__clang__) && !defined(FILFIL_SHIM_ASAN)
#define FILFIL_SHIM_POISONS
#define FILFIL_SHIM_SHARED __attribute__((section("filfil_shared"), used))
extern "C" {
[[gnu::weak]] extern std::byte __start_filfil_shared[];
[[gnu::weak]] extern std::byte __stop_filfil_shared[];
}
#else
#define FILFIL_SHIM_SHARED __attribute__((used))
#endif

#define __global__
#define __launch_bounds__(...)
#define __grid_constant__
#define __shared__ static FILFIL_SHIM_SHARED

namespace filfil::shim {

struct Index {
    unsigned x = 0;
    unsigned y = 0;
    unsigned z = 0;
};

}    // namespace filfil::shim

inline constinit thread_local filfil::shim::Index threadIdx;
inline constinit thread_local filfil::shim::Index blockIdx;
inline constinit thread_local filfil::shim::Index blockDim;
inline constinit thread_local filfil::shim::Index gridDim;

namespace filfil::shim {

/// How the threads of a block get on. All but `free` run one thread at a time until its next barrier, so that what a
/// missing barrier leaves to chance comes out the same way every time, and wrong; `free` is for TSan, which sees the
/// race itself.
enum class Schedule {
    free,        ///< at the same time, as the system lets them
    forward,     ///< one at a time, the lowest first; blocks, too
    backward,    ///< one at a time, the highest first; blocks, too
    shuffled,    ///< one at a time, in an order that is new after each barrier; blocks, too
};

inline constexpr std::array all_schedules{Schedule::free, Schedule::forward, Schedule::backward, Schedule::shuffled};

constexpr const char* name_of(Schedule schedule) noexcept {
    constexpr std::array<const char*, all_schedules.size()> names{"free", "forward", "backward", "shuffled"};
    return names[static_cast<std::size_t>(schedule)];
}

/// What GoogleTest calls it in lists of tests.
inline void PrintTo(Schedule schedule, std::ostream* out) { *out << name_of(schedule); }

/// What a block finds all over its shared memory, where FILFIL_SHIM_POISONS is defined: so what is read before it is
/// written shows.
inline constexpr std::byte poison{0xdb};

/// The threads of one block after the other.
class Threads {
public:
    virtual ~Threads() = default;

    /// Runs `thread(i)` for each i below the block's size.
    /// @return Error::internal if a thread left while others waited at a barrier for it
    virtual Result<void> run(const std::function<void(unsigned)>& thread) = 0;

    /// __syncthreads(), from inside a thread.
    virtual void synchronize() = 0;

protected:
    static Error left_early(unsigned thread) {
        return {ErrorCode::internal,
                "thread " + std::to_string(thread) + " left while others waited at a barrier for it"};
    }
};

/// Whose threads are running, and which of them this is.
inline constinit thread_local Threads* running = nullptr;
inline constinit thread_local unsigned running_thread = 0;

/// One thread of the system for each, kept from block to block.
class FreeThreads final : public Threads {
public:
    explicit FreeThreads(unsigned count) : m_gate(count + 1), m_passed(count) {
        for (unsigned i = 0; i < count; ++i) m_threads.emplace_back([this, i] { work(i); });
    }
    ~FreeThreads() override {
        m_thread = nullptr;
        m_gate.arrive_and_wait();
    }
    FreeThreads(const FreeThreads&) = delete;
    FreeThreads& operator=(const FreeThreads&) = delete;

    Result<void> run(const std::function<void(unsigned)>& thread) override {
        m_thread = &thread;
        m_barrier.emplace(static_cast<std::ptrdiff_t>(m_threads.size()));
        m_gate.arrive_and_wait();
        m_gate.arrive_and_wait();
        const auto [fewest, most] = std::minmax_element(m_passed.begin(), m_passed.end());
        if (*fewest != *most) return left_early(static_cast<unsigned>(fewest - m_passed.begin()));
        return {};
    }

    void synchronize() override {
        ++m_passed[running_thread];
        m_barrier->arrive_and_wait();
    }

private:
    void work(unsigned i) {
        running = this;
        running_thread = i;
        for (;;) {
            m_gate.arrive_and_wait();
            if (m_thread == nullptr) return;
            m_passed[i] = 0;
            (*m_thread)(i);
            // One that leaves early must not keep the others waiting for ever.
            m_barrier->arrive_and_drop();
            m_gate.arrive_and_wait();
        }
    }

    const std::function<void(unsigned)>* m_thread = nullptr;
    std::barrier<> m_gate;
    std::optional<std::barrier<>> m_barrier;
    std::vector<unsigned> m_passed;    ///< barriers of the block so far, each thread its own
    std::vector<std::jthread> m_threads;
};

/// Fibers that take turns: each runs to its next barrier or its end, all in one thread of the system.
class TurnedThreads final : public Threads {
public:
    TurnedThreads(unsigned count, Schedule schedule, std::uint64_t seed)
        : m_schedule(schedule), m_random(seed), m_fibers(count) {
        for (Fiber& fiber : m_fibers) {
            fiber.stack = std::make_unique_for_overwrite<std::byte[]>(stack_size);
            getcontext(&fiber.context);
            fiber.context.uc_stack.ss_sp = fiber.stack.get();
            fiber.context.uc_stack.ss_size = stack_size;
            fiber.context.uc_link = nullptr;
            makecontext(&fiber.context, &TurnedThreads::enter, 0);
#ifdef FILFIL_SHIM_TSAN
            fiber.tsan = __tsan_create_fiber(0);
#endif
        }
    }
    ~TurnedThreads() override {
#ifdef FILFIL_SHIM_TSAN
        for (Fiber& fiber : m_fibers) __tsan_destroy_fiber(fiber.tsan);
#endif
    }
    TurnedThreads(const TurnedThreads&) = delete;
    TurnedThreads& operator=(const TurnedThreads&) = delete;

    Result<void> run(const std::function<void(unsigned)>& thread) override {
        m_thread = &thread;
        for (Fiber& fiber : m_fibers) fiber.ended = false;
        std::optional<Error> problem;
        for (std::size_t ended = 0; ended != m_fibers.size();) {
            for (const unsigned i : order(static_cast<unsigned>(m_fibers.size())))
                if (!m_fibers[i].ended) resume(i);
            ended = 0;
            unsigned left = 0;
            for (unsigned i = 0; i < m_fibers.size(); ++i)
                if (m_fibers[i].ended) {
                    ++ended;
                    left = i;
                }
            if (ended != 0 && ended != m_fibers.size() && !problem) problem = left_early(left);
        }
        if (problem) return *std::move(problem);
        return {};
    }

    void synchronize() override { leave(); }

    /// 0 … count-1 as the schedule has it.
    std::vector<unsigned> order(unsigned count) {
        std::vector<unsigned> all(count);
        std::iota(all.begin(), all.end(), 0U);
        if (m_schedule == Schedule::backward) {
            for (unsigned i = 0; i < count; ++i) all[i] = count - 1 - i;
        } else if (m_schedule == Schedule::shuffled) {
            for (unsigned i = count; i > 1; --i) std::swap(all[i - 1], all[m_random.below(i)]);
        }
        return all;
    }

private:
    static constexpr std::size_t stack_size = std::size_t{256} << 10;

    struct Fiber {
        ucontext_t context{};
        std::unique_ptr<std::byte[]> stack;
        bool ended = true;
#ifdef FILFIL_SHIM_ASAN
        void* fake_stack = nullptr;
#endif
#ifdef FILFIL_SHIM_TSAN
        void* tsan = nullptr;
#endif
    };

    /// Where each fiber begins; makecontext() passes no pointers.
    static void enter() {
        auto& self = static_cast<TurnedThreads&>(*running);
        self.arrive();
        for (;;) {
            (*self.m_thread)(self.m_running);
            self.m_fibers[self.m_running].ended = true;
            self.leave();
        }
    }

    /// Into fiber i, and back when it waits or has ended.
    void resume(unsigned i) {
        Fiber& fiber = m_fibers[i];
        m_running = i;
        running = this;
        running_thread = i;
        threadIdx.x = i;
#ifdef FILFIL_SHIM_ASAN
        void* fake_stack = nullptr;
        __sanitizer_start_switch_fiber(&fake_stack, fiber.stack.get(), stack_size);
#endif
#ifdef FILFIL_SHIM_TSAN
        m_caller_tsan = __tsan_get_current_fiber();
        __tsan_switch_to_fiber(fiber.tsan, 0);
#endif
        swapcontext(&m_caller, &fiber.context);
#ifdef FILFIL_SHIM_ASAN
        __sanitizer_finish_switch_fiber(fake_stack, nullptr, nullptr);
#endif
    }

    /// Out of the running fiber, until its next turn.
    void leave() {
        Fiber& fiber = m_fibers[m_running];
#ifdef FILFIL_SHIM_ASAN
        __sanitizer_start_switch_fiber(&fiber.fake_stack, m_caller_stack, m_caller_stack_size);
#endif
#ifdef FILFIL_SHIM_TSAN
        __tsan_switch_to_fiber(m_caller_tsan, 0);
#endif
        swapcontext(&fiber.context, &m_caller);
        arrive();
    }

    /// The first thing that a fiber does when its turn has come.
    void arrive() {
#ifdef FILFIL_SHIM_ASAN
        __sanitizer_finish_switch_fiber(m_fibers[m_running].fake_stack, &m_caller_stack, &m_caller_stack_size);
#endif
    }

    Schedule m_schedule;
    SeededRandom m_random;
    std::vector<Fiber> m_fibers;
    const std::function<void(unsigned)>* m_thread = nullptr;
    unsigned m_running = 0;
    ucontext_t m_caller{};
#ifdef FILFIL_SHIM_ASAN
    const void* m_caller_stack = nullptr;
    std::size_t m_caller_stack_size = 0;
#endif
#ifdef FILFIL_SHIM_TSAN
    void* m_caller_tsan = nullptr;
#endif
};

/// Shared memory is a static variable here: there is one for all cards.
inline std::mutex one_launch_at_a_time;

/// Runs kernels, one block after the other. Not thread-safe; launches of several cards wait for one another.
class Card {
public:
    /// @param seed of the order, where the schedule is shuffled
    explicit Card(Schedule schedule, std::uint64_t seed = 0) : m_schedule(schedule), m_seed(seed) {}

    /// kernel<<<grid, block>>>(arguments…), and waits for its end.
    /// @return Error::internal if a thread left while others waited at a barrier for it
    template <class... Parameters, class... Arguments>
    Result<void> launch(unsigned grid, unsigned block, void (*kernel)(Parameters...), Arguments&&... arguments) {
        const std::lock_guard lock(one_launch_at_a_time);
        Team& team = team_of(block);
        const std::tuple<Parameters...> parameters(std::forward<Arguments>(arguments)...);
        for (const unsigned number : order(team, grid)) {
            poison_shared();
            const Result<void> ran = team.threads->run([&](unsigned thread) {
                gridDim = {grid, 1, 1};
                blockDim = {block, 1, 1};
                blockIdx = {number, 0, 0};
                threadIdx = {thread, 0, 0};
                std::apply(kernel, parameters);
            });
            if (!ran.ok()) return ran.error().in("block " + std::to_string(number));
        }
        return {};
    }

private:
    /// The threads of blocks of one size.
    struct Team {
        std::unique_ptr<Threads> threads;
        TurnedThreads* turned = nullptr;    ///< what they are, if they take turns
    };

    Team& team_of(unsigned block) {
        Team& team = m_teams[block];
        if (team.threads != nullptr) return team;
        if (m_schedule == Schedule::free) {
            team.threads = std::make_unique<FreeThreads>(block);
        } else {
            auto turned = std::make_unique<TurnedThreads>(block, m_schedule, m_seed);
            team.turned = turned.get();
            team.threads = std::move(turned);
        }
        return team;
    }

    static std::vector<unsigned> order(Team& team, unsigned grid) {
        if (team.turned != nullptr) return team.turned->order(grid);
        std::vector<unsigned> all(grid);
        std::iota(all.begin(), all.end(), 0U);
        return all;
    }

    static void poison_shared() {
#ifdef FILFIL_SHIM_POISONS
        // Neither symbol exists in a program without a kernel that has shared memory.
        if (__start_filfil_shared == nullptr) return;
        std::memset(__start_filfil_shared, std::to_integer<int>(poison),
                    static_cast<std::size_t>(__stop_filfil_shared - __start_filfil_shared));
#endif
    }

    Schedule m_schedule;
    std::uint64_t m_seed;
    std::map<unsigned, Team> m_teams;    ///< by threads a block
};

}    // namespace filfil::shim

inline void __syncthreads() { filfil::shim::running->synchronize(); }
