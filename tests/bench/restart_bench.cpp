// SPDX-License-Identifier: Apache-2.0 OR MIT
// filfil_restart_bench SIZE FOLDER [SEED]: how fast a generated chain is written as a checkpoint and comes back from it
// and from a log, beside what bounds it: writing a file, hashing, counting. FOLDER is made, and has to be empty.
#include "base/executor.hpp"
#include "base/files.hpp"
#include "base/units.hpp"
#include "chaingen/generator.hpp"
#include "ipld/digest.hpp"
#include "snapshot/durable_engine.hpp"

#include <array>
#include <cstdio>
#include <string>
#include <unordered_map>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

namespace filfil {
namespace {

/// A node: what the generator made, kept.
class Node final : public chaingen::BlockSink, public snapshot::BlockSource {
public:
    Result<void> block(ByteView cid, ByteView data) override {
        FILFIL_TRY(ipld::Cid key, ipld::Cid::from_bytes(cid));
        m_blocks.emplace(std::move(key), to_bytes(data));
        return {};
    }
    std::vector<Result<Bytes>> fetch(std::span<const ipld::Cid> cids) override {
        std::vector<Result<Bytes>> out;
        for (const ipld::Cid& cid : cids) {
            const auto found = m_blocks.find(cid);
            if (found == m_blocks.end())
                out.emplace_back(Error(ErrorCode::not_found, "no block " + cid.text()));
            else
                out.emplace_back(found->second);
        }
        return out;
    }

private:
    std::unordered_map<ipld::Cid, Bytes> m_blocks;
};

void row(const char* what, double bytes, double seconds) {
    std::printf("%-42s %10.1f MB %8.3f s %8.3f GB/s\n", what, bytes / 1e6, seconds, bytes / seconds / 1e9);
}

double since(const Clock& clock, Clock::Duration start) { return seconds_between(start, clock.steady()); }

/// Drops a file from the page cache, so that it is read from the disk.
void drop(const std::string& path) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) return;
    (void)::posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);
    ::close(file);
}

/// The same bytes as a checkpoint, in runs of the same size, without an engine.
Result<void> write_plain_file(Files& files, const std::string& folder, std::uint64_t size) {
    const SystemClock clock;
    const Bytes run(4 * MiB, std::byte{0x5a});
    const Clock::Duration start = clock.steady();
    FILFIL_TRY(const std::unique_ptr<OutputFile> file, files.create(join_path(folder, "plain")));
    std::uint64_t written = 0;
    for (; written < size; written += run.size()) FILFIL_CHECK(file->write(run));
    FILFIL_CHECK(file->commit());
    row("bound: writing a file, and syncing it", static_cast<double>(written), since(clock, start));
    return files.remove(join_path(folder, "plain"));
}

void hash_blocks(Executor& executor) {
    const SystemClock clock;
    const Bytes run(4 * MiB, std::byte{0x5a});
    constexpr std::size_t block = 1100;
    const std::size_t blocks = run.size() / block;
    const std::vector<ByteView> views(blocks, ByteView(run).first(block));
    const unsigned threads = executor.concurrency() + 1;
    const Clock::Duration start = clock.steady();
    run_parallel(executor, threads, [&](unsigned) {
        std::vector<ipld::Digest256> digests(blocks);
        for (unsigned i = 0; i < 200; ++i) ipld::blake2b_256_many(views, digests);
    });
    row("bound: BLAKE2b of blocks of 1.1 kB", static_cast<double>(200 * threads * blocks * block), since(clock, start));
}

Result<void> restart(Files& files, const std::string& folder, const snapshot::EngineOptions& options,
                     Executor& executor, bool cold, bool check_hashes) {
    const SystemClock clock;
    SeededRandom random(1);
    FILFIL_TRY(const std::vector<std::string> names, files.list(folder));
    for (const std::string& name : names)
        if (cold) drop(join_path(folder, name));
    const Clock::Duration start = clock.steady();
    snapshot::LoadOptions load;
    load.check_hashes = check_hashes;
    FILFIL_TRY(const auto engine, snapshot::DurableEngine::open(files, folder, options, random, clock, executor, load));
    const double seconds = since(clock, start);
    const auto& opened = engine->opened();
    const auto bytes = static_cast<double>(opened.load.bytes);
    const auto log = static_cast<double>(engine->log_bytes());
    std::printf("restart%s%s: %.3f s, of which\n", cold ? ", files not in the page cache" : "",
                check_hashes ? "" : ", hashes not checked", seconds);
    row("  reading the checkpoint, hashes, index", bytes, opened.load.read_seconds);
    row("  counting links", bytes, opened.load.count_seconds);
    if (opened.replayed > 0) {
        row("  replaying the log", log, opened.replay_seconds);
        std::printf("  %llu head changes, %.2f ms each\n", static_cast<unsigned long long>(opened.replayed),
                    opened.replay_seconds * 1000 / static_cast<double>(opened.replayed));
    }
    std::printf("  %llu blocks in the checkpoint, %.0f ns a block to read, %.0f to count\n",
                static_cast<unsigned long long>(opened.load.blocks),
                opened.load.read_seconds * 1e9 / static_cast<double>(opened.load.blocks),
                opened.load.count_seconds * 1e9 / static_cast<double>(opened.load.blocks));
    return {};
}

Result<void> run(std::uint64_t size, const std::string& folder, std::uint64_t seed) {
    const SystemClock clock;
    SystemFiles files;
    ThreadPool executor(usable_cpus() > 1 ? usable_cpus() - 1 : 1);
    SeededRandom random(seed);
    FILFIL_CHECK(files.make_folders(folder));
    hash_blocks(executor);
    Node node;
    FILFIL_TRY(chaingen::Generator generator, chaingen::Generator::make(chaingen::Config::of_size(size, seed), node));
    const snapshot::EngineOptions options;
    FILFIL_TRY(const auto engine, snapshot::DurableEngine::open(files, folder, options, random, clock, executor));
    std::uint64_t steps = 0;
    double applying = 0;
    for (;; ++steps) {
        FILFIL_TRY(const chain::HeadChanges changes, generator.next());
        if (changes.empty()) break;
        const Clock::Duration start = clock.steady();
        FILFIL_CHECK(engine->apply(changes, node));
        FILFIL_CHECK(engine->tick());
        if (steps > 0) applying += since(clock, start);
        if (const auto behind = engine->not_durable()) return *behind;
    }
    const auto stats = engine->engine().stats();
    const auto log = static_cast<double>(engine->log_bytes());
    std::printf("%llu blocks, %.1f MB, head of epoch %lld\n", static_cast<unsigned long long>(stats.store.live_blocks),
                static_cast<double>(stats.store.live_bytes) / 1e6, static_cast<long long>(stats.epoch.value));
    row("head changes, taken in and made durable", log, applying);
    std::printf("  %llu head changes, %.2f ms each\n", static_cast<unsigned long long>(steps - 1),
                applying * 1000 / static_cast<double>(steps - 1));
    return {};
}

Result<void> write_checkpoints(const std::string& folder) {
    const SystemClock clock;
    SystemFiles files;
    ThreadPool executor(usable_cpus() > 1 ? usable_cpus() - 1 : 1);
    SeededRandom random(1);
    FILFIL_TRY(const auto engine, snapshot::DurableEngine::open(files, folder, {}, random, clock, executor));
    // In turns, since the rate of a disk changes from moment to moment.
    for (unsigned i = 0; i < 5; ++i) {
        FILFIL_CHECK(write_plain_file(files, folder, engine->engine().stats().store.live_bytes));
        const Clock::Duration start = clock.steady();
        FILFIL_CHECK(engine->checkpoint());
        row("checkpoint", static_cast<double>(engine->engine().stats().store.live_bytes), since(clock, start));
    }
    return {};
}

Result<void> all(std::uint64_t size, const std::string& folder, std::uint64_t seed) {
    FILFIL_CHECK(run(size, folder, seed));
    SystemFiles files;
    ThreadPool executor(usable_cpus() > 1 ? usable_cpus() - 1 : 1);
    for (const bool cold : {false, true}) FILFIL_CHECK(restart(files, folder, {}, executor, cold, true));
    FILFIL_CHECK(write_checkpoints(folder));
    hash_blocks(executor);
    for (const bool cold : {false, true}) FILFIL_CHECK(restart(files, folder, {}, executor, cold, true));
    return restart(files, folder, {}, executor, false, false);
}

}    // namespace
}    // namespace filfil

int main(int argc, char** argv) {
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    if (arguments.size() < 2) {
        std::fprintf(stderr, "filfil_restart_bench SIZE FOLDER [SEED]\n");
        return 2;
    }
    const auto size = filfil::parse_size(arguments[0]);
    if (!size.ok()) {
        std::fprintf(stderr, "%s\n", size.error().text().c_str());
        return 2;
    }
    const std::uint64_t seed = arguments.size() > 2 ? std::stoull(arguments[2]) : 1;
    if (const auto done = filfil::all(*size, arguments[1], seed); !done.ok()) {
        std::fprintf(stderr, "%s\n", done.error().text().c_str());
        return 2;
    }
    return 0;
}
