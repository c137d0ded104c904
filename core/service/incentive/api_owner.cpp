// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/fil_text.hpp"
#include "incentive/gas.hpp"
#include "incentive/keccak.hpp"
#include "service/api.hpp"
#include "service/incentive/contract_params.hpp"
#include "service/incentive/spending.hpp"

#include <algorithm>
#include <utility>

namespace filfil::service {
namespace {

using rpc::Json;
using rpc::Permission;
using Session = std::shared_ptr<rpc::Session>;
using JobPtr = std::shared_ptr<SpendingJob>;

constexpr std::size_t longest_memo = 128;

std::string short_hash(ByteView bytes) { return to_hex(ByteView(incentive::keccak_256(bytes)).first(8)); }

/// What holds now, and what is queued.
struct Terms {
    contract::Params now;
    std::optional<contract::Params> queued{};
    std::uint64_t queued_from = 0;    ///< round
    contract::Round round;
    bool idle = false;    ///< nobody is registered: a change applies when the next round opens
};

void read_terms(Desk& desk, Desk::Handler<Terms> handler) {
    desk.read<calls::Params>({}, [&desk, handler = std::move(handler)](const Result<calls::Params::Output>& now) {
        if (!now.ok()) return handler(now.error());
        desk.read<calls::QueuedParams>(
            {}, [&desk, handler, now = now->value](const Result<calls::QueuedParams::Output>& queued) {
                if (!queued.ok()) return handler(queued.error());
                Terms terms{.now = now, .queued_from = queued->from_round, .round = {}};
                if (queued->from_round != 0) terms.queued = queued->queued;
                desk.read<calls::Round>({}, [&desk, handler, terms](const Result<calls::Round::Output>& round) mutable {
                    if (!round.ok()) return handler(round.error());
                    terms.round = round->value;
                    desk.read<calls::ActiveProviders>(
                        {}, [handler, terms](const Result<calls::ActiveProviders::Output>& providers) mutable {
                            if (!providers.ok()) return handler(providers.error());
                            terms.idle = providers->value.zero();
                            handler(terms);
                        });
                });
            });
    });
}

/// The round from which a change that is queued now applies; null where it is the next to open, whichever that is.
Json applies_from(const Terms& terms) { return terms.idle ? Json(nullptr) : Json(terms.round.number + 2U); }

Json changes_between(const contract::Params& from, const contract::Params& to) {
    const Json before = json_of(from);
    const Json after = json_of(to);
    Json out = Json::array();
    for (const auto& [name, value] : before.items())
        if (after[name] != value) out.push_back({{"name", name}, {"now", value}, {"next", after[name]}});
    return out;
}

/// A change of the parameters on its way.
void set_params(House& house, Desk& desk, const contract::Params& next, const Terms& terms, bool dry_run,
                const JobPtr& job) {
    Json about = {{"dry_run", dry_run},
                  {"changes", changes_between(terms.now, next)},
                  {"replaces_queued", terms.queued.has_value()},
                  {"from_round", applies_from(terms)}};
    if (next == terms.queued.value_or(terms.now)) {
        about["already_so"] = true;
        return job->end(std::move(about));
    }
    about["already_so"] = false;
    const auto data = incentive::encode_call<calls::QueueParams>({.next = next});
    if (!data.ok()) return job->end(data.error());
    const std::string key = short_hash(*data) + "/";
    auto order = order_of<calls::QueueParams>(desk, key + epoch_text(house), "queue other parameters", {.next = next});
    if (!order.ok()) return job->end(order.error());
    if (!dry_run)
        return send_again_and_end(house, job, key_start<calls::QueueParams>(desk) + key, *std::move(order),
                                  std::move(about));
    const auto address = house.till->address();
    if (!address.ok()) return job->end(address.error());
    incentive::estimate_fees(*house.eth, *address, order->call, {}, {},
                             [job, about](const Result<incentive::Fees>& fees) mutable {
                                 if (!fees.ok()) return job->end(fees.error());
                                 about["gas"] = fees->gas_limit;
                                 about["cost"] = likely_fees(*fees).text();
                                 job->end(std::move(about));
                             });
}

Result<void> start_set_params(House& house, const Params& params, const rpc::Reply& reply) {
    FILFIL_TRY(const auto dry_run, params.flag("dry_run"));
    // They are looked at before anything is asked of a node.
    contract::Params probe;
    FILFIL_CHECK(put_contract_params(params, house.recipe(), probe));
    FILFIL_TRY(Desk* const desk, house.open_desk());
    FILFIL_TRY([[maybe_unused]] const auto sender, house.till->address());
    Json given = Json::object();
    for (const std::string& name : contract_param_names())
        if (const Json* value = params.find(name)) given[name] = *value;
    if (given.empty()) return Error(ErrorCode::invalid_argument, "no parameter is given", "name what shall be another");
    start_spending(house, {{"method", "FilFil.SetParameters"}, {"given", given}}, reply,
                   [&house, desk, given, dry_run = dry_run.value_or(false)](const JobPtr& job) {
                       job->set_stage("looking at the contract");
                       read_terms(*desk, [&house, desk, given, dry_run, job](const Result<Terms>& terms) {
                           if (job->ended()) return;
                           if (!terms.ok()) return job->end(terms.error());
                           contract::Params next = terms->queued.value_or(terms->now);
                           const auto read = Params::open(given, contract_param_names());
                           if (!read.ok()) return job->end(read.error());
                           if (const auto put = put_contract_params(*read, house.recipe(), next); !put.ok())
                               return job->end(put.error());
                           set_params(house, *desk, next, *terms, dry_run, job);
                       });
                   });
    return {};
}

void set_paused(House& house, Desk& desk, bool on, const JobPtr& job) {
    desk.read<calls::Paused>({}, [&house, &desk, on, job](const Result<calls::Paused::Output>& paused) {
        if (job->ended()) return;
        if (!paused.ok()) return job->end(paused.error());
        Json about = {{"paused", on}, {"already_so", paused->value == on}};
        if (paused->value == on) return job->end(std::move(about));
        const std::string key = on ? "on/" : "off/";
        auto order = order_of<calls::SetPaused>(desk, key + epoch_text(house),
                                                on ? "pause staging" : "let staging go on", {.on = on});
        if (!order.ok()) return job->end(order.error());
        send_again_and_end(house, job, key_start<calls::SetPaused>(desk) + key, *std::move(order), std::move(about));
    });
}

Result<void> start_fund(House& house, const Params& params, const rpc::Reply& reply) {
    FILFIL_TRY(const std::string text, params.need_text("amount", 64));
    const auto amount = incentive::parse_fil(text);
    if (!amount.ok()) return wrong_parameter("amount", "is none: " + amount.error().message);
    if (amount->zero()) return wrong_parameter("amount", "is nothing");
    FILFIL_TRY(const auto given, params.text("memo", longest_memo));
    const std::string memo = given.value_or("");
    FILFIL_TRY(Desk* const desk, house.open_desk());
    FILFIL_TRY([[maybe_unused]] const auto sender, house.till->address());
    start_spending(house, {{"method", "FilFil.Fund"}, {"amount", amount->text()}, {"memo", memo}}, reply,
                   [&house, desk, amount = *amount, memo](const JobPtr& job) {
                       const std::string key = amount.text() + "/" + short_hash(bytes_of(memo)) + "/";
                       auto order = order_of<calls::Fund>(*desk, key + epoch_text(house),
                                                          "fund the contract with " + incentive::format_fil(amount),
                                                          {.memo = memo}, amount);
                       if (!order.ok()) return job->end(order.error());
                       send_again_and_end(house, job, key_start<calls::Fund>(*desk) + key, *std::move(order),
                                          {{"amount", amount.text()}, {"memo", memo}});
                   });
    return {};
}

}    // namespace

void add_owner_api(rpc::Server& server, House& house) {
    add_method(server, "FilFil.Fund", Permission::admin, {"amount", "memo"},
               [&house](const Params& params, const Session&, const rpc::Reply& reply) {
                   return start_fund(house, params, reply);
               });
    add_method(server, "FilFil.Parameters", Permission::read, {},
               [&house](const Params&, const Session&, const rpc::Reply& reply) -> Result<void> {
                   FILFIL_TRY(Desk* const desk, house.open_desk());
                   read_terms(*desk, [reply](const Result<Terms>& terms) {
                       if (!terms.ok()) return reply(terms.error());
                       const bool open = terms->round.number != 0;
                       reply(Json{{"round", open ? Json(terms->round.number) : Json(nullptr)},
                                  {"now", json_of(terms->now)},
                                  {"queued", terms->queued ? json_of(*terms->queued) : Json(nullptr)},
                                  {"queued_from_round", terms->queued ? Json(terms->queued_from) : Json(nullptr)},
                                  {"change_from_round", applies_from(*terms)}});
                   });
                   return {};
               });
    std::vector<std::string> names = contract_param_names();
    names.emplace_back("dry_run");
    add_method(server, "FilFil.SetParameters", Permission::admin, std::move(names),
               [&house](const Params& params, const Session&, const rpc::Reply& reply) {
                   return start_set_params(house, params, reply);
               });
    add_method(server, "FilFil.SetPaused", Permission::admin, {"paused"},
               [&house](const Params& params, const Session&, const rpc::Reply& reply) -> Result<void> {
                   FILFIL_TRY(const auto on, params.flag("paused"));
                   if (!on) return wrong_parameter("paused", "is missing");
                   FILFIL_TRY(Desk* const desk, house.open_desk());
                   FILFIL_TRY([[maybe_unused]] const auto sender, house.till->address());
                   start_spending(house, {{"method", "FilFil.SetPaused"}, {"paused", *on}}, reply,
                                  [&house, desk, on = *on](const JobPtr& job) { set_paused(house, *desk, on, job); });
                   return {};
               });
}

}    // namespace filfil::service
