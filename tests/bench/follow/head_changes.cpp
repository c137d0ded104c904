// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "beside_node.hpp"
#include "checked.hpp"
#include "ipld/digest.hpp"
#include "parts.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>

namespace filfil::bench {
namespace {

struct Series {
    const char* name;
    const char* unit;
    std::vector<double> values{};
};

void print(Series series) {
    std::ranges::sort(series.values);
    const auto at = [&](double part) {
        return series.values[static_cast<std::size_t>(part * static_cast<double>(series.values.size() - 1) + 0.5)];
    };
    std::printf("%-44s min %8.2f  median %8.2f  p90 %8.2f  p99 %8.2f  max %8.2f %s\n", series.name, at(0), at(0.5),
                at(0.9), at(0.99), at(1), series.unit);
}

/// What applying cannot go below here: as many bytes hashed once, and appended to a file and synced.
void print_bounds(const std::string& folder, std::size_t blocks, std::size_t bytes) {
    constexpr int rounds = 20;
    const SystemClock clock;
    const std::size_t size = bytes / blocks;
    const Bytes data(size, std::byte{0x5a});
    const std::vector<ByteView> views(blocks, ByteView(data));
    std::vector<ipld::Digest256> digests(blocks);
    Series hash{"bound: hashing a change's bytes", "ms"};
    Series disk{"bound: appending and syncing them", "ms"};
    SystemFiles files;
    const std::string path = folder + "/plain";
    const auto file = checked(files.open_append(path));
    const Bytes all(bytes, std::byte{0x5a});
    for (int i = 0; i < rounds; ++i) {
        Clock::Duration start = clock.steady();
        ipld::blake2b_256_many(views, digests);
        hash.values.push_back(seconds_between(start, clock.steady()) * 1e3);
        start = clock.steady();
        checked(file->append(all));
        checked(file->sync());
        disk.values.push_back(seconds_between(start, clock.steady()) * 1e3);
    }
    checked(files.remove(path));
    print(hash);
    print(disk);
}

}    // namespace

void run_head_changes(const FollowOptions& options) {
    std::filesystem::remove_all(options.folder);
    snapshot::EngineOptions keeping;
    keeping.recent_stateroots = 100;
    keeping.slack = 20;
    BesideNode beside(ChainKind::head_changes, options.head_changes, options.seed, options.folder, keeping);
    Series blocks{"new blocks of a head change", "blocks"};
    Series bytes{"their bytes", "MB"};
    Series applied{"from the last byte to applied and durable", "ms"};
    Series reading{"from the first request to the last byte", "ms"};
    Series reads{"reads a second", "/s"};
    bool started = false;
    beside.start([&](const node::FollowerStatus& status) {
        if (!started) return;
        blocks.values.push_back(static_cast<double>(status.last_blocks));
        bytes.values.push_back(static_cast<double>(status.last_bytes) / 1e6);
        applied.values.push_back(status.last_apply_seconds * 1e3);
        reading.values.push_back(status.last_read_seconds * 1e3);
        reads.values.push_back(static_cast<double>(status.last_blocks) / status.last_read_seconds);
    });
    beside.wait_for_rest();
    const snapshot::StoreStats store = beside.engine().engine().stats().store;
    std::printf("beside a chain of %.0f MB in %llu blocks\n", static_cast<double>(store.live_bytes) / 1e6,
                static_cast<unsigned long long>(store.live_blocks));
    started = true;
    double own = 0;
    double node = 0;
    std::uint64_t cpu_reads = beside.status().blocks_read;
    for (std::uint64_t i = 0; i < options.head_changes; ++i) {
        const rpc::Json told = beside.step(1);
        const double own_before = own_cpu_seconds();
        const double node_before = beside.node().cpu_seconds();
        beside.wait_for(Epoch{told.at("epoch").get<std::int64_t>()});
        own += own_cpu_seconds() - own_before;
        node += beside.node().cpu_seconds() - node_before;
        // A node is 30 seconds from one to the next: time enough for what is left to be done.
        beside.wait_for_rest();
    }
    cpu_reads = beside.status().blocks_read - cpu_reads;
    for (const Series* series : {&blocks, &bytes, &applied, &reading, &reads}) print(*series);
    std::printf("CPU time a read: %.1f us here (with applying), %.1f us of the node\n",
                own / static_cast<double>(cpu_reads) * 1e6, node / static_cast<double>(cpu_reads) * 1e6);
    std::ranges::sort(blocks.values);
    std::ranges::sort(bytes.values);
    print_bounds(options.folder, static_cast<std::size_t>(blocks.values[blocks.values.size() / 2]),
                 static_cast<std::size_t>(bytes.values[bytes.values.size() / 2] * 1e6));
    Series ready{"bound: bare client, answers ready", "/s"};
    Series bare{"bound: bare client, the node's answers", "/s"};
    for (int i = 0; i < 5; ++i) {
        ready.values.push_back(beside.bare_reads(false, 100'000));
        bare.values.push_back(beside.bare_reads(true, 100'000));
    }
    print(ready);
    print(bare);
    beside.stop();
    std::filesystem::remove_all(options.folder);
}

}    // namespace filfil::bench
