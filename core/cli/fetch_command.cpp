// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "base/patch_file.hpp"
#include "base/units.hpp"
#include "cli/add_command.hpp"
#include "cli/commands.hpp"
#include "cli/fetch_sources.hpp"
#include "cli/output.hpp"
#include "cli/progress_meter.hpp"
#include "commp/cpu_backend.hpp"
#include "net/asio_transport.hpp"
#include "retrieval/fetch/fetcher.hpp"
#include "snapshot/file_name.hpp"

#include <condition_variable>
#include <mutex>
#include <numeric>

namespace filfil::cli {
namespace {

struct FetchOptions {
    DaemonOptions daemon;
    ContractPlace contract;
    std::string epoch;
    std::string output;
    std::string pieces;
    std::vector<std::string> from;
};

/// It is writing what came, and a state file.
constexpr Clock::Duration fetch_patience = std::chrono::seconds(30);

/// What a fetch says while it goes on: about sources that lie or die.
class FetchLog final : public LogSink {
public:
    explicit FetchLog(Context& context) : m_context(context) {}
    void write(LogLevel level, std::string_view module, std::string_view message) noexcept override {
        if (level < LogLevel::warning || module != "fetch") return;
        m_context.console.err("fil-fil: fetch: " + std::string(message) + '\n');
    }

private:
    Context& m_context;
};

struct Place {
    std::string path;                  ///< of the CAR, or of the folder
    std::vector<std::string> files;    ///< that appear at the end
    std::string state;
    bool as_pieces = false;
};

Place place_of(const FetchOptions& options, const FoundSnapshot& found, std::size_t pieces) {
    Place out;
    if (!options.pieces.empty()) {
        out.as_pieces = true;
        out.path = options.pieces;
        for (std::size_t i = 1; i <= pieces; ++i)
            out.files.push_back(join_path(options.pieces, snapshot::piece_file_name(found.stem, i, pieces)));
        out.state = join_path(options.pieces, found.stem + ".part.json");
        return out;
    }
    out.path = options.output.empty() ? found.stem + ".car" : options.output;
    out.files = {out.path};
    out.state = out.path + ".part.json";
    return out;
}

Result<void> check_place(Context& context, PatchFiles& patches, const Place& place, std::uint64_t bytes) {
    if (place.as_pieces) FILFIL_CHECK(context.files.make_folders(place.path));
    std::uint64_t there = 0;
    for (const std::string& file : place.files) {
        if (context.files.info(file).ok())
            return Error(ErrorCode::invalid_argument, file + ": is there already",
                         "remove it, or name another place with -o");
        if (const auto part = context.files.info(file + ".part"); part.ok()) there += part->size;
    }
    const auto room = patches.free_space(place.files[0]);
    if (!room.ok()) return room.error();
    if (bytes > there && bytes - there > *room)
        return Error(
            ErrorCode::io,
            place.path + ": needs " + format_size(bytes - there) + ", and its disk has " + format_size(*room) + " free",
            "free some space, or name a place on another disk with -o");
    return {};
}

/// A fetch and what is around it. What is used by threads of others goes last.
class Fetching {
public:
    Fetching(Context& context, const std::string& trust)
        : m_context(context),
          m_log(context),
          m_transport(m_log, 2, trust),
          m_world{context.clock, m_loop, m_workers, context.files, m_transport, m_random, m_log} {}
    Fetching(const Fetching&) = delete;
    Fetching& operator=(const Fetching&) = delete;
    ~Fetching() {
        run_on_loop([this] { m_fetcher.reset(); });
    }

    Result<retrieval::FetchReport> run(const retrieval::FetchPlan& plan, const Place& place, Progress& progress) {
        FILFIL_TRY(m_backend, commp::make_cpu_backend("", m_at_once, m_context.clock));
        if (place.as_pieces) {
            FILFIL_TRY(m_target, retrieval::PieceFilesTarget::open(m_patches, place.files, plan));
        } else {
            FILFIL_TRY(m_target, retrieval::JoinedTarget::open(m_patches, place.path, plan));
        }
        retrieval::FetchOptions options;
        options.state_path = place.state;
        options.progress = &progress;
        FILFIL_TRY(m_fetcher, retrieval::Fetcher::make(m_world, *m_backend, *m_target, plan, options));
        m_loop.post([this] {
            m_fetcher->start([this](Result<retrieval::FetchReport> given) {
                const std::lock_guard lock(m_mutex);
                m_result = std::move(given);
                m_changed.notify_all();
            });
        });
        std::unique_lock lock(m_mutex);
        const auto ended = [this] { return m_result.has_value(); };
        if (!m_changed.wait(lock, m_context.stop, ended)) {
            if (m_context.allow_time) m_context.allow_time(fetch_patience);
            m_loop.post([this] { m_fetcher->stop(); });
            m_changed.wait(lock, ended);
        }
        return std::move(*m_result);
    }

    [[nodiscard]] PatchFiles& patches() noexcept { return m_patches; }

private:
    void run_on_loop(const std::function<void()>& work) {
        std::mutex mutex;
        std::condition_variable done;
        bool ran = false;
        m_loop.post([&] {
            work();
            const std::lock_guard lock(mutex);
            ran = true;
            done.notify_all();
        });
        std::unique_lock lock(mutex);
        done.wait(lock, [&] { return ran; });
    }

    Context& m_context;
    FetchLog m_log;
    SystemRandom m_random;
    SystemPatchFiles m_patches;
    InlineExecutor m_at_once;
    std::unique_ptr<commp::Backend> m_backend;
    std::unique_ptr<retrieval::FetchTarget> m_target;
    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::optional<Result<retrieval::FetchReport>> m_result;
    std::unique_ptr<retrieval::Fetcher> m_fetcher;
    ThreadPool m_workers{0};
    ThreadPool m_loop{1};
    net::AsioTransport m_transport;
    World m_world;
};

std::uint64_t bytes_of_pieces(const retrieval::FetchPlan& plan) {
    return std::accumulate(plan.pieces.begin(), plan.pieces.end(), std::uint64_t{0},
                           [](std::uint64_t sum, const auto& piece) { return sum + piece.payload_size; });
}

Json json_of_report(const retrieval::FetchPlan& plan, const retrieval::FetchReport& report) {
    Json out = {{"pieces", Json::array()}, {"bad_sources", Json::array()}};
    std::uint64_t resumed = 0;
    for (std::size_t i = 0; i < report.pieces.size(); ++i) {
        const retrieval::FetchedPiece& piece = report.pieces[i];
        resumed += piece.resumed;
        Json from = Json::array();
        for (const auto& part : piece.from)
            from.push_back({{"url", plan.sources[part.source].name}, {"bytes", part.bytes}});
        out["pieces"].push_back({{"piece", i},
                                 {"piece_cid", retrieval::cid_text(plan.pieces[i])},
                                 {"bytes", piece.bytes},
                                 {"commp_ok", piece.commp_ok},
                                 {"from", std::move(from)}});
    }
    for (const retrieval::BadSource& bad : report.bad_sources)
        out["bad_sources"].push_back({{"url", plan.sources[bad.source].name}, {"why", bad.why}, {"lied", bad.lied}});
    out["resumed_bytes"] = resumed;
    out["bytes_on_wire"] = report.bytes_on_wire;
    return out;
}

std::string fetch_text(const Json& fetched) {
    const auto bytes = fetched["bytes"].get<std::uint64_t>();
    const auto seconds = fetched["seconds"].get<double>();
    std::vector<std::pair<std::string, std::string>> rows = {
        {"epoch", fetched["epoch"].dump()},
        {"bytes", bytes_for_people(bytes)},
        {"took", format_duration(seconds)},
        {"pieces", std::to_string(fetched["pieces"].size()) + ", each with the right commitment"}};
    if (const auto resumed = fetched["resumed_bytes"].get<std::uint64_t>(); resumed > 0)
        rows.emplace_back("were there already", bytes_for_people(resumed));
    for (const Json& piece : fetched["pieces"])
        for (const Json& part : piece["from"])
            rows.emplace_back(
                "piece " + std::to_string(piece["piece"].get<std::uint64_t>() + 1),
                format_size(part["bytes"].get<std::uint64_t>()) + " from " + part["url"].get<std::string>());
    for (const Json& bad : fetched["bad_sources"])
        rows.emplace_back("not asked any more", bad["url"].get<std::string>() + ": " + bad["why"].get<std::string>());
    return table(fetched["path"].get<std::string>(), rows);
}

Result<Json> fetch(Context& context, const FetchOptions& options) {
    FILFIL_TRY(const std::uint64_t epoch, parse_count("EPOCH", options.epoch, 0, std::uint64_t{1} << 62));
    if (options.contract.eth.empty() != options.contract.contract.empty())
        return Error(ErrorCode::invalid_argument, "--eth and --contract go together",
                     "give both, or neither to ask a daemon");
    if (!options.output.empty() && !options.pieces.empty())
        return Error(ErrorCode::invalid_argument, "-o and --pieces contradict each other", "leave out one of the two");
    FILFIL_TRY(const FoundSnapshot found, options.contract.eth.empty()
                                              ? ask_daemon(context, options.daemon, epoch)
                                              : ask_contract(context, options.contract, epoch));
    FILFIL_TRY(const retrieval::FetchPlan plan, retrieval::make_plan(found.staged, options.from));
    const Place place = place_of(options, found, plan.pieces.size());
    const std::uint64_t bytes = bytes_of_pieces(plan);
    Fetching fetching(context, options.daemon.trust);
    FILFIL_CHECK(check_place(context, fetching.patches(), place, bytes));

    const Clock::Duration start = context.clock.steady();
    auto report = [&] {
        ProgressMeter meter(context.console, context.clock, place.path, bytes);
        return fetching.run(plan, place, meter);
    }();
    if (!report.ok()) return std::move(report).error();
    Json out = {{"epoch", epoch}, {"slot", found.staged.slot}, {"path", place.path}};
    std::uint64_t written = 0;
    for (const std::string& file : place.files)
        if (const auto info = context.files.info(file); info.ok()) written += info->size;
    out["bytes"] = written;
    out.update(json_of_report(plan, *report));
    out["seconds"] = rounded(seconds_between(start, context.clock.steady()), 3);
    return out;
}

int run_fetching(Context& context, const FetchOptions& options) {
    const auto fetched = fetch(context, options);
    if (!fetched.ok()) {
        Error error = fetched.error();
        return fail(context, std::move(error).in("fetch"));
    }
    if (context.json)
        emit(context, *fetched);
    else
        print(context, fetch_text(*fetched));
    return exit_ok;
}

}    // namespace

void add_fetch_command(CLI::App& app, Context& context) {
    auto options = std::make_shared<FetchOptions>();
    CLI::App* command = add_command(
        app, context,
        {"fetch", "Download the snapshot of an epoch from those who store it",
         "The contract says which pieces they are, and who holds them. They are taken in parts from several\n"
         "providers at once; every block's hash and every piece's commitment is checked, and who sends wrong\n"
         "bytes is not asked again. The pieces are joined into one CAR, which appears under its name when it\n"
         "is whole and right. What was broken off goes on where it was, by the same command.",
         "  fil-fil fetch 5000000\n"
         "  fil-fil fetch 5000000 -o /srv/snapshot.car --from https://sp.example:5347\n"
         "  fil-fil fetch 5000000 --eth https://api.node.example/rpc/v1 --contract 0x… --json\n"},
        [&context, options] { return run_fetching(context, *options); });
    add_text(command, "EPOCH", options->epoch, "EPOCH", "The epoch that was staged")->required();
    add_text(command, "-o,--output", options->output, "FILE", "The CAR; by default its usual name in this folder");
    add_text(command, "--pieces", options->pieces, "DIR", "Keep the pieces as files there, and do not join them");
    add_texts(command, "--from", options->from, "Also ask this server, which has all pieces (a base URL; repeatable)")
        ->option_text("URL")
        ->allow_extra_args(false);
    add_text(command, "--eth", options->contract.eth, "URL",
             "Ask the contract through this node's Ethereum API, without a daemon");
    add_text(command, "--contract", options->contract.contract, "0x…", "The contract's address, with --eth");
    add_daemon_options(command, options->daemon);
}

}    // namespace filfil::cli
