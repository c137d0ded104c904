// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "batch/run.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <optional>
#include <stop_token>

namespace filfil::batch {

/// Hands receipts to the sink one at a time, counts them, and stops the run when one cannot be recorded. Thread-safe.
class Recorder {
public:
    Recorder(ReceiptSink& sink, std::stop_source stop) : m_sink(sink), m_stop(std::move(stop)) {}

    void record(const Receipt& receipt) {
        const std::scoped_lock lock(m_mutex);
        if (m_failure) return;
        if (auto taken = m_sink.take(receipt); !taken.ok()) {
            m_failure = std::move(taken).error();
            m_stop.request_stop();
            return;
        }
        (receipt.ok() ? m_summary.ok : m_summary.failed) += 1;
        if (receipt.computed) m_summary.bytes += receipt.computed->payload_size;
    }

    /// To be called when no thread records any more.
    [[nodiscard]] Result<Summary> end() const {
        if (m_failure) return *m_failure;
        return m_summary;
    }

private:
    ReceiptSink& m_sink;
    std::stop_source m_stop;
    std::mutex m_mutex;
    Summary m_summary;
    std::optional<Error> m_failure;
};

/// Counts what was reported for one file, so that a file that fails half-way can be made up to its whole.
class FileProgress final : public Progress {
public:
    FileProgress(Progress* total, std::uint64_t size) : m_total(total), m_size(size) {}
    ~FileProgress() override {
        const std::uint64_t done = m_done.load();
        if (m_total != nullptr && done < m_size) m_total->advance(m_size - done);
    }
    FileProgress(const FileProgress&) = delete;
    FileProgress& operator=(const FileProgress&) = delete;

    void advance(std::uint64_t bytes) noexcept override {
        const std::uint64_t before = m_done.fetch_add(bytes);
        // A file that has grown must not push the total past its end.
        if (m_total != nullptr && before < m_size) m_total->advance(std::min(bytes, m_size - before));
    }

private:
    Progress* m_total;
    std::uint64_t m_size;
    std::atomic<std::uint64_t> m_done{0};
};

}    // namespace filfil::batch
