// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <utility>

namespace filfil::net {

/// Only what hangs takes so long.
inline constexpr auto patience = std::chrono::seconds(60);

/// What handlers put in, for a test to wait for, in the order in which it came.
template <class T>
class Inbox {
public:
    void put(T value) {
        const std::scoped_lock lock(m_mutex);
        m_values.push_back(std::move(value));
        m_changed.notify_all();
    }

    T take() {
        std::unique_lock lock(m_mutex);
        if (!m_changed.wait_for(lock, patience, [this] { return !m_values.empty(); }))
            throw std::runtime_error("nothing came");
        T out = std::move(m_values.front());
        m_values.pop_front();
        return out;
    }

    [[nodiscard]] std::size_t size() const {
        const std::scoped_lock lock(m_mutex);
        return m_values.size();
    }

private:
    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    std::deque<T> m_values;
};

/// Closed until it is opened, for good.
class Gate {
public:
    void open() {
        const std::scoped_lock lock(m_mutex);
        m_open = true;
        m_changed.notify_all();
    }
    void wait() {
        std::unique_lock lock(m_mutex);
        if (!m_changed.wait_for(lock, patience, [this] { return m_open; }))
            throw std::runtime_error("the gate was never opened");
    }
    [[nodiscard]] bool is_open() const {
        const std::scoped_lock lock(m_mutex);
        return m_open;
    }

private:
    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    bool m_open = false;
};

}    // namespace filfil::net
