// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/url.hpp"
#include "base/world.hpp"
#include "node/devnet/chain.hpp"
#include "snapshot/recipe.hpp"

#include <functional>
#include <memory>
#include <string>

namespace filfil::showcase {

/// The contract that pays for snapshots, played beside a devnet without any other program: an EVM node over its model
/// in this process, with providers, an operator and a past, at an URL for node::DevnetOptions::evm.
///
///     auto show = Showcase::make(world, {});
///     options.evm = (*show)->url();
///     auto devnet = Devnet::make(world, chain, options);
///     (*show)->watch(chain, head, epoch);
///     (*devnet)->start();
///
/// make(), url() and facts() on any thread, everything else on the loop. It may be destroyed on any thread once the
/// devnet is gone; what it still has on the loop ends by a task there, so the world must outlive those.
class Showcase {
public:
    struct Options {
        /// Of manifests that a daemon's market of the kind "file" writes: they are sealed. "": the watcher's miner
        /// stores nothing.
        std::string deals{};
    };

    /// What a daemon has to be told.
    struct Facts {
        std::string contract;    ///< "0x…"
        std::string wallet;      ///< "t410f…": the devnet signs for it; owns the miner
        std::string miner;       ///< "t01000"
        snapshot::Recipe recipe{};
    };

    static Result<std::unique_ptr<Showcase>> make(World& world, Options options);
    ~Showcase();
    Showcase(const Showcase&) = delete;
    Showcase& operator=(const Showcase&) = delete;

    [[nodiscard]] Url url() const;
    [[nodiscard]] Facts facts() const;

    /// Plays the past, in which the watcher's miner is scripted too: its snapshots take about a second.
    /// @param chain the devnet's, which must be there until close()
    /// @param head its tipset now
    /// @param epoch of the head
    void watch(node::DevnetChain& chain, std::function<chain::TipsetKey()> head, Epoch epoch);

    /// Nobody acts any more, and what watch() was given may go.
    void close();

private:
    struct Impl;
    explicit Showcase(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

}    // namespace filfil::showcase
