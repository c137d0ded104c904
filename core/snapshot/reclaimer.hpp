// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <set>

namespace filfil::snapshot {

/// Puts off freeing memory that a reader may still be looking at. The writer retires what it has taken out of sight;
/// it is freed once every reader that had entered before has left. Readers neither wait nor make the writer wait.
/// Thread-safe.
class Reclaimer {
public:
    Reclaimer() = default;
    Reclaimer(const Reclaimer&) = delete;
    Reclaimer& operator=(const Reclaimer&) = delete;
    ~Reclaimer();

    /// A reader's presence: lookups are allowed while one lives.
    class Guard {
    public:
        explicit Guard(Reclaimer& reclaimer) : m_reclaimer(&reclaimer), m_entered(reclaimer.enter()) {}
        ~Guard() { m_reclaimer->leave(m_entered); }
        Guard(const Guard&) = delete;
        Guard& operator=(const Guard&) = delete;

    private:
        Reclaimer* m_reclaimer;
        std::uint64_t m_entered;
    };

    /// Calls `free` once no reader can see what it frees: now where there is none. `free` must not throw.
    void retire(std::function<void()> free);

    /// Frees all that was put off. No reader may be there, and none may come.
    void drain();

    /// How many frees are being put off.
    [[nodiscard]] std::size_t waiting() const;

private:
    struct Retired {
        std::uint64_t at;
        std::function<void()> free;
    };

    std::uint64_t enter();
    void leave(std::uint64_t entered);
    [[nodiscard]] std::deque<Retired> take_free();

    mutable std::mutex m_mutex;
    std::uint64_t m_now = 0;    ///< grows with every retirement
    std::multiset<std::uint64_t> m_readers;
    std::deque<Retired> m_retired;    ///< oldest first
};

}    // namespace filfil::snapshot
