// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/fil_text.hpp"
#include "service/api.hpp"
#include "service/incentive/gather.hpp"
#include "service/incentive/slot_json.hpp"
#include "service/incentive/staging.hpp"

#include <algorithm>
#include <utility>

namespace filfil::service {
namespace {

using rpc::Json;
using rpc::Permission;
using Session = std::shared_ptr<rpc::Session>;

constexpr std::int64_t largest_slot = 0xffffffff;

/// Slots from the one that is open now, or opens next, on; of this round and the next.
std::vector<std::uint32_t> slots_from(const contract::Round& round, std::uint64_t head, std::size_t most) {
    std::vector<std::uint32_t> out;
    if (round.replicas == 0 || round.slot_length == 0) return out;
    const std::uint64_t slots = (round.positions + round.replicas - 1U) / round.replicas;
    const std::uint64_t passed = head > round.start ? (head - round.start) / round.slot_length : 0;
    for (std::uint64_t i = passed; i < 2 * slots && out.size() < most; ++i) {
        const auto number = static_cast<std::uint32_t>(round.number + (i < slots ? 0 : 1));
        out.push_back(number << 16 | static_cast<std::uint32_t>(i < slots ? i : i - slots));
    }
    return out;
}

/// A slot with its times and what is staged for it.
void show_slot(House& house, Desk& desk, std::uint32_t slot, const Desk::Handler<Json>& one) {
    desk.read<calls::SlotWindow>(
        {.slot = slot}, [&house, &desk, slot, one](const Result<calls::SlotWindow::Output>& window) {
            if (!window.ok()) return one(window.error());
            desk.read<calls::SlotInfo>({.slot = slot}, [&house, &desk, slot, one,
                                                        window = *window](const Result<calls::SlotInfo::Output>& info) {
                if (!info.ok()) return one(info.error());
                Json out = json_of(
                    SlotTimes{.slot = slot, .target = window.target, .open = window.open, .close = window.closing},
                    desk.network(), house.head());
                out["staged"] = info->staged_at != 0;
                out["reward"] = info->staged_at != 0 ? Json(info->reward.text()) : Json(nullptr);
                out["tipset"] = info->staged_at != 0 ? Json(to_hex(info->tipset)) : Json(nullptr);
                out["disputed"] = info->disputed;
                one(std::move(out));
            });
        });
}

}    // namespace

void add_operator_api(rpc::Server& server, House& house) {
    add_method(
        server, "FilFil.Operator", Permission::read, {"limit"},
        [&house](const Params& params, const Session&, const rpc::Reply& reply) -> Result<void> {
            FILFIL_TRY(const auto limit, params.integer("limit", 1, 100));
            FILFIL_TRY(Desk* const desk, house.open_desk());
            const auto most = static_cast<std::size_t>(limit.value_or(10));
            desk->read<calls::Round>({}, [&house, desk, reply, most](const Result<calls::Round::Output>& round) {
                if (!round.ok()) return reply(round.error());
                const auto head = house.head();
                const auto slots = std::make_shared<std::vector<std::uint32_t>>(slots_from(
                    round->value, static_cast<std::uint64_t>(head ? std::max<std::int64_t>(0, head->value) : 0), most));
                gather<Json>(
                    slots->size(),
                    [&house, desk, slots](std::size_t i, const Desk::Handler<Json>& one) {
                        show_slot(house, *desk, (*slots)[i], one);
                    },
                    [reply](Result<std::vector<Json>> all) {
                        if (!all.ok()) return reply(std::move(all).error());
                        reply(Json{{"slots", *std::move(all)}});
                    });
            });
            return {};
        });
    add_method(server, "FilFil.Incentivize", Permission::admin, {"epoch", "reward", "alternative"},
               [&house](const Params& params, const Session&, const rpc::Reply& reply) -> Result<void> {
                   StagingWanted wanted;
                   FILFIL_TRY(const std::int64_t epoch, params.need_integer("epoch"));
                   wanted.epoch = Epoch{epoch};
                   FILFIL_TRY(const auto reward, params.text("reward", 64));
                   if (reward) {
                       const auto amount = incentive::parse_fil(*reward);
                       if (!amount.ok()) return wrong_parameter("reward", "is no amount: " + amount.error().message);
                       wanted.reward = *amount;
                   }
                   FILFIL_TRY(const auto alternative, params.flag("alternative"));
                   wanted.alternative = alternative.value_or(false);
                   FILFIL_TRY([[maybe_unused]] Desk* const desk, house.open_desk());
                   FILFIL_TRY([[maybe_unused]] ChainParts* const chain, house.open_chain());
                   FILFIL_TRY([[maybe_unused]] const auto sender, house.till->address());
                   start_spending(
                       house, {{"method", "FilFil.Incentivize"}, {"epoch", epoch}}, reply,
                       [&house, wanted](const std::shared_ptr<SpendingJob>& job) { incentivize(house, wanted, job); });
                   return {};
               });
    add_method(server, "FilFil.CancelStaging", Permission::admin, {"slot"},
               [&house](const Params& params, const Session&, const rpc::Reply& reply) -> Result<void> {
                   FILFIL_TRY(const std::int64_t number, params.need_integer("slot", 0, largest_slot));
                   FILFIL_TRY(Desk* const desk, house.open_desk());
                   FILFIL_TRY([[maybe_unused]] const auto sender, house.till->address());
                   const auto slot = static_cast<std::uint32_t>(number);
                   start_spending(
                       house, {{"method", "FilFil.CancelStaging"}, {"slot", slot}}, reply,
                       [&house, desk, slot](const std::shared_ptr<SpendingJob>& job) {
                           desk->read<calls::SlotInfo>(
                               {.slot = slot}, [&house, desk, slot, job](const Result<calls::SlotInfo::Output>& info) {
                                   if (!info.ok()) return job->end(info.error());
                                   if (info->staged_at == 0)
                                       return job->end(Error(ErrorCode::not_found,
                                                             "nothing is staged for slot " + std::to_string(slot)));
                                   auto order = order_of<calls::Cancel>(
                                       *desk, std::to_string(slot) + "/" + std::to_string(info->staged_at),
                                       "take back what is staged for slot " + std::to_string(slot), {.slot = slot});
                                   if (!order.ok()) return job->end(order.error());
                                   send_and_end(house, job, *std::move(order), {{"slot", slot}});
                               });
                       });
                   return {};
               });
}

}    // namespace filfil::service
