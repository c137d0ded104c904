// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "snapshot/engine.hpp"
#include "snapshot/engine_node.hpp"
#include "snapshot/walk.hpp"

#include <algorithm>
#include <string>

namespace filfil::snapshot {
namespace {

Error not_kept(const std::string& what) {
    return {ErrorCode::not_found, what,
            "ask for an epoch of the chain that is followed here, within the epochs that are kept"};
}

}    // namespace

Result<ChainView> Engine::view(const TipsetChoice& tipset) const {
    if (m_head == nullptr) return Error(ErrorCode::not_found, "no chain is loaded");
    const Node* top = m_head;
    if (!tipset.key.empty()) {
        chain::TipsetKey sorted = tipset.key;
        std::ranges::sort(sorted);
        const auto same = [&](const chain::TipsetKey& other) {
            chain::TipsetKey others = other;
            std::ranges::sort(others);
            return others == sorted;
        };
        const auto found = std::ranges::find_if(m_nodes, [&](const auto& entry) { return same(entry.first); });
        if (found == m_nodes.end()) {
            // It may be one that the chain left behind long ago: its header says where to look.
            const auto header = m_store->stored(tipset.key.front().bytes());
            auto decoded = header ? chain::decode_block_header(header->data) : Result<chain::BlockHeader>(not_kept(""));
            if (decoded.ok()) {
                FILFIL_TRY(ChainView out, view({.key = {}, .epoch = decoded->height}));
                if (same(out.head)) return out;
            }
            return not_kept("tipset [" + chain::text_of(tipset.key) + "] is not known here");
        }
        top = found->second.get();
    } else if (tipset.epoch) {
        if (*tipset.epoch > top->epoch || tipset.epoch->value < 0)
            return not_kept("epoch " + std::to_string(tipset.epoch->value) +
                            " is not between genesis and the head, whose epoch is " + std::to_string(top->epoch.value));
        while (top != nullptr && top->epoch > *tipset.epoch) top = top->parent;
    }
    ChainView out;
    out.spine = m_spine.view();
    for (const Node* node = top; node != nullptr; node = node->parent)
        out.recent.push_back({node->epoch, node->headers, node->roots});
    if (top != nullptr) {
        out.head = top->key;
        return out;
    }
    std::size_t above = out.spine.tipsets.size();
    while (above > 0 && out.spine.tipsets[above - 1].epoch > *tipset.epoch) --above;
    if (above == 0)
        return not_kept("epoch " + std::to_string(tipset.epoch->value) + " is below the oldest header that is kept");
    Spine::Taken taken = out.spine.cut(above - 1);
    out.head = key_of(taken.headers);
    out.recent.push_back({taken.epoch, std::move(taken.headers), nullptr});
    return out;
}

Result<chain::TipsetKey> Engine::find(const TipsetChoice& tipset) const {
    const std::lock_guard lock(m_mutex);
    FILFIL_TRY(ChainView found, view(tipset));
    return std::move(found.head);
}

Result<Engine::Hold> Engine::make_hold(ChainView view, std::int64_t recent_stateroots, bool old_messages) const {
    Hold hold;
    hold.view = std::move(view);
    hold.recent_stateroots = recent_stateroots;
    const Epoch head = hold.view.epoch();
    const auto add = [&](Epoch epoch, std::span<const SectionRef> headers,
                         std::shared_ptr<const TipsetRoots> roots) -> Result<bool> {
        const bool recent = epoch.value > head.value - recent_stateroots;
        if (!recent && !old_messages) return false;
        if (!roots) {
            FILFIL_TRY(roots, roots_of(headers));
        }
        if (recent) hold.roots.insert(hold.roots.end(), roots->states.begin(), roots->states.end());
        hold.roots.insert(hold.roots.end(), roots->messages.begin(), roots->messages.end());
        return true;
    };
    bool more = true;
    for (const ChainView::Tipset& tipset : hold.view.recent) {
        if (!more) break;
        FILFIL_TRY(more, add(tipset.epoch, tipset.headers, tipset.roots));
    }
    const Spine::View& spine = hold.view.spine;
    for (std::size_t i = spine.tipsets.size(); i-- > 0 && more;) {
        std::vector<SectionRef> headers;
        for (std::uint64_t k = spine.begin(i); k < spine.tipsets[i].end; ++k) headers.push_back(spine.headers[k]);
        FILFIL_TRY(more, add(spine.tipsets[i].epoch, headers, nullptr));
    }
    return hold;
}

Result<std::uint64_t> Engine::hold_view(ChainView view, std::int64_t recent_stateroots, bool old_messages,
                                        std::uint64_t& next) {
    FILFIL_TRY(Hold hold, make_hold(std::move(view), recent_stateroots, old_messages));
    if (auto pinned = m_store->pin(hold.roots); !pinned.ok())
        return not_kept("a snapshot of epoch " + std::to_string(hold.view.epoch().value) + " with " +
                        std::to_string(recent_stateroots) +
                        " recent state roots needs older state than is kept: " + pinned.error().message);
    for (const ChainView::Tipset& tipset : hold.view.recent)
        for (const SectionRef header : tipset.headers) m_store->pin_header_again(header);
    const std::uint64_t number = next++;
    m_holds.emplace(number, std::move(hold));
    return number;
}

Result<std::uint64_t> Engine::hold(const TipsetChoice& tipset, std::int64_t recent_stateroots) {
    if (recent_stateroots < 0)
        return Error(ErrorCode::invalid_argument,
                     "a hold of " + std::to_string(recent_stateroots) + " state roots: there is none of less than 0");
    const std::lock_guard lock(m_mutex);
    FILFIL_TRY(ChainView found, view(tipset));
    return hold_view(std::move(found), recent_stateroots, false, m_next_hold);
}

Result<std::uint64_t> Engine::hold_as(const Saved::Held& held) {
    const std::lock_guard lock(m_mutex);
    if (held.number >= first_layout || m_holds.contains(held.number))
        return Error(ErrorCode::invalid_argument, "there is a hold " + std::to_string(held.number) + " already");
    FILFIL_TRY(ChainView found, view({.key = held.key}));
    std::uint64_t next = held.number;
    FILFIL_CHECK(hold_view(std::move(found), held.recent_stateroots, false, next));
    m_next_hold = std::max(m_next_hold, next);
    return held.number;
}

Result<void> Engine::release(std::uint64_t number) {
    const std::lock_guard lock(m_mutex);
    const auto found = m_holds.find(number);
    if (found == m_holds.end() || found->second.of_layout)
        return Error(ErrorCode::not_found, "there is no hold " + std::to_string(number));
    return release_locked(number);
}

Result<void> Engine::release_locked(std::uint64_t number) {
    const auto found = m_holds.find(number);
    FILFIL_CHECK(m_store->unpin(found->second.roots));
    for (const ChainView::Tipset& tipset : found->second.view.recent)
        for (const SectionRef header : tipset.headers) m_store->unpin_header(header);
    m_holds.erase(found);
    return {};
}

/// A view that is held, and what lets go of it.
struct Engine::Held {
    ChainView chain;
    std::shared_ptr<BlockStore::Lease> lease;
    std::shared_ptr<void> keep;
};

Result<Engine::Held> Engine::hold_for_layout(ChainView chain, const LayoutOptions& options) {
    if (!options.skip_old_msgs && !m_options.keep_all_messages)
        return Error(ErrorCode::unsupported,
                     "messages of old epochs are not kept here, so only snapshots that skip them can be made",
                     "add --skip-old-msgs, or keep all messages (--keep-all-messages)");
    // A fork may be given up, and its old messages with it, while the layout is still read.
    FILFIL_TRY(const std::uint64_t number,
               hold_view(std::move(chain), options.recent_stateroots, !options.skip_old_msgs, m_next_layout));
    Hold& hold = m_holds.at(number);
    hold.of_layout = true;
    auto lease = std::make_shared<BlockStore::Lease>(*m_store);
    auto keep = std::shared_ptr<void>(nullptr, [this, number, lease](void*) {
        const std::lock_guard lock(m_mutex);
        (void)release_locked(number);
    });
    return Held{hold.view, std::move(lease), std::move(keep)};
}

Result<std::unique_ptr<Layout>> Engine::lay_out(Held held, const LayoutOptions& options) const {
    WalkOptions walk;
    walk.recent_stateroots = options.recent_stateroots;
    walk.skip_old_msgs = options.skip_old_msgs;
    walk.progress = options.progress;
    walk.stop = options.stop;
    FILFIL_TRY(std::vector<SectionRef> sections, walk_canonical(*m_store, held.chain, walk));
    held.lease->let_move();
    return std::make_unique<Layout>(*m_store, held.chain.head, held.chain.epoch(), std::move(sections),
                                    std::move(held.keep));
}

Result<std::unique_ptr<Layout>> Engine::layout(const TipsetChoice& tipset, const LayoutOptions& options) {
    std::unique_lock lock(m_mutex);
    FILFIL_TRY(ChainView found, view(tipset));
    FILFIL_TRY(Held held, hold_for_layout(std::move(found), options));
    lock.unlock();
    return lay_out(std::move(held), options);
}

Result<std::unique_ptr<Layout>> Engine::layout_of_hold(std::uint64_t number, const LayoutOptions& options) {
    std::unique_lock lock(m_mutex);
    const auto hold = m_holds.find(number);
    if (hold == m_holds.end() || hold->second.of_layout)
        return Error(ErrorCode::not_found, "there is no hold " + std::to_string(number));
    FILFIL_TRY(Held held, hold_for_layout(hold->second.view, options));
    lock.unlock();
    return lay_out(std::move(held), options);
}

}    // namespace filfil::snapshot
