// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "snapshot/engine.hpp"

#include "ipld/multihash.hpp"
#include "snapshot/engine_node.hpp"

#include <algorithm>
#include <set>
#include <string>

namespace filfil::snapshot {
namespace {

/// Two head changes of a large chain.
constexpr std::uint64_t ready_bytes = 16 * MiB;

std::string named(const chain::TipsetKey& key, Epoch epoch) {
    return "tipset [" + chain::text_of(key) + "] of epoch " + std::to_string(epoch.value);
}

}    // namespace

Engine::Engine(const EngineOptions& options, Random& random, const Clock& clock)
    : m_options(options), m_clock(clock), m_store(std::make_unique<BlockStore>(options.store, random)) {}

Engine::~Engine() = default;

chain::TipsetKey Engine::key_of(std::span<const SectionRef> headers) const {
    chain::TipsetKey key;
    for (const SectionRef header : headers)
        if (auto cid = ipld::Cid::from_bytes(m_store->at(header).cid); cid.ok()) key.push_back(std::move(*cid));
    return key;
}

Result<std::shared_ptr<const TipsetRoots>> Engine::roots_of(std::span<const SectionRef> headers) const {
    auto out = std::make_shared<TipsetRoots>();
    for (const SectionRef header : headers) {
        FILFIL_TRY(chain::BlockHeader decoded, chain::decode_block_header(m_store->at(header).data));
        out->states.push_back(std::move(decoded.parent_state_root));
        out->messages.push_back(std::move(decoded.messages));
    }
    return std::shared_ptr<const TipsetRoots>(std::move(out));
}

Result<void> Engine::apply(std::span<const chain::HeadChange> changes, BlockSource& source) {
    if (changes.empty()) return {};
    if (m_head == nullptr) {
        if (changes.size() != 1 || changes[0].type != chain::HeadChange::Type::current)
            return Error(ErrorCode::invalid_argument, "the first head change has to name the current head alone");
        return start(changes[0].key, source);
    }
    Change change;
    auto done = run(changes, source, change);
    if (!done.ok()) undo(change);
    return done;
}

Result<void> Engine::run(std::span<const chain::HeadChange> changes, BlockSource& source, Change& change) {
    Node* head = m_head;
    for (const chain::HeadChange& step : changes) {
        switch (step.type) {
            case chain::HeadChange::Type::current:
                if (step.key != head->key)
                    return Error(ErrorCode::invalid_argument, "the current head is said to be " +
                                                                  named(step.key, step.epoch) + ", and it is " +
                                                                  named(head->key, head->epoch) + " here");
                break;
            case chain::HeadChange::Type::revert: {
                FILFIL_TRY(head, step_back(*head, step, change));
                break;
            }
            case chain::HeadChange::Type::apply: {
                FILFIL_TRY(head, step_on(*head, step, source, change));
                break;
            }
        }
    }
    FILFIL_CHECK(complete(*head, source, change));
    const std::lock_guard lock(m_mutex);
    m_head = head;
    trim();
    return {};
}

Result<Engine::Node*> Engine::step_back(Node& head, const chain::HeadChange& step, Change& change) {
    if (step.key != head.key) {
        const bool known = m_nodes.contains(step.key);
        return Error(known ? ErrorCode::invalid_argument : ErrorCode::not_found,
                     "a head change reverts " + named(step.key, step.epoch) +
                         (known ? ", which is not the head: that is " : ", which is not known here: the head is ") +
                         named(head.key, head.epoch),
                     "ask the node for the path from the head known here to its own");
    }
    if (head.epoch != step.epoch)
        return Error(ErrorCode::mismatch, "a head change gives " + named(step.key, step.epoch) +
                                              ", and its headers say epoch " + std::to_string(head.epoch.value));
    return below(head, change);
}

Result<Engine::Node*> Engine::below(Node& node, Change& change) {
    if (node.parent != nullptr) return node.parent;
    if (m_spine.empty())
        return Error(ErrorCode::invalid_argument, "there is nothing below " + named(node.key, node.epoch));
    const Spine::Taken top = m_spine.top();
    FILFIL_TRY(auto roots, roots_of(top.headers));
    auto taken = std::make_unique<Node>();
    taken->key = key_of(top.headers);
    taken->epoch = top.epoch;
    taken->headers = top.headers;
    taken->roots = std::move(roots);
    taken->messages_pinned = m_options.keep_all_messages;
    taken->was_in_spine = true;
    Node* out = taken.get();

    const std::lock_guard lock(m_mutex);
    m_spine.pop();
    // Whatever stood on the spine stands on this tipset now.
    for (auto& [key, other] : m_nodes)
        if (other->parent == nullptr) other->parent = out;
    m_nodes.emplace(taken->key, std::move(taken));
    change.from_spine.push_back(out);
    return out;
}

Result<Engine::Node*> Engine::step_on(Node& head, const chain::HeadChange& step, BlockSource& source, Change& change) {
    if (const auto known = m_nodes.find(step.key); known != m_nodes.end()) {
        Node* node = known->second.get();
        if (node->epoch != step.epoch)
            return Error(ErrorCode::mismatch, "a head change gives " + named(step.key, step.epoch) +
                                                  ", and its headers say epoch " + std::to_string(node->epoch.value));
        if (node->parent != &head)
            return Error(ErrorCode::invalid_argument,
                         "a head change applies " + named(step.key, step.epoch) + " on " + named(head.key, head.epoch) +
                             ", which is not its parent",
                         "ask the node for the path from the head known here to its own");
        return node;
    }
    FILFIL_TRY(Node * node, add_node(step.key, head, source, change));
    if (node->epoch != step.epoch)
        return Error(ErrorCode::mismatch, "a head change gives " + named(step.key, step.epoch) +
                                              ", and its headers say epoch " + std::to_string(node->epoch.value));
    return node;
}

Result<chain::Tipset> Engine::fetch_tipset(const chain::TipsetKey& key, BlockSource& source,
                                           std::vector<Bytes>& data) const {
    std::vector<Result<Bytes>> fetched = source.fetch(key);
    if (fetched.size() != key.size())
        return Error(ErrorCode::internal, "the source gave " + std::to_string(fetched.size()) + " headers where " +
                                              std::to_string(key.size()) + " were asked for");
    std::vector<chain::BlockHeader> headers;
    for (std::size_t i = 0; i < key.size(); ++i) {
        const std::string name = "header " + key[i].text();
        if (!fetched[i].ok()) return std::move(fetched[i]).error().in(name);
        auto same = ipld::matches(key[i].hash(), *fetched[i]);
        if (!same.ok()) return std::move(same).error().in(name);
        if (!*same)
            return Error(ErrorCode::mismatch, name + ": the source gave bytes that do not have this hash",
                         "ask another node");
        auto header = chain::decode_block_header(*fetched[i]);
        if (!header.ok()) return std::move(header).error().in(name);
        headers.push_back(std::move(*header));
        data.push_back(std::move(*fetched[i]));
    }
    return chain::make_tipset(key, std::move(headers), chain::TipsetOrder::as_given);
}

Result<Engine::Node*> Engine::add_node(const chain::TipsetKey& key, Node& parent, BlockSource& source, Change& change) {
    std::vector<Bytes> data;
    FILFIL_TRY(const chain::Tipset tipset, fetch_tipset(key, source, data));
    if (tipset.parents() != parent.key)
        return Error(ErrorCode::invalid_argument,
                     named(key, tipset.epoch()) + " does not stand on " + named(parent.key, parent.epoch) +
                         ", which it is applied to",
                     "ask the node for the path from the head known here to its own");
    if (tipset.epoch() <= parent.epoch)
        return Error(ErrorCode::corrupt,
                     named(key, tipset.epoch()) + " stands on one of epoch " + std::to_string(parent.epoch.value));
    auto node = std::make_unique<Node>();
    node->key = key;
    node->epoch = tipset.epoch();
    node->parent = &parent;
    auto roots = std::make_shared<TipsetRoots>();
    for (const chain::BlockHeader& block : tipset.blocks) {
        roots->states.push_back(block.parent_state_root);
        roots->messages.push_back(block.messages);
    }
    node->roots = std::move(roots);
    Node* out = node.get();
    {
        const std::lock_guard lock(m_mutex);
        for (std::size_t i = 0; i < key.size(); ++i) {
            auto pinned = m_store->pin_header(key[i].bytes(), data[i]);
            if (!pinned.ok()) {
                for (const SectionRef header : node->headers) m_store->unpin_header(header);
                return std::move(pinned).error().in("header " + key[i].text());
            }
            node->headers.push_back(*pinned);
        }
        m_nodes.emplace(key, std::move(node));
        change.added.push_back(out);
    }
    FILFIL_CHECK(pin_node(*out, source, change));
    return out;
}

Result<void> Engine::pin_node(Node& node, BlockSource& source, Change& change) {
    std::vector<ipld::Cid> roots;
    if (!node.messages_pinned) roots = node.roots->messages;
    if (!node.states_pinned) roots.insert(roots.end(), node.roots->states.begin(), node.roots->states.end());
    if (roots.empty()) return {};
    const auto about = [&](Error error) { return std::move(error).in(named(node.key, node.epoch)); };
    auto staging = m_store->stage(roots, source, m_options.link);
    if (!staging.ok()) return about(std::move(staging).error());
    const std::lock_guard lock(m_mutex);
    if (auto done = m_store->commit(*staging, roots); !done.ok()) return about(std::move(done).error());
    if (std::ranges::find(change.added, &node) == change.added.end()) change.pinned.push_back(&node);
    node.states_pinned = true;
    node.messages_pinned = true;
    return {};
}

Result<void> Engine::complete(Node& head, BlockSource& source, Change& change) {
    for (Node* node = &head; recent(node->epoch, head.epoch);) {
        FILFIL_CHECK(pin_node(*node, source, change));
        if (node->parent == nullptr && (m_spine.empty() || !recent(m_spine.top().epoch, head.epoch))) break;
        FILFIL_TRY(node, below(*node, change));
    }
    return {};
}

void Engine::unpin_node(Node& node, bool messages) {
    // Both were pinned with these very roots.
    if (node.states_pinned) (void)m_store->unpin(node.roots->states);
    if (messages && node.messages_pinned) (void)m_store->unpin(node.roots->messages);
    node.states_pinned = false;
    node.messages_pinned = node.messages_pinned && !messages;
}

void Engine::forget(Node& node) {
    unpin_node(node, true);
    if (node.was_in_spine)
        m_kept.insert(m_kept.end(), node.headers.begin(), node.headers.end());
    else
        for (const SectionRef header : node.headers) m_store->unpin_header(header);
    m_nodes.erase(m_nodes.find(chain::TipsetKey(node.key)));
}

void Engine::undo(Change& change) {
    const std::lock_guard lock(m_mutex);
    while (!change.added.empty()) {
        forget(*change.added.back());
        change.added.pop_back();
    }
    for (Node* node : change.pinned) unpin_node(*node, !(node->was_in_spine && m_options.keep_all_messages));
    while (!change.from_spine.empty()) {
        Node* node = change.from_spine.back();
        change.from_spine.pop_back();
        for (auto& [key, other] : m_nodes)
            if (other->parent == node) other->parent = nullptr;
        m_spine.append(node->epoch, node->headers);
        m_nodes.erase(m_nodes.find(chain::TipsetKey(node->key)));
    }
}

void Engine::trim() {
    std::set<const Node*> chain;
    for (const Node* node = m_head; node != nullptr; node = node->parent) chain.insert(node);

    // Forks that left the chain before finality can never be part of it again. What stands on one goes with it, and
    // has the same last ancestor on the chain.
    const std::int64_t final_epoch = m_head->epoch.value - m_options.slack;
    const std::int64_t spine_epoch = m_spine.empty() ? -1 : m_spine.top().epoch.value;
    std::vector<Node*> forks;
    for (auto& [key, node] : m_nodes) {
        const Node* ancestor = node.get();
        while (ancestor != nullptr && !chain.contains(ancestor)) ancestor = ancestor->parent;
        if (ancestor != node.get() && (ancestor == nullptr ? spine_epoch : ancestor->epoch.value) <= final_epoch)
            forks.push_back(node.get());
    }
    for (Node* fork : forks) forget(*fork);

    std::vector<Node*> old;
    for (Node* node = m_head; node != nullptr; node = node->parent)
        if (node != m_head && node->epoch.value <= m_head->epoch.value - m_options.recent_stateroots - m_options.slack)
            old.push_back(node);
    for (auto node = old.rbegin(); node != old.rend(); ++node) {
        unpin_node(**node, !m_options.keep_all_messages);
        for (auto& [key, other] : m_nodes)
            if (other->parent == *node) other->parent = nullptr;
        m_spine.append((*node)->epoch, (*node)->headers);
        m_nodes.erase(m_nodes.find(chain::TipsetKey((*node)->key)));
    }
}

Result<bool> Engine::tick(std::uint64_t budget, Tidiness tidiness) {
    const std::lock_guard lock(m_mutex);
    if (!m_store->collect(budget)) return false;
    FILFIL_TRY(const bool moved, m_store->compact(tidiness));
    m_store->touch_ahead(ready_bytes);
    return !moved;
}

Result<void> Engine::settle(Tidiness tidiness) {
    for (;;) {
        FILFIL_TRY(const bool done, tick(~std::uint64_t{0}, tidiness));
        if (done) return {};
    }
}

EngineStats Engine::stats() const {
    const std::lock_guard lock(m_mutex);
    EngineStats out;
    out.store = m_store->stats();
    if (m_head != nullptr) {
        out.head = m_head->key;
        out.epoch = m_head->epoch;
    }
    out.headers = m_spine.headers().size();
    for (const auto& [key, node] : m_nodes) out.headers += node->headers.size();
    out.tipsets = m_nodes.size();
    for (const auto& [number, hold] : m_holds) out.holds += hold.of_layout ? 0 : 1;
    return out;
}

std::vector<std::pair<ipld::Cid, std::uint32_t>> Engine::pins() const {
    const std::lock_guard lock(m_mutex);
    return {m_store->pins().begin(), m_store->pins().end()};
}

std::vector<SectionRef> Engine::header_pins() const {
    std::vector<SectionRef> out = m_kept;
    for (std::size_t i = 0; i < m_spine.headers().size(); ++i) out.push_back(m_spine.headers()[i]);
    for (const auto& [key, node] : m_nodes) out.insert(out.end(), node->headers.begin(), node->headers.end());
    for (const auto& [number, hold] : m_holds)
        for (const ChainView::Tipset& tipset : hold.view.recent)
            out.insert(out.end(), tipset.headers.begin(), tipset.headers.end());
    return out;
}

std::vector<ipld::Cid> Engine::headers() const {
    const std::lock_guard lock(m_mutex);
    return key_of(header_pins());
}

BlockStore::AuditReport Engine::audit(bool repair) {
    const std::lock_guard lock(m_mutex);
    return m_store->audit(header_pins(), repair);
}

}    // namespace filfil::snapshot
