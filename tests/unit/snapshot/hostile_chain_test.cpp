// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// What a broken or lying node, CAR or caller can hand the engine: an error that names it, and everything as before.
#include "cbor_bytes.hpp"
#include "followed_chain.hpp"
#include "random_dag.hpp"
#include "reference_cbor.hpp"
#include "seeds.hpp"

#include <limits>

namespace filfil::snapshot {
namespace {

using chain::HeadChange;
using ipld::Cid;
using ipld::Codec;
using reference::CborBytes;
using reference::HeaderSpec;
using reference::identity_cid;
using reference::put_block;

bool names(const Error& error, const Cid& cid) { return error.message.find(cid.text()) != std::string::npos; }

class HostileChain : public testing::Test {
protected:
    static EngineOptions roomy_window() {
        EngineOptions out = FollowedChain::small_window();
        out.store.arena.segment_bits = 18;
        return out;
    }

    HostileChain() : followed(5, {}, roomy_window()) {
        followed.start(30);
        before = followed.state();
    }

    [[nodiscard]] HeaderSpec next() const {
        const reference::RandomTipset& at = followed.chain.tipsets[followed.head];
        const Cid empty = ipld::cid_of_block(Codec::raw, {});
        return {{}, at.key, at.height + 1, at.states.front(), empty, at.messages.front()};
    }

    Cid put(const HeaderSpec& spec) { return put_block(followed.chain.blocks, Codec::dag_cbor, encode_header(spec)); }

    /// The head change that applies this header must fail, and change nothing.
    Error expect_refused(const Cid& header, std::int64_t height) {
        return expect_refused({{HeadChange::Type::apply, {header}, Epoch{height}}});
    }

    Error expect_refused(const std::vector<HeadChange>& changes) {
        const auto applied = followed.engine->apply(changes, followed.source);
        EXPECT_FALSE(applied.ok());
        EXPECT_TRUE(followed.state() == before);
        followed.check();
        return applied.ok() ? Error(ErrorCode::internal, "applied") : applied.error();
    }

    Cid no_block() {
        Bytes digest(32);
        followed.random.fill(digest);
        return Cid(Codec::dag_cbor, {ipld::HashCode::blake2b_256, digest});
    }

    FollowedChain followed;
    FollowedChain::Before before;
};

TEST_F(HostileChain, ADeadLinkIsNamedWithTheTipset) {
    HeaderSpec spec = next();
    const Cid dead = no_block();
    spec.state_root =
        put_block(followed.chain.blocks, Codec::dag_cbor, CborBytes().list(2).link(dead).number(1).bytes());
    const Cid header = put(spec);
    const Error error = expect_refused(header, spec.height);
    EXPECT_EQ(error.code, ErrorCode::not_found);
    EXPECT_TRUE(names(error, dead)) << error.message;
    EXPECT_TRUE(names(error, spec.state_root)) << error.message;
    EXPECT_TRUE(names(error, header)) << error.message;
}

TEST_F(HostileChain, ABlockWithAWrongHashIsNamed) {
    HeaderSpec spec = next();
    Bytes data = CborBytes().list(0).bytes();
    const Cid liar = no_block();
    followed.chain.blocks.emplace(liar, std::move(data));
    spec.messages = liar;
    const Error error = expect_refused(put(spec), spec.height);
    EXPECT_EQ(error.code, ErrorCode::mismatch);
    EXPECT_TRUE(names(error, liar)) << error.message;
}

TEST_F(HostileChain, ABlockThatTheLinkScanRefusesIsNamed) {
    for (const std::string_view text : {"", "9f00ff", "8101", "d82a4100", "d82a01", "8201", "1801", "5f4100ff"}) {
        HeaderSpec spec = next();
        Bytes data = from_hex(text).value();
        if (text == "8101") data = from_hex("8118").value();
        const Cid broken = put_block(followed.chain.blocks, Codec::dag_cbor, std::move(data));
        spec.state_root = put_block(followed.chain.blocks, Codec::dag_cbor, CborBytes().list(1).link(broken).bytes());
        ASSERT_FALSE(reference::links_of(followed.chain.blocks.at(broken)).ok()) << text;
        const Error error = expect_refused(put(spec), spec.height);
        EXPECT_TRUE(error.code == ErrorCode::corrupt || error.code == ErrorCode::truncated) << error.text();
        EXPECT_TRUE(names(error, broken)) << error.message;
    }
}

TEST_F(HostileChain, ABrokenBlockInAnIdentityCidIsRefused) {
    HeaderSpec spec = next();
    const Cid broken = identity_cid(Codec::dag_cbor, from_hex("8201").value());
    spec.state_root = put_block(followed.chain.blocks, Codec::dag_cbor, CborBytes().list(1).link(broken).bytes());
    const Error error = expect_refused(put(spec), spec.height);
    EXPECT_TRUE(error.code == ErrorCode::corrupt || error.code == ErrorCode::truncated) << error.text();
    spec.state_root = broken;
    expect_refused(put(spec), spec.height);
    spec.state_root = identity_cid(Codec::dag_cbor, {});
    expect_refused(put(spec), spec.height);
}

TEST_F(HostileChain, HeadersOf15FieldsAreUnsupported) {
    Bytes data = encode_header(next());
    data.front() = std::byte{0x8f};
    data.pop_back();
    const Cid header = put_block(followed.chain.blocks, Codec::dag_cbor, std::move(data));
    const Error error = expect_refused(header, next().height);
    EXPECT_EQ(error.code, ErrorCode::unsupported) << error.text();
    EXPECT_TRUE(names(error, header)) << error.message;
    Engine fresh(followed.options, followed.random, followed.clock);
    EXPECT_EQ(fresh.start({header}, followed.source).error().code, ErrorCode::unsupported);
}

TEST_F(HostileChain, WhatIsNoHeaderIsNoHead) {
    for (const Cid& cid :
         {put_block(followed.chain.blocks, Codec::raw, to_bytes(bytes_of("no header"))),
          put_block(followed.chain.blocks, Codec::dag_cbor, CborBytes().list(0).bytes()),
          followed.chain.tipsets[3].states.front(), no_block(), identity_cid(Codec::dag_cbor, encode_header(next()))}) {
        expect_refused(cid, next().height);
        Engine fresh(followed.options, followed.random, followed.clock);
        EXPECT_FALSE(fresh.start({cid}, followed.source).ok());
        EXPECT_EQ(fresh.stats().store.live_blocks, 0U);
    }
    Engine fresh(followed.options, followed.random, followed.clock);
    EXPECT_FALSE(fresh.start({}, followed.source).ok());
    expect_refused({{HeadChange::Type::apply, {}, Epoch{40}}});
}

TEST_F(HostileChain, HeightsHaveToRise) {
    HeaderSpec spec = next();
    for (const std::int64_t height : {spec.height - 1, std::int64_t{0}, std::int64_t{1}}) {
        spec.height = height;
        expect_refused(put(spec), height);
    }
}

TEST_F(HostileChain, AHeightFarAheadIsJustALongNullRound) {
    HeaderSpec spec = next();
    spec.height = std::numeric_limits<std::int64_t>::max();
    const Cid header = put(spec);
    const std::vector<HeadChange> there{{HeadChange::Type::apply, {header}, Epoch{spec.height}}};
    const std::vector<HeadChange> back{{HeadChange::Type::revert, {header}, Epoch{spec.height}}};
    ASSERT_TRUE(followed.engine->apply(there, followed.source).ok());
    ASSERT_TRUE(followed.engine->settle().ok());
    EXPECT_TRUE(followed.engine->audit(false).good());
    const auto layout = followed.engine->layout({.key = {header}}, {.recent_stateroots = 3});
    ASSERT_TRUE(layout.ok()) << layout.error().text();
    expect_layout(**layout, expected_car(followed.chain.blocks, {header}, 3, true), followed.random);
    ASSERT_TRUE(followed.engine->apply(back, followed.source).ok());
    ASSERT_TRUE(followed.engine->settle().ok());
    EXPECT_TRUE(followed.engine->audit(false).good());
}

TEST_F(HostileChain, ChangesThatDoNotFitTheHeadAreRefused) {
    const auto& tipsets = followed.chain.tipsets;
    const reference::RandomTipset& at = tipsets[followed.head];
    const reference::RandomTipset& below = tipsets[*at.parent];
    const reference::RandomTipset& other = tipsets[followed.head + 5];
    using enum HeadChange::Type;
    const Epoch height{at.height};
    EXPECT_EQ(expect_refused({{revert, {no_block()}, height}}).code, ErrorCode::not_found);
    EXPECT_EQ(expect_refused({{revert, below.key, Epoch{below.height}}}).code, ErrorCode::invalid_argument);
    EXPECT_EQ(expect_refused({{revert, at.key, Epoch{at.height + 1}}}).code, ErrorCode::mismatch);
    expect_refused({{revert, at.key, height}, {revert, at.key, height}});
    expect_refused({{apply, at.key, height}});
    expect_refused({{apply, below.key, Epoch{below.height}}});
    expect_refused({{current, below.key, Epoch{below.height}}});
    expect_refused({{revert, at.key, height}, {apply, at.key, height}, {revert, other.key, Epoch{other.height}}});
    // Down to genesis, and one further.
    std::vector<HeadChange> down;
    for (const std::size_t i : followed.chain.line(followed.head))
        down.push_back({revert, tipsets[i].key, Epoch{tipsets[i].height}});
    expect_refused(down);
    const HeaderSpec spec = next();
    expect_refused({{apply, {put(spec)}, Epoch{spec.height + 1}}});
    // One that nobody has seen before, and that stands elsewhere.
    HeaderSpec stray = spec;
    stray.parents = below.key;
    EXPECT_EQ(expect_refused(put(stray), stray.height).code, ErrorCode::invalid_argument);
    // A tipset of blocks that do not belong together.
    HeaderSpec twin = spec;
    ++twin.height;
    expect_refused({{apply, {put(spec), put(twin)}, Epoch{spec.height}}});
    expect_refused({{apply, {put(spec), put(spec)}, Epoch{spec.height}}});
}

TEST_F(HostileChain, AChangeThatFailsAtItsEndIsUndoneWhole) {
    const std::size_t target = 55;
    std::vector<HeadChange> changes = followed.changes_to(target);
    changes.push_back({HeadChange::Type::apply, {no_block()}, Epoch{1000}});
    EXPECT_EQ(expect_refused(changes).code, ErrorCode::not_found);
    followed.go_to(target);
    followed.check();
}

/// Hands out too few blocks.
class MiserlySource final : public BlockSource {
public:
    explicit MiserlySource(BlockSource& source) : m_source(source) {}
    [[nodiscard]] std::vector<Result<Bytes>> fetch(std::span<const Cid> cids) override {
        auto out = m_source.fetch(cids);
        out.pop_back();
        return out;
    }

private:
    BlockSource& m_source;
};

TEST_F(HostileChain, ASourceThatAnswersLessThanAskedIsNoWayOut) {
    MiserlySource source(followed.source);
    ASSERT_FALSE(followed.engine->apply(followed.changes_to(35), source).ok());
    EXPECT_TRUE(followed.state() == before);
    SeededRandom random(1);
    BlockStore store({.arena = {.segment_bits = 20, .huge_pages = false}}, random);
    EXPECT_FALSE(store.link(followed.chain.tipsets[9].states, source).ok());
    EXPECT_EQ(store.stats().stored_blocks, 0U);
}

TEST_F(HostileChain, AChainOfAHundredThousandBlocksTakesNoStack) {
    Cid cid = put_block(followed.chain.blocks, Codec::raw, to_bytes(bytes_of("the end")));
    for (std::uint64_t i = 0; i < 100'000; ++i)
        cid = put_block(followed.chain.blocks, Codec::dag_cbor, CborBytes().list(2).number(i).link(cid).bytes());
    CborBytes nested;
    for (int i = 0; i < 100'000; ++i) nested.list(1);
    nested.link(cid);
    HeaderSpec spec = next();
    spec.state_root = put_block(followed.chain.blocks, Codec::dag_cbor, std::move(nested).bytes());
    const Cid header = put(spec);
    const std::vector<HeadChange> there{{HeadChange::Type::apply, {header}, Epoch{spec.height}}};
    const auto applied = followed.engine->apply(there, followed.source);
    ASSERT_TRUE(applied.ok()) << applied.error().text();
    {
        const auto layout = followed.engine->layout({.key = {header}}, {.recent_stateroots = 2});
        ASSERT_TRUE(layout.ok()) << layout.error().text();
        expect_layout(**layout, expected_car(followed.chain.blocks, {header}, 2, true), followed.random);
    }
    EXPECT_TRUE(followed.engine->audit(false).good());
    const std::vector<HeadChange> back{{HeadChange::Type::revert, {header}, Epoch{spec.height}}};
    ASSERT_TRUE(followed.engine->apply(back, followed.source).ok());
    // The fork is near, so it is kept; a long way on it goes, link by link.
    followed.go_to(59);
    followed.check();
    EXPECT_LT(followed.engine->stats().store.live_blocks, 10'000U);
}

TEST_F(HostileChain, AStepLargerThanAStepMayBeIsRefused) {
    EngineOptions options = FollowedChain::small_window();
    options.link.blocks = 10;
    FollowedChain small(5, {}, options);
    small.start(0);
    const auto state = small.state();
    const Cid root = reference::RandomDag(small.random, small.chain.blocks).tree(100);
    HeaderSpec spec{{}, small.chain.tipsets[0].key, 1, root, root, root};
    std::vector<Cid> leaves;
    CborBytes wide;
    wide.list(20);
    for (std::uint64_t i = 0; i < 20; ++i)
        wide.link(put_block(small.chain.blocks, Codec::raw, CborBytes().number(1'000'000 + i).bytes()));
    spec.state_root = put_block(small.chain.blocks, Codec::dag_cbor, std::move(wide).bytes());
    const Cid header = put_block(small.chain.blocks, Codec::dag_cbor, encode_header(spec));
    const std::vector<HeadChange> there{{HeadChange::Type::apply, {header}, Epoch{1}}};
    const auto applied = small.engine->apply(there, small.source);
    ASSERT_FALSE(applied.ok());
    EXPECT_EQ(applied.error().code, ErrorCode::too_large) << applied.error().text();
    EXPECT_TRUE(small.state() == state);
    small.check();
}

TEST_F(HostileChain, AtTheMemoryLimitTheEngineStaysAsItWas) {
    EngineOptions options = FollowedChain::small_window();
    options.store.memory_limit = 512 * KiB;
    FollowedChain small(5, {}, options);
    small.start(0);
    // Steps that bring in more and more, until one is too much.
    for (std::uint64_t size = 8 * KiB;; size *= 2) {
        ASSERT_LT(size, 4 * MiB);
        const auto state = small.state();
        const reference::RandomTipset& at = small.chain.tipsets[0];
        CborBytes wide;
        wide.list(size / KiB);
        for (std::uint64_t i = 0; i < size / KiB; ++i) {
            Bytes data(KiB);
            small.random.fill(data);
            wide.link(put_block(small.chain.blocks, Codec::raw, std::move(data)));
        }
        const Cid root = put_block(small.chain.blocks, Codec::dag_cbor, std::move(wide).bytes());
        const HeaderSpec spec{{}, at.key, 1, root, root, at.messages.front()};
        const Cid header = put_block(small.chain.blocks, Codec::dag_cbor, encode_header(spec));
        const std::vector<HeadChange> there{{HeadChange::Type::apply, {header}, Epoch{1}}};
        const auto applied = small.engine->apply(there, small.source);
        if (!applied.ok()) {
            EXPECT_EQ(applied.error().code, ErrorCode::too_large) << applied.error().text();
            EXPECT_NE(applied.error().message.find("limit"), std::string::npos) << applied.error().message;
            EXPECT_FALSE(applied.error().remedy.empty());
            EXPECT_TRUE(small.state() == state);
            EXPECT_TRUE(small.engine->audit(false).good());
            break;
        }
        const std::vector<HeadChange> back{{HeadChange::Type::revert, {header}, Epoch{1}}};
        ASSERT_TRUE(small.engine->apply(back, small.source).ok());
    }
}

TEST_F(HostileChain, AWindowWithoutEndKeepsEverything) {
    EngineOptions options = FollowedChain::small_window();
    options.recent_stateroots = std::numeric_limits<std::int64_t>::max();
    FollowedChain all(5, {}, options);
    all.start(0);
    all.go_to(40);
    ASSERT_TRUE(all.engine->settle().ok());
    EXPECT_TRUE(all.engine->audit(false).good());
    const auto layout =
        all.engine->layout({.key = all.chain.tipsets[40].key}, {.recent_stateroots = options.recent_stateroots});
    ASSERT_TRUE(layout.ok()) << layout.error().text();
    expect_layout(**layout, expected_car(all.chain.blocks, all.chain.tipsets[40].key, options.recent_stateroots, true),
                  all.random);
}

TEST_F(HostileChain, AStateThatLeadsToAHeaderDoesNotConfuseTheCounts) {
    const reference::RandomTipset& genesis = followed.chain.tipsets[0];
    HeaderSpec spec = next();
    // The header's receipts are nowhere, so the whole cannot be had; nor may the header be lost with it.
    spec.state_root =
        put_block(followed.chain.blocks, Codec::dag_cbor, CborBytes().list(1).link(genesis.key.front()).bytes());
    const Cid header = put(spec);
    const std::vector<HeadChange> there{{HeadChange::Type::apply, {header}, Epoch{spec.height}}};
    const auto applied = followed.engine->apply(there, followed.source);
    ASSERT_TRUE(followed.engine->settle().ok());
    EXPECT_TRUE(followed.engine->audit(false).good());
    if (applied.ok()) {
        EXPECT_EQ(followed.engine->layout({.key = {header}}, {.recent_stateroots = 2}).error().code,
                  ErrorCode::unsupported);
        const std::vector<HeadChange> back{{HeadChange::Type::revert, {header}, Epoch{spec.height}}};
        ASSERT_TRUE(followed.engine->apply(back, followed.source).ok());
    }
    followed.go_to(59);
    ASSERT_TRUE(followed.engine->settle().ok());
    EXPECT_TRUE(followed.engine->audit(false).good());
    const auto layout = followed.engine->layout({.key = followed.chain.tipsets[59].key}, {.recent_stateroots = 4});
    ASSERT_TRUE(layout.ok()) << layout.error().text();
    expect_layout(**layout, expected_car(followed.chain.blocks, followed.chain.tipsets[59].key, 4, true),
                  followed.random);
}

/// A CAR of a chain for load(), with something wrong.
class HostileCar : public testing::TestWithParam<std::uint64_t> {
protected:
    HostileCar() : followed(GetParam() + 50), tipset(followed.random.below(20) + 30) {
        const reference::Walk walk =
            reference::walk(followed.chain.blocks, followed.chain.tipsets[tipset].key,
                            {followed.options.recent_stateroots, true, reference::Rules::lotus});
        EXPECT_FALSE(walk.fault);
        order = walk.order;
    }

    Result<LoadReport> load(const reference::Blocks& blocks) {
        const Bytes file = reference::car_bytes(blocks, followed.chain.tipsets[tipset].key, order);
        auto reader = car::Reader::open(memory_file("hostile.car", file));
        EXPECT_TRUE(reader.ok());
        InlineExecutor executor;
        return followed.engine->load(*reader, executor, {});
    }

    [[nodiscard]] bool is_header(const Cid& cid) const {
        return reference::read_header(followed.chain.blocks.at(cid)).ok();
    }

    FollowedChain followed;
    std::size_t tipset;
    std::vector<Cid> order;
};

TEST_P(HostileCar, TheFirstMissingBlockInCanonicalOrderIsNamedWithItsHeader) {
    reference::Blocks left = followed.chain.blocks;
    for (std::uint64_t i = 1 + followed.random.below(3); i > 0; --i) {
        const auto gone = order.begin() + static_cast<long>(followed.random.below(order.size()));
        left.erase(*gone);
        order.erase(gone);
    }
    // A gap in the chain of headers comes before all gaps beside it.
    const chain::TipsetKey& head = followed.chain.tipsets[tipset].key;
    reference::Walk walk = reference::walk(left, head, {0, true, reference::Rules::lotus});
    if (!walk.fault || !is_header(walk.fault->block))
        walk = reference::walk(left, head, {followed.options.recent_stateroots, true, reference::Rules::lotus});
    ASSERT_TRUE(walk.fault);
    for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[followed.random.below(i)]);
    const auto loaded = load(left);
    ASSERT_FALSE(loaded.ok());
    EXPECT_EQ(loaded.error().code, ErrorCode::not_found) << loaded.error().text();
    EXPECT_TRUE(names(loaded.error(), walk.fault->block))
        << loaded.error().message << "\nexpected " << walk.fault->block.text();
    if (!walk.fault->header.empty())
        EXPECT_TRUE(names(loaded.error(), walk.fault->header))
            << loaded.error().message << "\nexpected " << walk.fault->header.text();
}

TEST_P(HostileCar, AWrongHashIsNamed) {
    reference::Blocks wrong = followed.chain.blocks;
    const Cid liar = order[followed.random.below(order.size())];
    wrong.at(liar).push_back(std::byte{0});
    const auto loaded = load(wrong);
    ASSERT_FALSE(loaded.ok());
    EXPECT_EQ(loaded.error().code, ErrorCode::mismatch) << loaded.error().text();
    EXPECT_TRUE(names(loaded.error(), liar)) << loaded.error().message;
}

TEST_P(HostileCar, BlocksThatStandTwiceAndBlocksThatNobodyNeedsDoNoHarm) {
    std::vector<Cid> all;
    for (const auto& [cid, data] : followed.chain.blocks) all.push_back(cid);
    std::ranges::sort(all);
    all.insert(all.end(), order.begin(), order.end());
    all.push_back(identity_cid(Codec::raw, bytes_of("inlined")));
    followed.chain.blocks.emplace(all.back(), to_bytes(bytes_of("inlined")));
    order = all;
    const auto loaded = load(followed.chain.blocks);
    ASSERT_TRUE(loaded.ok()) << loaded.error().text();
    followed.head = tipset;
    followed.chain.blocks.erase(all.back());
    followed.check();
}

INSTANTIATE_TEST_SUITE_P(Seeds, HostileCar, testing::Range(std::uint64_t{0}, seeds(12)));

}    // namespace
}    // namespace filfil::snapshot
