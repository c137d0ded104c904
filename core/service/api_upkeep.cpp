// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/api.hpp"

#include <utility>

namespace filfil::service {
namespace {

using rpc::Json;
using rpc::Permission;
using Session = std::shared_ptr<rpc::Session>;

/// The answer is on its way by then.
constexpr Clock::Duration before_stopping = std::chrono::milliseconds(100);

Json json_of(const snapshot::BlockStore::AuditReport& report, bool repaired) {
    const auto cid = [](const std::optional<ipld::Cid>& one) { return one ? Json(one->text()) : Json(nullptr); };
    return {{"blocks", report.blocks},
            {"wrong_counts", report.wrong_counts},
            {"orphans", report.orphans},
            {"missing", report.missing},
            {"first_wrong", cid(report.first_wrong)},
            {"first_missing", cid(report.first_missing)},
            {"good", report.good()},
            {"repaired", repaired && report.wrong_counts + report.orphans > 0}};
}

}    // namespace

void add_upkeep_api(rpc::Server& server, House& house) {
    add_method(server, "FilFil.Checkpoint", Permission::admin, {},
               [&house](const Params&, const Session&, const rpc::Reply& reply) -> Result<void> {
                   FILFIL_TRY(ChainParts* const chain, house.open_chain());
                   if (!house.head())
                       return Error(ErrorCode::busy, "there is no chain yet that a checkpoint could have",
                                    "ask again when FilFil.Status says more");
                   FILFIL_TRY(const std::uint64_t job, chain->checkpointer->begin("asked for by the API"));
                   reply(Json{{"job", job}});
                   return {};
               });
    add_method(server, "FilFil.Audit", Permission::admin, {"repair"},
               [&house](const Params& params, const Session&, const rpc::Reply& reply) -> Result<void> {
                   FILFIL_TRY(const auto repair, params.flag("repair"));
                   FILFIL_TRY(ChainParts* const chain, house.open_chain());
                   FILFIL_TRY(const std::uint64_t job,
                              house.jobs.start("audit", {{"repair", repair.value_or(false)}},
                                               [engine = chain->engine,
                                                repair = repair.value_or(false)](JobContext& context) -> Result<Json> {
                                                   context.set_stage("counting");
                                                   return json_of(engine->engine().audit(repair), repair);
                                               }));
                   reply(Json{{"job", job}});
                   return {};
               });
    add_method(server, "FilFil.Retry", Permission::admin, {},
               [&house](const Params&, const Session&, const rpc::Reply& reply) -> Result<void> {
                   if (house.stopping) return Error(ErrorCode::busy, "the daemon is stopping");
                   if (house.retry_opening) {
                       // It replaces itself.
                       const auto retry = std::exchange(house.retry_opening, nullptr);
                       retry();
                   } else if (house.chain && house.chain->follower) {
                       house.chain->follower->retry();
                   } else {
                       return Error(ErrorCode::busy, "the chain is being loaded: " + house.stage);
                   }
                   reply(Json{{"retrying", true}});
                   return {};
               });
    add_method(server, "FilFil.Backup", Permission::admin, {},
               [&house](const Params&, const Session&, const rpc::Reply& reply) -> Result<void> {
                   const std::string folder = join_path(house.paths->folder, "backup");
                   const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(house.world.clock.wall());
                   const std::string path = join_path(folder, "journal-" + std::to_string(seconds.count()) + ".db");
                   FILFIL_TRY(const std::uint64_t job,
                              house.jobs.start("backup", {{"path", path}},
                                               [&files = house.world.files, journal = house.journal, folder,
                                                path](JobContext&) -> Result<Json> {
                                                   FILFIL_CHECK(files.make_folders(folder));
                                                   FILFIL_CHECK(journal->backup(path));
                                                   return Json{{"path", path}};
                                               }));
                   reply(Json{{"job", job}});
                   return {};
               });
    add_method(server, "FilFil.Stop", Permission::admin, {},
               [&house](const Params&, const Session&, const rpc::Reply& reply) -> Result<void> {
                   if (!house.tools.stop_requested)
                       return Error(ErrorCode::unsupported,
                                    "this daemon is stopped by the program that it is a part of");
                   house.log(LogLevel::info, "asked to stop by the API");
                   house.world.loop.post_after(before_stopping, house.tools.stop_requested);
                   reply(Json{{"stopping", true}});
                   return {};
               });
}

}    // namespace filfil::service
