// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "snapshot/export.hpp"

#include "commp/hash_source.hpp"
#include "snapshot/file_name.hpp"
#include "snapshot/output.hpp"
#include "snapshot/range_file.hpp"

#include <functional>
#include <latch>
#include <mutex>
#include <utility>

namespace filfil::snapshot {
namespace {

/// The first fault of several tasks. It stops the others, and their being stopped is no fault of its own.
class Outcome {
public:
    explicit Outcome(const std::stop_token& outer) : m_outer(outer, [this] { m_stop.request_stop(); }) {}

    [[nodiscard]] std::stop_token stop() const noexcept { return m_stop.get_token(); }

    void take(Result<void> result) {
        if (result.ok()) return;
        {
            const std::scoped_lock lock(m_mutex);
            if (!m_fault) m_fault = std::move(result).error();
        }
        m_stop.request_stop();
    }

    /// Only once all tasks have ended.
    [[nodiscard]] const std::optional<Error>& fault() const noexcept { return m_fault; }

private:
    std::stop_source m_stop;
    std::stop_callback<std::function<void()>> m_outer;
    std::mutex m_mutex;
    std::optional<Error> m_fault;
};

/// The files of one export.
class Outputs {
public:
    explicit Outputs(Files& files) : m_files(files) {}

    Result<OutputFile*> create(const std::string& path) {
        FILFIL_TRY(auto file, m_files.create(path));
        m_open.push_back({path, std::move(file)});
        return m_open.back().file.get();
    }

    /// Gives all of them their names, or none.
    Result<void> publish(const std::stop_token& stop) {
        for (std::size_t i = 0; i < m_open.size(); ++i) {
            Result<void> status = stop.stop_requested()
                                      ? Error(ErrorCode::cancelled, m_open[i].path + ": stopped before it had its name")
                                      : m_open[i].file->commit();
            if (status.ok()) continue;
            Error error = std::move(status).error();
            for (std::size_t k = 0; k < i; ++k)
                if (const auto removed = m_files.remove(m_open[k].path); !removed.ok())
                    error.message += "; and " + removed.error().message;
            return error;
        }
        return {};
    }

private:
    struct Open {
        std::string path;
        std::unique_ptr<OutputFile> file;
    };
    Files& m_files;
    std::vector<Open> m_open;
};

class Export {
public:
    Export(const SectionSource& source, const ExportTools& tools, const ExportOptions& options)
        : m_source(source), m_tools(tools), m_options(options), m_outputs(tools.files), m_outcome(options.stop) {}

    Result<ExportReport> run() {
        const Clock::Duration start = m_tools.clock.steady();
        FILFIL_TRY(m_plan, plan_pieces(m_source, m_options.piece_size));
        m_report.blocks = m_source.sections();
        m_report.car_bytes = m_source.header().size() + m_source.body_size();
        for (const PlannedPiece& piece : m_plan) m_report.pieces.push_back({std::nullopt, piece.range, {}});
        if (m_options.target.kind == Target::Kind::pieces) FILFIL_CHECK(name_pieces());

        std::vector<std::function<Result<void>()>> aside;
        if (m_options.target.kind != Target::Kind::nothing) aside.emplace_back([this] { return write(); });
        if (m_options.car_sha256) aside.emplace_back([this] { return sum_up(); });
        std::latch done(static_cast<std::ptrdiff_t>(aside.size()));
        for (const auto& task : aside)
            m_tools.writing.post([&] {
                m_outcome.take(task());
                done.count_down();
            });
        m_outcome.take(hash());
        done.wait();
        if (m_outcome.fault()) return *m_outcome.fault();

        FILFIL_CHECK(m_outputs.publish(m_options.stop));
        m_report.emit_seconds = seconds_between(start, m_tools.clock.steady());
        return std::move(m_report);
    }

private:
    Result<void> name_pieces() {
        const Target& target = m_options.target;
        if (!target.path.empty()) FILFIL_CHECK(m_tools.files.make_folders(target.path));
        for (std::size_t i = 0; i < m_plan.size(); ++i)
            m_report.pieces[i].path = join_path(target.path, piece_file_name(target.stem, i + 1, m_plan.size()));
        return {};
    }

    Result<void> write() {
        const Target& target = m_options.target;
        const WriteOptions options{
            .compressors = m_options.compressors, .progress = m_options.progress, .stop = m_outcome.stop()};
        if (target.kind == Target::Kind::pieces) {
            for (std::size_t i = 0; i < m_plan.size(); ++i) {
                FILFIL_TRY(OutputFile* const file, m_outputs.create(*m_report.pieces[i].path));
                car::FileSink sink(*file);
                FILFIL_TRY(const std::uint64_t bytes, write_range(m_source, m_plan[i].range, sink, options));
                m_report.written_bytes += bytes;
            }
            return {};
        }
        if (target.kind == Target::Kind::stream) {
            FILFIL_TRY(m_report.written_bytes, write_car(m_source, target.compression, *target.stream, options));
            return {};
        }
        FILFIL_TRY(OutputFile* const file, m_outputs.create(target.path));
        car::FileSink sink(*file);
        FILFIL_TRY(m_report.written_bytes, write_car(m_source, target.compression, sink, options));
        return {};
    }

    Result<void> sum_up() {
        class Sum final : public car::ByteSink {
        public:
            [[nodiscard]] Result<void> write(ByteView bytes) override {
                m_sha256.update(bytes);
                return {};
            }
            ipld::Digest256 finish() { return m_sha256.finish(); }

        private:
            ipld::Sha256Stream m_sha256;
        };
        Sum sum;
        FILFIL_CHECK(write_range(m_source, {0, m_source.body_size()}, sum,
                                 {.packing = nullptr, .progress = m_options.progress, .stop = m_outcome.stop()}));
        m_report.car_sha256 = sum.finish();
        return {};
    }

    Result<void> hash() {
        // A device that is found to compute wrongly puts in doubt what it hashed of earlier pieces, too. It is not used
        // again, so this ends.
        for (Progress* progress = m_options.progress;; progress = nullptr) {
            const std::uint64_t trusted = m_tools.backend.revocations();
            FILFIL_CHECK(hash_pieces(progress));
            if (m_tools.backend.revocations() == trusted) return {};
        }
    }

    Result<void> hash_pieces(Progress* progress) {
        for (std::size_t i = 0; i < m_plan.size(); ++i) {
            const std::string name =
                "piece " + std::to_string(i + 1) + " of " + std::to_string(m_plan.size()) + " of the snapshot";
            const auto file = range_file(m_source, m_plan[i].range, name);
            // A CAR of a few bytes is a snapshot of nothing, but it has its commitment like any other.
            const commp::HashOptions options{
                .readers = m_options.readers, .allow_small = true, .progress = progress, .stop = m_outcome.stop()};
            FILFIL_TRY(const commp::HashOutcome hashed,
                       commp::hash_source(*file, m_tools.backend, m_tools.hashing, options));
            m_report.pieces[i].piece = hashed.piece;
        }
        return {};
    }

    const SectionSource& m_source;
    const ExportTools& m_tools;
    const ExportOptions& m_options;
    std::vector<PlannedPiece> m_plan;
    ExportReport m_report;    ///< the writer touches written_bytes, the sum car_sha256, the hasher the pieces' pieces
    Outputs m_outputs;
    Outcome m_outcome;
};

}    // namespace

std::uint64_t export_work(const SectionSource& source, const ExportOptions& options) noexcept {
    std::uint64_t passes = 1;
    if (options.target.kind != Target::Kind::nothing) ++passes;
    if (options.car_sha256) ++passes;
    return passes * (source.header().size() + source.body_size());
}

Result<ExportReport> export_snapshot(const SectionSource& source, const ExportTools& tools,
                                     const ExportOptions& options) {
    if (options.target.kind == Target::Kind::pieces && options.target.compression != car::Compression::none)
        return Error(ErrorCode::invalid_argument, "piece files are never compressed, since a piece is their very bytes",
                     "leave out the compression, or write one file");
    return Export(source, tools, options).run();
}

}    // namespace filfil::snapshot
