// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "node/follower_impl.hpp"

#include "chain/block_header.hpp"
#include "ipld/digest.hpp"

#include <algorithm>
#include <utility>

namespace filfil::node {
namespace {

/// More tipsets than this are not caught up with one by one.
constexpr std::size_t most_tipsets = 20'000;

}    // namespace

void Follower::Impl::descend(const chain::TipsetKey& key) {
    busy = true;
    if (!descent) descent.emplace();
    descent->key = key;
    descent->headers.assign(key.size(), std::nullopt);
    for (const ipld::Cid& cid : key) read_header(cid);
}

void Follower::Impl::read_header(const ipld::Cid& cid) {
    link->read(cid, here([this, cid](Result<Bytes> data) {
                   if (descent) take_header(cid, std::move(data));
               }));
}

/// As blocks are: a node that lacks one now may have it a moment later.
void Follower::Impl::ask_header_again(const ipld::Cid& cid, const Error& why) {
    const unsigned attempt = ++attempts[cid];
    if (attempt >= options.read_attempts) return give_up(why);
    world.loop.post_after(delay_of(attempt), here([this, cid] {
                              if (descent && std::ranges::find(descent->key, cid) != descent->key.end())
                                  read_header(cid);
                          }));
}

void Follower::Impl::take_header(const ipld::Cid& cid, Result<Bytes> data) {
    const auto place = std::ranges::find(descent->key, cid);
    if (place == descent->key.end()) return;
    if (!data.ok()) return ask_header_again(cid, data.error());
    const auto same = ipld::matches(cid.hash(), *data);
    if (!same.ok() || !*same) {
        ++status.wrong_answers;
        return ask_header_again(
            cid, Error(ErrorCode::mismatch, "header " + cid.text() + ": the node gave bytes that do not have this hash",
                       "if it goes on, follow another node"));
    }
    descent->headers[static_cast<std::size_t>(place - descent->key.begin())] = std::move(*data);
    if (std::ranges::all_of(descent->headers, [](const auto& header) { return header.has_value(); })) descended();
}

void Follower::Impl::descended() {
    const auto tipset = [&]() -> Result<chain::Tipset> {
        std::vector<chain::BlockHeader> headers;
        for (const auto& data : descent->headers) {
            FILFIL_TRY(chain::BlockHeader header, chain::decode_block_header(*data));
            headers.push_back(std::move(header));
        }
        return chain::make_tipset(descent->key, std::move(headers), chain::TipsetOrder::as_given);
    }();
    if (!tipset.ok()) return lose(tipset.error(), SyncState::catching_up);
    const Epoch epoch = tipset->epoch();
    if (epoch <= head_epoch) {
        const auto own = engine.engine().find({.key = {}, .epoch = epoch});
        if (own.ok() && *own == tipset->key && descent->applies.empty()) {
            // It does not know the head that is here, which stands on its own: it will get there.
            log(LogLevel::info,
                link->name() + " is at epoch " + std::to_string(epoch.value) + ", behind the chain here");
            behind = tipset->key;
            descent.reset();
            busy = false;
            return step();
        }
        if (own.ok() && *own == tipset->key) {
            auto steps = reverts_to(epoch);
            if (!steps.ok()) return lose(steps.error(), SyncState::catching_up);
            std::ranges::move(descent->applies.rbegin(), descent->applies.rend(), std::back_inserter(*steps));
            descent.reset();
            busy = false;
            path.assign(std::make_move_iterator(steps->begin()), std::make_move_iterator(steps->end()));
            return path.empty() ? step() : work_off();
        }
        if (!own.ok() || epoch.value == 0)
            return lose(own.ok()
                            ? Error(ErrorCode::mismatch, "the node's chain has nothing in common with the one here")
                            : own.error(),
                        SyncState::rebootstrap_needed);
    }
    Step step;
    step.change = {chain::HeadChange::Type::apply, tipset->key, epoch};
    step.parents = tipset->parents();
    for (auto& header : descent->headers) step.headers.push_back(std::move(*header));
    descent->applies.push_back(std::move(step));
    if (descent->applies.size() > most_tipsets)
        return lose(Error(ErrorCode::too_large,
                          "the node's head is more than " + std::to_string(most_tipsets) + " tipsets ahead",
                          "take a newer snapshot and start again with --bootstrap"),
                    SyncState::rebootstrap_needed);
    descend(tipset->parents());
}

Result<Follower::Impl::Steps> Follower::Impl::reverts_to(Epoch ancestor) const {
    Steps out;
    const snapshot::BlockStore::Reader reader(engine.engine().store());
    chain::TipsetKey key = head;
    for (Epoch epoch = head_epoch; epoch > ancestor;) {
        const auto block = reader.find(key.front().bytes());
        if (!block) return Error(ErrorCode::internal, "header " + key.front().text() + " of the chain is missing");
        FILFIL_TRY(chain::BlockHeader header, chain::decode_block_header(block->data));
        out.push_back({{chain::HeadChange::Type::revert, key, epoch}, header.parents, {}});
        key = std::move(header.parents);
        const auto below = reader.find(key.front().bytes());
        if (!below) return Error(ErrorCode::internal, "header " + key.front().text() + " of the chain is missing");
        FILFIL_TRY(const chain::BlockHeader parent, chain::decode_block_header(below->data));
        epoch = parent.height;
    }
    return out;
}

}    // namespace filfil::node
