// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/sender_impl.hpp"

#include <algorithm>
#include <utility>

namespace filfil::incentive {

using Sighted = Sighting::State;

/// The newest draft goes out, for the first time or once more: it is the same transaction.
void Sender::Impl::send_draft(const JobPtr& job) {
    job->busy = true;
    if (!job->accepted) set_phase(job, SendPhase::sending);
    wallet.send(job->drafts.back().draft, here(job, [this, job](Result<Draft> sent) {
                    if (!sent.ok()) {
                        // It may have been sent all the same: who knows is the chain.
                        in_trouble(job, sent.error());
                        return rest(job);
                    }
                    job->accepted = true;
                    job->trouble.reset();
                    set_phase(job, SendPhase::pending);
                    learn(job, std::move(*sent));
                }));
}

/// What only the node could tell is written down as one more draft, in the place of the one that it was.
void Sender::Impl::learn(const JobPtr& job, Draft draft) {
    const Draft& before = job->drafts.back().draft;
    job->missing_since.reset();
    if (draft.hash == before.hash && draft.nonce == before.nonce && draft.body == before.body) return rest(job);
    const std::uint32_t number = job->next_number++;
    run([key = job->key, request = job->request, attempt = job->attempt, number, sender = wallet.address(),
         draft](SendLog& sends) { return sends.write(key, request, attempt, number, sender, draft); },
        here(job, [this, job, number, draft](const Result<void>& written) {
            if (written.ok())
                job->drafts.push_back({number, draft});
            else
                in_trouble(job, written.error());
            rest(job);
        }));
}

/// Asks for news again and again, as long as there is anything to hear of.
void Sender::Impl::tick() {
    if (ticking) return;
    ticking = true;
    const auto later = [weak = weak_from_this()] {
        const auto self = weak.lock();
        if (!self) return;
        self->ticking = false;
        if (!self->jobs.empty()) self->tick();
    };
    world.loop.post_after(options.poll, later);
    look();
}

void Sender::Impl::look() {
    if (looking || jobs.empty()) return;
    looking = true;
    open_wallet([this](const Result<void>& opened_now) {
        if (!opened_now.ok()) {
            looking = false;
            for (const auto& [key, job] : std::map(jobs))
                if (!job->busy) in_trouble(job, opened_now.error());
            return;
        }
        node.block_number([weak = weak_from_this()](const Result<std::uint64_t>& number) {
            const auto self = weak.lock();
            if (!self) return;
            self->looking = false;
            if (number.ok()) return self->poll(*number);
            for (const auto& [key, job] : std::map(self->jobs))
                if (!job->busy) self->in_trouble(job, number.error());
        });
    });
}

void Sender::Impl::poll(std::uint64_t number) {
    head = number;
    const auto all = [this] {
        for (const auto& [key, job] : std::map(jobs)) step(job);
    };
    const bool asks =
        options.finality && std::ranges::any_of(jobs, [](const auto& one) { return one.second->block.has_value(); });
    if (!asks) return all();
    node.block(At::finalized(), [weak = weak_from_this(), all](const Result<std::optional<EthBlock>>& block) {
        const auto self = weak.lock();
        if (!self) return;
        // A node that knows of no finality leaves it at the confirmations.
        self->finalized.reset();
        if (block.ok() && *block) self->finalized = (*block)->number;
        all();
    });
}

void Sender::Impl::step(const JobPtr& job) {
    if (job->busy || job->gone || !opened) return;
    if (job->sender && *job->sender != wallet.address().text())
        return in_trouble(job, Error(ErrorCode::mismatch,
                                     "'" + job->title + "' was begun with the wallet " + *job->sender +
                                         ", and the wallet is " + wallet.address().text() + " now",
                                     "start once more with that wallet until it is done"));
    if (job->drafts.empty()) return dry_run(job);
    job->busy = true;
    const Draft& newest = job->drafts.back().draft;
    if (!newest.hash || !newest.nonce) return find_unnamed(job);
    watch(job);
}

void Sender::Impl::find_unnamed(const JobPtr& job) {
    wallet.find(job->drafts.back().draft, here(job, [this, job](Result<std::optional<Draft>> found) {
                    if (!found.ok()) {
                        job->missing_since.reset();
                        in_trouble(job, found.error());
                        return rest(job);
                    }
                    if (*found) {
                        const bool has_nonce = (*found)->nonce.has_value();
                        learn(job, std::move(**found));
                        // A message whose hash the node does not tell yet is known by its nonce and its tag.
                        if (has_nonce && !job->busy) {
                            job->busy = true;
                            watch(job);
                        }
                        return;
                    }
                    const Clock::Duration now = world.clock.steady();
                    if (!job->missing_since) job->missing_since = now;
                    if (now - *job->missing_since < options.resend_after) return rest(job);
                    job->missing_since.reset();
                    send_draft(job);
                }));
}

void Sender::Impl::watch(const JobPtr& job) {
    std::vector<Draft> drafts;
    drafts.reserve(job->drafts.size());
    for (const LoggedDraft& logged : job->drafts) drafts.push_back(logged.draft);
    look_for(node, wallet, std::move(drafts), head, here(job, [this, job](Result<Sighting> sighting) {
                 if (sighting.ok()) return seen(job, std::move(*sighting));
                 in_trouble(job, sighting.error());
                 rest(job);
             }));
}

void Sender::Impl::seen(const JobPtr& job, Sighting sighting) {
    if (sighting.state != Sighted::included && job->block) {
        log(LogLevel::warning, "'" + job->title + "' left the chain again with its block " +
                                   std::to_string(*job->block) + ": it goes on with the same transaction");
        job->block.reset();
        job->included.reset();
        job->waits_from = head;
    }
    switch (sighting.state) {
        case Sighted::included: return is_included(job, sighting);
        case Sighted::pending: return waits(job, true);
        case Sighted::unseen: return waits(job, false);
        case Sighted::overtaken: return overtaken(job, sighting);
        case Sighted::unclear: break;
    }
    in_trouble(job, Error(ErrorCode::busy,
                          node.name() + ": the nonce of '" + job->title +
                              "' is used up, and the node shows neither a receipt nor a block with what used it",
                          "nothing is sent until it does; the node may lack an index or old state (Lotus: "
                          "[ChainIndexer] EnableIndexer = true)"));
    rest(job);
}

void Sender::Impl::waits(const JobPtr& job, bool pending) {
    set_phase(job, pending ? SendPhase::pending : SendPhase::sending);
    if (pending) job->accepted = true;
    const std::uint64_t since = std::max(job->waits_from, job->drafts.back().draft.made_at);
    const bool stuck = head >= since && head - since >= options.stuck_after;
    // One that no node has taken competes with nothing: what stands in its way is somebody else's.
    if (stuck && job->accepted && job->replacements < options.most_replacements) return replace(job);
    if (!pending) return send_draft(job);
    job->trouble.reset();
    rest(job);
}

void Sender::Impl::replace(const JobPtr& job) {
    wallet.replace(job->drafts.back().draft, here(job, [this, job](Result<Draft> draft) {
                       if (!draft.ok()) {
                           in_trouble(job, draft.error());
                           return rest(job);
                       }
                       log(LogLevel::info, "'" + job->title + "' waits for " + std::to_string(options.stuck_after) +
                                               " blocks and more: one with higher fees takes its place");
                       ++job->replacements;
                       write_draft(job, std::move(*draft), false);
                   }));
}

bool Sender::Impl::deep_enough(std::uint64_t block) const {
    if (finalized && *finalized >= block) return true;
    return head >= block && head - block + 1 >= options.confirmations;
}

void Sender::Impl::is_included(const JobPtr& job, const Sighting& sighting) {
    if (job->block != sighting.block || job->included != sighting.hash) {
        job->block = sighting.block;
        job->included = sighting.hash;
        if (changed && job->phase == SendPhase::included) changed(job->key);
    }
    set_phase(job, SendPhase::included);
    if (!sighting.receipt) return search_receipt(job, sighting);
    job->trouble.reset();
    settle(job, sighting.draft, *sighting.receipt);
}

/// It is in a block, and the node's index does not have it (yet).
void Sender::Impl::search_receipt(const JobPtr& job, const Sighting& sighting) {
    if (!deep_enough(sighting.block)) return rest(job);
    wallet.search_receipt(
        job->drafts[sighting.draft].draft,
        here(job, [this, job, sighting](const Result<std::optional<EthReceipt>>& receipt) {
            if (receipt.ok() && *receipt) {
                EthReceipt found = **receipt;
                found.block = sighting.block;
                return settle(job, sighting.draft, found);
            }
            in_trouble(job, receipt.ok() ? Error(ErrorCode::busy,
                                                 node.name() + ": '" + job->title + "' is in block " +
                                                     std::to_string(sighting.block) +
                                                     ", and the node has no receipt of it, so whether it succeeded is "
                                                     "not known",
                                                 "switch the node's index on (Lotus: [ChainIndexer] EnableIndexer = "
                                                 "true), or name another node")
                                         : receipt.error());
            rest(job);
        }));
}

/// Another transaction has the nonce: only when it can never leave the chain again is a new nonce taken.
void Sender::Impl::overtaken(const JobPtr& job, const Sighting& sighting) {
    set_phase(job, SendPhase::sending);
    const std::string other = sighting.hash ? hash_text(*sighting.hash) : "another transaction";
    in_trouble(
        job,
        Error(ErrorCode::busy,
              other + " in block " + std::to_string(sighting.block) + " has used the nonce of '" + job->title + "'",
              "another program sends with the same wallet; this goes on with the next nonce when that block "
              "is final"));
    if (!deep_enough(sighting.block)) return rest(job);
    run([key = job->key, drafts = numbers_of(*job),
         other](SendLog& sends) { return sends.give_up_drafts(key, drafts, "the nonce was used by " + other); },
        here(job, [this, job](const Result<void>& given_up) {
            if (!given_up.ok()) {
                in_trouble(job, given_up.error());
                return rest(job);
            }
            job->drafts.clear();
            job->sender.reset();
            job->replacements = 0;
            job->accepted = false;
            job->trouble.reset();
            dry_run(job);
        }));
}

void Sender::Impl::settle(const JobPtr& job, std::size_t draft, const EthReceipt& receipt) {
    if (!deep_enough(receipt.block)) return rest(job);
    const Hash32 hash = job->included.value_or(Hash32{});
    const SendOutcome outcome{hash, receipt.block, receipt.gas_used, receipt.gas_price, receipt.contract};
    set_phase(job, SendPhase::finishing);
    if (receipt.succeeded) return finish_done(job, draft, outcome);
    explain(job, draft, outcome, receipt.block);
}

/// Why the contract refused: the same call again, on the state before that block.
void Sender::Impl::explain(const JobPtr& job, std::size_t draft, const SendOutcome& outcome, std::uint64_t block) {
    const std::uint64_t before = block == 0 ? 0 : block - 1;
    node.call(wallet.address(), job->call, At::block(before), here(job, [=, this](rpc::Answer answer) {
                  Error why(ErrorCode::denied, "'" + job->title + "' is in block " + std::to_string(block) +
                                                   " and failed there, and the node cannot say why any more");
                  if (answer.failure) {
                      in_trouble(job, *answer.failure);
                      return rest(job);
                  }
                  if (answer.result)
                      why = Error(ErrorCode::denied,
                                  "'" + job->title + "' is in block " + std::to_string(block) +
                                      " and failed there, though it would have succeeded on the state before it",
                                  "what came before it in the same block has changed the contract, or it ran out of "
                                  "gas: try again with more of it");
                  else if (const auto refusal = refusal_of(answer); refusal && refusal->reverted)
                      why = options.revert(refusal->data, refusal->text);
                  finish_reverted(job, draft, outcome, why);
              }));
}

void Sender::Impl::finish_done(const JobPtr& job, std::size_t draft, const SendOutcome& outcome) {
    run([key = job->key, drafts = numbers_of(*job), taken = job->drafts[draft].number,
         outcome](SendLog& sends) { return sends.finish_done(key, drafts, taken, outcome); },
        here(job, [this, job, outcome](const Result<void>& finished) {
            if (finished.ok()) return end(job, outcome);
            in_trouble(job, finished.error());
            rest(job);
        }));
}

void Sender::Impl::finish_reverted(const JobPtr& job, std::size_t draft, const SendOutcome& outcome, const Error& why) {
    run([key = job->key, drafts = numbers_of(*job), taken = job->drafts[draft].number, outcome,
         why](SendLog& sends) { return sends.finish_reverted(key, drafts, taken, outcome, why); },
        here(job, [this, job, why](const Result<void>& finished) {
            if (finished.ok()) return end(job, why);
            in_trouble(job, finished.error());
            rest(job);
        }));
}

}    // namespace filfil::incentive
