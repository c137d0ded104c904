// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/api.hpp"

#include <utility>

namespace filfil::service {
namespace {

using rpc::Json;
using rpc::Permission;
using Session = std::shared_ptr<rpc::Session>;

Json devices(const DaemonTools& tools, bool benchmark) {
    if (tools.devices) return tools.devices(benchmark);
    return Json::array({{{"name", tools.backend.name()},
                         {"description", tools.backend.description()},
                         {"supported", true},
                         {"reason", ""},
                         {"selected", true}}});
}

}    // namespace

void add_job_api(rpc::Server& server, House& house) {
    add_method(
        server, "FilFil.Jobs", Permission::read, {"kind", "limit"},
        [&house](const Params& params, const Session&, const rpc::Reply& reply) -> Result<void> {
            FILFIL_TRY(const auto kind, params.text("kind", 100));
            FILFIL_TRY(const auto limit, params.integer("limit", 1, 1000));
            Json out = Json::array();
            for (const JobInfo& job : house.jobs.list(kind.value_or(""), static_cast<std::size_t>(limit.value_or(200))))
                out.push_back(json_of(job));
            reply(Json{{"jobs", std::move(out)}});
            return {};
        });
    add_method(server, "FilFil.Job", Permission::read, {"id"},
               [&house](const Params& params, const Session&, const rpc::Reply& reply) -> Result<void> {
                   FILFIL_TRY(const std::int64_t id, params.need_integer("id"));
                   const auto job = house.jobs.find(static_cast<std::uint64_t>(id));
                   if (!job)
                       return Error(ErrorCode::not_found, "there is no job " + std::to_string(id),
                                    "FilFil.Jobs lists those there are; they are counted anew with each start");
                   reply(json_of(*job));
                   return {};
               });
    add_method(server, "FilFil.CancelJob", Permission::admin, {"id"},
               [&house](const Params& params, const Session&, const rpc::Reply& reply) -> Result<void> {
                   FILFIL_TRY(const std::int64_t id, params.need_integer("id"));
                   FILFIL_CHECK(house.jobs.cancel(static_cast<std::uint64_t>(id)));
                   const auto job = house.jobs.find(static_cast<std::uint64_t>(id));
                   reply(job ? json_of(*job) : Json(nullptr));
                   return {};
               });
    add_method(server, "FilFil.Devices", Permission::read, {},
               [&house](const Params&, const Session&, const rpc::Reply& reply) -> Result<void> {
                   house.queue->run([tools = house.tools] { return devices(tools, false); },
                                    [reply](Json found) { reply(Json{{"devices", std::move(found)}}); });
                   return {};
               });
    add_method(server, "FilFil.BenchmarkDevices", Permission::admin, {},
               [&house](const Params&, const Session&, const rpc::Reply& reply) -> Result<void> {
                   FILFIL_TRY(const std::uint64_t job,
                              house.jobs.start("devices", Json::object(),
                                               [tools = house.tools](JobContext& context) -> Result<Json> {
                                                   context.set_stage("benchmark");
                                                   return Json{{"devices", devices(tools, true)}};
                                               }));
                   reply(Json{{"job", job}});
                   return {};
               });
}

}    // namespace filfil::service
