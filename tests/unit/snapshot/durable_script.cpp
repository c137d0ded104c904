// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "durable_script.hpp"

#include "car/writer.hpp"
#include "chain/block_header.hpp"
#include "ipld/digest.hpp"
#include "snapshot/children.hpp"
#include "snapshot/roots.hpp"
#include "snapshot/saved_codec.hpp"

#include <algorithm>

namespace filfil::snapshot {
namespace {

Random& same_random() {
    static SeededRandom random(5);
    return random;
}

const Clock& clock_of_tests() {
    static const SystemClock clock;
    return clock;
}

std::string text_of(const Result<std::unique_ptr<Layout>>& layout) {
    if (!layout.ok()) return std::string(name_of(layout.error().code));
    Bytes body((*layout)->body_size());
    if (!(*layout)->read(0, body).ok()) return "unreadable";
    return to_hex(ipld::blake2b_256((*layout)->header())) + to_hex(ipld::blake2b_256(body));
}

std::vector<chain::HeadChange> changes_between(const reference::RandomChain& chain, std::size_t from, std::size_t to) {
    std::vector<chain::HeadChange> out;
    for (const reference::Step& step : reference::steps_between(chain, from, to)) {
        const reference::RandomTipset& tipset = chain.tipsets[step.tipset];
        out.push_back({step.apply ? chain::HeadChange::Type::apply : chain::HeadChange::Type::revert, tipset.key,
                       Epoch{tipset.height}});
    }
    return out;
}

/// As a follower that has read a part of what a change needs: some headers, roots and what these link to.
void write_some_ahead(DurableEngine& engine, const Script::Op& op, BlockSource& source) {
    Bytes sections;
    std::vector<ipld::Cid> written;
    const auto take = [&](const ipld::Cid& cid) -> Bytes {
        auto data = std::move(source.fetch({&cid, 1}).front());
        if (!data.ok()) return {};
        const auto right = ipld::matches(cid.hash(), *data);
        if (!right.ok() || !*right) return {};
        if (std::to_integer<unsigned>(cid.bytes().back()) % 4 != 0) {
            car::append_section(sections, cid.bytes(), *data);
            written.push_back(cid);
        }
        return std::move(*data);
    };
    for (const chain::HeadChange& change : op.changes) {
        if (change.type != chain::HeadChange::Type::apply) continue;
        for (const ipld::Cid& cid : change.key) {
            const auto header = chain::decode_block_header(take(cid));
            if (!header.ok()) continue;
            for (const ipld::Cid& root : {header->messages, header->parent_state_root}) {
                if (kind_of_link(root.bytes()) != LinkKind::block) continue;
                const Bytes data = take(root);
                (void)for_each_child(data, [&](ByteView child) { (void)take(*ipld::Cid::from_bytes(child)); });
            }
        }
    }
    if (!written.empty() && op.changes.size() % 4 != 3) engine.write_ahead(sections, written);
}

/// Most go on from where the chain has come to by then; some go far back.
std::size_t next_target(Random& random, std::size_t frontier) {
    const std::size_t back = random.below(12) == 0 ? random.below(30) : random.below(6);
    return frontier - std::min(frontier, back);
}

}    // namespace

EngineOptions small_engine(std::uint64_t seed) {
    EngineOptions out;
    out.store.arena.segment_bits = 15;
    out.store.arena.huge_pages = false;
    out.recent_stateroots = 4 + static_cast<std::int64_t>(seed % 5);
    out.slack = 2 + static_cast<std::int64_t>(seed % 7);
    out.keep_all_messages = seed % 3 == 0;
    return out;
}

Script make_script(std::uint64_t seed, std::size_t ops, const reference::ChainShape& shape) {
    Script out;
    out.chain = reference::random_chain(seed, shape);
    out.options = small_engine(seed);
    SeededRandom random(seed);
    Engine engine(out.options, same_random(), clock_of_tests());
    MapSource source(out.chain.blocks);
    std::size_t here = 0;
    std::vector<std::uint64_t> holds;
    if (!engine.start(out.chain.tipsets[0].key, source).ok()) return out;
    out.looks.push_back(look_of(engine));
    while (out.ops.size() < ops) {
        Script::Op op;
        const std::uint64_t draw = random.below(10);
        if (draw == 0 && !holds.empty()) {
            op.kind = Script::Op::Kind::release;
            op.hold = holds[random.below(holds.size())];
        } else if (draw <= 1) {
            op.kind = Script::Op::Kind::hold;
            const std::vector<std::size_t> line = out.chain.line(here);
            op.key = out.chain.tipsets[line[random.below(std::min<std::size_t>(line.size(), 5))]].key;
            op.recent = static_cast<std::int64_t>(random.below(6));
        } else {
            const std::size_t tipsets = out.chain.tipsets.size() - 1;
            const std::size_t to = next_target(random, std::min(tipsets, 1 + out.ops.size() * tipsets / ops));
            if (to == here) continue;
            op.changes = changes_between(out.chain, here, to);
            here = to;
        }
        const std::uint64_t next_hold = engine.saved().next_hold;
        // What cannot be held is no part of the script.
        if (!perform(engine, op, source).ok()) {
            if (op.kind == Script::Op::Kind::move) break;
            continue;
        }
        if (op.kind == Script::Op::Kind::hold) holds.push_back(next_hold);
        if (op.kind == Script::Op::Kind::release) std::erase(holds, op.hold);
        out.ops.push_back(std::move(op));
        out.looks.push_back(look_of(engine));
    }
    return out;
}

std::string look_of(Engine& engine) {
    if (auto settled = engine.settle(); !settled.ok()) return settled.error().text();
    const Engine::Saved saved = engine.saved();
    const EngineStats stats = engine.stats();
    std::string out = "epoch " + std::to_string(stats.epoch.value) + ", " + std::to_string(stats.store.live_blocks) +
                      " blocks of " + std::to_string(stats.store.live_bytes) + " bytes, " +
                      std::to_string(stats.store.stored_blocks) + " stored, " + std::to_string(stats.headers) +
                      " headers, " + std::to_string(stats.tipsets) + " tipsets, " + std::to_string(stats.holds) +
                      " holds, next " + std::to_string(saved.next_hold) + "\n";
    const auto state = encode_saved(saved);
    out += "state " + (state.ok() ? to_hex(ipld::blake2b_256(*state)) : state.error().text()) + "\n";
    Bytes all;
    std::vector<std::pair<ipld::Cid, std::uint32_t>> pins = engine.pins();
    std::ranges::sort(pins);
    for (const auto& [root, times] : pins) {
        all.insert(all.end(), root.bytes().begin(), root.bytes().end());
        all.push_back(static_cast<std::byte>(times));
    }
    out += std::to_string(pins.size()) + " pins " + to_hex(ipld::blake2b_256(all)) + "\n";
    std::vector<ipld::Cid> headers = engine.headers();
    std::ranges::sort(headers);
    const auto twice = std::ranges::unique(headers);
    headers.erase(twice.begin(), twice.end());
    all.clear();
    for (const ipld::Cid& header : headers) all.insert(all.end(), header.bytes().begin(), header.bytes().end());
    out += std::to_string(headers.size()) + " distinct headers " + to_hex(ipld::blake2b_256(all)) + "\n";
    LayoutOptions options;
    options.recent_stateroots = engine.window().recent_stateroots;
    out += "head " + text_of(engine.layout({}, options)) + "\n";
    for (const Engine::Saved::Held& held : saved.holds) {
        options.recent_stateroots = held.recent_stateroots;
        out +=
            "hold " + std::to_string(held.number) + " " + text_of(engine.layout_of_hold(held.number, options)) + "\n";
    }
    return out;
}

Result<void> perform(Engine& engine, const Script::Op& op, BlockSource& source) {
    switch (op.kind) {
        case Script::Op::Kind::move: return engine.apply(op.changes, source);
        case Script::Op::Kind::hold: FILFIL_CHECK(engine.hold({.key = op.key}, op.recent)); return {};
        case Script::Op::Kind::release: return engine.release(op.hold);
    }
    return {};
}

Result<void> perform(DurableEngine& engine, const Script::Op& op, BlockSource& source) {
    switch (op.kind) {
        case Script::Op::Kind::move: {
            write_some_ahead(engine, op, source);
            return engine.apply(op.changes, source);
        }
        case Script::Op::Kind::hold: FILFIL_CHECK(engine.hold({.key = op.key}, op.recent)); return {};
        case Script::Op::Kind::release: return engine.release(op.hold);
    }
    return {};
}

Result<std::unique_ptr<DurableEngine>> open_durable(Files& files, const std::string& folder, const Script& script) {
    static InlineExecutor executor;
    return DurableEngine::open(files, folder, script.options, same_random(), clock_of_tests(), executor);
}

Result<std::unique_ptr<DurableEngine>> open_started(Files& files, const std::string& folder, const Script& script) {
    FILFIL_TRY(std::unique_ptr<DurableEngine> out, open_durable(files, folder, script));
    MapSource source(script.chain.blocks);
    if (out->opened().fresh) FILFIL_CHECK(out->start(script.chain.tipsets[0].key, source));
    return out;
}

std::string faults(Engine& engine) {
    const BlockStore::AuditReport report = engine.audit(false);
    if (report.good()) return {};
    return std::to_string(report.wrong_counts) + " wrong counts, " + std::to_string(report.orphans) + " orphans, " +
           std::to_string(report.missing) + " missing, first " +
           (report.first_wrong ? report.first_wrong->text() : report.first_missing->text());
}

}    // namespace filfil::snapshot
