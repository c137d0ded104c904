// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "chaingen/generator.hpp"
#include "node/devnet/chain.hpp"

#include <deque>
#include <unordered_map>
#include <vector>

namespace filfil::node {

/// A chain that is made while it goes on, kept in memory.
class GeneratedChain final : public DevnetChain {
public:
    /// A node that keeps less than this forgets what the generator may still come back to.
    static constexpr std::int64_t least_retention = 100;

    struct Options {
        chaingen::Config chain;

        /// Epochs whose states and messages are kept, as a node that prunes does it; forks are kept as long. Genesis
        /// and all headers stay. Nothing: everything is kept.
        std::optional<std::int64_t> retention{};
    };

    /// @return Error::invalid_argument for a chain that cannot be made, or for a retention that is too short
    static Result<std::unique_ptr<GeneratedChain>> make(const Options& options);

    [[nodiscard]] Result<chain::HeadChanges> step() override;
    [[nodiscard]] std::optional<Clock::Duration> due(Epoch epoch) const override;

    /// Blocks that are kept.
    [[nodiscard]] std::size_t blocks() const noexcept { return m_lasting.size() + m_passing.size(); }

protected:
    [[nodiscard]] Result<Bytes> stored(const ipld::Cid& cid) override;

private:
    using Blocks = std::unordered_map<ipld::Cid, Bytes>;

    /// What a tipset keeps from being pruned.
    struct Roots {
        Epoch epoch;
        std::vector<ipld::Cid> roots;
    };

    /// What the generator gives its blocks to.
    class Sink final : public chaingen::BlockSink {
    public:
        explicit Sink(GeneratedChain& chain) : m_chain(chain) {}
        [[nodiscard]] Result<void> block(ByteView cid, ByteView data) override { return m_chain.keep(cid, data); }

    private:
        GeneratedChain& m_chain;
    };

    explicit GeneratedChain(const Options& options) : m_options(options) {}
    Result<void> keep(ByteView cid, ByteView data);
    Result<void> prune(Epoch head);

    Options m_options;
    Sink m_sink{*this};
    std::optional<chaingen::Generator> m_generator;
    Blocks m_lasting;    ///< genesis, and headers
    Blocks m_passing;
    std::deque<Roots> m_roots;
    bool m_started = false;
    Epoch m_pruned;
};

}    // namespace filfil::node
