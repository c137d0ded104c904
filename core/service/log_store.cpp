// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/log_store.hpp"

#include "service/repeats.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <deque>
#include <mutex>

namespace filfil::service {
namespace {

constexpr std::array<LogLevel, 4> levels{LogLevel::debug, LogLevel::info, LogLevel::warning, LogLevel::error};

/// On one line, and nothing in it that a terminal would obey: messages hold what came from the network.
std::string plain(std::string_view text, std::size_t most) {
    constexpr std::string_view digits = "0123456789abcdef";
    constexpr std::string_view cut = "…";
    std::string out;
    out.reserve(std::min(text.size(), most));
    for (const char c : text) {
        if (out.size() >= most) {
            while (!out.empty() && (static_cast<unsigned char>(out.back()) & 0xc0U) == 0x80U) out.pop_back();
            if (!out.empty() && static_cast<unsigned char>(out.back()) >= 0xc0U) out.pop_back();
            return out.append(cut);
        }
        const auto byte = static_cast<unsigned char>(c);
        if (c == '\n') {
            out += "\\n";
        } else if (byte < 0x20 || byte == 0x7f) {
            out.append("\\x").append({digits[byte >> 4U], digits[byte & 15U]});
        } else {
            out += c;
        }
    }
    return out;
}

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool contains(std::string_view text, std::string_view part) noexcept {
    return !std::ranges::search(text, part, [](char a, char b) { return lower(a) == lower(b); }).empty() ||
           part.empty();
}

bool matches(const LogRecord& record, const LogQuery& query) noexcept {
    return record.level >= query.level && (query.module.empty() || record.module == query.module) &&
           contains(record.message, query.text);
}

/// A subscriber's handler, which is not called any more once its subscription has ended.
struct Listener {
    std::recursive_mutex mutex;    // a handler may end its own subscription
    std::function<void(const LogRecord&)> handler;
};

class ListenerSubscription final : public LogStore::Subscription {
public:
    explicit ListenerSubscription(std::shared_ptr<Listener> listener) : m_listener(std::move(listener)) {}
    ~ListenerSubscription() override {
        std::function<void(const LogRecord&)> ended;
        const std::lock_guard lock(m_listener->mutex);
        ended.swap(m_listener->handler);
    }

private:
    std::shared_ptr<Listener> m_listener;
};

}    // namespace

std::string_view name_of(LogLevel level) noexcept {
    switch (level) {
        case LogLevel::debug: return "debug";
        case LogLevel::info: return "info";
        case LogLevel::warning: return "warning";
        case LogLevel::error: return "error";
    }
    return "error";
}

Result<LogLevel> parse_log_level(std::string_view name) {
    for (const LogLevel level : levels)
        if (name_of(level) == name) return level;
    return Error(ErrorCode::invalid_argument, "'" + std::string(name.substr(0, 64)) + "' is no log level",
                 "give debug, info, warning or error");
}

struct LogStore::Impl {
    Impl(const Clock& clock_, LogSink* next_, LogStoreOptions options_)
        : clock(clock_), options(options_), level(options_.level), repeats(options_.repeats), next(next_) {}

    const Clock& clock;
    const LogStoreOptions options;
    std::atomic<LogLevel> level;

    mutable std::mutex mutex;
    std::deque<LogRecord> records;    // of sequences without a gap, the newest last
    std::uint64_t last = 0;
    Repeats repeats;

    // What is on its way out. One thread at a time delivers, without the mutex, so that order is kept and a handler
    // may write to the log.
    std::deque<LogRecord> pending;
    bool delivering = false;
    std::vector<std::weak_ptr<Listener>> listeners;

    std::recursive_mutex next_mutex;
    LogSink* next;

    void add(LogRecord record) {
        record.sequence = ++last;
        record.time = clock.wall();
        records.push_back(record);
        if (records.size() > options.records) records.pop_front();
        pending.push_back(std::move(record));
    }

    void add_repeats(const std::vector<Repeats::Ended>& ended) {
        for (const Repeats::Ended& repeat : ended)
            add({.level = repeat.level, .module = repeat.module, .message = text_of(repeat)});
    }

    void deliver(std::unique_lock<std::mutex>& lock) {
        if (delivering) return;
        const Delivery delivery(*this, lock);
        while (!pending.empty()) {
            const LogRecord record = std::move(pending.front());
            pending.pop_front();
            std::vector<std::shared_ptr<Listener>> to;
            std::erase_if(listeners, [&](const std::weak_ptr<Listener>& listener) {
                to.push_back(listener.lock());
                return to.back() == nullptr;
            });
            lock.unlock();
            {
                const std::lock_guard next_lock(next_mutex);
                if (next != nullptr) next->write(record.level, record.module, record.message);
            }
            for (const auto& listener : to) {
                if (listener == nullptr) continue;
                const std::lock_guard listener_lock(listener->mutex);
                if (const auto handler = listener->handler) handler(record);
            }
            lock.lock();
        }
    }

private:
    /// Whatever is thrown while it goes on, the next message is delivered.
    struct Delivery {
        Delivery(Impl& impl_, std::unique_lock<std::mutex>& lock_) : impl(impl_), lock(lock_) {
            impl.delivering = true;
        }
        ~Delivery() {
            if (!lock.owns_lock()) lock.lock();
            impl.delivering = false;
        }
        Delivery(const Delivery&) = delete;
        Delivery& operator=(const Delivery&) = delete;

        Impl& impl;
        std::unique_lock<std::mutex>& lock;
    };
};

LogStore::LogStore(const Clock& clock, LogSink* next, LogStoreOptions options)
    : m_impl(std::make_shared<Impl>(clock, next, options)) {}

LogStore::~LogStore() { flush(); }

void LogStore::write(LogLevel level, std::string_view module, std::string_view message) noexcept {
    Impl& impl = *m_impl;
    if (level < impl.level.load(std::memory_order_relaxed)) return;
    // A log that has no memory is no reason to end.
    try {
        LogRecord record{
            .level = level, .module = plain(module, 64), .message = plain(message, impl.options.message_bytes)};
        std::unique_lock lock(impl.mutex);
        const Clock::Duration now = impl.clock.steady();
        impl.add_repeats(impl.repeats.end_due(now));
        if (impl.repeats.is_new(now, record.level, record.module, record.message)) impl.add(std::move(record));
        impl.deliver(lock);
    } catch (...) {    // NOLINT(bugprone-empty-catch)
    }
}

std::vector<LogRecord> LogStore::query(const LogQuery& query) const {
    std::vector<LogRecord> out;
    const std::lock_guard lock(m_impl->mutex);
    const std::deque<LogRecord>& records = m_impl->records;
    if (query.after) {
        const auto first = std::ranges::upper_bound(records, *query.after, std::less{}, &LogRecord::sequence);
        for (auto at = first; at != records.end() && out.size() < query.limit; ++at)
            if (matches(*at, query)) out.push_back(*at);
        return out;
    }
    for (auto at = records.rbegin(); at != records.rend() && out.size() < query.limit; ++at)
        if (matches(*at, query)) out.push_back(*at);
    std::ranges::reverse(out);
    return out;
}

std::uint64_t LogStore::last() const {
    const std::lock_guard lock(m_impl->mutex);
    return m_impl->last;
}

void LogStore::set_level(LogLevel level) noexcept { m_impl->level.store(level, std::memory_order_relaxed); }

LogLevel LogStore::level() const noexcept { return m_impl->level.load(std::memory_order_relaxed); }

void LogStore::set_next(LogSink* next) {
    const std::lock_guard lock(m_impl->next_mutex);
    m_impl->next = next;
}

void LogStore::flush() noexcept {
    try {
        std::unique_lock lock(m_impl->mutex);
        m_impl->add_repeats(m_impl->repeats.end_all(m_impl->clock.steady()));
        m_impl->deliver(lock);
    } catch (...) {    // NOLINT(bugprone-empty-catch)
    }
}

std::unique_ptr<LogStore::Subscription> LogStore::subscribe(std::function<void(const LogRecord&)> handler) {
    auto listener = std::make_shared<Listener>();
    listener->handler = std::move(handler);
    const std::lock_guard lock(m_impl->mutex);
    m_impl->listeners.push_back(listener);
    return std::make_unique<ListenerSubscription>(std::move(listener));
}

}    // namespace filfil::service
