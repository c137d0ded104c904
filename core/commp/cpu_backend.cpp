// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "commp/cpu_backend.hpp"

#include "base/units.hpp"
#include "commp/cpu_features.hpp"
#include "commp/in_flight.hpp"
#include "commp/kernel.hpp"
#include "commp/shelf.hpp"

#include <algorithm>

namespace filfil::commp {
namespace {

// A multiple of 48 subtrees of 32 quads (one call of the widest kernel) and of 2^10 quads (a node of job_level), and
// small enough that what a thread has just read is still in its second-level cache when it hashes it.
constexpr std::size_t staging_quads = 3072;
constexpr unsigned job_level = 12;
static_assert(staging_quads % (std::size_t{1} << (job_level - quad_level)) == 0);

class CpuBackend final : public Backend {
public:
    CpuBackend(const Kernel& kernel, Executor& executor)
        : m_kernel(kernel),
          m_executor(executor),
          m_staging_count(4 * std::max(executor.concurrency(), usable_cpus()) + 8),
          m_shelf(std::make_shared<Shelf>(std::make_unique<PageableBuffers>(), staging_quads, m_staging_count)) {}
    ~CpuBackend() override { CpuBackend::drain(); }
    CpuBackend(const CpuBackend&) = delete;
    CpuBackend& operator=(const CpuBackend&) = delete;

    [[nodiscard]] std::string name() const override { return "cpu:" + std::string(m_kernel.name); }
    [[nodiscard]] std::string description() const override { return std::string(m_kernel.description); }
    [[nodiscard]] BackendLimits limits() const noexcept override {
        return {staging_quads, m_staging_count, max_level, job_level, 0};
    }

    [[nodiscard]] Result<std::unique_ptr<Staging>> acquire() override { return m_shelf->lend(); }

    [[nodiscard]] Result<void> submit(Submission submission) override {
        FILFIL_CHECK(check_submission(submission, limits()));
        m_in_flight.post(m_executor, std::move(submission), [this](Submission& taken) { run(taken); });
        return {};
    }

    void drain() override { m_in_flight.drain(); }

private:
    void run(Submission& submission) const {
        std::vector<Node> nodes;
        for (const Job& job : submission.jobs) {
            hash_quads(m_kernel, submission.staging->bytes().data() + job.offset, job.quads, job.level, nodes);
            job.sink->on_nodes(job.ticket, nodes);
        }
    }

    const Kernel& m_kernel;
    Executor& m_executor;
    std::size_t m_staging_count;
    std::shared_ptr<Shelf> m_shelf;
    InFlight m_in_flight;
};

/// Payload rate of one thread over a buffer in cache, from the best of a few runs: the least disturbed one.
double measure(const Kernel& kernel, const Clock& clock) {
    constexpr std::size_t quads = 768;
    constexpr double enough_seconds = 0.004;
    const Bytes payload(quads * quad_payload + 1, std::byte{0x5a});
    std::vector<Node> nodes;
    double best = 0;
    const Clock::Duration begin = clock.steady();
    for (int run = 0; run < 3 || (run < 50 && seconds_between(begin, clock.steady()) < enough_seconds); ++run) {
        const Clock::Duration from = clock.steady();
        hash_quads(kernel, payload.data(), quads, job_level, nodes);
        const double seconds = seconds_between(from, clock.steady());
        if (seconds > 0)
            best = std::max(best, static_cast<double>(quads * quad_payload) / seconds / static_cast<double>(GiB));
    }
    return best;
}

const Kernel* find(std::string_view isa) noexcept {
    for (const Kernel* kernel : all_kernels())
        if (kernel->name == isa) return kernel;
    return nullptr;
}

std::string joined(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
    return text;
}

/// The fastest of the usable kernels. The narrow ones only come in where no vector kernel runs: they never win
/// elsewhere, and measuring them would make every start slower.
const Kernel* fastest(const Clock& clock) {
    const Kernel* best = nullptr;
    double best_rate = 0;
    std::size_t usable_vector_kernels = 0;
    for (const Kernel* kernel : all_kernels()) {
        const bool vector_kernel = kernel->name != "openssl" && kernel->name != "portable";
        if (!kernel->supported() || (!vector_kernel && usable_vector_kernels != 0)) continue;
        usable_vector_kernels += vector_kernel ? 1U : 0U;
        const double rate = measure(*kernel, clock);
        if (best == nullptr || rate > best_rate) {
            best = kernel;
            best_rate = rate;
        }
    }
    return best;
}

}    // namespace

std::vector<std::string> usable_isas() {
    std::vector<std::string> names;
    for (const Kernel* kernel : all_kernels())
        if (kernel->supported()) names.emplace_back(kernel->name);
    return names;
}

std::vector<IsaReport> probe_isas(const Clock& clock) {
    std::vector<IsaReport> reports;
    IsaReport* best = nullptr;
    const auto kernels = all_kernels();
    reports.reserve(kernels.size());
    for (const Kernel* kernel : kernels) {
        IsaReport& report = reports.emplace_back();
        report.name = kernel->name;
        report.description = kernel->description;
        report.supported = kernel->supported();
        if (!report.supported) {
            report.reason = "this CPU or operating system lacks the instructions";
            continue;
        }
        report.self_test = self_test(*kernel);
        if (!report.self_test) {
            report.reason = "failed its self-test, so it is not used";
            continue;
        }
        report.gib_per_s = measure(*kernel, clock);
        report.reason = "slower than the one selected";
        if (best == nullptr || report.gib_per_s > best->gib_per_s) best = &report;
    }
    if (best != nullptr) {
        best->selected = true;
        best->reason = "the fastest on this CPU by a short measurement";
    }
    return reports;
}

Result<ChosenKernel> choose_kernel(std::string_view isa, const Clock& clock) {
    const Kernel* kernel = isa.empty() ? fastest(clock) : find(isa);
    if (kernel == nullptr || !kernel->supported())
        return Error(ErrorCode::unsupported,
                     "instruction set '" + std::string(isa) + "' is " +
                         (kernel == nullptr ? "unknown to this build" : "not usable on this CPU"),
                     "use one of: " + joined(usable_isas()) + ", or leave the choice to fil-fil");
    if (!self_test(*kernel))
        return Error(ErrorCode::internal,
                     "the " + std::string(kernel->name) + " kernel gives wrong hashes in its self-test",
                     "choose another with --isa, and report the CPU model: " + cpu_brand());
    return ChosenKernel{kernel, measure(*kernel, clock)};
}

Result<std::unique_ptr<Backend>> make_cpu_backend(std::string_view isa, Executor& executor, const Clock& clock) {
    FILFIL_TRY(const ChosenKernel chosen, choose_kernel(isa, clock));
    return std::unique_ptr<Backend>(std::make_unique<CpuBackend>(*chosen.kernel, executor));
}

}    // namespace filfil::commp
