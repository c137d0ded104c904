// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "layout_check.hpp"
#include "map_source.hpp"
#include "random_chain.hpp"
#include "snapshot/engine.hpp"
#include "store_contents.hpp"

#include "base/clock.hpp"

#include <map>
#include <memory>
#include <set>
#include <vector>

namespace filfil::snapshot {

/// An engine that follows a random chain, and what it has to hold. Tests hand it events; after each of them check()
/// holds it to the reference.
class FollowedChain {
public:
    static EngineOptions small_window() {
        EngineOptions out;
        out.store.arena = {.segment_bits = 16, .huge_pages = false};
        out.recent_stateroots = 6;
        out.slack = 5;
        return out;
    }

    explicit FollowedChain(std::uint64_t seed, const reference::ChainShape& shape = {},
                           const EngineOptions& engine_options = small_window());

    /// Starts at a tipset with the source, or with a shuffled CAR of `recent` epochs.
    void start(std::size_t tipset);
    void load(std::size_t tipset, std::int64_t recent);

    /// Head changes to another tipset; in one array, or in several.
    [[nodiscard]] std::vector<chain::HeadChange> changes_to(std::size_t tipset) const;
    void go_to(std::size_t tipset);

    /// The same, each fetch failing once; after every failure all is as it was.
    void go_to_with_failures(std::size_t tipset);

    /// A tipset near the head: mostly above it, sometimes far away or on another fork.
    [[nodiscard]] std::size_t somewhere();

    /// Takes a hold on a tipset of the head's chain, if the engine has all it takes; releases one.
    void hold();
    void release();

    /// Lays out a tipset of the head's chain or of a hold, and keeps some of the layouts for later.
    void lay_out();
    void check_layouts();
    void drop_layouts() { m_layouts.clear(); }

    /// With nothing dead left: the blocks stored, their bytes, their sums, the roots pinned.
    void check();

    struct Before {
        chain::TipsetKey head;
        std::map<ipld::Cid, std::uint64_t> pins;
        std::vector<ipld::Cid> headers;
        std::uint64_t tipsets = 0;
        std::uint64_t live_blocks = 0;
        std::uint64_t live_bytes = 0;
        bool operator==(const Before&) const = default;
    };
    [[nodiscard]] Before state();

    EngineOptions options;
    SeededRandom random;
    reference::RandomChain chain;
    MapSource source{chain.blocks};
    SystemClock clock;
    std::unique_ptr<Engine> engine;
    std::size_t head = 0;

private:
    struct KeptLayout {
        std::unique_ptr<Layout> layout;
        ExpectedCar expected;
    };
    struct KeptHold {
        std::uint64_t number = 0;
        std::size_t tipset = 0;
        std::int64_t recent = 0;
    };

    [[nodiscard]] std::vector<ipld::Cid> roots_of(std::size_t tipset, std::int64_t recent, bool all_messages) const;
    void expect_live(const reference::LiveSet& live, const std::vector<ipld::Cid>& roots) const;

    std::map<std::uint64_t, KeptHold> m_holds;
    std::vector<KeptLayout> m_layouts;
};

}    // namespace filfil::snapshot
