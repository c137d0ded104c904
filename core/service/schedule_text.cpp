// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/schedule_text.hpp"

#include "service/or_null.hpp"

#include <algorithm>
#include <charconv>

namespace filfil::service {
namespace {

using rpc::Json;

std::optional<ScheduleInfo> parse_one(const Json& json) {
    const auto id = rpc::text_field(json, "id");
    const auto finalized = rpc::bool_field(json, "finalized");
    const auto to_file = rpc::bool_field(json, "to_file");
    const auto from_config = rpc::bool_field(json, "from_config");
    if (!id.ok() || !finalized.ok() || !to_file.ok() || !from_config.ok()) return std::nullopt;
    ScheduleInfo out{.id = *id, .what = {}, .from_config = *from_config};
    out.what.finalized = *finalized;
    out.what.to_file = *to_file;
    if (const auto every = rpc::integer_field(json, "every_epochs"); every.ok() && *every > 0)
        out.what.every_epochs = static_cast<std::uint64_t>(*every);
    if (const auto at = rpc::integer_field(json, "at_epoch"); at.ok()) out.what.at_epoch = *at;
    if ((out.what.every_epochs != 0) == out.what.at_epoch.has_value()) return std::nullopt;
    if (const auto text = rpc::text_field(json, "recipe"); text.ok()) {
        const auto recipe = snapshot::parse_recipe(*text);
        if (!recipe.ok()) return std::nullopt;
        out.what.recipe = *recipe;
    }
    if (const auto last = rpc::integer_field(json, "last_epoch"); last.ok()) out.last = Epoch{*last};
    if (const auto snapshot = rpc::integer_field(json, "last_snapshot"); snapshot.ok()) out.last_snapshot = *snapshot;
    return out;
}

}    // namespace

Json json_of(const ScheduleInfo& schedule) {
    std::optional<std::int64_t> next;
    if (schedule.what.at_epoch && !schedule.last) next = *schedule.what.at_epoch;
    if (const auto every = static_cast<std::int64_t>(schedule.what.every_epochs); every != 0 && schedule.last)
        next = schedule.last->value < 0 ? every : (schedule.last->value / every + 1) * every;
    Json waiting = Json::array();
    for (const auto& [epoch, one] : schedule.waiting)
        waiting.push_back({{"epoch", epoch.value},
                           {"hold", or_null(one.hold)},
                           {"job", or_null(one.job)},
                           {"failures", one.failures},
                           {"error", one.error ? Json(one.error->text()) : Json(nullptr)}});
    return {{"id", schedule.id},
            {"every_epochs", schedule.what.every_epochs != 0 ? Json(schedule.what.every_epochs) : Json(nullptr)},
            {"at_epoch", or_null(schedule.what.at_epoch)},
            {"finalized", schedule.what.finalized},
            {"to_file", schedule.what.to_file},
            {"recipe", schedule.what.recipe ? Json(snapshot::text_of(*schedule.what.recipe)) : Json(nullptr)},
            {"from_config", schedule.from_config},
            {"last_epoch", epoch_or_null(schedule.last)},
            {"next_epoch", or_null(next)},
            {"waiting", std::move(waiting)},
            {"last_snapshot", or_null(schedule.last_snapshot)},
            {"given_up_epoch", epoch_or_null(schedule.given_up)},
            {"error", schedule.error ? Json(schedule.error->text()) : Json(nullptr)}};
}

std::string id_of(const ScheduleSetting& schedule, const snapshot::Recipe& fallback) {
    const std::string when = schedule.at_epoch ? "at-" + std::to_string(*schedule.at_epoch)
                                               : "every-" + std::to_string(schedule.every_epochs);
    return when + (schedule.finalized ? "-final" : "-head") + (schedule.to_file ? "-file-" : "-memory-") +
           to_hex(snapshot::hash_of(schedule.recipe.value_or(fallback))).substr(0, 8);
}

std::string text_of_schedules(const SavedSchedules& saved) {
    Json list = Json::array();
    for (const ScheduleInfo& schedule : saved.schedules) {
        Json one = json_of(schedule);
        // What is not done yet is looked for again after a start, whatever became of its hold.
        if (!schedule.waiting.empty() && schedule.last) {
            const std::int64_t before = schedule.waiting.begin()->first.value - 1;
            one["last_epoch"] = schedule.what.at_epoch ? Json(nullptr) : Json(std::min(schedule.last->value, before));
        }
        one.erase("waiting");
        list.push_back(std::move(one));
    }
    return Json({{"schedules", std::move(list)}, {"snapshots", saved.snapshots}}).dump();
}

SavedSchedules parse_schedules(std::string_view text) {
    SavedSchedules out;
    const auto json = rpc::parse_json(text);
    if (!json.ok()) return out;
    if (const auto list = rpc::field(*json, "schedules"); list.ok() && (*list)->is_array())
        for (const Json& one : **list)
            if (auto schedule = parse_one(one)) out.schedules.push_back(*std::move(schedule));
    if (const auto list = rpc::field(*json, "snapshots"); list.ok() && (*list)->is_array())
        for (const Json& one : **list)
            if (one.is_number_integer()) out.snapshots.push_back(one.get<std::int64_t>());
    return out;
}

std::string hold_reason(const std::string& id, Epoch epoch) {
    return "schedule " + id + ", epoch " + std::to_string(epoch.value);
}

std::optional<std::pair<std::string, Epoch>> parse_hold_reason(std::string_view reason) {
    constexpr std::string_view front = "schedule ";
    constexpr std::string_view middle = ", epoch ";
    const std::size_t at = reason.rfind(middle);
    if (!reason.starts_with(front) || at == std::string_view::npos || at < front.size()) return std::nullopt;
    const std::string_view digits = reason.substr(at + middle.size());
    Epoch epoch;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), epoch.value);
    if (read.ec != std::errc() || read.ptr != digits.data() + digits.size()) return std::nullopt;
    return std::pair(std::string(reason.substr(front.size(), at - front.size())), epoch);
}

}    // namespace filfil::service
