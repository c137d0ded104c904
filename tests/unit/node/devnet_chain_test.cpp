// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "devnet_rig.hpp"
#include "ipld/link_scan.hpp"
#include "node/devnet/car_walk.hpp"
#include "node/devnet/replay_chain.hpp"
#include "reference_walk.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace filfil::node {
namespace {

using chain::HeadChange;
using Known = DevnetChain::Known;

/// All tipsets that a chain applied, and its head.
struct Seen {
    std::set<chain::TipsetKey> tipsets;
    chain::TipsetKey head;
};

Seen run_events(DevnetChain& chain, std::size_t events) {
    Seen out;
    for (std::size_t i = 0; i < events; ++i) {
        const chain::HeadChanges changes = chain.step().value();
        for (const HeadChange& change : changes)
            if (change.type != HeadChange::Type::revert) out.tipsets.insert(change.key);
        out.head = changes.back().key;
    }
    return out;
}

/// What a snapshot of a tipset needs that is not here.
std::size_t missing_below(DevnetChain& chain, const Known& head, std::int64_t recent) {
    CarWalk walk(chain, head, recent, true);
    while (true) {
        const auto part = walk.next(MiB);
        if (!part.ok()) return 1;
        if (part->empty()) return 0;
    }
}

TEST(DevnetChain, PathsBetweenAllPairsOfTipsetsAreThoseOfTheirParents) {
    const auto chain = small_chain(3);
    const Seen seen = run_events(*chain, 40);
    ASSERT_GT(seen.tipsets.size(), 40U) << "a chain without forks tests little";
    std::map<chain::TipsetKey, std::vector<chain::TipsetKey>> lines;    // down to genesis
    for (const chain::TipsetKey& key : seen.tipsets)
        for (const Known* at = chain->tipset(key).value(); at != nullptr; at = chain->parent(*at).value())
            lines[key].push_back(at->key);
    for (const auto& [from, from_line] : lines)
        for (const auto& [to, to_line] : lines) {
            // The first tipset of one line that is in the other is where they part.
            const auto common = std::ranges::find_if(
                from_line, [&](const auto& key) { return std::ranges::find(to_line, key) != to_line.end(); });
            ASSERT_NE(common, from_line.end());
            std::vector<std::pair<HeadChange::Type, chain::TipsetKey>> want;
            for (auto at = from_line.begin(); at != common; ++at) want.emplace_back(HeadChange::Type::revert, *at);
            const auto end = std::ranges::find(to_line, *common);
            for (auto at = std::make_reverse_iterator(end); at != to_line.rend(); ++at)
                want.emplace_back(HeadChange::Type::apply, *at);
            const chain::HeadChanges path = chain->path(from, to).value();
            ASSERT_EQ(path.size(), want.size());
            for (std::size_t i = 0; i < path.size(); ++i) {
                EXPECT_EQ(path[i].type, want[i].first);
                EXPECT_EQ(path[i].key, want[i].second);
                EXPECT_EQ(path[i].epoch, chain->tipset(path[i].key).value()->epoch);
            }
        }
}

TEST(DevnetChain, ATipsetByEpochIsTheOneBeforeANullRound) {
    const auto chain = small_chain(4);
    const Known& head = *chain->tipset(run_events(*chain, 60).head).value();
    std::map<std::int64_t, const Known*> by_epoch;
    for (const Known* at = &head; at != nullptr; at = chain->parent(*at).value()) by_epoch[at->epoch.value] = at;
    ASSERT_LT(by_epoch.size(), static_cast<std::size_t>(head.epoch.value) + 1) << "there is no null round";
    for (std::int64_t epoch = 0; epoch <= head.epoch.value; ++epoch) {
        const Known* want = std::prev(by_epoch.upper_bound(epoch))->second;
        EXPECT_EQ(chain->at(Epoch{epoch}, head).value()->key, want->key) << epoch;
    }
    EXPECT_EQ(chain->at(Epoch{head.epoch.value + 1}, head).error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(chain->at(Epoch{-1}, head).error().code, ErrorCode::invalid_argument);
}

TEST(DevnetChain, AKeyInAnotherOrderIsTheSameTipset) {
    const auto chain = small_chain(5);
    for (const chain::TipsetKey& key : run_events(*chain, 20).tipsets) {
        chain::TipsetKey turned(key.rbegin(), key.rend());
        EXPECT_EQ(chain->tipset(turned).value()->key, key);
    }
}

TEST(DevnetChain, ABlockOfAnIdentityCidIsWhatItCarries) {
    const auto chain = small_chain();
    const Bytes inlined = to_bytes(bytes_of("inlined"));
    const ipld::Cid cid(ipld::Codec::raw, {ipld::HashCode::identity, inlined});
    EXPECT_EQ(chain->block(cid).value(), inlined);
    const auto missing = chain->block(ipld::cid_of_block(ipld::Codec::raw, inlined));
    ASSERT_FALSE(missing.ok());
    EXPECT_EQ(missing.error().code, ErrorCode::not_found);
}

TEST(GeneratedChain, FiveHundredEventsLeaveEveryTipsetWhole) {
    const auto chain = small_chain(7);
    chain::TipsetKey head;
    for (int event = 0; event <= 500; ++event) {
        const chain::HeadChanges changes = chain->step().value();
        ASSERT_FALSE(changes.empty());
        for (const HeadChange& change : changes) {
            // Reverts begin at the head; what is applied stands on it.
            const Known& tipset = *chain->tipset(change.key).value();
            EXPECT_EQ(tipset.epoch, change.epoch);
            if (change.type == HeadChange::Type::revert) EXPECT_EQ(change.key, head);
            if (change.type == HeadChange::Type::apply) EXPECT_EQ(tipset.parents, head);
            head = change.type == HeadChange::Type::revert ? tipset.parents : change.key;
        }
    }
    const Known& top = *chain->tipset(head).value();
    EXPECT_GT(top.epoch.value, 400);
    EXPECT_EQ(missing_below(*chain, top, top.epoch.value + 1), 0U);
}

TEST(GeneratedChain, TheSameSeedGivesTheSameChain) {
    const auto a = small_chain(9);
    const auto b = small_chain(9);
    const auto c = small_chain(10);
    for (int event = 0; event < 30; ++event) {
        const chain::HeadChanges changes = a->step().value();
        EXPECT_EQ(changes, b->step().value());
        EXPECT_NE(changes, c->step().value());
    }
}

TEST(GeneratedChain, OneThatPrunesKeepsWhatIsRecentAndForgetsTheRest) {
    GeneratedChain::Options options = small_chain_options(11);
    options.retention = GeneratedChain::least_retention;
    const auto chain = std::move(GeneratedChain::make(options).value());
    const auto whole = small_chain(11);
    chain::TipsetKey head;
    for (int event = 0; event < 700; ++event) {
        const chain::HeadChanges changes = chain->step().value();
        EXPECT_EQ(changes, whole->step().value());
        head = changes.back().key;
        if (event % 50 != 0) continue;
        const Known& top = *chain->tipset(head).value();
        ASSERT_EQ(missing_below(*chain, top, *options.retention), 0U) << "at event " << event;
    }
    const Known& top = *chain->tipset(head).value();
    EXPECT_GT(missing_below(*chain, top, 3 * *options.retention), 0U);
    EXPECT_LT(chain->blocks(), whole->blocks() / 2);
    // Headers and the genesis state are there for ever.
    EXPECT_EQ(missing_below(*chain, *chain->at(Epoch{0}, top).value(), 1), 0U);
}

TEST(GeneratedChain, ARetentionThatIsTooShortIsRefused) {
    GeneratedChain::Options options = small_chain_options();
    options.retention = GeneratedChain::least_retention - 1;
    const auto made = GeneratedChain::make(options);
    ASSERT_FALSE(made.ok());
    EXPECT_EQ(made.error().code, ErrorCode::invalid_argument);
    EXPECT_NE(made.error().remedy.find("100"), std::string::npos);
}

/// Blocks out of a map.
class MapBlocks final : public snapshot::BlockSource {
public:
    reference::Blocks blocks;
    std::vector<Result<Bytes>> fetch(std::span<const ipld::Cid> cids) override {
        std::vector<Result<Bytes>> out;
        for (const ipld::Cid& cid : cids)
            if (const auto found = blocks.find(cid); found != blocks.end())
                out.emplace_back(found->second);
            else
                out.emplace_back(Error(ErrorCode::not_found, "no such block"));
        return out;
    }
};

/// All blocks that a chain has below some tipsets.
reference::Blocks blocks_of(DevnetChain& chain, const std::set<chain::TipsetKey>& tipsets) {
    reference::Blocks out;
    std::vector<ipld::Cid> todo;
    for (const chain::TipsetKey& key : tipsets) todo.insert(todo.end(), key.begin(), key.end());
    while (!todo.empty()) {
        const ipld::Cid cid = std::move(todo.back());
        todo.pop_back();
        const auto data = chain.block(cid);
        if (!data.ok() || out.contains(cid)) continue;
        if (cid.hash().code != ipld::HashCode::identity) out.emplace(cid, *data);
        if (cid.codec() != ipld::Codec::dag_cbor) continue;
        EXPECT_TRUE(
            ipld::scan_links(*data, [&](ByteView link) { todo.push_back(ipld::Cid::from_bytes(link).value()); }).ok());
    }
    return out;
}

TEST(CarWalk, GivesTheBytesOfTheReferenceWalkInAnyParts) {
    const auto chain = small_chain(13);
    const Seen seen = run_events(*chain, 50);
    const reference::Blocks blocks = blocks_of(*chain, seen.tipsets);
    const Known& top = *chain->tipset(seen.head).value();
    for (const std::int64_t recent : {std::int64_t{0}, std::int64_t{1}, std::int64_t{10}, top.epoch.value + 10})
        for (const bool skip : {false, true}) {
            const reference::Walk want =
                reference::walk(blocks, top.key, {.recent_state_roots = recent, .skip_old_messages = skip});
            ASSERT_FALSE(want.fault.has_value()) << want.fault->why;
            const Bytes car = reference::car_bytes(blocks, top.key, want.order);
            for (const std::size_t size : {std::size_t{1}, std::size_t{1000}, std::size_t{MiB}}) {
                CarWalk walk(*chain, top, recent, skip);
                Bytes got;
                while (true) {
                    const Bytes part = walk.next(size).value();
                    if (part.empty()) break;
                    got.insert(got.end(), part.begin(), part.end());
                }
                EXPECT_TRUE(got == car) << recent << " roots, skip " << skip << ", parts of " << size;
            }
        }
}

TEST(CarWalk, ABlockThatIsMissingIsNamed) {
    auto chain = small_chain(14);
    const Seen seen = run_events(*chain, 10);
    auto source = std::make_unique<MapBlocks>();
    source->blocks = blocks_of(*chain, seen.tipsets);
    const Bytes header = chain->block(seen.head.front()).value();
    const ipld::Cid state = chain::decode_block_header(header).value().parent_state_root;
    source->blocks.erase(state);
    const Known& top = *chain->tipset(seen.head).value();
    const auto replay =
        std::move(ReplayChain::make(std::move(source), {{{HeadChange::Type::current, top.key, top.epoch}}}).value());
    CarWalk walk(*replay, top, 5, true);
    Result<Bytes> part = walk.next(GiB);
    ASSERT_FALSE(part.ok());
    EXPECT_EQ(part.error().code, ErrorCode::not_found);
    EXPECT_NE(part.error().message.find(state.text()), std::string::npos);
}

TEST(ReplayChain, HasToBeginWithTheCurrentHeadAlone) {
    const ipld::Cid cid = ipld::cid_of_block(ipld::Codec::dag_cbor, {});
    const HeadChange current{HeadChange::Type::current, {cid}, Epoch{1}};
    const HeadChange apply{HeadChange::Type::apply, {cid}, Epoch{1}};
    for (const std::vector<chain::HeadChanges>& events :
         {std::vector<chain::HeadChanges>{}, {{}}, {{apply}}, {{current, apply}}}) {
        const auto made = ReplayChain::make(std::make_unique<MapBlocks>(), events);
        ASSERT_FALSE(made.ok());
        EXPECT_EQ(made.error().code, ErrorCode::invalid_argument);
    }
    const auto made = ReplayChain::make(std::make_unique<MapBlocks>(), {{current}, {apply}});
    ASSERT_TRUE(made.ok());
    EXPECT_EQ((*made)->step().value(), chain::HeadChanges{current});
    EXPECT_EQ((*made)->step().value(), chain::HeadChanges{apply});
    EXPECT_TRUE((*made)->step().value().empty());
    EXPECT_TRUE((*made)->step().value().empty());
}

TEST(ReplayChain, ADamagedFileOfEventsIsToldWithItsLine) {
    CrashFiles files;
    const auto write = [&](const std::string& path, std::string_view text) {
        auto file = std::move(files.create(path).value());
        ASSERT_TRUE(file->write(bytes_of(text)).ok());
        ASSERT_TRUE(file->commit().ok());
    };
    write("/events", "\n[{\"Type\":\"current\"}]\n");
    InlineExecutor executor;
    SeededRandom random(1);
    const auto loaded = ReplayChain::load(files, "/car", "/events", executor, random);
    ASSERT_FALSE(loaded.ok());
    EXPECT_NE(loaded.error().message.find("/events, line 2"), std::string::npos) << loaded.error().text();
    EXPECT_EQ(ReplayChain::load(files, "/car", "/none", executor, random).error().code, ErrorCode::not_found);
}

TEST(Faults, ReadsNamesAndRates) {
    Faults faults;
    for (const Fault fault : all_faults) {
        EXPECT_TRUE(faults.set(std::string(name_of(fault)) + "=0.25").ok());
        EXPECT_EQ(faults.rate(fault), 0.25);
    }
    for (const std::string_view text :
         {"", "drop", "drop=", "drop=x", "drop=1.5", "drop=-0.1", "drop=nan", "drop=0.1x", "=1", "dorp=1"}) {
        const auto set = faults.set(text);
        ASSERT_FALSE(set.ok()) << text;
        EXPECT_EQ(set.error().code, ErrorCode::invalid_argument);
    }
    EXPECT_EQ(faults.rate(Fault::drop), 0.25);
}

TEST(Faults, HappenAtTheirRateAndNeverForEver) {
    SeededRandom random(1);
    Faults faults;
    faults.set(Fault::slow, 0.1);
    int count = 0;
    for (int i = 0; i < 10'000; ++i) count += faults.happens(Fault::slow, random) ? 1 : 0;
    EXPECT_NEAR(count, 1000, 150);
    faults.set(Fault::drop, 1);
    unsigned row = 0;
    for (int i = 0; i < 100; ++i) {
        row = faults.happens(Fault::drop, random) ? row + 1 : 0;
        EXPECT_LE(row, Faults::in_a_row);
        EXPECT_FALSE(faults.happens(Fault::garbage, random));
    }
}

}    // namespace
}    // namespace filfil::node
