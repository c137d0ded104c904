// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/log.hpp"

#include <algorithm>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

namespace filfil::test {

/// Keeps what is logged.
class LogLines final : public LogSink {
public:
    void write(LogLevel, std::string_view, std::string_view message) noexcept override {
        if (on_write) on_write();
        const std::scoped_lock lock(m_mutex);
        m_lines.emplace_back(message);
    }

    [[nodiscard]] std::vector<std::string> lines() const {
        const std::scoped_lock lock(m_mutex);
        return m_lines;
    }

    /// Lines that begin with "cuda:N:".
    [[nodiscard]] std::size_t lines_of(unsigned card) const {
        const std::string beginning = "cuda:" + std::to_string(card) + ":";
        const auto all = lines();
        return static_cast<std::size_t>(
            std::ranges::count_if(all, [&](const std::string& line) { return line.starts_with(beginning); }));
    }

    std::function<void()> on_write;

private:
    mutable std::mutex m_mutex;
    std::vector<std::string> m_lines;
};

}    // namespace filfil::test
