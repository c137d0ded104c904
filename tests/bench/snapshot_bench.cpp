// SPDX-License-Identifier: Apache-2.0 OR MIT

// The snapshot engine on a generated chain of a given size: loading, counting, laying out, emitting, hashing, following
// head changes, freeing. One size a process, so that memory can be told.
#include "base/executor.hpp"
#include "base/units.hpp"
#include "car/header.hpp"
#include "car/writer.hpp"
#include "chaingen/generator.hpp"
#include "commp/cpu_backend.hpp"
#include "row.hpp"
#include "snapshot/engine.hpp"
#include "snapshot/export.hpp"
#include "snapshot/pages.hpp"
#include "snapshot/recorded_blocks.hpp"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <thread>

namespace filfil::bench {
namespace {

using namespace snapshot;

struct Options {
    std::uint64_t size = 1'000'000'000;
    std::string scratch = "build/bench/scratch";
    std::string out;
    int rounds = 3;
};

constexpr const char* usage = "filfil_snapshot_bench [--size SIZE] [--scratch FOLDER] [--out FILE] [--rounds N]\n";

template <class T>
T check(Result<T> result) {
    if (!result.ok()) throw std::runtime_error(result.error().text());
    if constexpr (!std::is_void_v<T>) return std::move(*result);
}

Options parse(const std::vector<std::string>& arguments) {
    Options options;
    for (std::size_t i = 0; i < arguments.size(); i += 2) {
        if (i + 1 == arguments.size()) throw std::runtime_error("no value for " + arguments[i] + '\n' + usage);
        const std::string& value = arguments[i + 1];
        if (arguments[i] == "--size")
            options.size = check(parse_size(value));
        else if (arguments[i] == "--scratch")
            options.scratch = value;
        else if (arguments[i] == "--out")
            options.out = value;
        else if (arguments[i] == "--rounds")
            options.rounds = std::max(1, std::stoi(value));
        else
            throw std::runtime_error("unknown option " + arguments[i] + '\n' + usage);
    }
    return options;
}

double resident_bytes() {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("VmRSS:")) return std::stod(line.substr(6)) * 1024;
    return 0;
}

class FileOfBlocks final : public chaingen::BlockSink {
public:
    explicit FileOfBlocks(car::Writer& writer) : m_writer(writer) {}
    Result<void> block(ByteView cid, ByteView data) override { return m_writer.block(cid, data); }

private:
    car::Writer& m_writer;
};

/// The chain that is measured: a CAR of all its blocks in the order in which they came to be, where in it each head
/// change ends, and the changes.
struct Chain {
    std::string path;
    std::vector<chain::HeadChanges> changes;
    std::vector<std::uint64_t> ends;    ///< bytes of the file
    chain::TipsetKey head;
};

chaingen::Config config_for(std::uint64_t size) {
    chaingen::Config config = chaingen::Config::of_size(size, 1);
    // Tipsets as large as mainnet's large ones: about 5,000 new blocks.
    config.tipset_bytes = 8'000'000;
    config.tipsets = std::max<std::uint64_t>(24, size * 3 / 10 / config.tipset_bytes);
    return config;
}

Chain make_chain(const Options& options) {
    Chain out;
    std::filesystem::create_directories(options.scratch);
    out.path = options.scratch + "/chain-" + std::to_string(options.size) + ".car";
    SystemFiles files;
    const auto file = check(files.create(out.path));
    car::FileSink sink(*file);
    car::Writer writer(sink);
    // The head is known last: the roots here only take its place.
    const std::vector<ipld::Cid> unknown{ipld::cid_of_block(ipld::Codec::dag_cbor, {})};
    check(writer.header(unknown));
    FileOfBlocks blocks(writer);
    auto generator = check(chaingen::Generator::make(config_for(options.size), blocks));
    for (;;) {
        auto changes = check(generator.next());
        if (changes.empty()) break;
        out.changes.push_back(std::move(changes));
        out.ends.push_back(writer.written());
    }
    out.head = generator.head();
    check(writer.finish());
    check(file->commit());
    return out;
}

class Bench {
public:
    explicit Bench(const Options& options)
        : m_options(options), m_cpus(usable_cpus()), m_pool(std::max(1U, m_cpus - 1)), m_writers(1) {}

    Json run() {
        warm_up(m_options.size * 5 / 4);
        const Chain chain = make_chain(m_options);
        // What the last changes bring is fetched from memory, as from a node that answers at once.
        const std::size_t changes = chain.changes.size();
        const std::size_t base = changes - std::min<std::size_t>(changes / 2, 16);
        add("size", "GB", static_cast<double>(chain.ends.back()) / 1e9);
        {
            Engine engine(engine_options(), m_random, m_clock);
            load(engine, chain, base);
            lay_out(engine);
            follow(engine, chain, base);
            m_roots = roots_of(engine);
        }
        store_alone(chain);
        std::filesystem::remove(chain.path);
        Json rows = Json::array();
        for (const Row& row : m_rows) rows.push_back(to_json(row));
        return {{"rows", rows}};
    }

private:
    static EngineOptions engine_options() {
        EngineOptions out;
        out.recent_stateroots = 1'000'000;
        return out;
    }

    void add(const std::string& name, std::string unit, double sample, bool less_is_better = false) {
        const std::string whole =
            "snapshot/" + std::to_string((m_options.size + 500'000'000) / 1'000'000'000) + "GB/" + name;
        const auto found = std::ranges::find(m_rows, whole, &Row::name);
        if (found == m_rows.end())
            m_rows.push_back({whole, std::move(unit), {sample}, less_is_better});
        else
            found->samples.push_back(sample);
    }

    [[nodiscard]] double now() const { return seconds_between({}, m_clock.steady()); }

    /// Has the memory that will be taken touched once. A virtual machine's host gives memory when it is touched for the
    /// first time, which takes far longer than anything that is measured here, and keeps it there afterwards.
    void warm_up(std::uint64_t bytes) {
        std::byte* const start = map_pages(bytes, true);
        if (start == nullptr) throw std::runtime_error("there is no memory for a chain of this size");
        const double begin = now();
        for (std::uint64_t at = 0; at < bytes; at += 4096) start[at] = std::byte{1};
        add("bound: first touch of memory, first time", "GB/s", static_cast<double>(bytes) / (now() - begin) / 1e9);
        unmap_pages(start, bytes);
        std::byte* const again = map_pages(bytes, true);
        const double second = now();
        for (std::uint64_t at = 0; at < bytes; at += 4096) again[at] = std::byte{1};
        add("bound: first touch of memory", "GB/s", static_cast<double>(bytes) / (now() - second) / 1e9);
        unmap_pages(again, bytes);
    }

    static std::vector<ipld::Cid> roots_of(const Engine& engine) {
        std::vector<ipld::Cid> out;
        for (const auto& [root, times] : engine.pins()) out.push_back(root);
        return out;
    }

    void load(Engine& engine, const Chain& chain, std::size_t base) {
        const double before = resident_bytes();
        auto reader = check(car::Reader::open(m_files, chain.path));
        LoadOptions options;
        options.head.key = chain.changes[base - 1].back().key;
        const LoadReport report = check(engine.load(reader, m_pool, options));
        const StoreStats store = engine.stats().store;
        const auto blocks = static_cast<double>(store.live_blocks);
        const auto bytes = static_cast<double>(store.live_bytes);
        const auto read = static_cast<double>(report.blocks);
        add("blocks", "M", blocks / 1e6);
        add("load: read, check, insert", "ns/block", report.read_seconds / read * 1e9, true);
        add("load: read, check, insert rate", "GB/s",
            static_cast<double>(chain.ends.back()) / report.read_seconds / 1e9);
        add("load: count", "ns/block", report.count_seconds / blocks * 1e9, true);
        check(engine.settle());
        const double taken = resident_bytes() - before;
        add("memory : bytes of the CAR", "x", taken / bytes, true);
        add("memory over the CAR", "B/block", (taken - bytes) / blocks, true);
        add("index", "B/block", static_cast<double>(store.index_bytes) / blocks, true);
    }

    /// Copies at the rate of memory, not of the cache: what emission is held against.
    void copy_bound(unsigned threads) {
        constexpr std::size_t run = 4 * MiB;
        const Bytes from(512 * MiB, std::byte{1});
        std::vector<Bytes> to(threads, Bytes(run));
        ThreadPool pool(std::max(1U, threads - 1));
        for (int round = 0; round < m_options.rounds; ++round) {
            std::atomic<std::size_t> next{0};
            const double start = now();
            const auto body = [&](unsigned lane) {
                for (std::size_t at = 0; (at = next.fetch_add(run)) < from.size();)
                    std::memcpy(to[lane].data(), from.data() + at, run);
            };
            if (threads == 1)
                body(0);
            else
                run_parallel(pool, threads, body);
            add("bound: memcpy, threads:" + std::to_string(threads), "GB/s",
                static_cast<double>(from.size()) / (now() - start) / 1e9);
        }
    }

    void emit(const Layout& layout, unsigned threads) {
        constexpr std::size_t run = 4 * MiB;
        std::vector<Bytes> to(threads, Bytes(run));
        ThreadPool pool(std::max(1U, threads - 1));
        std::atomic<std::uint64_t> next{0};
        const double start = now();
        const auto body = [&](unsigned lane) {
            for (std::uint64_t at = 0; (at = next.fetch_add(run)) < layout.body_size();)
                check(layout.read(at, ByteSpan(to[lane]).first(std::min<std::uint64_t>(run, layout.body_size() - at))));
        };
        if (threads == 1)
            body(0);
        else
            run_parallel(pool, threads, body);
        add("emit, threads:" + std::to_string(threads), "GB/s",
            static_cast<double>(layout.body_size()) / (now() - start) / 1e9);
    }

    void lay_out(Engine& engine) {
        const auto backend = check(commp::make_cpu_backend("", m_inline, m_clock));
        for (int round = 0; round < m_options.rounds; ++round) {
            LayoutOptions options;
            options.recent_stateroots = engine_options().recent_stateroots;
            const double start = now();
            const auto layout = check(engine.layout({}, options));
            const double laid_out = now() - start;
            add("layout", "ns/block", laid_out / static_cast<double>(layout->sections()) * 1e9, true);
            emit(*layout, 1);
            if (m_cpus > 1) emit(*layout, m_cpus);
            ExportOptions exporting;
            exporting.piece_size = 32 * GiB;
            exporting.readers = m_cpus;
            const ExportTools tools{m_files, m_clock, *backend, m_pool, m_writers};
            const ExportReport report = check(export_snapshot(*layout, tools, exporting));
            const auto bytes = static_cast<double>(report.car_bytes);
            add("emission and commP", "GB/s", bytes / report.emit_seconds / 1e9);
            add("take-snapshot without a file", "GB/s", bytes / (laid_out + report.emit_seconds) / 1e9);
            add("take-snapshot without a file, whole", "s", laid_out + report.emit_seconds, true);
        }
        copy_bound(1);
        if (m_cpus > 1) copy_bound(m_cpus);
    }

    /// Blocks of the file behind a byte, in memory.
    RecordedBlocks tail(const Chain& chain, std::uint64_t from) {
        const auto file = check(m_files.open(chain.path));
        Bytes bytes(chain.ends.back() - from);
        check(file->read_at(from, bytes));
        RecordedBlocks out;
        check(out.add(bytes));
        return out;
    }

    void follow(Engine& engine, const Chain& chain, std::size_t base) {
        // Changes may go back to a branch whose blocks came some changes before.
        constexpr std::size_t back = 16;
        RecordedBlocks source = tail(chain, chain.ends[base - 1 - std::min(base - 1, back)]);
        const auto apply = [&](std::size_t i, const std::string& name) {
            const std::uint64_t before = engine.stats().store.stored_blocks;
            const double start = now();
            check(engine.apply(chain.changes[i], source));
            const double seconds = now() - start;
            const auto fresh = static_cast<double>(engine.stats().store.stored_blocks - before);
            add(name, "ms", seconds * 1e3, true);
            add(name + ", a block", "ns", seconds / fresh * 1e9, true);
            add(name + ", new blocks", "blocks", fresh);
        };
        const std::size_t half = base + (chain.changes.size() - base) / 2;
        for (std::size_t i = base; i < half; ++i) apply(i, "head change");
        // The rest while a snapshot of the head before is laid out and hashed again and again.
        std::atomic<bool> stop{false};
        std::atomic<int> taken{0};
        std::jthread reader([&] {
            while (!stop) {
                LayoutOptions options;
                options.recent_stateroots = engine_options().recent_stateroots;
                check(engine.layout({}, options));
                ++taken;
            }
        });
        for (std::size_t i = half; i < chain.changes.size(); ++i) apply(i, "head change beside a layout");
        double longest = 0;
        while (taken == 0 || longest == 0) {
            const double start = now();
            (void)check(engine.tick(0));
            longest = std::max(longest, now() - start);
            std::this_thread::yield();
        }
        stop = true;
        reader.join();
        add("longest wait of the writer beside a layout", "ms", longest * 1e3, true);
    }

    /// Insertion, counting and freeing without what goes with them in a load.
    void store_alone(const Chain& chain) {
        BlockStore store({}, m_random);
        auto reader = check(car::Reader::open(m_files, chain.path));
        car::Batch batch;
        double inserting = 0;
        std::uint64_t inserted = 0;
        while (check(reader.read(batch))) {
            const double start = now();
            for (const car::Section& section : batch.sections())
                if (section.hash.code != ipld::HashCode::identity)
                    check(store.insert(Shelf::blocks, section.cid, section.data));
            inserting += now() - start;
            inserted += batch.sections().size();
        }
        add("insert, touching memory", "ns/block", inserting / static_cast<double>(inserted) * 1e9, true);
        double start = now();
        for (const ipld::Cid& root : m_roots) check(store.count_from(root));
        const auto counted = static_cast<double>(store.stats().live_blocks);
        add("count", "ns/block", (now() - start) / counted * 1e9, true);
        check(store.unpin(m_roots));
        start = now();
        store.collect(~std::uint64_t{0});
        add("unlink", "ns/block", (now() - start) / counted * 1e9, true);
    }

    Options m_options;
    SystemFiles m_files;
    SystemClock m_clock;
    SeededRandom m_random{1};
    unsigned m_cpus;
    ThreadPool m_pool;
    ThreadPool m_writers;
    InlineExecutor m_inline;
    std::vector<ipld::Cid> m_roots;
    std::vector<Row> m_rows;
};

int run(const std::vector<std::string>& arguments) {
    const Options options = parse(arguments);
    const std::string text = Bench(options).run().dump(1) + '\n';
    if (options.out.empty()) {
        std::fputs(text.c_str(), stdout);
        return 0;
    }
    std::ofstream file(options.out, std::ios::binary | std::ios::trunc);
    file << text;
    file.close();
    if (!file) throw std::runtime_error("cannot write " + options.out);
    return 0;
}

}    // namespace
}    // namespace filfil::bench

int main(int argc, char** argv) {
    try {
        return filfil::bench::run({argv + 1, argv + argc});
    } catch (const std::exception& exception) {
        std::fprintf(stderr, "filfil_snapshot_bench: %s\n", exception.what());
        return 2;
    }
}
