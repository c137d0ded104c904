// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "beside_node.hpp"
#include "chaingen/generator.hpp"
#include "checked.hpp"
#include "engine_check.hpp"
#include "parts.hpp"

#include <cstdio>
#include <filesystem>
#include <sstream>

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace filfil::bench {
namespace {

constexpr std::int64_t recent_stateroots = 300;
constexpr std::int64_t slack = 60;

/// The node is so many epochs ahead at most: as far as reading needs it, and not so far that its own memory is counted.
constexpr std::int64_t ahead = 32;

snapshot::EngineOptions engine_options() {
    snapshot::EngineOptions out;
    out.recent_stateroots = recent_stateroots;
    out.slack = slack;
    return out;
}

/// Has the allocator give back what it keeps for later: reading a first chain block by block takes far more than the
/// engine does in the end.
void give_back() {
#ifdef __GLIBC__
    ::malloc_trim(0);
#endif
}

/// What an engine takes, and the process that it is in.
struct Memory {
    double live_bytes = 0;
    double live_blocks = 0;
    double written = 0;
    double index = 0;
    double resident = 0;

    [[nodiscard]] double engine() const { return written + index; }
};

Memory memory_of(const snapshot::Engine& engine) {
    const snapshot::StoreStats store = engine.stats().store;
    return {.live_bytes = static_cast<double>(store.live_bytes),
            .live_blocks = static_cast<double>(store.live_blocks),
            .written = static_cast<double>(store.written_bytes),
            .index = static_cast<double>(store.index_bytes),
            .resident = resident_bytes()};
}

void print(const char* when, const Memory& memory) {
    std::printf("%-34s live %9.3f MB in %7.0f blocks, written %9.3f MB, index %7.3f MB, resident %9.3f MB\n", when,
                memory.live_bytes / 1e6, memory.live_blocks, memory.written / 1e6, memory.index / 1e6,
                memory.resident / 1e6);
    std::fflush(stdout);
}

struct Chain {
    reference::Blocks blocks;
    std::vector<chain::HeadChanges> events;
};

/// The same chain once more, for the reference.
Chain make_again(const chaingen::Config& config) {
    struct Sink final : chaingen::BlockSink {
        explicit Sink(reference::Blocks& into) : blocks(into) {}
        Result<void> block(ByteView cid, ByteView data) override {
            FILFIL_TRY(ipld::Cid key, ipld::Cid::from_bytes(cid));
            blocks.emplace(std::move(key), to_bytes(data));
            return {};
        }
        reference::Blocks& blocks;
    };
    Chain out;
    Sink sink(out.blocks);
    auto generator = checked(chaingen::Generator::make(config, sink));
    for (;;) {
        auto changes = checked(generator.next());
        if (changes.empty()) return out;
        out.events.push_back(std::move(changes));
    }
}

/// Lets the node go on and on. @return the epoch of its last head
Epoch run_to_the_end(BesideNode& beside) {
    for (std::uint64_t seen = 0;;) {
        const rpc::Json told = beside.step(4);
        const Epoch epoch{told.at("epoch").get<std::int64_t>()};
        if (told.at("ended").get<bool>()) return epoch;
        const auto event = told.at("event").get<std::uint64_t>();
        if (event / 1000 > seen) {
            seen = event / 1000;
            print(("after " + std::to_string(seen * 1000) + " head changes").c_str(),
                  memory_of(beside.engine().engine()));
        }
        beside.wait_for(Epoch{epoch.value - ahead});
    }
}

Memory of_a_fresh_engine(const std::string& folder) {
    Process fresh({own_path(), "--open", folder});
    Memory out;
    std::istringstream said(fresh.rest());
    said >> out.live_bytes >> out.live_blocks >> out.written >> out.index >> out.resident;
    if (!said) throw std::runtime_error("the folder cannot be opened again");
    return out;
}

bool compare(const char* what, double followed, double fresh) {
    std::printf("%-34s %9.3f MB followed, %9.3f MB fresh: %+.2f %%\n", what, followed / 1e6, fresh / 1e6,
                (followed / fresh - 1) * 100);
    return followed <= fresh * 1.02;
}

}    // namespace

int print_memory(const std::string& folder) {
    SystemFiles files;
    const SystemClock clock;
    SeededRandom random(2);
    InlineExecutor at_once;
    const auto engine = checked(snapshot::DurableEngine::open(files, folder, engine_options(), random, clock, at_once));
    give_back();
    const Memory memory = memory_of(engine->engine());
    std::printf("%.0f %.0f %.0f %.0f %.0f\n", memory.live_bytes, memory.live_blocks, memory.written, memory.index,
                memory.resident);
    return 0;
}

bool run_long(const FollowOptions& options) {
    std::filesystem::remove_all(options.folder);
    Memory followed;
    bool right = true;
    {
        BesideNode beside(ChainKind::long_run, options.tipsets, options.seed, options.folder, engine_options());
        const SystemClock clock;
        print("before anything", memory_of(beside.engine().engine()));
        beside.start({});
        beside.wait_for_rest();
        give_back();
        print("at the first tipset", memory_of(beside.engine().engine()));
        const node::FollowerStatus before = beside.status();
        const double own_before = own_cpu_seconds();
        const double node_before = beside.node().cpu_seconds();
        const Clock::Duration start = clock.steady();
        const Epoch last = run_to_the_end(beside);
        beside.wait_for(last);
        const double seconds = seconds_between(start, clock.steady());
        const node::FollowerStatus after = beside.status();
        const auto reads = static_cast<double>(after.blocks_read - before.blocks_read);
        const auto tipsets = static_cast<double>(after.tipsets);
        std::printf("followed %.0f tipsets (%llu reverted, head of epoch %lld) in %.1f s: %.0f a second\n", tipsets,
                    static_cast<unsigned long long>(after.reverted), static_cast<long long>(last.value), seconds,
                    tipsets / seconds);
        std::printf("read %.0f blocks, %.1f MB, %llu wrong answers: %.0f reads a second\n", reads,
                    static_cast<double>(after.bytes_read - before.bytes_read) / 1e6,
                    static_cast<unsigned long long>(after.wrong_answers), reads / seconds);
        std::printf("CPU seconds: %.1f here, %.1f of the node\n", own_cpu_seconds() - own_before,
                    beside.node().cpu_seconds() - node_before);
        beside.wait_for_rest();
        std::printf("tidied up %.1f s after the start\n", seconds_between(start, clock.steady()));
        give_back();
        followed = memory_of(beside.engine().engine());
        print("in the end", followed);

        const Chain chain = make_again(config_of(ChainKind::long_run, options.tipsets, options.seed));
        std::vector<std::string> wrong =
            reference::check_engine(beside.engine().engine(), chain.blocks, recent_stateroots);
        const auto kept = checked(reference::kept_of(chain.blocks, chain.events, recent_stateroots, slack));
        for (std::string& finding : reference::check_live_set(beside.engine().engine(), chain.blocks, kept))
            wrong.push_back(std::move(finding));
        for (const std::string& finding : wrong) std::printf("WRONG: %s\n", finding.c_str());
        std::printf("the live set is %sthe reference's (the chain has %zu blocks)\n", wrong.empty() ? "" : "not ",
                    chain.blocks.size());
        right = wrong.empty();
        beside.stop();
        checked(beside.engine().checkpoint());
    }
    const Memory fresh = of_a_fresh_engine(options.folder);
    print("a fresh engine of the same", fresh);
    if (fresh.live_bytes != followed.live_bytes || fresh.live_blocks != followed.live_blocks) {
        std::printf("WRONG: it has other live blocks\n");
        right = false;
    }
    compare("blocks", followed.written, fresh.written);
    compare("index", followed.index, fresh.index);
    right = compare("blocks and index", followed.engine(), fresh.engine()) && right;
    compare("resident, all of the process", followed.resident, fresh.resident);
    std::filesystem::remove_all(options.folder);
    return right;
}

}    // namespace filfil::bench
