// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/message_search.hpp"

#include "incentive/filecoin_message.hpp"
#include "incentive/lookout.hpp"

#include <algorithm>
#include <utility>

namespace filfil::incentive {
namespace {

using rpc::Json;

/// More transactions of the same wallet since the crash than that are not gone through.
constexpr std::uint64_t longest_search = 64;

/// The count that was noted may be of blocks that have left the chain since.
constexpr std::uint64_t reorg_reach = 900;

}    // namespace

MessageSearch::MessageSearch(EthNode& node, std::string name, chain::Address sender, const EthAddress& address)
    : m_node(node), m_name(std::move(name)), m_sender(std::move(sender)), m_address(address) {}

/// Pool first, chain then: so what goes from one into the other meanwhile is not missed.
void MessageSearch::find(const Draft& draft, std::uint64_t first, Handler<std::optional<FoundMessage>> handler) {
    const auto work = std::make_shared<Work>(Work{draft, first, std::move(handler)});
    m_node.ask("Filecoin.MpoolPending", Json::array({nullptr}),
               m_here([this, work](rpc::Answer answer) { take_pool(work, std::move(answer)); }));
}

void MessageSearch::take_pool(const WorkPtr& work, rpc::Answer answer) {
    const auto pool = m_node.result_of(std::move(answer), "Filecoin.MpoolPending");
    if (!pool.ok() && pool.error().code == ErrorCode::unsupported) return count_pool(work);
    if (!pool.ok()) return work->handler(pool.error());
    if (!pool->is_null() && !pool->is_array())
        return work->handler(Error(ErrorCode::corrupt, m_node.name() + ": Filecoin.MpoolPending: no list"));
    const ByteView tag = work->draft.tag;
    for (const Json& one : *pool) {
        // What else it says is looked at by who takes it: with the tag there it must not be pushed again.
        const auto message = read_signed_message(one);
        if (message.ok() && message->from == m_sender && message->params.size() >= tag.size() &&
            std::ranges::equal(tag, ByteView(message->params).last(tag.size())))
            return work->handler(std::optional(FoundMessage{one, std::nullopt, message->nonce}));
    }
    find_in_chain(work);
}

/// A node that does not show its pool may still count it.
void MessageSearch::count_pool(const WorkPtr& work) {
    m_node.transaction_count(m_address, At::pending(), m_here([this, work](const Result<std::uint64_t>& pending) {
                                 if (!pending.ok()) return work->handler(pending.error());
                                 const auto compare = [this, work,
                                                       pending = *pending](const Result<std::uint64_t>& latest) {
                                     if (!latest.ok()) return work->handler(latest.error());
                                     if (pending <= *latest) return find_in_chain(work);
                                     work->handler(Error(ErrorCode::busy,
                                                         m_node.name() + ": the node's pool has messages of " + m_name +
                                                             " that it does not show, and one of them may be this one",
                                                         "it is looked for again when they are in the chain"));
                                 };
                                 m_node.transaction_count(m_address, At::latest(), m_here(compare));
                             }));
}

void MessageSearch::find_in_chain(const WorkPtr& work) {
    m_node.transaction_count(
        m_address, At::latest(), m_here([this, work](const Result<std::uint64_t>& count) {
            if (!count.ok()) return work->handler(count.error());
            if (*count <= work->first) return work->handler(std::optional<FoundMessage>());
            if (*count - work->first > longest_search)
                return work->handler(Error(ErrorCode::busy,
                                           "the wallet " + m_name + " has sent " +
                                               std::to_string(*count - work->first) +
                                               " messages since, and whether one of them is this one was not looked at",
                                           "look at the contract: if the call took effect, mark it as done"));
            m_node.block_number(m_here([this, work, end = *count](const Result<std::uint64_t>& head) {
                if (!head.ok()) return work->handler(head.error());
                next_nonce(work, work->first, end, *head);
            }));
        }));
}

void MessageSearch::next_nonce(const WorkPtr& work, std::uint64_t nonce, std::uint64_t end, std::uint64_t head) {
    if (nonce == end) return work->handler(std::optional<FoundMessage>());
    const std::uint64_t since = work->draft.made_at - std::min(work->draft.made_at, reorg_reach);
    find_spent(
        m_node, m_address, nonce, since, head,
        m_here([this, work, nonce, end, head](const Result<std::optional<Spent>>& spent) {
            if (!spent.ok()) return work->handler(spent.error());
            if (!*spent)
                return work->handler(Error(ErrorCode::busy,
                                           m_node.name() + ": no block shows the message " + std::to_string(nonce) +
                                               " of " + m_name + ", and it may be this one",
                                           "it is looked for again"));
            if (!is_of(work->draft, (*spent)->transaction)) return next_nonce(work, nonce + 1, end, head);
            work->handler(std::optional(FoundMessage{std::nullopt, (*spent)->transaction.hash, nonce}));
        }));
}

}    // namespace filfil::incentive
