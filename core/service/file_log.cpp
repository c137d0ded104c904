// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/file_log.hpp"

#include "base/files.hpp"
#include "service/log_store.hpp"

#include <spdlog/details/log_msg.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/rotating_file_sink.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>
#include <mutex>

namespace filfil::service {
namespace {

class FileLog final : public LogSink {
public:
    FileLog(const Clock& clock, std::string path, const FileLogOptions& options)
        : m_clock(clock), m_sink(path, options.file_size, std::max<std::size_t>(options.files, 1) - 1) {
        m_sink.set_formatter(std::make_unique<spdlog::pattern_formatter>("%v", spdlog::pattern_time_type::utc));
    }

    void write(LogLevel level, std::string_view module, std::string_view message) noexcept override {
        const std::lock_guard lock(m_mutex);
        try {
            const Clock::Duration now = m_clock.wall();
            if (m_lost > 0)
                put(log_line(now, LogLevel::warning, "service",
                             std::to_string(m_lost) + " lines were lost: they could not be written to this file"));
            m_lost = 0;
            put(log_line(now, level, module, message));
        } catch (...) {
            ++m_lost;
        }
    }

private:
    void put(const std::string& line) {
        m_sink.log(spdlog::details::log_msg("", spdlog::level::info, line));
        m_sink.flush();
    }

    const Clock& m_clock;
    std::mutex m_mutex;
    spdlog::sinks::rotating_file_sink_st m_sink;
    std::uint64_t m_lost = 0;
};

}    // namespace

std::string log_line(Clock::Duration time, LogLevel level, std::string_view module, std::string_view message) {
    const auto ms = std::chrono::floor<std::chrono::milliseconds>(time).count();
    const std::time_t seconds = ms / 1000 - (ms % 1000 < 0 ? 1 : 0);
    std::tm date{};
    ::gmtime_r(&seconds, &date);
    std::array<char, 64> text{};
    const std::size_t size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &date);
    std::array<char, 16> fraction{};
    std::snprintf(fraction.data(), fraction.size(), ".%03dZ ", static_cast<int>(ms - seconds * 1000));
    std::string out(text.data(), size);
    return out.append(fraction.data()).append(name_of(level)).append(" ").append(module).append(": ").append(message);
}

Result<std::unique_ptr<LogSink>> open_file_log(const std::string& folder, const Clock& clock,
                                               const FileLogOptions& options) {
    const std::string path = join_path(folder, "fil-fil.log");
    try {
        return std::unique_ptr<LogSink>(std::make_unique<FileLog>(clock, path, options));
    } catch (const std::exception& error) {
        return Error(ErrorCode::io, path + ": cannot open the log: " + error.what(),
                     "check the folder's permissions and the space on its disk");
    }
}

}    // namespace filfil::service
