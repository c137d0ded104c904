// SPDX-License-Identifier: Apache-2.0 OR MIT

// The command line program from start to end, on files in the page cache. What is compared takes turns, round after
// round in changing order, and ratios are taken inside a round: a machine that is disturbed slows both sides.
#include "base/executor.hpp"
#include "base/random.hpp"
#include "base/units.hpp"
#include "bench_files.hpp"
#include "child.hpp"
#include "machine.hpp"
#include "row.hpp"
#ifdef FILFIL_BENCH_CAR
#include "chain_car.hpp"
#endif

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <stdexcept>

namespace filfil::bench {
namespace {

struct Options {
    std::string program;
    std::string scratch = "build/bench/scratch";
    std::string out;
    std::uint64_t size = GiB;
    std::vector<std::uint64_t> rss_sizes{64 * MiB, GiB};
    std::size_t rounds = 9;
    std::size_t batch_files = 1000;
    std::size_t car_blocks = 200'000;
};

constexpr const char* usage =
    "filfil_e2e_bench --program FIL-FIL [--scratch FOLDER] [--out FILE] [--size SIZE] [--rss-size SIZE]… [--rounds N]\n"
    "                 [--batch-files N] [--car-blocks N] [--quick]\n";

Options parse(const std::vector<std::string>& arguments) {
    Options options;
    bool own_rss_sizes = false;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string& name = arguments[i];
        if (name == "--quick") {
            options.size = 128 * MiB;
            options.rss_sizes = {64 * MiB, 256 * MiB};
            options.rounds = 3;
            options.batch_files = 100;
            options.car_blocks = 20'000;
            continue;
        }
        if (i + 1 == arguments.size()) throw std::runtime_error("no value for " + name + '\n' + usage);
        const std::string& value = arguments[++i];
        const auto size = [&] {
            const auto parsed = parse_size(value);
            if (!parsed.ok()) throw std::runtime_error(parsed.error().text());
            return *parsed;
        };
        if (name == "--program") {
            options.program = value;
        } else if (name == "--scratch") {
            options.scratch = value;
        } else if (name == "--out") {
            options.out = value;
        } else if (name == "--size") {
            options.size = size();
        } else if (name == "--rss-size") {
            if (!std::exchange(own_rss_sizes, true)) options.rss_sizes.clear();
            options.rss_sizes.push_back(size());
        } else if (name == "--rounds") {
            options.rounds = std::max<std::size_t>(1, size());
        } else if (name == "--batch-files") {
            options.batch_files = size();
        } else if (name == "--car-blocks") {
            options.car_blocks = size();
        } else {
            throw std::runtime_error("unknown option " + name + '\n' + usage);
        }
    }
    if (options.program.empty()) throw std::runtime_error(usage);
    return options;
}

void say(const std::string& text) { std::fputs((text + '\n').c_str(), stderr); }

/// One contestant and how long it took in each round.
struct Contestant {
    std::string name;
    std::function<ChildRun()> run;
    std::vector<double> seconds{};
    std::vector<double> cpu_seconds{};
    std::vector<double> rss_mib{};
};

/// Lets all run once a round, the first one a different one each time.
void compete(std::vector<Contestant>& contestants, std::size_t rounds) {
    for (std::size_t round = 0; round < rounds; ++round)
        for (std::size_t i = 0; i < contestants.size(); ++i) {
            Contestant& one = contestants[(round + i) % contestants.size()];
            const ChildRun run = one.run();
            one.seconds.push_back(run.seconds);
            one.cpu_seconds.push_back(run.cpu_seconds);
            one.rss_mib.push_back(run.peak_rss_mib);
        }
}

const Contestant* find(const std::vector<Contestant>& contestants, const std::string& name) {
    const auto one = std::ranges::find(contestants, name, &Contestant::name);
    return one == contestants.end() ? nullptr : &*one;
}

std::vector<double> rates(const std::vector<double>& seconds, double amount) {
    std::vector<double> out;
    for (const double s : seconds)
        if (s > 0) out.push_back(amount / s);
    return out;
}

/// The copy out of the page cache that hashing starts with, and nothing else.
ChildRun reading(const std::string& path) {
    const ReadTime time = read_once(path);
    ChildRun run;
    run.seconds = time.seconds;
    run.cpu_seconds = time.cpu_seconds;
    return run;
}

/// Runs the program and holds its answer against the first one about the same payload: a wrong answer has no rate.
class Program {
public:
    explicit Program(std::string path) : m_path(std::move(path)) {}

    ChildRun run(const std::vector<std::string>& arguments, const Input& input = {}) const {
        std::vector<std::string> words{m_path};
        words.insert(words.end(), arguments.begin(), arguments.end());
        ChildRun run = run_child(words, input);
        if (run.exit_code != 0) {
            std::string line;
            for (const std::string& word : words) line += word + ' ';
            throw std::runtime_error(line + "ended with " + std::to_string(run.exit_code) + ": " + run.out);
        }
        return run;
    }

    ChildRun commp(std::vector<std::string> arguments, const Input& input, std::string& expected) const {
        arguments.insert(arguments.begin(), {"commp", "--json", "--device", "cpu"});
        ChildRun outcome = run(arguments, input);
        const std::string cid = Json::parse(outcome.out).at("piece_cid");
        if (expected.empty()) expected = cid;
        if (cid != expected) throw std::runtime_error("piece CID " + cid + " where an earlier run gave " + expected);
        return outcome;
    }

    /// Whether it has a command, so that a build without it still gives the other figures. Help for one that is not
    /// there is the help of what stands before it.
    [[nodiscard]] bool knows(const std::vector<std::string>& command) const {
        std::vector<std::string> words;
        std::string before = help(words);
        for (const std::string& word : command) {
            words.push_back(word);
            std::string with = help(words);
            if (with == before) return false;
            before = std::move(with);
        }
        return true;
    }

private:
    [[nodiscard]] std::string help(std::vector<std::string> command) const {
        command.insert(command.begin(), m_path);
        command.emplace_back("--help");
        return run_child(command).out;
    }

    std::string m_path;
};

class Bench {
public:
    explicit Bench(Options options)
        : m_options(std::move(options)), m_program(m_options.program), m_cpus(usable_cpus()) {
        std::filesystem::create_directories(m_options.scratch);
    }

    Json run() {
        const Json machine = describe_machine();
        measure_commp();
        measure_start();
        measure_memory();
        measure_batch();
        measure_car();
        Json rows = Json::array();
        for (const Row& row : m_rows) rows.push_back(to_json(row));
        return {{"schema", 1},
                {"payload_bytes", m_options.size},
                {"rounds", m_options.rounds},
                {"machine", machine},
                {"load_average_after", describe_machine().at("load_average")},
                {"rows", rows}};
    }

private:
    [[nodiscard]] std::string scratch(const std::string& name) const { return m_options.scratch + '/' + name; }

    void add(std::string name, std::string unit, std::vector<double> samples, bool less_is_better = false) {
        m_rows.push_back({std::move(name), std::move(unit), std::move(samples), less_is_better});
    }

    void add_ratio(const std::vector<Contestant>& contestants, const std::string& a, const std::string& b) {
        const Contestant* one = find(contestants, a);
        const Contestant* other = find(contestants, b);
        if (one == nullptr || other == nullptr) return;
        // Rates, so times the other way round.
        add(a + " : " + b, "x", ratios(other->seconds, one->seconds));
    }

    /// The instruction set that the program takes by itself.
    [[nodiscard]] std::string chosen_isa() const {
        const std::string out = m_program.run({"devices", "--json"}).out;
        for (std::size_t from = 0; from < out.size();) {
            const std::size_t end = std::min(out.find('\n', from), out.size());
            const Json device = Json::parse(out.substr(from, end - from));
            const std::string name = device.at("name");
            if (device.at("selected") == true && name.starts_with("cpu:")) return name.substr(4);
            from = end + 1;
        }
        throw std::runtime_error("`fil-fil devices` selects no CPU");
    }

    void measure_commp() {
        const std::string file = scratch("random-" + std::to_string(m_options.size));
        say("commp: " + format_size(m_options.size) + " of random bytes, " + std::to_string(m_options.rounds) +
            " rounds");
        make_random_file(file, m_options.size);
        read_once(file);
        std::string cid;
        const auto commp = [&](std::vector<std::string> arguments, Input input = {}) {
            return [this, &cid, arguments, input] { return m_program.commp(arguments, input, cid); };
        };

        std::vector<Contestant> all;
        std::vector<std::string> isas;
        const Json usable = describe_machine().at("isas");
        for (const Json& isa : usable)
            if (isa != "portable") isas.push_back(isa);    // it would take most of the time, and no one uses it
        for (const std::string& isa : isas)
            all.push_back({"commp/" + isa + "/threads:1", commp({file, "--isa", isa, "--threads", "1"})});
        const std::string best = chosen_isa();
        const std::string best_one = "commp/" + best + "/threads:1";
        std::vector<unsigned> threads;
        if (m_cpus >= 2) threads.push_back(2);
        if (m_cpus > 2) threads.push_back(m_cpus);
        const auto with_threads = [&](unsigned n) { return "commp/" + best + "/threads:" + std::to_string(n); };
        for (const unsigned n : threads)
            all.push_back({with_threads(n), commp({file, "--isa", best, "--threads", std::to_string(n)})});
        all.push_back({"commp/" + best + "/threads:1/stdin:file",
                       commp({"-", "--isa", best, "--threads", "1"}, {Input::Kind::file, file})});
        all.push_back({"commp/" + best + "/threads:1/stdin:cat",
                       commp({"-", "--isa", best, "--threads", "1"}, {Input::Kind::cat, file})});
        all.push_back({"bound/pread/threads:1", [&] { return reading(file); }});
        all.push_back({"bound/cat", [&] { return run_child({"cat"}, {Input::Kind::file, file}, false); }});
        compete(all, m_options.rounds);

        const double gibs = static_cast<double>(m_options.size) / static_cast<double>(GiB);
        for (const Contestant& one : all) {
            add(one.name, "GiB/s", rates(one.seconds, gibs));
            add(one.name + " CPU", "GiB/CPU-s", rates(one.cpu_seconds, gibs));
        }
        for (const std::string& isa : isas)
            if (isa != "openssl") add_ratio(all, "commp/" + isa + "/threads:1", "commp/openssl/threads:1");
        for (const unsigned n : threads) add_ratio(all, with_threads(n), best_one);
        add_ratio(all, best_one + "/stdin:file", best_one);
        add_ratio(all, best_one + "/stdin:cat", best_one);
        add("page cache", "part", {cached_part(file)});
    }

    void measure_start() {
        say("start: commp of one quad");
        const std::string file = scratch("quad");
        make_random_file(file, 127);
        std::string cid;
        std::vector<Contestant> one{{"start/commp of 127 bytes", [&] { return m_program.commp({file}, {}, cid); }}};
        compete(one, 3 * m_options.rounds);
        std::vector<double> milliseconds;
        for (const double s : one[0].seconds) milliseconds.push_back(s * 1e3);
        add(one[0].name, "ms", milliseconds, true);
    }

    void measure_memory() {
        for (const std::uint64_t size : m_options.rss_sizes) {
            say("memory: commp of " + format_size(size) + " of zeros");
            const std::string file = scratch("zeros-" + std::to_string(size));
            make_sparse_file(file, size);
            std::string cid;
            for (const unsigned threads : {1U, 2U})
                for (const bool piped : {false, true}) {
                    const ChildRun run = m_program.commp({piped ? "-" : file, "--threads", std::to_string(threads)},
                                                         {piped ? Input::Kind::cat : Input::Kind::nothing, file}, cid);
                    add("memory/" + format_size(size) + "/threads:" + std::to_string(threads) +
                            (piped ? "/stdin:cat" : ""),
                        "MiB", {run.peak_rss_mib}, true);
                }
            std::filesystem::remove(file);
        }
    }

    void measure_batch() {
        if (!m_program.knows({"batch"})) return say("batch: this build has no such command");
        constexpr std::uint64_t size = 64 * KiB;
        const std::size_t count = m_options.batch_files;
        say("batch: " + std::to_string(count) + " files of " + format_size(size));
        const std::string folder = scratch("batch-" + std::to_string(count));
        std::filesystem::create_directories(folder);
        for (std::size_t i = 0; i < count; ++i) make_random_file(folder + "/file" + std::to_string(i), size);
        std::vector<Contestant> all;
        for (unsigned threads = 1; threads <= m_cpus; threads = threads < m_cpus ? m_cpus : m_cpus + 1)
            all.push_back({"batch/files:" + std::to_string(count) + "/threads:" + std::to_string(threads),
                           [this, folder, count, threads] {
                               ChildRun run = m_program.run(
                                   {"batch", folder, "--device", "cpu", "--threads", std::to_string(threads)});
                               if (std::ranges::count(run.out, '\n') != static_cast<std::ptrdiff_t>(count))
                                   throw std::runtime_error("batch: not one receipt a file");
                               return run;
                           }});
        compete(all, m_options.rounds);
        for (const Contestant& one : all) {
            add(one.name, "files/s", rates(one.seconds, static_cast<double>(count)));
            add(one.name + " payload", "GiB/s",
                rates(one.seconds, static_cast<double>(count * size) / static_cast<double>(GiB)));
            add(one.name + " memory", "MiB", one.rss_mib, true);
        }
        if (all.size() > 1) add_ratio(all, all.back().name, all.front().name);
    }

    void measure_car() {
#ifdef FILFIL_BENCH_CAR
        if (!m_program.knows({"car", "verify"})) return say("car verify: this build has no such command");
        say("car verify: " + std::to_string(m_options.car_blocks) + " blocks");
        const std::string file = scratch("chain-" + std::to_string(m_options.car_blocks) + ".car");
        if (!std::filesystem::exists(file)) {
            SystemFiles files;
            const auto write = [&]() -> Result<void> {
                FILFIL_TRY(const auto out, files.create(file));
                car::FileSink sink(*out);
                FILFIL_CHECK(write_chain_car(sink, m_options.car_blocks));
                return out->commit();
            };
            if (const auto written = write(); !written.ok()) throw std::runtime_error(written.error().text());
        }
        read_once(file);
        std::vector<Contestant> all{{"car verify", [&] { return m_program.run({"car", "verify", "--json", file}); }},
                                    {"car verify --links",
                                     [&] {
                                         // Its links lead nowhere, which it must find: the answer is no.
                                         ChildRun run =
                                             run_child({m_options.program, "car", "verify", "--links", "--json", file});
                                         if (run.exit_code > 1)
                                             throw std::runtime_error("car verify --links: " + run.out);
                                         return run;
                                     }},
                                    {"bound/pread of the CAR", [&] { return reading(file); }}};
        compete(all, m_options.rounds);
        const double gibs = static_cast<double>(std::filesystem::file_size(file)) / static_cast<double>(GiB);
        for (const Contestant& one : all) add(one.name, "GiB/s", rates(one.seconds, gibs));
        add("car verify blocks", "M blocks/s", rates(all[0].seconds, static_cast<double>(m_options.car_blocks) / 1e6));
        add_ratio(all, "car verify", "bound/pread of the CAR");
        add("car verify memory", "MiB", all[0].rss_mib, true);
#endif
    }

    Options m_options;
    Program m_program;
    unsigned m_cpus;
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
        std::fprintf(stderr, "filfil_e2e_bench: %s\n", exception.what());
        return 2;
    }
}
