// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/clock.hpp"
#include "base/executor.hpp"
#include "base/files.hpp"
#include "base/progress.hpp"
#include "gui/model/piece_check.hpp"

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <thread>

namespace filfil::commp {
class GpuProvider;
}

namespace filfil::gui {

/// What a run is to do.
struct VerifierOrder {
    std::string path;
    std::optional<ExpectedPiece> expected;
    std::string backend;    ///< "auto", "cuda", or an instruction set's name
    Diagnose diagnose;
    commp::GpuProvider* gpu = nullptr;
};

/// What it found.
struct VerifierFinding {
    commp::Piece piece;    ///< at the padded size at which it matches, else at its own
    commp::Piece natural;
    bool match = false;
    std::string diagnosis;
    std::string device;
    double seconds = 0;    ///< of hashing
};

/// One file hashed in threads of its own. Made and destroyed in the GUI thread; what it says of its progress may be
/// read there at any time.
class VerifierRun final : public Progress {
public:
    /// @param ended called once, in the run's thread, when result() is there
    VerifierRun(VerifierOrder order, std::function<void()> ended);
    ~VerifierRun() override;    ///< stops it and waits

    void advance(std::uint64_t bytes) noexcept override { m_done += bytes; }
    void cancel() { m_thread.request_stop(); }

    [[nodiscard]] std::uint64_t doneBytes() const noexcept { return m_done; }
    [[nodiscard]] bool diagnosing() const noexcept { return m_diagnosing; }

    /// After `ended` was called.
    [[nodiscard]] const Result<VerifierFinding>& result() const { return *m_result; }

private:
    Result<VerifierFinding> work(const std::stop_token& stop);
    Result<std::unique_ptr<commp::Backend>> openBackend(std::uint64_t payload);

    VerifierOrder m_order;
    SystemFiles m_files;
    SystemClock m_clock;
    InlineExecutor m_inline;
    std::atomic<std::uint64_t> m_done = 0;
    std::atomic<bool> m_diagnosing = false;
    std::optional<Result<VerifierFinding>> m_result;
    std::jthread m_thread;
};

}    // namespace filfil::gui
