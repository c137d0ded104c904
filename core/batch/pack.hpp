// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "batch/file_result.hpp"
#include "batch/recorder.hpp"
#include "commp/backend.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

namespace filfil::batch {

class Pack;

/// Packs whose jobs have all ended. Thread-safe.
class FinishedPacks {
public:
    FinishedPacks() = default;
    ~FinishedPacks();
    FinishedPacks(const FinishedPacks&) = delete;
    FinishedPacks& operator=(const FinishedPacks&) = delete;

    void push(std::unique_ptr<Pack> pack) noexcept;
    [[nodiscard]] std::unique_ptr<Pack> pop() noexcept;

private:
    std::mutex m_mutex;
    std::unique_ptr<Pack> m_first;    ///< a list through Pack::m_next: adding to it cannot fail
};

/// What packing needs of the run around it.
struct PackContext {
    std::span<const WorkItem> items;
    Files& files;
    commp::Backend& backend;
    const Clock& clock;
    const ReceiptOptions& options;
    Recorder& recorder;
    FinishedPacks& finished;
    Progress* progress;
    std::stop_token stop;
};

/// Files that lie in one staging buffer, one job each. Keeps itself alive from submission until its last job's end.
class Pack final : public commp::JobSink {
public:
    /// Reads the files into a buffer of the backend and submits them. Files that cannot be hashed get their receipts at
    /// once.
    /// @return files that have grown out of the buffer since the plan was made: to be hashed by themselves
    static std::vector<std::size_t> read_and_submit(const PackContext& context, const std::vector<std::size_t>& files);

    /// The receipts of a finished pack.
    /// @return its files if the backend revoked nodes meanwhile: to be hashed again, and without receipts yet
    [[nodiscard]] std::vector<std::size_t> record(const PackContext& context) const;

    void on_nodes(std::uint64_t ticket, std::span<const commp::Node> nodes) noexcept override;
    void on_failure(std::uint64_t ticket, Error error, ByteView quads) noexcept override;

private:
    friend class FinishedPacks;

    struct File {
        std::size_t item = 0;
        FileInfo info;
        double read_seconds = 0;
        std::optional<ipld::Digest256> sha256;
        commp::Node root{};
        std::optional<Error> error;
    };

    explicit Pack(const PackContext& context) : m_clock(context.clock), m_finished(context.finished) {}

    /// Puts one file at `offset` of the buffer. @return false if it does not fit there
    bool read_file(const PackContext& context, std::size_t item, ByteSpan buffer, std::size_t offset);
    void one_job_ended() noexcept;

    const Clock& m_clock;
    FinishedPacks& m_finished;
    std::vector<File> m_files;
    std::uint64_t m_quads = 0;
    std::uint64_t m_trusted = 0;    ///< the backend's revocations before the first job
    std::atomic<std::size_t> m_open_jobs{0};
    Clock::Duration m_submitted{};
    Clock::Duration m_ended{};
    std::unique_ptr<Pack> m_self;
    std::unique_ptr<Pack> m_next;
};

}    // namespace filfil::batch
