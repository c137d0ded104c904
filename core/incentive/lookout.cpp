// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/lookout.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace filfil::incentive {
namespace {

/// Filecoin's nodes say the count at a block with or without the block's own messages, so its neighbours are looked
/// into as well; null rounds have none.
constexpr std::uint64_t neighbours = 8;

/// After a reorg the nonce may have been used before the block that it was free at then.
constexpr std::uint64_t longest_reorg = 900;

/// Between `low`, where the count is at most the nonce, and `high`, where it is more.
struct Search : std::enable_shared_from_this<Search> {
    Search(EthNode& node_, const EthAddress& from_, std::uint64_t nonce_, std::uint64_t low_, std::uint64_t high_,
           EthNode::Handler<std::optional<Spent>> handler_)
        : node(node_), from(from_), nonce(nonce_), low(low_), high(high_), handler(std::move(handler_)) {}

    void halve() {
        if (high <= low + 1) {
            block = high > neighbours / 2 ? high - neighbours / 2 : 0;
            last = high + neighbours / 2;
            return look();
        }
        const std::uint64_t middle = low + (high - low) / 2;
        node.transaction_count(from, At::block(middle),
                               [self = shared_from_this(), middle](const Result<std::uint64_t>& count) {
                                   // A node that does not answer for old blocks, or for a null round: what is newer is
                                   // looked into.
                                   if (count.ok() && *count > self->nonce)
                                       self->high = middle;
                                   else if (count.ok() || count.error().code == ErrorCode::internal)
                                       self->low = middle;
                                   else
                                       return self->handler(count.error());
                                   self->halve();
                               });
    }

    void look() {
        if (block > last) return handler(std::optional<Spent>());
        node.transactions(block, [self = shared_from_this()](Result<std::vector<EthTransaction>> found) {
            // Beyond the head there is nothing.
            if (!found.ok() && found.error().code != ErrorCode::internal) return self->handler(found.error());
            if (found.ok())
                for (EthTransaction& one : *found)
                    if (one.from == self->from && one.nonce == self->nonce)
                        return self->handler(std::optional(Spent{self->block, std::move(one)}));
            ++self->block;
            self->look();
        });
    }

    EthNode& node;
    EthAddress from;
    std::uint64_t nonce;
    std::uint64_t low;
    std::uint64_t high;
    EthNode::Handler<std::optional<Spent>> handler;
    std::uint64_t block = 0;
    std::uint64_t last = 0;
};

struct Looking : std::enable_shared_from_this<Looking> {
    Looking(EthNode& node_, Wallet& wallet_, std::vector<Draft> drafts_, std::uint64_t head_,
            EthNode::Handler<Sighting> handler_)
        : node(node_), wallet(wallet_), drafts(std::move(drafts_)), head(head_), handler(std::move(handler_)) {}

    /// Newest first.
    void next_receipt(std::size_t left) {
        if (left == 0) return ask_count();
        wallet.receipt(drafts[left - 1],
                       [self = shared_from_this(), left](const Result<std::optional<EthReceipt>>& receipt) {
                           // A node without an index has no receipts: the chain is looked into.
                           if (!receipt.ok() && receipt.error().code != ErrorCode::internal &&
                               receipt.error().code != ErrorCode::unsupported)
                               return self->handler(receipt.error());
                           if (!receipt.ok() || !*receipt) return self->next_receipt(left - 1);
                           self->check_block(left - 1, **receipt);
                       });
    }

    /// Nodes keep receipts of blocks that have left the chain.
    void check_block(std::size_t draft, const EthReceipt& receipt) {
        if (!receipt.block_hash) return found(draft, receipt);
        node.block(At::block(receipt.block),
                   [self = shared_from_this(), draft, receipt](const Result<std::optional<EthBlock>>& block) {
                       if (!block.ok()) return self->handler(block.error());
                       if (!*block || (*block)->hash != *receipt.block_hash) return self->next_receipt(draft);
                       self->found(draft, receipt);
                   });
    }

    void found(std::size_t draft, const EthReceipt& receipt) {
        handler(Sighting{Sighting::State::included, draft, receipt.block, receipt, drafts[draft].hash});
    }

    void ask_count() {
        node.transaction_count(wallet.address(), At::latest(),
                               [self = shared_from_this()](const Result<std::uint64_t>& count) {
                                   if (!count.ok()) return self->handler(count.error());
                                   if (*count > self->drafts.back().nonce.value_or(0)) return self->find_spent_nonce();
                                   self->next_pending(self->drafts.size());
                               });
    }

    void find_spent_nonce() {
        std::uint64_t since = drafts.front().made_at;
        since -= std::min(since, longest_reorg);
        find_spent(node, wallet.address(), drafts.back().nonce.value_or(0), since, head,
                   [self = shared_from_this()](const Result<std::optional<Spent>>& spent) {
                       if (!spent.ok()) return self->handler(spent.error());
                       self->compare(*spent);
                   });
    }

    void compare(const std::optional<Spent>& spent) {
        Sighting out;
        out.state = Sighting::State::unclear;
        if (!spent) return handler(std::move(out));
        out.state = Sighting::State::overtaken;
        out.block = spent->block;
        out.hash = spent->transaction.hash;
        for (std::size_t i = 0; i < drafts.size(); ++i) {
            if (!is_of(drafts[i], spent->transaction)) continue;
            out.state = Sighting::State::included;
            out.draft = i;
            // Its own hash says more than the tag, which stand-ins have in common.
            if (drafts[i].hash == out.hash) return handler(std::move(out));
        }
        if (out.state != Sighting::State::included) return handler(std::move(out));
        // The hash was not known before.
        node.receipt(*out.hash, [self = shared_from_this(), out](Result<std::optional<EthReceipt>> receipt) mutable {
            if (receipt.ok()) out.receipt = std::move(*receipt);
            self->handler(std::move(out));
        });
    }

    void next_pending(std::size_t left) {
        if (left == 0) return handler(Sighting{});
        const Draft& draft = drafts[left - 1];
        if (!draft.hash) return next_pending(left - 1);
        node.transaction(
            *draft.hash, [self = shared_from_this(), left](const Result<std::optional<EthTransaction>>& found) {
                if (!found.ok() && found.error().code != ErrorCode::internal) return self->handler(found.error());
                if (!found.ok() || !*found) return self->next_pending(left - 1);
                self->handler(Sighting{Sighting::State::pending, left - 1, 0, {}, self->drafts[left - 1].hash});
            });
    }

    EthNode& node;
    Wallet& wallet;
    std::vector<Draft> drafts;
    std::uint64_t head;
    EthNode::Handler<Sighting> handler;
};

}    // namespace

bool is_of(const Draft& draft, const EthTransaction& transaction) {
    if (draft.hash && transaction.hash == *draft.hash) return true;
    return !draft.tag.empty() && transaction.input.size() >= draft.tag.size() &&
           std::ranges::equal(draft.tag, ByteView(transaction.input).last(draft.tag.size()));
}

void find_spent(EthNode& node, const EthAddress& from, std::uint64_t nonce, std::uint64_t since, std::uint64_t head,
                EthNode::Handler<std::optional<Spent>> handler) {
    std::make_shared<Search>(node, from, nonce, std::min(since, head), head, std::move(handler))->halve();
}

void look_for(EthNode& node, Wallet& wallet, std::vector<Draft> drafts, std::uint64_t head,
              EthNode::Handler<Sighting> handler) {
    const std::size_t count = drafts.size();
    std::make_shared<Looking>(node, wallet, std::move(drafts), head, std::move(handler))->next_receipt(count);
}

}    // namespace filfil::incentive
