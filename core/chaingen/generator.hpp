// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "chain/head_change.hpp"
#include "chaingen/block_sink.hpp"
#include "chaingen/config.hpp"

#include <cstdint>
#include <memory>

namespace filfil::chaingen {

/// Makes a Filecoin chain that never was, step by step: blocks in the shapes and sizes of mainnet's, with forks and
/// null rounds. Signatures and proofs are random bytes; receipts are linked and not made, as no snapshot holds them.
///
/// As on a node, a header names the state after its parents. So the blocks of that state come when the first child of
/// a tipset is made, and once, though children on other branches share it.
///
/// The same Config gives the same blocks in the same order on every machine. Memory grows with the state (about 1/20 of
/// it), not with the chain. Not thread-safe.
class Generator {
public:
    /// @param sink must outlive this
    /// @return the errors of Config::check
    static Result<Generator> make(const Config& config, BlockSink& sink);

    Generator(Generator&&) noexcept;
    Generator& operator=(Generator&&) noexcept;
    ~Generator();

    /// Goes one step on: what ChainNotify would tell, after all blocks up to the new head were given to the sink. The
    /// first step makes the genesis state and gives [current]; each other step applies at least one tipset.
    /// @return empty once Config::tipsets are reached; what the sink returned, and then nothing more may be asked
    Result<chain::HeadChanges> next();

    /// The head's key; empty before the first step.
    [[nodiscard]] const chain::TipsetKey& head() const noexcept;
    [[nodiscard]] Epoch epoch() const noexcept;

    /// Blocks given to the sink so far, and what they take as sections of a CAR.
    [[nodiscard]] std::uint64_t blocks() const noexcept;
    [[nodiscard]] std::uint64_t section_bytes() const noexcept;

private:
    struct Impl;
    explicit Generator(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

}    // namespace filfil::chaingen
