// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "followed_chain.hpp"

namespace filfil::snapshot {

using ipld::Cid;
using reference::RandomTipset;

FollowedChain::FollowedChain(std::uint64_t seed, const reference::ChainShape& shape,
                             const EngineOptions& engine_options)
    : options(engine_options),
      random(seed + 1000),
      chain(reference::random_chain(seed, shape)),
      engine(std::make_unique<Engine>(options, random, clock)) {}

void FollowedChain::start(std::size_t tipset) {
    const auto started = engine->start(chain.tipsets[tipset].key, source);
    ASSERT_TRUE(started.ok()) << started.error().text();
    head = tipset;
}

void FollowedChain::load(std::size_t tipset, std::int64_t recent) {
    const RandomTipset& at = chain.tipsets[tipset];
    reference::Walk walk =
        reference::walk(chain.blocks, at.key, {recent, !options.keep_all_messages, reference::Rules::lotus});
    ASSERT_FALSE(walk.fault) << walk.fault->why;
    for (std::size_t i = walk.order.size(); i > 1; --i) std::swap(walk.order[i - 1], walk.order[random.below(i)]);
    const Bytes file = reference::car_bytes(chain.blocks, at.key, walk.order);
    auto reader = car::Reader::open(memory_file("snapshot.car", file));
    ASSERT_TRUE(reader.ok()) << reader.error().text();
    InlineExecutor executor;
    const auto loaded = engine->load(*reader, executor, {});
    ASSERT_TRUE(loaded.ok()) << loaded.error().text();
    EXPECT_EQ(loaded->blocks, walk.order.size());
    head = tipset;
}

std::vector<chain::HeadChange> FollowedChain::changes_to(std::size_t tipset) const {
    std::vector<chain::HeadChange> out;
    for (const reference::Step& step : steps_between(chain, head, tipset)) {
        const RandomTipset& at = chain.tipsets[step.tipset];
        out.push_back(
            {step.apply ? chain::HeadChange::Type::apply : chain::HeadChange::Type::revert, at.key, Epoch{at.height}});
    }
    return out;
}

void FollowedChain::go_to(std::size_t tipset) {
    const std::vector<chain::HeadChange> changes = changes_to(tipset);
    const std::size_t arrays = random.below(3) == 0 ? changes.size() : 1;
    for (std::size_t i = 0; i < arrays; ++i) {
        const std::size_t from = changes.size() * i / arrays;
        const std::size_t to = changes.size() * (i + 1) / arrays;
        const auto applied = engine->apply(std::span(changes).subspan(from, to - from), source);
        ASSERT_TRUE(applied.ok()) << applied.error().text();
        if (random.below(3) == 0) ASSERT_TRUE(engine->tick(random.below(20)).ok());
    }
    head = tipset;
}

FollowedChain::Before FollowedChain::state() {
    EXPECT_TRUE(engine->settle().ok());
    const EngineStats stats = engine->stats();
    Before out{.head = stats.head,
               .pins = {},
               .headers = engine->headers(),
               .tipsets = stats.tipsets,
               .live_blocks = stats.store.live_blocks,
               .live_bytes = stats.store.live_bytes};
    for (const auto& [cid, count] : engine->pins()) out.pins[cid] += count;
    std::ranges::sort(out.headers);
    return out;
}

void FollowedChain::go_to_with_failures(std::size_t tipset) {
    const std::vector<chain::HeadChange> changes = changes_to(tipset);
    const Before before = state();
    for (std::uint64_t k = 0; !testing::Test::HasFailure(); ++k) {
        source.fail(k, static_cast<MapSource::Fault>(random.below(MapSource::faults)));
        const auto applied = engine->apply(changes, source);
        const bool failed = source.failed();
        source.heal();
        ASSERT_EQ(applied.ok(), !failed) << (applied.ok() ? "went well" : applied.error().text());
        if (applied.ok()) break;
        EXPECT_TRUE(state() == before) << "after a failure of fetch " << k << ": " << applied.error().text();
    }
    head = tipset;
}

std::size_t FollowedChain::somewhere() {
    const std::size_t count = chain.tipsets.size();
    if (random.below(6) == 0) return random.below(count);
    const std::size_t low = head < 4 ? 0 : head - 4;
    return std::min<std::size_t>(low + random.below(12), count - 1);
}

std::vector<Cid> FollowedChain::roots_of(std::size_t tipset, std::int64_t recent, bool all_messages) const {
    std::vector<Cid> out;
    const std::int64_t above = chain.tipsets[tipset].height - recent;
    for (const std::size_t i : chain.line(tipset)) {
        const RandomTipset& at = chain.tipsets[i];
        if (at.height > above || at.height == 0) out.insert(out.end(), at.states.begin(), at.states.end());
        if (at.height > above || all_messages) out.insert(out.end(), at.messages.begin(), at.messages.end());
    }
    return out;
}

void FollowedChain::hold() {
    const std::vector<std::size_t> line = chain.line(head);
    const std::size_t tipset = line[std::min<std::size_t>(random.below(12), line.size() - 1)];
    const auto recent = static_cast<std::int64_t>(random.below(10));
    TipsetChoice choice;
    if (random.below(2) == 0)
        choice.key = chain.tipsets[tipset].key;
    else
        choice.epoch = Epoch{chain.tipsets[tipset].height};
    const auto held = engine->hold(choice, recent);

    std::set<Cid> pinned;
    for (const auto& [cid, count] : engine->pins()) pinned.insert(cid);
    const std::vector<Cid> roots = roots_of(tipset, recent, false);
    const bool all_pinned = std::ranges::all_of(roots, [&](const Cid& cid) {
        // Roots that are no blocks, and lead to none, need no pin.
        return pinned.contains(cid) || reference::live_set(chain.blocks, {cid}).counts.empty();
    });
    if (held.ok()) {
        m_holds[*held] = {*held, tipset, recent};
    } else {
        EXPECT_EQ(held.error().code, ErrorCode::not_found) << held.error().text();
        EXPECT_FALSE(all_pinned) << held.error().text();
    }
}

void FollowedChain::release() {
    if (m_holds.empty()) return;
    const auto which = std::next(m_holds.begin(), static_cast<long>(random.below(m_holds.size())));
    const auto released = engine->release(which->first);
    ASSERT_TRUE(released.ok()) << released.error().text();
    EXPECT_FALSE(engine->release(which->first).ok());
    m_holds.erase(which);
}

void FollowedChain::lay_out() {
    LayoutOptions wanted;
    wanted.skip_old_msgs = !options.keep_all_messages || random.below(2) == 0;
    std::size_t tipset = head;
    Result<std::unique_ptr<Layout>> made = Error(ErrorCode::internal, "not tried");
    bool must = false;
    if (!m_holds.empty() && random.below(2) == 0) {
        const KeptHold& held = std::next(m_holds.begin(), static_cast<long>(random.below(m_holds.size())))->second;
        tipset = held.tipset;
        wanted.recent_stateroots = static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(held.recent) + 1));
        made = engine->layout_of_hold(held.number, wanted);
        must = wanted.skip_old_msgs;    // a hold keeps no older messages
    } else {
        const std::vector<std::size_t> line = chain.line(head);
        tipset = line[std::min<std::size_t>(random.below(8), line.size() - 1)];
        wanted.recent_stateroots = static_cast<std::int64_t>(random.below(9));
        made = engine->layout({.key = chain.tipsets[tipset].key}, wanted);
        must = chain.tipsets[tipset].height - wanted.recent_stateroots >=
               chain.tipsets[head].height - options.recent_stateroots;
    }
    if (!made.ok()) {
        EXPECT_EQ(made.error().code, ErrorCode::not_found) << made.error().text();
        EXPECT_FALSE(must) << made.error().text();
        return;
    }
    EXPECT_EQ((*made)->head(), chain.tipsets[tipset].key);
    EXPECT_EQ((*made)->epoch().value, chain.tipsets[tipset].height);
    ExpectedCar expected =
        expected_car(chain.blocks, chain.tipsets[tipset].key, wanted.recent_stateroots, wanted.skip_old_msgs);
    expect_layout(**made, expected, random);
    if (random.below(2) == 0) m_layouts.push_back({std::move(*made), std::move(expected)});
    if (m_layouts.size() > 3) m_layouts.erase(m_layouts.begin() + static_cast<long>(random.below(m_layouts.size())));
}

void FollowedChain::check_layouts() {
    for (const KeptLayout& kept : m_layouts) expect_layout(*kept.layout, kept.expected, random);
}

void FollowedChain::expect_live(const reference::LiveSet& live, const std::vector<Cid>& roots) const {
    for (const auto& [cid, count] : reference::live_set(chain.blocks, roots).counts)
        ASSERT_TRUE(live.counts.contains(cid)) << cid.text();
}

void FollowedChain::check() {
    ASSERT_TRUE(engine->settle().ok());
    const EngineStats stats = engine->stats();
    const RandomTipset& at = chain.tipsets[head];
    EXPECT_EQ(stats.head, at.key);
    EXPECT_EQ(stats.epoch.value, at.height);

    // What is stored is what the pins and headers lead to, exactly.
    StoreModel model{chain.blocks, {}, engine->headers()};
    const auto pins = engine->pins();
    for (const auto& [cid, count] : pins) model.pins.insert(model.pins.end(), count, cid);
    const reference::LiveSet live = model.live();
    EXPECT_TRUE(live.missing.empty());
    EXPECT_EQ(stats.store.live_blocks, live.counts.size());
    EXPECT_EQ(stats.store.stored_blocks, live.counts.size());
    EXPECT_EQ(stats.store.live_bytes, live.section_bytes);
    EXPECT_EQ(stats.store.dying, 0U);
    {
        const BlockStore::Reader reader(engine->store());
        for (const auto& [cid, count] : live.counts) {
            const auto found = reader.find(cid.bytes());
            ASSERT_TRUE(found) << cid.text();
            EXPECT_TRUE(std::ranges::equal(found->data, chain.blocks.at(cid))) << cid.text();
        }
    }
    const auto audit = engine->audit(false);
    EXPECT_TRUE(audit.good()) << audit.wrong_counts << " wrong, " << audit.orphans << " orphans, " << audit.missing
                              << " missing";
    EXPECT_EQ(audit.blocks, live.counts.size());

    // Nothing that has to be there lacks.
    expect_live(live, roots_of(head, options.recent_stateroots, options.keep_all_messages));
    for (const auto& [number, held] : m_holds) {
        SCOPED_TRACE("hold on epoch " + std::to_string(chain.tipsets[held.tipset].height));
        expect_live(live, roots_of(held.tipset, held.recent, false));
    }
    const std::multiset<Cid> headers(model.headers.begin(), model.headers.end());
    for (const std::size_t i : chain.line(head))
        for (const Cid& cid : chain.tipsets[i].key)
            EXPECT_TRUE(headers.contains(cid)) << "epoch " << chain.tipsets[i].height;
    EXPECT_EQ(stats.holds, m_holds.size());

    // And nothing is pinned that no rule asks for.
    std::set<Cid> allowed;
    for (const RandomTipset& tipset : chain.tipsets) {
        const bool near = tipset.height > at.height - options.recent_stateroots - options.slack;
        if (near || tipset.height == 0) allowed.insert(tipset.states.begin(), tipset.states.end());
        if (near || options.keep_all_messages) allowed.insert(tipset.messages.begin(), tipset.messages.end());
    }
    if (!m_layouts.empty()) return;
    for (const auto& [number, held] : m_holds)
        for (const Cid& cid : roots_of(held.tipset, held.recent, false)) allowed.insert(cid);
    for (const auto& [cid, count] : pins)
        EXPECT_TRUE(allowed.contains(cid)) << cid.text() << " is pinned, and nothing asks for it";
}

}    // namespace filfil::snapshot
