// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/clock.hpp"
#include "base/log.hpp"

#include <cstdio>
#include <functional>
#include <string>
#include <string_view>

namespace filfil::sim {

/// Everything that happened, as one number, and on demand as text.
class Trace final : public LogSink {
public:
    Trace(const Clock& clock, bool print) : m_clock(clock), m_print(print) {}
    void add(std::string_view what) noexcept {
        const auto now = static_cast<std::uint64_t>(m_clock.steady().count());
        mix(std::string_view(reinterpret_cast<const char*>(&now), sizeof now));
        mix(what);
        if (m_print)
            (void)std::fprintf(stderr, "%10.3f %.*s\n", static_cast<double>(now) / 1e9, static_cast<int>(what.size()),
                               what.data());
    }
    void write(LogLevel level, std::string_view module, std::string_view message) noexcept override {
        if (on_log) on_log(message);
        add(std::string("    ") + std::to_string(static_cast<int>(level)) + " " + std::string(module) + ": " +
            std::string(message));
    }
    [[nodiscard]] std::uint64_t hash() const noexcept { return m_hash; }

    std::function<void(std::string_view)> on_log;    ///< told of what the daemon says

private:
    void mix(std::string_view bytes) noexcept {
        for (const char byte : bytes) m_hash = (m_hash ^ static_cast<unsigned char>(byte)) * 1'099'511'628'211U;
    }
    const Clock& m_clock;
    bool m_print;
    std::uint64_t m_hash = 14'695'981'039'346'656'037U;
};

}    // namespace filfil::sim
