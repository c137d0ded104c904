// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "commp/cpu_backend.hpp"
#include "node/devnet/generated_chain.hpp"
#include "outside.hpp"
#include "showcase/play.hpp"

#include <gtest/gtest.h>

namespace filfil::showcase {

inline std::unique_ptr<node::GeneratedChain> small_chain(std::uint64_t seed = 1) {
    node::GeneratedChain::Options options;
    options.chain.seed = seed;
    options.chain.state_bytes = 64 * KiB;
    options.chain.tipset_bytes = 2 * KiB;
    options.chain.blocks_per_tipset = 1;
    options.chain.messages_per_block = 2;
    options.chain.null_rate = 60;
    options.chain.fork_rate = 0;
    return std::move(node::GeneratedChain::make(options).value());
}

/// A play before a devnet's chain whose head is far ahead.
struct PlayRig {
    static constexpr std::uint64_t events = 500;

    Outside outside;
    InlineExecutor here;
    std::unique_ptr<commp::Backend> backend =
        std::move(commp::make_cpu_backend("portable", here, outside.world.clock).value());
    std::unique_ptr<node::GeneratedChain> devnet = small_chain();
    const node::DevnetChain::Known* head = nullptr;
    incentive::model::ModelChain chain;
    incentive::EthAddress wallet = person(200);
    Play play{chain, *backend, outside.log, {}, wallet};

    PlayRig() {
        for (std::uint64_t event = 0; event <= events; ++event)
            head = devnet->tipset(devnet->step().value().back().key).value();
        EXPECT_TRUE(play.set_up().ok());
        play.watch(*devnet, [this](Epoch at) { return devnet->at(at, *head); });
    }

    void run_to(std::uint64_t epoch) {
        while (chain.head() < epoch) {
            play.act();
            chain.mine();
        }
    }

    /// How often an event of the contract stands in the chain.
    template <class Event>
    std::vector<Event> told() const {
        std::vector<Event> out;
        for (const auto& block : chain.blocks())
            for (const auto& done : block.transactions)
                for (const auto& [at, log] : done.logs)
                    if (auto event = incentive::decode_log<Event>(log.topics, log.data); event.ok())
                        out.push_back(*std::move(event));
        return out;
    }
};

}    // namespace filfil::showcase
