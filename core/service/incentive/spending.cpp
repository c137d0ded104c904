// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/incentive/spending.hpp"

#include "incentive/fil_text.hpp"

#include <optional>
#include <stop_token>
#include <utility>

namespace filfil::service {

using rpc::Json;

namespace {

Result<std::uint64_t> block_of(const journal::EffectRecord& done) {
    FILFIL_TRY(const Json json, rpc::parse_json(done.result));
    FILFIL_TRY(const incentive::SendOutcome outcome, incentive::parse_outcome(json));
    return outcome.block;
}

}    // namespace

SpendingJob::SpendingJob(World& world, std::shared_ptr<JobContext> context, Done done)
    : m_world(world), m_context(std::move(context)), m_done(std::move(done)) {}

void SpendingJob::end(Result<Json> result) {
    if (std::exchange(m_ended, true)) return;
    m_stop_watch.reset();
    m_done(std::move(result));
}

Error SpendingJob::stopped_sending() {
    return {ErrorCode::cancelled, "nobody waits for it any more; what was sent already takes effect",
            "FilFil.Transactions lists what is under way"};
}

void SpendingJob::watch_stop(const std::shared_ptr<SpendingJob>& self, Error why) {
    // The stop may come on any thread, also while the callback is being made.
    auto stopped = [&loop = self->m_world.loop, weak = std::weak_ptr<SpendingJob>(self), why = std::move(why)] {
        loop.post([weak, why] {
            if (const auto job = weak.lock()) job->end(why);
        });
    };
    self->m_stop_watch =
        std::make_shared<std::stop_callback<decltype(stopped)>>(self->m_context->stop(), std::move(stopped));
}

void start_spending(House& house, Json params, const rpc::Reply& reply,
                    std::function<void(const std::shared_ptr<SpendingJob>&)> begin) {
    const auto started =
        house.jobs.start_on_loop("transaction", std::move(params),
                                 [&world = house.world, begin = std::move(begin)](
                                     const std::shared_ptr<JobContext>& context, const SpendingJob::Done& done) {
                                     const auto job = std::make_shared<SpendingJob>(world, context, done);
                                     SpendingJob::watch_stop(job);
                                     begin(job);
                                 });
    if (!started.ok()) return reply(started.error());
    reply(Json{{"job", *started}});
}

namespace {

/// Ends the job with what came of what was sent.
std::function<void(Result<incentive::SendOutcome>)> ending(House& house, const std::shared_ptr<SpendingJob>& job,
                                                           Json about) {
    return [&house, job, about = std::move(about),
            from = house.till->name()](const Result<incentive::SendOutcome>& outcome) mutable {
        house.till->look();
        if (!outcome.ok()) return job->end(outcome.error());
        const auto cost = multiply(outcome->gas_used, outcome->gas_price);
        about["hash"] = incentive::hash_text(outcome->hash);
        about["block"] = outcome->block;
        about["gas_used"] = outcome->gas_used.text();
        about["cost"] = cost ? Json(cost->text()) : Json(nullptr);
        about["from"] = from;
        if (outcome->contract) about["contract"] = outcome->contract->text();
        job->end(std::move(about));
    };
}

}    // namespace

void send_and_end(House& house, const std::shared_ptr<SpendingJob>& job, incentive::SendOrder order, Json about) {
    if (job->ended()) return;
    job->set_stage("sending");
    const auto sent = house.till->send(std::move(order), ending(house, job, std::move(about)));
    if (!sent.ok()) job->end(sent.error());
}

void send_again_and_end(House& house, const std::shared_ptr<SpendingJob>& job, const std::string& prefix,
                        incentive::SendOrder order, Json about) {
    if (job->ended()) return;
    job->set_stage("sending");
    about["was_under_way"] = house.till->under_way(prefix);
    const auto sent = house.till->send_or_wait(prefix, std::move(order), ending(house, job, std::move(about)));
    if (!sent.ok()) job->end(sent.error());
}

std::string epoch_text(const House& house) {
    const auto head = house.head();
    return std::to_string(head ? head->value : 0);
}

void send_anew_and_end(House& house, const std::shared_ptr<SpendingJob>& job, incentive::SendOrder order, Json about) {
    const std::string key = order.key;
    house.queue->run([journal = house.journal, key] { return journal->effect(key); },
                     [&house, job, order = std::move(order),
                      about = std::move(about)](const Result<std::optional<journal::EffectRecord>>& before) mutable {
                         if (job->ended()) return;
                         if (!before.ok()) return job->end(before.error());
                         if (!*before || (*before)->state != journal::EffectRecord::State::done)
                             return send_and_end(house, job, std::move(order), std::move(about));
                         const auto block = block_of(**before);
                         if (!block.ok()) return job->end(block.error());
                         order.key += "/after-" + std::to_string(*block);
                         send_anew_and_end(house, job, std::move(order), std::move(about));
                     });
}

}    // namespace filfil::service
