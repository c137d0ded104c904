// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "chaingen/generator.hpp"
#include "engine_check.hpp"
#include "ipld/cid.hpp"
#include "node/devnet/devnet.hpp"
#include "node/devnet/replay_chain.hpp"
#include "node/follower.hpp"
#include "outside.hpp"
#include "reference_walk.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace filfil::node {

/// A chain with all that came of it, as a node that never forgets has it.
struct RecordedChain {
    reference::Blocks blocks;
    std::vector<chain::HeadChanges> events;

    [[nodiscard]] const chain::HeadChange& last() const { return events.back().back(); }
};

inline chaingen::Config small_chain(std::uint64_t seed, std::uint64_t tipsets) {
    chaingen::Config out;
    out.seed = seed;
    out.tipsets = tipsets;
    out.state_bytes = 96 * KiB;
    out.tipset_bytes = 12 * KiB;
    out.blocks_per_tipset = 2;
    out.messages_per_block = 3;
    out.fork_rate = 150;
    out.max_fork = 4;
    out.null_rate = 100;
    out.oddities = true;
    return out;
}

inline RecordedChain record(const chaingen::Config& config) {
    struct Sink final : chaingen::BlockSink {
        explicit Sink(reference::Blocks& into) : blocks(into) {}
        Result<void> block(ByteView cid, ByteView data) override {
            FILFIL_TRY(ipld::Cid key, ipld::Cid::from_bytes(cid));
            blocks.emplace(std::move(key), to_bytes(data));
            return {};
        }
        reference::Blocks& blocks;
    };
    RecordedChain out;
    Sink sink(out.blocks);
    auto generator = chaingen::Generator::make(config, sink);
    EXPECT_TRUE(generator.ok()) << generator.error().text();
    for (;;) {
        auto step = generator->next();
        EXPECT_TRUE(step.ok()) << step.error().text();
        if (!step.ok() || step->empty()) break;
        out.events.push_back(std::move(*step));
    }
    return out;
}

class RecordedSource final : public snapshot::BlockSource {
public:
    explicit RecordedSource(std::shared_ptr<const RecordedChain> chain) : m_chain(std::move(chain)) {}
    std::vector<Result<Bytes>> fetch(std::span<const ipld::Cid> cids) override {
        std::vector<Result<Bytes>> out;
        for (const ipld::Cid& cid : cids) {
            const auto found = m_chain->blocks.find(cid);
            if (found == m_chain->blocks.end() || m_gone.contains(cid))
                out.emplace_back(Error(ErrorCode::not_found, "no block " + cid.text()));
            else
                out.emplace_back(found->second);
        }
        return out;
    }

    /// This node has lost a block.
    void lose(const ipld::Cid& cid) { m_gone.insert(cid); }
    void find_all_again() { m_gone.clear(); }

private:
    std::shared_ptr<const RecordedChain> m_chain;
    std::set<ipld::Cid> m_gone;
};

/// A node on the network of an Outside.
struct TestNode {
    TestNode(Outside& outside, std::shared_ptr<const RecordedChain> chain, std::uint16_t port,
             DevnetOptions options = {}, std::uint64_t events = 0)
        : transport(outside.network, "node-" + std::to_string(port)),
          world{outside.clock, outside.loop, outside.workers, outside.files, transport, outside.random, outside.log} {
        auto blocks = std::make_unique<RecordedSource>(chain);
        source = blocks.get();
        auto replay = ReplayChain::make(std::move(blocks), chain->events);
        EXPECT_TRUE(replay.ok()) << replay.error().text();
        options.test_hooks = true;
        auto made = Devnet::make(world, std::move(*replay), options, events);
        EXPECT_TRUE(made.ok()) << made.error().text();
        devnet = std::move(*made);
        ListenOptions at;
        at.at = {"node", port};
        auto listening = transport.listen(at, *devnet);
        EXPECT_TRUE(listening.ok()) << listening.error().text();
        listener = std::move(*listening);
        address.url = *parse_url("ws://node:" + std::to_string(port) + "/rpc/v1");
    }

    MemoryTransport transport;
    World world;
    RecordedSource* source = nullptr;
    std::unique_ptr<Devnet> devnet;
    std::unique_ptr<Transport::Listener> listener;
    NodeAddress address;
};

inline snapshot::EngineOptions small_engine() {
    snapshot::EngineOptions out;
    out.store.arena = {.segment_bits = 20, .huge_pages = false};
    out.recent_stateroots = 12;
    out.slack = 20;
    return out;
}

/// A follower with its engine, on the disk of an Outside.
class TestFollower final : public FollowerEvents {
public:
    TestFollower(Outside& outside, FollowerOptions options,
                 const snapshot::EngineOptions& engine_options = small_engine())
        : m_outside(outside) {
        if (options.network.name.empty()) options.network = *find_profile("devnet");
        options.log_ahead = 2 * KiB;
        auto opened = snapshot::DurableEngine::open(outside.files, "data/engine", engine_options, m_random,
                                                    outside.clock, m_inline);
        EXPECT_TRUE(opened.ok()) << opened.error().text();
        if (!opened.ok()) return;
        engine = std::move(*opened);
        follower = std::make_unique<Follower>(outside.world, *engine, std::move(options), *this);
        follower->start();
    }
    ~TestFollower() override { stop(); }

    void stop() {
        if (!follower) return;
        bool stopped = false;
        follower->stop([&] { stopped = true; });
        EXPECT_TRUE(m_outside.run_until([&] { return stopped; }));
        follower.reset();
        engine.reset();
    }

    void on_head(const chain::HeadChanges& changes) override { heads.push_back(changes); }
    void on_state() override { states.push_back(follower ? follower->status().state : SyncState::bootstrapping); }

    [[nodiscard]] const FollowerStatus& status() const { return follower->status(); }

    /// Until it stands at the head of a node that has nothing more to come.
    [[nodiscard]] bool reaches(const Devnet& devnet, Clock::Duration limit = std::chrono::hours(2)) {
        return m_outside.run_until(
            [&] {
                const Devnet::Status there = devnet.status();
                return there.ended && status().state == SyncState::synced &&
                       engine->engine().stats().head == there.head;
            },
            limit);
    }

    [[nodiscard]] bool in_state(SyncState state, Clock::Duration limit = std::chrono::minutes(10)) {
        return m_outside.run_until([&] { return status().state == state; }, limit);
    }

    /// The engine against the reference: the snapshot of its head byte for byte, and each count.
    void expect_right(const reference::Blocks& blocks) {
        ASSERT_NE(engine, nullptr);
        for (const std::string& finding :
             reference::check_engine(engine->engine(), blocks, small_engine().recent_stateroots))
            ADD_FAILURE() << finding;
    }

    std::unique_ptr<snapshot::DurableEngine> engine;
    std::unique_ptr<Follower> follower;
    std::vector<chain::HeadChanges> heads;
    std::vector<SyncState> states;

private:
    Outside& m_outside;
    SeededRandom m_random{99};
    InlineExecutor m_inline;
};

}    // namespace filfil::node
