// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "ipld/multihash.hpp"
#include "snapshot/car_blocks.hpp"
#include "snapshot/children.hpp"
#include "snapshot/engine.hpp"
#include "snapshot/engine_node.hpp"
#include "snapshot/walk.hpp"

#include <algorithm>
#include <atomic>
#include <string>

namespace filfil::snapshot {

Result<void> Engine::read_all(car::Reader& reader, Executor& executor, const LoadOptions& options, LoadReport& report) {
    FILFIL_CHECK(read_blocks(reader, *m_store, executor, options.check_hashes, options.stop));
    report.blocks = m_store->stats().stored_blocks;
    return {};
}

Result<Engine::Rung> Engine::read_rung(const chain::TipsetKey& key, chain::TipsetOrder order,
                                       const ReadBlock& read) const {
    if (key.empty()) return Error(ErrorCode::invalid_argument, "no head is named: there is no root");
    Rung out;
    std::vector<chain::BlockHeader> headers;
    for (const ipld::Cid& cid : key) {
        FILFIL_TRY(const SectionRef section, read(cid));
        auto header = chain::decode_block_header(m_store->at(section).data);
        if (!header.ok()) return std::move(header).error().in(cid.text());
        headers.push_back(std::move(*header));
    }
    FILFIL_TRY(out.tipset, chain::make_tipset(key, std::move(headers), order));
    return out;
}

Result<Engine::Node*> Engine::take_node(const chain::Tipset& tipset, const ReadBlock& read) {
    auto node = std::make_unique<Node>();
    node->key = tipset.key;
    node->epoch = tipset.epoch();
    auto roots = std::make_shared<TipsetRoots>();
    for (std::size_t i = 0; i < tipset.key.size(); ++i) {
        FILFIL_TRY(const SectionRef section, read(tipset.key[i]));
        FILFIL_TRY(const SectionRef pinned, m_store->pin_header(tipset.key[i].bytes(), m_store->at(section).data));
        node->headers.push_back(pinned);
        roots->states.push_back(tipset.blocks[i].parent_state_root);
        roots->messages.push_back(tipset.blocks[i].messages);
    }
    node->roots = std::move(roots);
    Node* out = node.get();
    m_nodes.emplace(tipset.key, std::move(node));
    return out;
}

Result<void> Engine::take_chain(const chain::TipsetKey& key, const TipsetChoice& head, const ReadBlock& read,
                                const InTree& in_tree) {
    FILFIL_TRY(Rung rung, head.key.empty() ? read_rung(key, chain::TipsetOrder::as_given, read)
                                           : read_rung(head.key, chain::TipsetOrder::by_ticket, read));
    if (head.epoch && *head.epoch > rung.tipset.epoch())
        return Error(ErrorCode::invalid_argument, "epoch " + std::to_string(head.epoch->value) +
                                                      " is above the head, whose epoch is " +
                                                      std::to_string(rung.tipset.epoch().value));
    if (head.epoch && head.epoch->value < 0)
        return Error(ErrorCode::invalid_argument, "epoch " + std::to_string(head.epoch->value) + " is before genesis");
    struct Old {
        Epoch epoch;
        std::size_t end;
    };
    std::vector<Old> old;    // newest first, as the chain is read
    std::vector<SectionRef> old_headers;
    Node* above = nullptr;
    for (;;) {
        const chain::Tipset& tipset = rung.tipset;
        const Epoch epoch = tipset.epoch();
        if (head.epoch && epoch > *head.epoch) {
            // Above the head that was asked for.
        } else if (m_head == nullptr || in_tree(tipset)) {
            FILFIL_TRY(Node * taken, take_node(tipset, read));
            if (above != nullptr) above->parent = taken;
            if (m_head == nullptr) m_head = taken;
            above = taken;
        } else {
            for (const ipld::Cid& cid : tipset.key) {
                FILFIL_TRY(const SectionRef section, read(cid));
                FILFIL_TRY(const SectionRef pinned, m_store->pin_header(cid.bytes(), m_store->at(section).data));
                old_headers.push_back(pinned);
            }
            old.push_back({epoch, old_headers.size()});
            if (m_options.keep_all_messages)
                for (const chain::BlockHeader& block : tipset.blocks) m_old_messages.push_back(block.messages);
        }
        if (tipset.is_genesis()) {
            FILFIL_CHECK(take_genesis(tipset, read));
            break;
        }
        auto next = read_rung(tipset.parents(), chain::TipsetOrder::as_given, read);
        if (!next.ok())
            return std::move(next).error().in("below header " + tipset.key.front().text() + " (epoch " +
                                              std::to_string(epoch.value) + ")");
        if (next->tipset.epoch() >= epoch)
            return Error(ErrorCode::corrupt, "header " + tipset.key.front().text() + " of epoch " +
                                                 std::to_string(epoch.value) + " has a parent of epoch " +
                                                 std::to_string(next->tipset.epoch().value));
        rung = std::move(*next);
    }
    for (std::size_t i = old.size(); i-- > 0;) {
        const std::size_t begin = i == 0 ? 0 : old[i - 1].end;
        m_spine.append(old[i].epoch, std::span(old_headers).subspan(begin, old[i].end - begin));
    }
    return {};
}

Result<void> Engine::take_genesis(const chain::Tipset& genesis, const ReadBlock& read) {
    for (const chain::BlockHeader& block : genesis.blocks) {
        m_genesis_states.push_back(block.parent_state_root);
        for (const ipld::Cid& parent : block.parents) {
            if (kind_of_link(parent.bytes()) != LinkKind::block) continue;
            auto section = read(parent);
            if (!section.ok()) {
                // Blocks that come before it in a snapshot may be missing, too, and are named first.
                m_genesis_fault =
                    std::move(section).error().in("the parent of the genesis header " + genesis.key.front().text());
                continue;
            }
            // It is written and not opened, as headers are.
            FILFIL_TRY(const SectionRef kept, m_store->pin_header(parent.bytes(), m_store->at(*section).data));
            m_kept.push_back(kept);
            ++m_genesis_parents;
        }
    }
    return {};
}

Result<void> Engine::count_all() {
    for (const Node* node = m_head; node != nullptr; node = node->parent) {
        if (!recent(node->epoch, m_head->epoch) && !m_options.keep_all_messages) break;
        for (std::size_t i = 0; i < node->roots->states.size(); ++i) {
            FILFIL_CHECK(m_store->count_from(node->roots->messages[i]));
            if (recent(node->epoch, m_head->epoch)) FILFIL_CHECK(m_store->count_from(node->roots->states[i]));
        }
    }
    for (const ipld::Cid& messages : m_old_messages) FILFIL_CHECK(m_store->count_from(messages));
    for (const ipld::Cid& state : m_genesis_states) FILFIL_CHECK(m_store->count_from(state));
    for (auto& [key, node] : m_nodes) {
        node->states_pinned = recent(node->epoch, m_head->epoch);
        node->messages_pinned = node->states_pinned || m_options.keep_all_messages;
    }
    m_old_messages = {};
    return {};
}

Engine::ReadBlock Engine::read_from_store() const {
    return [this](const ipld::Cid& cid) -> Result<SectionRef> {
        const auto found = m_store->stored_ref(cid.bytes());
        if (!found)
            return Error(ErrorCode::not_found, "block " + cid.text() + " is missing",
                         "use a snapshot whose headers reach down to genesis");
        return *found;
    };
}

Result<LoadReport> Engine::load(car::Reader& reader, Executor& executor, const LoadOptions& options) {
    if (m_head != nullptr) return Error(ErrorCode::invalid_argument, "this engine holds a chain already");
    auto report = load_all_of(reader, executor, options);
    if (!report.ok()) clear();
    return report;
}

Result<LoadReport> Engine::load_all_of(car::Reader& reader, Executor& executor, const LoadOptions& options) {
    LoadReport report;
    const Clock::Duration start = m_clock.steady();
    FILFIL_CHECK(read_all(reader, executor, options, report));
    const Clock::Duration read = m_clock.steady();
    report.read_seconds = seconds_between(start, read);

    const ReadBlock from_store = read_from_store();
    const InTree in_tree = [this](const chain::Tipset& tipset) { return recent(tipset.epoch(), m_head->epoch); };
    if (auto taken = take_chain(reader.header().roots, options.head, from_store, in_tree); !taken.ok())
        return std::move(taken).error().in(reader.name());
    auto counted = count_all();
    if (counted.ok() && m_genesis_fault) counted = *m_genesis_fault;
    if (!counted.ok()) {
        if (counted.error().code != ErrorCode::not_found) return std::move(counted).error().in(reader.name());
        // The pass over the counts takes blocks in another order than a snapshot has them.
        FILFIL_TRY(const ChainView chain, view({.key = m_head->key}));
        const WalkOptions canonical{.recent_stateroots = m_options.recent_stateroots,
                                    .skip_old_msgs = !m_options.keep_all_messages,
                                    .complete = false};
        auto walked = walk_canonical(*m_store, chain, canonical);
        return (walked.ok() ? std::move(counted).error() : std::move(walked).error()).in(reader.name());
    }
    report.dropped = m_store->drop_uncounted();
    report.bytes = m_store->stats().live_bytes;
    report.count_seconds = seconds_between(read, m_clock.steady());
    return report;
}

Result<void> Engine::start(const chain::TipsetKey& head, BlockSource& source) {
    if (m_head != nullptr) return Error(ErrorCode::invalid_argument, "this engine holds a chain already");
    const ReadBlock from_source = [&](const ipld::Cid& cid) -> Result<SectionRef> {
        if (const auto found = m_store->stored_ref(cid.bytes())) return *found;
        std::vector<Result<Bytes>> fetched = source.fetch(std::span(&cid, 1));
        if (fetched.size() != 1) return Error(ErrorCode::internal, "the source gave no answer for " + cid.text());
        if (!fetched[0].ok()) return std::move(fetched[0]).error().in("block " + cid.text());
        FILFIL_TRY(const bool same, ipld::matches(cid.hash(), *fetched[0]));
        if (!same)
            return Error(ErrorCode::mismatch,
                         "block " + cid.text() + ": the source gave bytes that do not have this hash",
                         "ask another node");
        return m_store->insert(Shelf::headers, cid.bytes(), *fetched[0]);
    };
    const InTree in_tree = [this](const chain::Tipset& tipset) { return recent(tipset.epoch(), m_head->epoch); };
    auto started = take_chain(head, {}, from_source, in_tree);
    if (started.ok() && m_genesis_fault) started = *m_genesis_fault;
    if (started.ok()) started = link_all(source);
    if (!started.ok()) clear();
    return started;
}

Result<void> Engine::link_all(BlockSource& source) {
    std::vector<ipld::Cid> roots = m_genesis_states;
    roots.insert(roots.end(), m_old_messages.begin(), m_old_messages.end());
    FILFIL_TRY([[maybe_unused]] const LinkReport linked, m_store->link(roots, source, m_options.link));
    for (Node* node = m_head; node != nullptr; node = node->parent) {
        Change change;
        if (recent(node->epoch, m_head->epoch)) {
            FILFIL_CHECK(pin_node(*node, source, change));
        } else if (m_options.keep_all_messages) {
            FILFIL_TRY([[maybe_unused]] const LinkReport messages,
                       m_store->link(node->roots->messages, source, m_options.link));
            node->messages_pinned = true;
        }
    }
    m_old_messages = {};
    return {};
}

void Engine::clear() {
    const std::lock_guard lock(m_mutex);
    m_head = nullptr;
    m_nodes.clear();
    m_spine = {};
    m_kept.clear();
    m_genesis_parents = 0;
    m_genesis_states.clear();
    m_genesis_fault.reset();
    m_old_messages.clear();
    m_store->clear();
}

}    // namespace filfil::snapshot
