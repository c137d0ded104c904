// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/api.hpp"
#include "service/config_file.hpp"

#include <algorithm>
#include <utility>

namespace filfil::service {
namespace {

using rpc::Json;
using rpc::Permission;
using Session = std::shared_ptr<rpc::Session>;

/// What of a changed setting has effect at once.
void apply_live(House& house, std::string_view key) {
    house.tools.log.set_level(house.config.log.level);
    if (!house.chain) return;
    if (key == "incentive.policy" && house.desk) house.desk->set_default_policy(house.config.incentive.policy);
    if (key == "schedules") house.chain->scheduler->set_config(house.config.schedules);
    house.chain->snapshots->set(house.snapshot_settings());
    house.chain->checkpointer->set(house.checkpoint_settings());
}

}    // namespace

Json settings_json(const House& house) {
    Json list = Json::array();
    for (const Setting& setting : settings()) {
        const auto value = get(house.config, setting.key);
        list.push_back({{"key", setting.key},
                        {"value", value.ok() ? *value : Json(nullptr)},
                        {"default", setting.default_value},
                        {"type", setting.type},
                        {"help", setting.help},
                        {"restart", setting.restart},
                        {"waits_for_restart", std::ranges::find(house.waiting_for_restart, setting.key) !=
                                                  house.waiting_for_restart.end()}});
    }
    return {{"file", house.paths ? Json(house.paths->config) : Json(nullptr)}, {"settings", std::move(list)}};
}

void add_config_api(rpc::Server& server, House& house) {
    add_method(server, "FilFil.Config", Permission::read, {},
               [&house](const Params&, const Session&, const rpc::Reply& reply) -> Result<void> {
                   reply(settings_json(house));
                   return {};
               });
    add_method(server, "FilFil.GetConfig", Permission::read, {"key"},
               [&house](const Params& params, const Session&, const rpc::Reply& reply) -> Result<void> {
                   FILFIL_TRY(const std::string key, params.need_text("key", 200));
                   FILFIL_TRY(Json value, get(house.config, key));
                   reply(Json{{"key", key}, {"value", std::move(value)}});
                   return {};
               });
    add_method(
        server, "FilFil.SetConfig", Permission::admin, {"key", "value"},
        [&house](const Params& params, const Session&, const rpc::Reply& reply) -> Result<void> {
            FILFIL_TRY(const std::string key, params.need_text("key", 200));
            const Json* value = params.find("value");
            if (value == nullptr) return wrong_parameter("value", "is missing");
            // Before the file is touched: with all that is set at present it has to fit, too.
            Config next = house.config;
            FILFIL_CHECK(set(next, key, *value));
            house.queue->run(
                [&files = house.world.files, folder = house.paths->folder, key, value = *value] {
                    return change_config(files, folder, key, value);
                },
                [&house, reply, key, value = *value](const Result<Config>& written) {
                    if (!written.ok()) return reply(written.error());
                    const std::vector<Setting> all = settings();
                    const auto setting = std::ranges::find(all, key, &Setting::key);
                    const bool restart = setting == all.end() || setting->restart;
                    if (!restart) {
                        if (auto done = set(house.config, key, value); !done.ok()) return reply(done.error());
                        apply_live(house, key);
                    } else if (std::ranges::find(house.waiting_for_restart, key) == house.waiting_for_restart.end()) {
                        house.waiting_for_restart.push_back(key);
                    }
                    const auto stands = get(*written, key);
                    Json out = {{"key", key}, {"value", stands.ok() ? *stands : value}, {"restart_needed", restart}};
                    house.events.publish("config", out);
                    reply(std::move(out));
                });
            return {};
        });
}

}    // namespace filfil::service
