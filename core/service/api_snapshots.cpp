// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/api.hpp"
#include "service/path_names.hpp"

#include <algorithm>
#include <utility>

namespace filfil::service {
namespace {

using rpc::Json;
using rpc::Permission;
using Kind = snapshot::Target::Kind;
using Session = std::shared_ptr<rpc::Session>;

constexpr std::int64_t longest_keep = 366LL * 24 * 3600;

Result<void> read_tipset(const Params& params, SnapshotRequest& request) {
    FILFIL_TRY(const auto epoch, params.integer("epoch"));
    FILFIL_TRY(const auto finalized, params.flag("finalized"));
    FILFIL_TRY(auto head, params.tipset("head"));
    request.finalized = finalized.value_or(false);
    if ((epoch ? 1 : 0) + (head ? 1 : 0) + (request.finalized ? 1 : 0) > 1)
        return Error(ErrorCode::invalid_argument, "of 'epoch', 'finalized' and 'head' at most one can be given");
    if (epoch) request.tipset.epoch = Epoch{*epoch};
    if (head) request.tipset.key = *std::move(head);
    return {};
}

Result<void> read_recipe(const Params& params, SnapshotRequest& request) {
    FILFIL_TRY(const auto recent, params.integer("recent_stateroots"));
    FILFIL_TRY(const auto skip, params.flag("skip_old_msgs"));
    FILFIL_TRY(const auto format, params.text("format", 16));
    FILFIL_TRY(const auto piece_size, params.size("piece_size"));
    snapshot::Recipe& recipe = request.recipe;
    if (recent) recipe.recent_stateroots = static_cast<std::uint64_t>(*recent);
    if (skip) recipe.skip_old_msgs = *skip;
    if (format) {
        const auto parsed = snapshot::parse_format(*format);
        if (!parsed.ok()) return wrong_parameter("format", "is none: " + parsed.error().message);
        recipe.format = *parsed;
    }
    if (piece_size) recipe.piece_size = *piece_size;
    return snapshot::check(recipe);
}

Result<void> read_target(const House& house, const Params& params, SnapshotRequest& request) {
    FILFIL_TRY(const auto target, params.text("target", 16));
    FILFIL_TRY(const auto folder, params.text("folder"));
    FILFIL_TRY(const auto compression, params.text("compression", 16));
    FILFIL_TRY(const auto network, params.text("network", 64));
    FILFIL_TRY(const auto sha256, params.flag("sha256"));
    FILFIL_TRY(const auto keep, params.integer("keep_seconds", 0, longest_keep));
    const std::string kind = target.value_or("file");
    if (kind != "file" && kind != "pieces" && kind != "none")
        return wrong_parameter("target", "is none of file, pieces, none");
    request.kind = kind == "file" ? Kind::file : kind == "pieces" ? Kind::pieces : Kind::nothing;
    if (request.kind == Kind::file) request.compression = house.config.snapshots.compress;
    if (compression) {
        const auto all = {car::Compression::none, car::Compression::zstd, car::Compression::forest};
        const auto found = std::ranges::find_if(all, [&](auto one) { return *compression == car::name_of(one); });
        if (found == all.end()) return wrong_parameter("compression", "is none of none, zstd, forest");
        if (request.kind != Kind::file && *found != car::Compression::none)
            return wrong_parameter("compression", "goes with \"target\": \"file\" only");
        request.compression = *found;
    }
    if (folder && request.kind == Kind::nothing) return wrong_parameter("folder", "goes with a target that is written");
    request.folder = snapshots_folder(house.config);
    if (folder && !folder->empty()) {
        FILFIL_TRY(const std::string plain, plain_path(*folder));
        request.folder = join_path(request.folder, plain);
    }
    if (network && !network->empty()) request.network = *network;
    request.sha256 = sha256.value_or(false);
    if (keep) request.keep = std::chrono::seconds(*keep);
    return {};
}

}    // namespace

void add_snapshot_api(rpc::Server& server, House& house) {
    add_method(server, "FilFil.TakeSnapshot", Permission::admin,
               {"epoch", "finalized", "head", "recent_stateroots", "skip_old_msgs", "format", "piece_size", "target",
                "folder", "compression", "sha256", "network", "keep_seconds"},
               [&house](const Params& params, const Session&, const rpc::Reply& reply) -> Result<void> {
                   SnapshotRequest request;
                   request.recipe = house.recipe();
                   FILFIL_CHECK(read_tipset(params, request));
                   FILFIL_CHECK(read_recipe(params, request));
                   FILFIL_CHECK(read_target(house, params, request));
                   FILFIL_TRY(ChainParts* const chain, house.open_chain());
                   chain->snapshots->take(std::move(request), [reply](const Result<std::uint64_t>& job) {
                       if (!job.ok()) return reply(job.error());
                       reply(Json{{"job", *job}});
                   });
                   return {};
               });
    add_method(server, "FilFil.Snapshots", Permission::read, {"epoch", "before_id", "limit"},
               [&house](const Params& params, const Session&, const rpc::Reply& reply) -> Result<void> {
                   journal::SnapshotFilter filter;
                   FILFIL_TRY(const auto epoch, params.integer("epoch"));
                   if (epoch) filter.epoch = Epoch{*epoch};
                   FILFIL_TRY(filter.before_id, params.integer("before_id"));
                   FILFIL_TRY(const auto limit, params.integer("limit", 1, 1000));
                   filter.limit = static_cast<std::size_t>(limit.value_or(100));
                   house.queue->run([journal = house.journal, filter] { return journal->snapshots(filter); },
                                    [reply](const Result<std::vector<journal::SnapshotRecord>>& rows) {
                                        if (!rows.ok()) return reply(rows.error());
                                        Json out = Json::array();
                                        for (const journal::SnapshotRecord& row : *rows) out.push_back(json_of(row));
                                        reply(Json{{"snapshots", std::move(out)}});
                                    });
                   return {};
               });
    add_method(server, "FilFil.Snapshot", Permission::read, {"id"},
               [&house](const Params& params, const Session&, const rpc::Reply& reply) -> Result<void> {
                   FILFIL_TRY(const std::int64_t id, params.need_integer("id"));
                   house.queue->run(
                       [journal = house.journal, id] { return journal->snapshot(id); },
                       [reply, id](const Result<std::optional<journal::SnapshotRecord>>& row) {
                           if (!row.ok()) return reply(row.error());
                           if (!*row)
                               return reply(Error(ErrorCode::not_found, "there is no snapshot " + std::to_string(id),
                                                  "FilFil.Snapshots lists those there are"));
                           reply(json_of(**row));
                       });
                   return {};
               });
    add_method(server, "FilFil.ForgetSnapshot", Permission::admin, {"id"},
               [&house](const Params& params, const Session&, const rpc::Reply& reply) -> Result<void> {
                   FILFIL_TRY(const std::int64_t id, params.need_integer("id"));
                   FILFIL_TRY(ChainParts* const chain, house.open_chain(false));
                   chain->snapshots->forget(id, false, [reply](const Result<SnapshotService::Forgotten>& done) {
                       if (!done.ok()) return reply(done.error());
                       reply(Json{{"bytes_freed", done->bytes}, {"files", done->files}, {"hold_released", done->hold}});
                   });
                   return {};
               });
}

}    // namespace filfil::service
