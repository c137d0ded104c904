// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "incentive/sender.hpp"
#include "service/house.hpp"

#include <functional>
#include <memory>
#include <string>

namespace filfil::service {

/// A job that ends once, on the loop: by what it does, or because it was cancelled. What is sent by then goes on.
class SpendingJob {
public:
    using Done = std::function<void(Result<rpc::Json>)>;

    SpendingJob(World& world, std::shared_ptr<JobContext> context, Done done);

    void set_stage(std::string stage) { m_context->set_stage(std::move(stage)); }
    [[nodiscard]] bool ended() const noexcept { return m_ended; }
    void end(Result<rpc::Json> result);

    /// Is told of a stop from now on, and ends with `why` then.
    static void watch_stop(const std::shared_ptr<SpendingJob>& self, Error why = stopped_sending());

private:
    static Error stopped_sending();

    World& m_world;
    std::shared_ptr<JobContext> m_context;
    Done m_done;
    bool m_ended = false;
    std::shared_ptr<void> m_stop_watch;
};

/// Starts a job "transaction" and answers {"job": its number}. @param begin is to end it
void start_spending(House& house, rpc::Json params, const rpc::Reply& reply,
                    std::function<void(const std::shared_ptr<SpendingJob>&)> begin);

/// Sends one order and ends the job with {…about, "hash", "block", "gas_used", "cost", "from"}; money in attoFIL.
void send_and_end(House& house, const std::shared_ptr<SpendingJob>& job, incentive::SendOrder order, rpc::Json about);

/// The same for what the contract says is not so now. Where the journal has it done it was undone since (a staging
/// cancelled, a provider that left): then it is another effect, whose key names the block of the one before it.
void send_anew_and_end(House& house, const std::shared_ptr<SpendingJob>& job, incentive::SendOrder order,
                       rpc::Json about);

/// The same for what may be done again and again (money sent, something set to what it was before): one that is under
/// way and whose key begins with `prefix` is the same wish, and is waited for; the result has "was_under_way" then.
/// @param order with a key that was never used, e.g. by epoch_text()
void send_again_and_end(House& house, const std::shared_ptr<SpendingJob>& job, const std::string& prefix,
                        incentive::SendOrder order, rpc::Json about);

/// The head's epoch, for keys.
std::string epoch_text(const House& house);

/// What keys of order_of() begin with.
template <class Call>
std::string key_start(const Desk& desk) {
    return std::string(Call::name) + "/" + desk.address().lower_text() + "/";
}

/// The order of a call to the contract. @param value attoFIL
template <class Call>
Result<incentive::SendOrder> order_of(const Desk& desk, std::string key, std::string title,
                                      const typename Call::Input& input, const incentive::U256& value = {}) {
    FILFIL_TRY(Bytes data, incentive::encode_call<Call>(input));
    return incentive::SendOrder{.key = key_start<Call>(desk) + key,
                                .title = std::move(title),
                                .call = {.to = desk.address(), .value = value, .data = std::move(data)}};
}

}    // namespace filfil::service
