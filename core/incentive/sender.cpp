// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/sender.hpp"

#include "incentive/sender_impl.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace filfil::incentive {
namespace {

constexpr std::array<std::string_view, 6> phase_names = {"checking", "preparing", "sending",
                                                         "pending",  "included",  "finishing"};

/// Failures of the way to the node, not of what was asked.
bool is_of_the_way(const Error& error) {
    return error.code == ErrorCode::io || error.code == ErrorCode::cancelled || error.code == ErrorCode::corrupt;
}

}    // namespace

std::string_view name_of(SendPhase phase) noexcept { return phase_names[static_cast<std::size_t>(phase)]; }

Sender::Sender(World& world, std::shared_ptr<journal::Journal> journal, EthNode& node, Wallet& wallet,
               SenderOptions options, std::function<void(const std::string&)> changed)
    : m_impl(std::make_shared<Impl>(world, std::move(journal), node, wallet, std::move(options), std::move(changed))) {}

Sender::~Sender() {
    for (const auto& [key, job] : m_impl->jobs) job->gone = true;
    m_impl->jobs.clear();
    m_impl->line.clear();
}

void Sender::start(std::function<void(Result<std::size_t>)> started) { m_impl->start(std::move(started)); }

void Sender::send(SendOrder order, Handler handler) { m_impl->send(std::move(order), std::move(handler)); }

bool Sender::wait(const std::string& key, Handler handler) {
    const auto found = m_impl->jobs.find(key);
    if (found == m_impl->jobs.end()) return false;
    found->second->handlers.push_back(std::move(handler));
    return true;
}

void Sender::look() { m_impl->look(); }

std::vector<SendInfo> Sender::list() const {
    std::vector<SendInfo> out;
    for (const auto& [key, job] : m_impl->jobs) {
        SendInfo info;
        info.key = key;
        info.title = job->title;
        info.phase = job->phase;
        info.block = job->block;
        info.replacements = job->replacements;
        info.trouble = job->trouble;
        if (!job->drafts.empty()) {
            info.hash = job->included ? job->included : job->drafts.back().draft.hash;
            info.nonce = job->drafts.back().draft.nonce;
        }
        out.push_back(std::move(info));
    }
    return out;
}

Sender::Impl::Impl(World& world_, std::shared_ptr<journal::Journal> journal_, EthNode& node_, Wallet& wallet_,
                   SenderOptions options_, std::function<void(const std::string&)> changed_)
    : world(world_),
      journal(std::move(journal_)),
      node(node_),
      wallet(wallet_),
      options(std::move(options_)),
      changed(std::move(changed_)) {
    if (!options.revert) options.revert = plain_revert;
    options.confirmations = std::max<std::uint64_t>(1, options.confirmations);
}

void Sender::Impl::start(std::function<void(Result<std::size_t>)> started) {
    run([](SendLog& sends) { return sends.open_keys(); },
        [this, started = std::move(started)](const Result<std::vector<std::string>>& keys) {
            if (!keys.ok()) return started(keys.error());
            for (const std::string& key : *keys) {
                if (jobs.contains(key)) continue;
                const auto job = std::make_shared<Job>();
                job->key = key;
                jobs.emplace(key, job);
                load(job);
            }
            tick();
            started(keys->size());
        });
}

void Sender::Impl::send(SendOrder order, Handler handler) {
    const auto found = jobs.find(order.key);
    if (found != jobs.end()) {
        const JobPtr job = found->second;
        // One that is just being taken up has no call yet: it is compared when it is read.
        if (!job->request.empty() && job->call != order.call)
            return handler(Error(ErrorCode::mismatch, "the effect '" + order.key + "' is under way with another call",
                                 "wait until it is done"));
        if (job->request.empty()) {
            job->call = std::move(order.call);
            job->title = std::move(order.title);
            job->request = request_text(job->title, job->call);
        }
        job->handlers.push_back(std::move(handler));
        return;
    }
    const auto job = std::make_shared<Job>();
    job->key = order.key;
    job->title = std::move(order.title);
    job->call = std::move(order.call);
    job->request = request_text(job->title, job->call);
    job->handlers.push_back(std::move(handler));
    jobs.emplace(job->key, job);
    load(job);
    tick();
}

void Sender::Impl::load(const JobPtr& job) {
    job->busy = true;
    run([key = job->key](SendLog& sends) { return sends.read(key); },
        here(job, [this, job](Result<std::optional<LoggedSend>> logged) { loaded(job, std::move(logged)); }));
}

void Sender::Impl::loaded(const JobPtr& job, Result<std::optional<LoggedSend>> logged) {
    if (!logged.ok()) return end(job, logged.error());
    if (!*logged) return dry_run(job);
    LoggedSend& found = **logged;
    auto request = parse_request(found.effect.request);
    if (!request.ok())
        return end(job, Error(ErrorCode::corrupt, "the journal's effect '" + job->key + "': " + request.error().message,
                              "restore the journal from its backup"));
    if (!job->request.empty() && request->call != job->call)
        return end(
            job, Error(ErrorCode::mismatch, "the effect '" + job->key + "' stands in the journal with another call (" +
                                                request->title + ")"));
    job->request = found.effect.request;
    job->title = request->title;
    job->call = std::move(request->call);
    take_up(job, found);
}

void Sender::Impl::take_up(const JobPtr& job, LoggedSend& logged) {
    using State = journal::EffectRecord::State;
    job->next_number = logged.next_number;
    job->attempt = logged.effect.attempts;
    if (logged.effect.state == State::done) {
        const auto json = rpc::parse_json(logged.effect.result);
        const auto outcome = json.ok() ? parse_outcome(*json) : json.error();
        return end(job, outcome.ok()
                            ? outcome
                            : Error(ErrorCode::corrupt, "the journal's effect '" + job->key +
                                                            "' is done, and says not how: " + outcome.error().message));
    }
    if (logged.effect.state == State::failed) {
        ++job->attempt;
        return dry_run(job);
    }
    job->intended = true;
    // A crash came between the draft's end and the effect's.
    if (logged.done) {
        job->drafts = std::move(logged.open);
        const SendOutcome outcome = *logged.done;
        return run(
            [key = job->key, drafts = numbers_of(*job), outcome](SendLog& sends) -> Result<void> {
                FILFIL_CHECK(sends.give_up_drafts(key, drafts, "replaced"));
                return sends.finish_done(key, {}, 0, outcome);
            },
            here(job, [this, job, outcome](const Result<void>& finished) {
                end(job, finished.ok() ? Result<SendOutcome>(outcome) : finished.error());
            }));
    }
    if (logged.reverted) return not_begun(job, *logged.reverted);
    if (logged.open.empty()) return dry_run(job);
    job->drafts = std::move(logged.open);
    set_phase(job, SendPhase::sending);
    job->sender = logged.sender;
    rest(job);
    if (head != 0) step(job);
}

void Sender::Impl::open_wallet(std::function<void(Result<void>)> then) {
    if (opened) return then({});
    wallet.open([weak = weak_from_this(), then = std::move(then)](const Result<void>& result) {
        const auto self = weak.lock();
        if (!self) return;
        if (result.ok()) self->opened = true;
        then(result);
    });
}

void Sender::Impl::dry_run(const JobPtr& job) {
    job->busy = true;
    set_phase(job, SendPhase::checking);
    open_wallet(here(job, [this, job](const Result<void>& opened_now) {
        if (!opened_now.ok()) return not_begun(job, opened_now.error());
        node.call(wallet.address(), job->call, At::latest(), here(job, [this, job](rpc::Answer answer) {
                      if (answer.result) return queue(job);
                      not_begun(job, call_error(node, std::move(answer), "eth_call", wallet.address(), options.revert));
                  }));
    }));
}

void Sender::Impl::queue(const JobPtr& job) {
    set_phase(job, SendPhase::preparing);
    line.push_back(job);
    next_in_line();
}

void Sender::Impl::next_in_line() {
    while (!wallet_busy && !line.empty()) {
        const JobPtr job = line.front();
        line.pop_front();
        if (job->gone) continue;
        wallet_busy = true;
        wallet.prepare(job->call, preparation_of(*job),
                       here(job, [this, job](Result<Draft> draft) { prepared(job, std::move(draft)); }));
    }
}

Wallet::Preparation Sender::Impl::preparation_of(const Job& job) const {
    Wallet::Preparation out;
    out.id = job.key + "#" + std::to_string(job.attempt) + "." + std::to_string(job.next_number);
    out.revert = options.revert;
    for (const auto& [key, other] : jobs)
        for (const LoggedDraft& logged : other->drafts) {
            if (logged.draft.nonce) out.taken.insert(*logged.draft.nonce);
            const bool counts = !other->block && &logged == &other->drafts.back();
            if (counts) out.reserved = add(out.reserved, logged.draft.most_cost).value_or(U256::max());
        }
    return out;
}

void Sender::Impl::prepared(const JobPtr& job, Result<Draft> draft) {
    if (draft.ok()) return write_draft(job, std::move(*draft), true);
    wallet_busy = false;
    not_begun(job, draft.error());
    next_in_line();
}

/// The nonce is given away only when the draft is durable, so whoever came by the line has the wallet until then.
void Sender::Impl::write_draft(const JobPtr& job, Draft draft, bool in_line) {
    const std::uint32_t number = job->next_number++;
    run([key = job->key, request = job->request, attempt = job->attempt, number, sender = wallet.address(),
         draft](SendLog& sends) { return sends.write(key, request, attempt, number, sender, draft); },
        here(job, [this, job, number, draft, in_line](const Result<void>& written) {
            if (in_line) wallet_busy = false;
            if (!written.ok() && job->drafts.empty()) {
                // Whether it stands in the journal is not known, and nothing was sent: the next run reads it.
                end(job, written.error().in("'" + job->title + "' was not sent"));
            } else if (!written.ok()) {
                in_trouble(job, written.error());
                rest(job);
            } else {
                job->intended = true;
                job->drafts.push_back({number, draft});
                job->accepted = false;
                job->waits_from = draft.made_at;
                send_draft(job);
            }
            next_in_line();
        }));
}

/// Nothing was sent, or nothing that can take effect any more.
void Sender::Impl::not_begun(const JobPtr& job, const Error& why) {
    if (!job->intended) return end(job, why);
    if (is_of_the_way(why)) {
        in_trouble(job, why);
        return rest(job);
    }
    run([key = job->key, why](SendLog& sends) { return sends.finish_failed(key, why); },
        here(job, [this, job, why](const Result<void>& finished) {
            if (!finished.ok())
                log(LogLevel::error,
                    "'" + job->title + "' failed, and that could not be written down: " + finished.error().text());
            end(job, why);
        }));
}

void Sender::Impl::in_trouble(const JobPtr& job, const Error& why) {
    const bool new_one = !job->trouble || job->trouble->message != why.message;
    job->trouble = why;
    if (!new_one) return;
    log(LogLevel::warning, "'" + job->title + "': " + why.text());
    if (changed) changed(job->key);
}

void Sender::Impl::rest(const JobPtr& job) { job->busy = false; }

void Sender::Impl::set_phase(const JobPtr& job, SendPhase phase) {
    if (job->phase == phase) return;
    job->phase = phase;
    if (changed) changed(job->key);
}

void Sender::Impl::end(const JobPtr& job, const Result<SendOutcome>& result) {
    job->gone = true;
    jobs.erase(job->key);
    if (!result.ok()) log(LogLevel::warning, "'" + job->title + "': " + result.error().text());
    const auto keep = shared_from_this();
    if (changed) changed(job->key);
    for (const Handler& handler : std::exchange(job->handlers, {})) handler(result);
}

std::vector<std::uint32_t> Sender::Impl::numbers_of(const Job& job) {
    std::vector<std::uint32_t> out;
    out.reserve(job.drafts.size());
    for (const LoggedDraft& logged : job.drafts) out.push_back(logged.number);
    return out;
}

}    // namespace filfil::incentive
