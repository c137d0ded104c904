// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "base/files.hpp"
#include "base/units.hpp"
#include "bench/ceilings.hpp"
#include "bench/smi.hpp"
#include "commp/cpu_backend.hpp"
#include "commp/kernel.hpp"
#include "gpu/lane.hpp"
#include "report/sass_counts.hpp"

#include <algorithm>
#include <atomic>
#include <bit>
#include <chrono>
#include <cstring>
#include <thread>

namespace filfil::bench {
namespace {

constexpr Clock::Duration longest_wait = std::chrono::seconds(20);

/// What a tile hashes: two leaf pairs and a node over them for each quad, and the nodes of three levels more.
constexpr double nodes_of_tile = gpu::tile_quads * (3 + 0.5 + 0.25 + 0.125);

/// The kernels' code, where a disassembly is at hand.
std::vector<report::KernelCode> read_sass(const Bench& bench) {
    if (bench.options.sass.empty()) return {};
    SystemFiles files;
    const auto read = [&]() -> Result<std::vector<report::KernelCode>> {
        FILFIL_TRY(const auto file, files.open(bench.options.sass));
        FILFIL_TRY(const Bytes text, read_all(*file, GiB));
        return report::parse_sass(chars_of(text));
    };
    auto code = read();
    if (code.ok()) return std::move(*code);
    report::Results::say("no bound from machine code: " + code.error().text());
    return {};
}

/// Hundreds of megabytes of payload on the card, and the kernels over it.
class Kernels {
public:
    explicit Kernels(Bench& bench) : m_bench(bench), m_code(read_sass(bench)) {}

    Result<void> run() {
        FILFIL_CHECK(load());
        FILFIL_CHECK(tiles());
        FILFIL_CHECK(clock_under_load());
        for (const auto& [variant, rates] : m_rates) add_tiles(variant, rates);
        FILFIL_CHECK(few_tiles());
        FILFIL_CHECK(quads());
        FILFIL_CHECK(parents());
        return submissions();
    }

private:
    [[nodiscard]] Result<void> wait() {
        FILFIL_TRY(const bool done, m_queue->wait(longest_wait));
        if (done) return {};
        // Nothing of it can be given back any more.
        m_queue->abandon();
        return Error(ErrorCode::device, "the card gave no answer for 20 seconds");
    }

    Result<void> load() {
        m_quads = m_bench.pick<std::size_t>(std::size_t{1} << 18, std::size_t{1} << 22);
        m_tile_count = static_cast<std::uint32_t>(m_quads / gpu::tile_quads);
        const std::size_t bytes = m_quads * commp::quad_payload;
        m_payload_copy = std::make_unique<RandomMemory>(bytes + gpu::payload_slack, m_bench.cpus, 3);
        FILFIL_TRY(m_queue, m_bench.runtime->open_queue(m_bench.card->number));
        FILFIL_TRY(void* const payload, m_queue->allocate(bytes + gpu::payload_slack));
        m_payload = static_cast<std::uint32_t*>(payload);
        // A node for each quad and one over each two: what the largest of the steps below makes.
        m_node_count = 2 * m_quads;
        FILFIL_TRY(void* const nodes, m_queue->allocate(m_node_count * sizeof(gpu::NodeWords)));
        m_nodes = static_cast<gpu::NodeWords*>(nodes);
        FILFIL_TRY(void* const tables, m_queue->allocate(m_tile_count * sizeof(gpu::Tile)));
        m_tables = static_cast<std::byte*>(tables);
        FILFIL_CHECK(m_queue->copy_in(m_payload, m_payload_copy->bytes().data(), m_payload_copy->bytes().size()));
        std::vector<gpu::Tile> tiles(m_tile_count);
        for (std::uint32_t i = 0; i < m_tile_count; ++i)
            tiles[i] = {static_cast<std::uint32_t>(i * gpu::tile_quads * commp::quad_payload), i * gpu::tile_nodes};
        FILFIL_CHECK(m_queue->copy_in(m_tables, tiles.data(), tiles.size() * sizeof(gpu::Tile)));
        return wait();
    }

    [[nodiscard]] gpu::TileStep tile_step(std::uint32_t count) const noexcept {
        return {m_payload, reinterpret_cast<const gpu::Tile*>(m_tables), count, m_nodes};
    }

    /// Seconds of one launch, each sample the mean of as many back to back as keep the card busy for a while.
    template <class Launch>
    Result<std::vector<double>> seconds_of(const Launch& launch, double busy_seconds) {
        FILFIL_CHECK(launch());
        FILFIL_CHECK(wait());
        const double begin = m_bench.now();
        FILFIL_CHECK(launch());
        FILFIL_CHECK(wait());
        const double one = std::max(m_bench.now() - begin, 1e-6);
        const auto launches = static_cast<unsigned>(std::clamp(busy_seconds / one, 2.0, 2000.0));
        std::vector<double> samples;
        for (unsigned round = 0; round < m_bench.pick(3U, 9U); ++round) {
            const double from = m_bench.now();
            for (unsigned i = 0; i < launches; ++i) FILFIL_CHECK(launch());
            FILFIL_CHECK(wait());
            samples.push_back((m_bench.now() - from) / launches);
        }
        return samples;
    }

    [[nodiscard]] double busy() const noexcept { return m_bench.pick(0.01, 0.08); }

    static std::vector<double> rates_of(const std::vector<double>& seconds, double nodes) {
        std::vector<double> out;
        for (const double s : seconds) out.push_back(nodes / s / 1e9);
        return out;
    }

    Result<void> tiles() {
        for (const gpu::TileVariant variant : gpu::all_tile_variants) {
            FILFIL_CHECK(poison());
            FILFIL_TRY(const std::vector<double> seconds,
                       seconds_of([&] { return m_queue->make_tiles(variant, tile_step(m_tile_count)); }, busy()));
            FILFIL_CHECK(
                check_nodes(gpu::tile_level, m_quads / 8, 0, "kernel 'tile/" + std::string(name_of(variant)) + "'"));
            m_rates.emplace_back(variant, rates_of(seconds, nodes_of_tile * m_tile_count));
        }
        return {};
    }

    /// What the clock is while the fastest kernel runs: the bounds count cycles.
    Result<void> clock_under_load() {
        std::atomic<bool> told{false};
        std::jthread asking([&] {
            m_clock = ask_clock(m_bench.card->number);
            told = true;
        });
        const double begin = m_bench.now();
        while (!told && m_bench.now() - begin < 5) {
            for (unsigned i = 0; i < 20; ++i)
                FILFIL_CHECK(m_queue->make_tiles(m_bench.trial->variant, tile_step(m_tile_count)));
            FILFIL_CHECK(wait());
        }
        asking.join();
        if (m_clock > 0)
            m_bench.results.fact("clock of the multiprocessors while tiles are made",
                                 std::to_string(m_clock / 1e6) + " MHz");
        return {};
    }

    /// What the machine code of a kernel allows for, in G nodes/s; 0 where nothing is known of it.
    [[nodiscard]] double bound_of(const std::string& kernel) const {
        const unsigned architecture = m_bench.card->major * 10 + m_bench.card->minor;
        const auto code = std::ranges::find_if(m_code, [&](const report::KernelCode& one) {
            return one.kernel == kernel && one.architecture == architecture;
        });
        if (code == m_code.end() || m_clock <= 0) return 0;
        const auto node = report::count_node(*code);
        const auto cycles = node ? report::node_cycles(*node, architecture) : std::nullopt;
        return cycles ? m_bench.card->multiprocessors * m_clock / *cycles / 1e9 : 0;
    }

    void add_tiles(gpu::TileVariant variant, const std::vector<double>& rates) {
        const std::string kernel = "tile/" + std::string(name_of(variant));
        const double bound = bound_of(kernel);
        m_bench.results.row({"kernel/" + kernel, "G nodes/s", rates, bound > 0 ? "machine code" : "", bound});
        // 32 bytes of padded piece a node, since a tree has as many nodes as it has elements.
        if (variant == m_bench.trial->variant)
            m_bench.results.row({"kernel/" + kernel + ", padded", "GB/s", {report::median(rates) * 32}});
    }

    /// As few tiles as one submission has: a card is not full of one alone.
    Result<void> few_tiles() {
        for (std::size_t quads = std::size_t{1} << 15; quads <= std::min<std::size_t>(m_quads, std::size_t{1} << 19);
             quads *= 2) {
            const auto count = static_cast<std::uint32_t>(quads / gpu::tile_quads);
            FILFIL_TRY(
                const std::vector<double> seconds,
                seconds_of([&] { return m_queue->make_tiles(m_bench.trial->variant, tile_step(count)); }, busy() / 2));
            m_bench.results.row({"kernel/tiles of " + format_size(quads * commp::quad_padded) + " padded a launch",
                                 "G nodes/s", rates_of(seconds, nodes_of_tile * count)});
        }
        return {};
    }

    /// One level step over segments of equal length.
    Result<gpu::LevelStep> level_step(std::uint32_t segments, std::uint32_t nodes, std::uint32_t children_each,
                                      std::uint32_t source_each, std::uint32_t first_node) {
        std::vector<gpu::Segment> table(segments);
        for (std::uint32_t i = 0; i < segments; ++i)
            table[i] = {i * (nodes / segments), i * source_each, children_each, first_node + i * (nodes / segments)};
        FILFIL_TRY(void* const memory, m_queue->allocate(table.size() * sizeof(gpu::Segment)));
        FILFIL_CHECK(m_queue->copy_in(memory, table.data(), table.size() * sizeof(gpu::Segment)));
        FILFIL_CHECK(wait());
        gpu::LevelStep step;
        step.payload = m_payload;
        step.segments = static_cast<const gpu::Segment*>(memory);
        step.segment_count = segments;
        step.node_count = nodes;
        step.nodes = m_nodes;
        return step;
    }

    Result<void> quads() {
        const auto count = static_cast<std::uint32_t>(m_quads / 4);
        for (const std::uint32_t segments : {1U, 4096U}) {
            const std::uint32_t each = count / segments;
            FILFIL_TRY(const gpu::LevelStep step,
                       level_step(segments, count, each, static_cast<std::uint32_t>(each * commp::quad_payload), 0));
            FILFIL_CHECK(poison());
            FILFIL_TRY(const std::vector<double> seconds,
                       seconds_of([&] { return m_queue->make_quads(step); }, busy() / 2));
            FILFIL_CHECK(check_nodes(commp::quad_level, count, 0, "kernel 'quads'"));
            m_bench.results.row(
                {"kernel/quads, segments:" + std::to_string(segments), "G nodes/s", rates_of(seconds, 3.0 * count)});
        }
        return {};
    }

    /// Over the nodes that quads() left.
    Result<void> parents() {
        const auto children = static_cast<std::uint32_t>(m_quads / 4);
        for (const std::uint32_t segments : {1U, 4096U}) {
            const std::uint32_t each = children / segments;
            FILFIL_TRY(const gpu::LevelStep step, level_step(segments, children / 2, each, each, children));
            FILFIL_TRY(const std::vector<double> seconds,
                       seconds_of([&] { return m_queue->make_parents({&step, 1}); }, busy() / 2));
            FILFIL_CHECK(check_nodes(commp::quad_level + 1, children / 2, children, "kernel 'parents'"));
            m_bench.results.row({"kernel/parents, segments:" + std::to_string(segments), "G nodes/s",
                                 rates_of(seconds, children / 2.0)});
        }
        return {};
    }

    /// What a submission takes by itself, by its size: copy, tiles, all of it with the levels above, and what of that
    /// the host does to start it.
    Result<void> submissions() {
        for (std::size_t quads = std::size_t{1} << 14; quads <= std::size_t{1} << 18; quads *= 2)
            FILFIL_CHECK(submission(quads));
        return {};
    }

    Result<void> submission(std::size_t quads) {
        const unsigned level = commp::quad_level + static_cast<unsigned>(std::bit_width(quads) - 1);
        FILFIL_TRY(const auto lane, gpu::Lane::open(*m_bench.runtime, m_bench.card->number, {quads, level}));
        FILFIL_TRY(const auto memory, HostMemory::make(m_bench, quads * commp::quad_payload + gpu::payload_slack));
        fill_random(memory->bytes(), m_bench.cpus, 4);
        lane->use(m_bench.trial->variant);
        const std::string of = " of one submission of " + format_size(quads * commp::quad_padded) + " padded alone";
        const commp::Job job{0, quads, level};
        std::vector<std::vector<commp::Node>> nodes;
        report::Row copy{"submission/copy" + of, "ms", {}};
        report::Row tiles{"submission/tiles" + of, "ms", {}};
        report::Row start{"submission/start" + of, "ms", {}};
        report::Row whole{"submission/all" + of, "ms", {}};
        for (unsigned round = 0; round < m_bench.pick(4U, 31U); ++round) {
            const double begin = m_bench.now();
            FILFIL_CHECK(lane->copy_alone(memory->bytes().data(), quads, 1));
            const double copied = m_bench.now();
            FILFIL_CHECK(lane->tiles_alone(quads, m_bench.trial->variant, 1));
            const double hashed = m_bench.now();
            FILFIL_CHECK(lane->start_alone(memory->bytes().data(), job));
            const double started = m_bench.now();
            FILFIL_CHECK(lane->end_alone());
            const double again = m_bench.now();
            FILFIL_CHECK(lane->hash(memory->bytes().data(), {&job, 1}, nodes));
            const double end = m_bench.now();
            if (round == 0) continue;
            copy.samples.push_back((copied - begin) * 1e3);
            tiles.samples.push_back((hashed - copied) * 1e3);
            start.samples.push_back((started - hashed) * 1e3);
            whole.samples.push_back((end - again) * 1e3);
        }
        for (const report::Row* row : {&copy, &tiles, &start, &whole}) m_bench.results.row(*row);
        return {};
    }

    /// So that nodes that are not written do not pass for those of the kernel before.
    Result<void> poison() {
        const std::vector<std::byte> bytes(m_node_count * sizeof(gpu::NodeWords), std::byte{0xa5});
        FILFIL_CHECK(m_queue->copy_in(m_nodes, bytes.data(), bytes.size()));
        return wait();
    }

    /// Holds all nodes against the CPU: a kernel that is wrong has no rate.
    /// @param count nodes of `level` over the payload's beginning, from m_nodes[first] on
    Result<void> check_nodes(unsigned level, std::size_t count, std::size_t first, const std::string& what) {
        std::vector<gpu::NodeWords> words(count);
        FILFIL_CHECK(m_queue->copy_out(words.data(), m_nodes + first, count * sizeof(gpu::NodeWords)));
        FILFIL_CHECK(wait());
        FILFIL_TRY(const commp::ChosenKernel cpu, commp::choose_kernel("", m_bench.clock));
        const std::size_t quads_each = std::size_t{1} << (level - commp::quad_level);
        constexpr std::size_t run = 256;
        std::atomic<std::size_t> next{0};
        std::atomic<std::size_t> wrong{count};
        side_by_side(m_bench.cpus, [&](unsigned) {
            std::vector<commp::Node> expected;
            for (std::size_t from = 0; (from = next.fetch_add(run)) < count;) {
                const std::size_t nodes = std::min(run, count - from);
                commp::hash_quads(*cpu.kernel, m_payload_copy->bytes().data() + from * quads_each * commp::quad_payload,
                                  nodes * quads_each, level, expected);
                for (std::size_t n = 0; n < nodes; ++n) {
                    commp::Node node;
                    for (std::uint32_t& word : words[from + n].word) word = gpu::swap_bytes(word);
                    std::memcpy(node.data(), words[from + n].word, node.size());
                    if (node != expected[n]) wrong = from + n;
                }
            }
        });
        if (wrong == count) return {};
        return Error(ErrorCode::mismatch, what + ": node " + std::to_string(wrong) + " is wrong");
    }

    Bench& m_bench;
    const std::vector<report::KernelCode> m_code;
    std::unique_ptr<gpu::Queue> m_queue;
    std::unique_ptr<RandomMemory> m_payload_copy;
    std::size_t m_quads = 0;
    std::size_t m_node_count = 0;
    std::uint32_t m_tile_count = 0;
    std::uint32_t* m_payload = nullptr;    ///< these three on the card
    gpu::NodeWords* m_nodes = nullptr;
    std::byte* m_tables = nullptr;
    std::vector<std::pair<gpu::TileVariant, std::vector<double>>> m_rates;
    double m_clock = 0;    ///< Hz
};

}    // namespace

Result<void> measure_kernels(Bench& bench) { return Kernels(bench).run(); }

}    // namespace filfil::bench
