// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "snapshot/engine.hpp"
#include "snapshot/engine_node.hpp"
#include "snapshot/walk.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <unordered_set>

namespace filfil::snapshot {

Engine::Saved Engine::saved_locked() const {
    Saved out;
    if (m_head != nullptr) out.head = m_head->key;
    out.next_hold = m_next_hold;
    out.keep_all_messages = m_options.keep_all_messages;
    out.window = {m_options.recent_stateroots, m_options.slack};
    std::vector<const Node*> tree;
    for (const auto& [key, node] : m_nodes) tree.push_back(node.get());
    // What is saved is a function of the state alone.
    std::ranges::sort(tree, [](const Node* a, const Node* b) {
        return a->epoch == b->epoch ? a->key < b->key : a->epoch < b->epoch;
    });
    for (const Node* node : tree)
        out.tree.push_back({node->key, node->states_pinned, node->messages_pinned, node->was_in_spine});
    for (const auto& [number, hold] : m_holds)
        if (!hold.of_layout) out.holds.push_back({number, hold.view.head, hold.recent_stateroots});
    out.kept = key_of(std::span(m_kept).subspan(m_genesis_parents));
    std::ranges::sort(out.kept);
    return out;
}

Engine::Saved Engine::saved() const {
    const std::lock_guard lock(m_mutex);
    return saved_locked();
}

bool Engine::settled() const {
    const std::lock_guard lock(m_mutex);
    // Holds are ordered by their numbers, and those of layouts come last.
    return m_store->stats().dying == 0 && (m_holds.empty() || !m_holds.rbegin()->second.of_layout);
}

/// Roots that go away with the layouts that are held now.
std::vector<ipld::Cid> Engine::passing_roots() const {
    std::unordered_set<ipld::Cid> passing;
    for (const auto& [number, hold] : m_holds)
        if (hold.of_layout) passing.insert(hold.roots.begin(), hold.roots.end());
    if (passing.empty()) return {};
    const auto stays = [&](const std::vector<ipld::Cid>& roots) {
        for (const ipld::Cid& root : roots) passing.erase(root);
    };
    for (const auto& [number, hold] : m_holds)
        if (!hold.of_layout) stays(hold.roots);
    for (const auto& [key, node] : m_nodes) {
        if (node->states_pinned) stays(node->roots->states);
        if (node->messages_pinned) stays(node->roots->messages);
    }
    stays(m_genesis_states);
    std::vector<ipld::Cid> out(passing.begin(), passing.end());
    std::ranges::sort(out);
    return out;
}

Result<std::unique_ptr<Engine::Frozen>> Engine::freeze() {
    const std::lock_guard lock(m_mutex);
    // What waits to be freed is not saved. Were it here still, a later change could use it without fetching it, and the
    // record of that change would lack it.
    m_store->collect(~std::uint64_t{0});
    auto out = std::make_unique<Frozen>();
    FILFIL_TRY(out->chain, view({}));
    out->saved = saved_locked();
    out->saved.passing = passing_roots();
    for (const auto& [root, times] : m_store->pins()) out->roots.push_back(root);
    std::ranges::sort(out->roots);
    out->headers = m_kept;
    for (const auto& [key, node] : m_nodes)
        out->headers.insert(out->headers.end(), node->headers.begin(), node->headers.end());
    for (const auto& [number, hold] : m_holds) {
        if (hold.of_layout) continue;
        for (const ChainView::Tipset& tipset : hold.view.recent)
            out->headers.insert(out->headers.end(), tipset.headers.begin(), tipset.headers.end());
    }

    // Everything is pinned once more, by a hold of its own.
    FILFIL_CHECK(m_store->pin(out->roots));
    Hold all;
    all.roots = out->roots;
    all.of_layout = true;
    all.view.head = m_head->key;
    all.view.recent.push_back({m_head->epoch, out->headers, nullptr});
    for (const SectionRef header : out->headers) m_store->pin_header_again(header);
    const std::uint64_t number = m_next_layout++;
    m_holds.emplace(number, std::move(all));
    out->lease = std::make_shared<BlockStore::Lease>(*m_store);
    out->keep = std::shared_ptr<void>(nullptr, [this, number, lease = out->lease](void*) {
        const std::lock_guard relock(m_mutex);
        (void)release_locked(number);
    });
    return out;
}

void Engine::drop_passing() {
    const std::lock_guard lock(m_mutex);
    if (m_passing) (void)release_locked(*m_passing);
    m_passing.reset();
}

void Engine::set_window(const Window& window) {
    const std::lock_guard lock(m_mutex);
    m_options.recent_stateroots = window.recent_stateroots;
    m_options.slack = window.slack;
}

Engine::Window Engine::window() const {
    const std::lock_guard lock(m_mutex);
    return {m_options.recent_stateroots, m_options.slack};
}

Result<std::unique_ptr<Layout>> Engine::lay_out_all(std::unique_ptr<Frozen> frozen, std::stop_token stop) const {
    WalkOptions walk;
    walk.recent_stateroots = frozen->saved.window.recent_stateroots;
    walk.skip_old_msgs = !m_options.keep_all_messages;
    walk.stop = std::move(stop);
    FILFIL_TRY(std::vector<SectionRef> sections,
               walk_all(*m_store, frozen->chain, walk, frozen->headers, frozen->roots));
    frozen->lease->let_move();
    return std::make_unique<Layout>(*m_store, frozen->chain.head, frozen->chain.epoch(), std::move(sections),
                                    std::move(frozen->keep));
}

Result<LoadReport> Engine::restore(const Saved& saved, car::Reader& reader, Executor& executor,
                                   const LoadOptions& options) {
    if (m_head != nullptr) return Error(ErrorCode::invalid_argument, "this engine holds a chain already");
    if (m_options.keep_all_messages && !saved.keep_all_messages)
        return Error(ErrorCode::unsupported,
                     reader.name() + " was kept without the messages of old epochs, which are asked for now",
                     "start again from a snapshot that holds all messages, or leave --keep-all-messages out");
    if (!m_options.keep_all_messages && saved.keep_all_messages)
        return Error(ErrorCode::unsupported,
                     reader.name() + " was kept with the messages of all epochs, and now they are to be left out",
                     "add --keep-all-messages, or start again in another folder from this file, which is a snapshot");
    set_window(saved.window);
    LoadReport report;
    const Clock::Duration start = m_clock.steady();
    FILFIL_CHECK(read_all(reader, executor, options, report));
    const Clock::Duration read = m_clock.steady();
    report.read_seconds = seconds_between(start, read);
    const ReadBlock from_store = read_from_store();
    const auto about = [&](Error error) { return std::move(error).in(reader.name()); };
    if (auto done = restore_tree(saved, from_store); !done.ok()) return about(std::move(done).error());
    if (auto done = restore_holds(saved, from_store); !done.ok()) return about(std::move(done).error());
    if (auto done = restore_rest(saved, from_store); !done.ok()) return about(std::move(done).error());
    report.dropped = m_store->drop_uncounted();
    report.bytes = m_store->stats().live_bytes;
    report.count_seconds = seconds_between(read, m_clock.steady());
    return report;
}

Result<void> Engine::restore_tree(const Saved& saved, const ReadBlock& read) {
    std::set<chain::TipsetKey> tree;
    for (const Saved::Tipset& tipset : saved.tree) tree.insert(tipset.key);
    FILFIL_CHECK(
        take_chain(saved.head, {}, read, [&](const chain::Tipset& tipset) { return tree.contains(tipset.key); }));
    if (m_genesis_fault) return *m_genesis_fault;
    const chain::TipsetKey spine_top = m_spine.empty() ? chain::TipsetKey() : key_of(m_spine.top().headers);
    for (const Saved::Tipset& tipset : saved.tree) {
        if (!m_nodes.contains(tipset.key)) {
            FILFIL_TRY(const Rung rung, read_rung(tipset.key, chain::TipsetOrder::as_given, read));
            const auto parent = m_nodes.find(rung.tipset.parents());
            if (parent == m_nodes.end() && rung.tipset.parents() != spine_top)
                return Error(ErrorCode::corrupt,
                             "tipset [" + chain::text_of(tipset.key) + "] stands on none that was kept");
            FILFIL_TRY(Node * taken, take_node(rung.tipset, read));
            taken->parent = parent == m_nodes.end() ? nullptr : parent->second.get();
        }
        Node& node = *m_nodes.at(tipset.key);
        for (std::size_t i = 0; i < node.roots->states.size(); ++i) {
            if (tipset.messages) FILFIL_CHECK(m_store->count_from(node.roots->messages[i]));
            if (tipset.states) FILFIL_CHECK(m_store->count_from(node.roots->states[i]));
        }
        node.states_pinned = tipset.states;
        node.messages_pinned = tipset.messages;
        node.was_in_spine = tipset.from_spine;
    }
    for (const ipld::Cid& messages : m_old_messages) FILFIL_CHECK(m_store->count_from(messages));
    for (const ipld::Cid& state : m_genesis_states) FILFIL_CHECK(m_store->count_from(state));
    m_old_messages = {};
    return {};
}

Result<void> Engine::restore_holds(const Saved& saved, const ReadBlock& read) {
    for (const Saved::Held& held : saved.holds) {
        if (held.number >= first_layout || m_holds.contains(held.number))
            return Error(ErrorCode::corrupt, "hold " + std::to_string(held.number) + " stands there twice");
        // The tipset may be of a fork that was dropped since: then the headers lead down to one that is known.
        std::vector<ChainView::Tipset> above;
        chain::TipsetKey key = held.key;
        Result<ChainView> below = view({.key = key});
        while (!below.ok()) {
            FILFIL_TRY(const Rung rung, read_rung(key, chain::TipsetOrder::as_given, read));
            ChainView::Tipset tipset{rung.tipset.epoch(), {}, nullptr};
            for (const ipld::Cid& cid : key) {
                FILFIL_TRY(const SectionRef section, read(cid));
                tipset.headers.push_back(section);
            }
            above.push_back(std::move(tipset));
            if (rung.tipset.is_genesis())
                return Error(ErrorCode::corrupt, "hold " + std::to_string(held.number) + " is of another chain");
            key = rung.tipset.parents();
            below = view({.key = key});
        }
        ChainView chain = std::move(*below);
        chain.head = held.key;
        chain.recent.insert(chain.recent.begin(), above.begin(), above.end());
        FILFIL_TRY(Hold hold, make_hold(std::move(chain), held.recent_stateroots, false));
        for (const ipld::Cid& root : hold.roots) FILFIL_CHECK(m_store->count_from(root));
        for (const ChainView::Tipset& tipset : hold.view.recent)
            for (const SectionRef header : tipset.headers) {
                const SectionView section = m_store->at(header);
                FILFIL_TRY([[maybe_unused]] const SectionRef pinned, m_store->pin_header(section.cid, section.data));
            }
        m_holds.emplace(held.number, std::move(hold));
    }
    m_next_hold = saved.next_hold;
    return {};
}

Result<void> Engine::restore_rest(const Saved& saved, const ReadBlock& read) {
    for (const ipld::Cid& cid : saved.kept) {
        FILFIL_TRY(const SectionRef section, read(cid));
        FILFIL_TRY(const SectionRef kept, m_store->pin_header(cid.bytes(), m_store->at(section).data));
        m_kept.push_back(kept);
    }
    if (saved.passing.empty()) return {};
    for (const ipld::Cid& root : saved.passing) FILFIL_CHECK(m_store->count_from(root));
    Hold passing;
    passing.roots = saved.passing;
    passing.of_layout = true;
    m_passing = m_next_layout++;
    m_holds.emplace(*m_passing, std::move(passing));
    return {};
}

}    // namespace filfil::snapshot
