// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <unordered_map>

namespace filfil::net {

/// What is under way and has to be over before something else may go: connections, calls, and short visits to them.
/// It owns them, so that one that waits for nothing but its user stays alive. Thread-safe.
class Registry {
public:
    class Member {
    public:
        virtual ~Member() = default;

        /// Asks it to end soon and to leave then. Called once at most, on any thread; returns at once.
        virtual void end() = 0;
    };

    /// @return false once end_all() was called: then it is not taken and must not begin
    [[nodiscard]] bool add(const std::shared_ptr<Member>& member);
    void remove(const Member* member);

    /// A visit: work that is no member and is waited for all the same. @return false once all is over
    [[nodiscard]] bool enter();
    void leave();

    /// Takes nothing more and tells all members to end.
    void end_all();

    /// Returns when no member and no visit is left. After end_all() that stays so.
    void wait_empty();

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::unordered_map<const Member*, std::shared_ptr<Member>> m_members;
    std::size_t m_visits = 0;
    bool m_ending = false;
};

}    // namespace filfil::net
