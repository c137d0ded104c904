// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/model/verifier_run.hpp"

#include "base/units.hpp"
#include "commp/cpu_backend.hpp"
#include "commp/gpu_provider.hpp"
#include "commp/hash_source.hpp"

#include <QCoreApplication>

#include <algorithm>
#include <utility>

namespace filfil::gui {
namespace {

/// Below this the CPU is done before a card has been started.
constexpr std::uint64_t worth_a_card = 4 * GiB;

struct Words {
    Q_DECLARE_TR_FUNCTIONS(VerifierRun)
};

bool sameFile(const FileInfo& a, const FileInfo& b) {
    return a.size == b.size && a.mtime_ns == b.mtime_ns && a.inode == b.inode && a.device == b.device;
}

}    // namespace

VerifierRun::VerifierRun(VerifierOrder order, std::function<void()> ended)
    : m_order(std::move(order)), m_thread([this, ended = std::move(ended)](const std::stop_token& stop) {
          m_result = work(stop);
          ended();
      }) {}

VerifierRun::~VerifierRun() = default;

Result<std::unique_ptr<commp::Backend>> VerifierRun::openBackend(std::uint64_t payload) {
    if (m_order.gpu != nullptr &&
        (m_order.backend == "cuda" || (m_order.backend == "auto" && payload >= worth_a_card))) {
        auto card = m_order.gpu->open({});
        if (card.ok() || m_order.backend == "cuda") return card;
    }
    return commp::make_cpu_backend(m_order.backend == "auto" || m_order.backend == "cuda" ? "" : m_order.backend,
                                   m_inline, m_clock);
}

Result<VerifierFinding> VerifierRun::work(const std::stop_token& stop) {
    FILFIL_TRY(const FileInfo before, m_files.info(m_order.path));
    if (before.kind == FileInfo::Kind::folder)
        return Error(
            ErrorCode::invalid_argument,
            Words::tr("%1 is a folder").arg(QString::fromStdString(m_order.path)).toStdString(),
            Words::tr("drop one of the files in it; many files at once are for `fil-fil batch`").toStdString());
    FILFIL_TRY(const std::unique_ptr<ReadableFile> file, m_files.open(m_order.path));
    if (!file->size())
        return Error(
            ErrorCode::invalid_argument,
            Words::tr("%1 is no file that can be read twice").arg(QString::fromStdString(m_order.path)).toStdString(),
            Words::tr("store it as a file first").toStdString());
    FILFIL_TRY(const std::unique_ptr<commp::Backend> backend, openBackend(*file->size()));
    const unsigned readers = std::max(1U, usable_cpus());
    const std::unique_ptr<Executor> threads = readers > 1
                                                  ? std::unique_ptr<Executor>(std::make_unique<ThreadPool>(readers - 1))
                                                  : std::make_unique<InlineExecutor>();
    const auto changed = [&]() -> Result<bool> {
        FILFIL_TRY(const FileInfo after, m_files.info(m_order.path));
        return !sameFile(before, after);
    };
    const Error moved(ErrorCode::mismatch,
                      Words::tr("%1 was changed while it was read, so what came out is of no file that there was")
                          .arg(QString::fromStdString(m_order.path))
                          .toStdString(),
                      Words::tr("wait until whatever writes it is done, and verify it again").toStdString());
    const Clock::Duration start = m_clock.steady();
    auto hashed = commp::hash_source(*file, *backend, *threads,
                                     {.readers = readers, .allow_small = true, .progress = this, .stop = stop});
    if (!hashed.ok()) {
        // It became shorter meanwhile: that says more than where the reading stopped.
        if (const auto now = changed(); hashed.error().code == ErrorCode::truncated && now.ok() && *now) return moved;
        return std::move(hashed).error();
    }
    const std::uint64_t trusted = backend->revocations();
    VerifierFinding out;
    out.seconds = seconds_between(start, m_clock.steady());
    out.device = backend->name();
    out.natural = hashed->piece;
    out.piece = hashed->piece;
    FILFIL_TRY(const bool during, changed());
    if (during) return moved;
    if (!m_order.expected) return out;
    if (const auto match = findMatch(out.natural, *m_order.expected)) {
        out.match = true;
        out.piece = *match;
        return out;
    }
    m_done = 0;
    m_diagnosing = true;
    out.diagnosis = differenceBySizes(out.natural, *m_order.expected);
    if (m_order.diagnose) {
        FILFIL_TRY(out.diagnosis,
                   m_order.diagnose({*file, out.natural, *m_order.expected, *backend, *threads, readers, *this, stop}));
    }
    FILFIL_TRY(const bool after, changed());
    if (after) return moved;
    if (backend->revocations() != trusted)
        return Error(
            ErrorCode::device, Words::tr("A GPU computed wrongly meanwhile").toStdString(),
            Words::tr("verify it again on the CPU; look for memory errors with `nvidia-smi -q`").toStdString());
    return out;
}

}    // namespace filfil::gui
