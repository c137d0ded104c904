// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/api.hpp"

#include <utility>

namespace filfil::service {
namespace {

using rpc::Json;
using rpc::Permission;
using Session = std::shared_ptr<rpc::Session>;

constexpr std::int64_t longest_hold = 10LL * 366 * 24 * 3600;

}    // namespace

void add_hold_api(rpc::Server& server, House& house) {
    add_method(server, "FilFil.Holds", Permission::read, {},
               [&house](const Params&, const Session&, const rpc::Reply& reply) -> Result<void> {
                   Json out = Json::array();
                   if (house.chain)
                       for (const auto& [number, hold] : house.chain->holds->all()) out.push_back(json_of(hold));
                   reply(Json{{"holds", std::move(out)}});
                   return {};
               });
    add_method(
        server, "FilFil.Hold", Permission::admin, {"epoch", "head", "recent_stateroots", "reason", "expires_seconds"},
        [&house](const Params& params, const Session&, const rpc::Reply& reply) -> Result<void> {
            Holds::Wanted wanted;
            FILFIL_TRY(const auto epoch, params.integer("epoch"));
            FILFIL_TRY(auto head, params.tipset("head"));
            FILFIL_TRY(const auto recent, params.integer("recent_stateroots"));
            FILFIL_TRY(const auto reason, params.text("reason", 500));
            FILFIL_TRY(const auto expires, params.integer("expires_seconds", 1, longest_hold));
            if (epoch && head)
                return Error(ErrorCode::invalid_argument, "of 'epoch' and 'head' at most one can be given");
            if (epoch) wanted.tipset.epoch = Epoch{*epoch};
            if (head) wanted.tipset.key = *std::move(head);
            wanted.recent_stateroots = recent.value_or(static_cast<std::int64_t>(house.recipe().recent_stateroots));
            wanted.reason = reason.value_or("asked for by the API");
            if (expires) wanted.expires_at = house.world.clock.wall() + std::chrono::seconds(*expires);
            FILFIL_TRY(ChainParts* const chain, house.open_chain());
            const std::int64_t states = wanted.recent_stateroots;
            chain->holds->take(std::move(wanted), [&house, chain, reply, states](const Result<HoldInfo>& held) {
                if (held.ok()) return reply(json_of(*held));
                house.queue->run(
                    [engine = chain->engine, states, why = held.error()] {
                        return std::make_shared<Error>(outside_window(*engine, states, why));
                    },
                    [reply](const std::shared_ptr<Error>& why) { reply(*why); });
            });
            return {};
        });
    add_method(server, "FilFil.ReleaseHold", Permission::admin, {"number"},
               [&house](const Params& params, const Session&, const rpc::Reply& reply) -> Result<void> {
                   FILFIL_TRY(const std::int64_t number, params.need_integer("number"));
                   FILFIL_TRY(ChainParts* const chain, house.open_chain());
                   const HoldInfo* hold = chain->holds->find(static_cast<std::uint64_t>(number));
                   if (hold != nullptr && hold->kind != HoldKind::user)
                       return Error(ErrorCode::busy, "hold " + std::to_string(number) + " is there for " + hold->reason,
                                    hold->snapshot ? "FilFil.ForgetSnapshot gives it up with its snapshot"
                                                   : "cancel the job or remove the schedule");
                   chain->holds->release(static_cast<std::uint64_t>(number), [reply](const Result<void>& done) {
                       if (!done.ok()) return reply(done.error());
                       reply(Json{{"released", true}});
                   });
                   return {};
               });
}

void add_schedule_api(rpc::Server& server, House& house) {
    add_method(server, "FilFil.Schedules", Permission::read, {},
               [&house](const Params&, const Session&, const rpc::Reply& reply) -> Result<void> {
                   Json out = Json::array();
                   if (house.chain)
                       for (const ScheduleInfo& schedule : house.chain->scheduler->list())
                           out.push_back(json_of(schedule));
                   reply(Json{{"schedules", std::move(out)}});
                   return {};
               });
    add_method(
        server, "FilFil.AddSchedule", Permission::admin, {"every_epochs", "at_epoch", "finalized", "to_file", "recipe"},
        [&house](const Params& params, const Session&, const rpc::Reply& reply) -> Result<void> {
            ScheduleSetting schedule;
            FILFIL_TRY(const auto every, params.integer("every_epochs", 1, 100'000'000));
            FILFIL_TRY(schedule.at_epoch, params.integer("at_epoch"));
            FILFIL_TRY(const auto finalized, params.flag("finalized"));
            FILFIL_TRY(const auto to_file, params.flag("to_file"));
            FILFIL_TRY(const auto recipe, params.text("recipe", 200));
            if (every.has_value() == schedule.at_epoch.has_value())
                return Error(ErrorCode::invalid_argument, "one of 'every_epochs' and 'at_epoch' has to be given");
            if (every) schedule.every_epochs = static_cast<std::uint64_t>(*every);
            schedule.finalized = finalized.value_or(true);
            schedule.to_file = to_file.value_or(true);
            if (recipe) {
                const auto parsed = snapshot::parse_recipe(*recipe);
                if (!parsed.ok()) return wrong_parameter("recipe", "is none: " + parsed.error().message);
                schedule.recipe = *parsed;
            }
            FILFIL_TRY(ChainParts* const chain, house.open_chain(false));
            chain->scheduler->add(std::move(schedule), [reply](const Result<ScheduleInfo>& added) {
                if (!added.ok()) return reply(added.error());
                reply(json_of(*added));
            });
            return {};
        });
    add_method(server, "FilFil.RemoveSchedule", Permission::admin, {"id"},
               [&house](const Params& params, const Session&, const rpc::Reply& reply) -> Result<void> {
                   FILFIL_TRY(const std::string id, params.need_text("id", 200));
                   FILFIL_TRY(ChainParts* const chain, house.open_chain(false));
                   chain->scheduler->remove(id, [reply](const Result<void>& done) {
                       if (!done.ok()) return reply(done.error());
                       reply(Json{{"removed", true}});
                   });
                   return {};
               });
}

}    // namespace filfil::service
