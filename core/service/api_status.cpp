// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/api.hpp"
#include "service/status.hpp"
#include "service/times.hpp"

#include <utility>

namespace filfil::service {
namespace {

using rpc::Json;
using rpc::Permission;
using Session = std::shared_ptr<rpc::Session>;

constexpr std::size_t snapshots_in_state = 50;

Json record_json(const LogRecord& record) {
    return {{"seq", record.sequence},
            {"time", seconds_of(record.time)},
            {"level", name_of(record.level)},
            {"module", record.module},
            {"message", record.message}};
}

template <class T>
Json list_of(const std::vector<T>& values) {
    Json out = Json::array();
    for (const T& value : values) out.push_back(service::json_of(value));
    return out;
}

/// Everything that a client shows at once. @param seq from before anything of it was read: what happens from then on is
/// told by events, and may be in here already
Json state_json(const House& house, std::uint64_t seq, const std::vector<journal::SnapshotRecord>& snapshots) {
    Json holds = Json::array();
    Json schedules = Json::array();
    if (house.chain) {
        for (const auto& [number, hold] : house.chain->holds->all()) holds.push_back(json_of(hold));
        schedules = list_of(house.chain->scheduler->list());
    }
    return {{"seq", seq},
            {"status", status_of(house)},
            {"jobs", list_of(house.jobs.list())},
            {"snapshots", list_of(snapshots)},
            {"holds", std::move(holds)},
            {"schedules", std::move(schedules)},
            {"config", settings_json(house)}};
}

}    // namespace

void add_status_api(rpc::Server& server, House& house) {
    add_method(server, "FilFil.Version", Permission::read, {},
               [&house](const Params&, const Session&, const rpc::Reply& reply) -> Result<void> {
                   reply(Json{{"version", house.tools.version}, {"api", 1}, {"network", house.config.network}});
                   return {};
               });
    add_method(server, "FilFil.Status", Permission::read, {},
               [&house](const Params&, const Session&, const rpc::Reply& reply) -> Result<void> {
                   reply(status_of(house));
                   return {};
               });
    add_method(server, "FilFil.State", Permission::read, {},
               [&house](const Params&, const Session&, const rpc::Reply& reply) -> Result<void> {
                   const std::uint64_t seq = house.events.last();
                   house.queue->run(
                       [journal = house.journal] {
                           return journal->snapshots({.epoch = {}, .before_id = {}, .limit = snapshots_in_state});
                       },
                       [&house, seq, reply](const Result<std::vector<journal::SnapshotRecord>>& snapshots) {
                           if (!snapshots.ok()) return reply(snapshots.error());
                           reply(state_json(house, seq, *snapshots));
                       });
                   return {};
               });
    add_method(server, "FilFil.Log", Permission::read, {"level", "module", "text", "after", "limit"},
               [&house](const Params& params, const Session&, const rpc::Reply& reply) -> Result<void> {
                   LogQuery query;
                   FILFIL_TRY(const auto level, params.text("level"));
                   if (level) {
                       const auto parsed = parse_log_level(*level);
                       if (!parsed.ok()) return wrong_parameter("level", "is none: " + parsed.error().message);
                       query.level = *parsed;
                   }
                   FILFIL_TRY(const auto module, params.text("module", 100));
                   query.module = module.value_or("");
                   FILFIL_TRY(const auto text, params.text("text"));
                   query.text = text.value_or("");
                   FILFIL_TRY(const auto after, params.integer("after"));
                   if (after) query.after = static_cast<std::uint64_t>(*after);
                   FILFIL_TRY(const auto limit, params.integer("limit", 1, 10'000));
                   query.limit = static_cast<std::size_t>(limit.value_or(200));
                   Json records = Json::array();
                   for (const LogRecord& record : house.tools.log.query(query)) records.push_back(record_json(record));
                   reply(Json{{"records", std::move(records)}, {"last", house.tools.log.last()}});
                   return {};
               });
}

}    // namespace filfil::service
