// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/add_command.hpp"
#include "cli/commands.hpp"
#include "cli/daemon_link.hpp"
#include "cli/output.hpp"
#include "service/config_file.hpp"

namespace filfil::cli {
namespace {

struct ConfigOptions {
    DaemonOptions daemon;
    std::string key;
    std::string value;
};

std::string shown(const Json& value) { return value.is_string() ? value.get<std::string>() : value.dump(); }

/// Without --api the file is read, which needs no daemon; what was given on a daemon's command line it alone knows.
Result<Json> read_values(Context& context, const ConfigOptions& options) {
    if (options.daemon.api.empty()) {
        FILFIL_TRY(const service::Config config, service::load_config(context.files, data_folder(options.daemon)));
        if (options.key.empty()) return service::json_of(config);
        FILFIL_TRY(const Json value, service::get(config, options.key));
        return Json{{options.key, value}};
    }
    FILFIL_TRY(const auto daemon, DaemonLink::open(context, options.daemon, false));
    if (!options.key.empty()) {
        FILFIL_TRY(const Json answer, daemon->call("FilFil.GetConfig", {{"key", options.key}}));
        FILFIL_TRY(const Json* value, rpc::field(answer, "value"));
        return Json{{options.key, *value}};
    }
    FILFIL_TRY(const Json answer, daemon->call("FilFil.Config"));
    FILFIL_TRY(const Json* settings, rpc::field(answer, "settings"));
    Json out = Json::object();
    for (const Json& setting : *settings) {
        FILFIL_TRY(const std::string key, rpc::text_field(setting, "key"));
        FILFIL_TRY(const Json* value, rpc::field(setting, "value"));
        out[key] = *value;
    }
    return out;
}

int run_get(Context& context, const ConfigOptions& options) {
    const auto values = read_values(context, options);
    if (!values.ok()) return fail(context, values.error());
    if (context.json) {
        emit(context, *values);
        return exit_ok;
    }
    for (const auto& [key, value] : values->items())
        print(context, options.key.empty() ? key + " = " + value.dump() + "\n" : shown(value) + "\n");
    return exit_ok;
}

/// A daemon that runs is told, so that it can take the change at once; else the file is changed.
Result<Json> change(Context& context, const ConfigOptions& options) {
    FILFIL_TRY(const Json value, service::setting_value(options.key, options.value));
    auto daemon = DaemonLink::open(context, options.daemon, true);
    if (daemon.ok()) return (*daemon)->call("FilFil.SetConfig", {{"key", options.key}, {"value", value}});
    if (!options.daemon.api.empty() || daemon.error().code != ErrorCode::not_found) return std::move(daemon).error();
    const std::string folder = data_folder(options.daemon);
    FILFIL_CHECK(context.files.make_folders(folder));
    FILFIL_TRY([[maybe_unused]] const service::Config config,
               service::change_config(context.files, folder, options.key, value));
    return Json{{"key", options.key}, {"value", value}, {"restart_needed", true}};
}

int run_set(Context& context, const ConfigOptions& options) {
    const auto changed = change(context, options);
    if (!changed.ok()) return fail(context, changed.error());
    if (context.json) {
        emit(context, *changed);
        return exit_ok;
    }
    const auto restart = rpc::bool_field(*changed, "restart_needed");
    print(context, options.key + " is " + options.value +
                       (restart.ok() && *restart ? ", from the daemon's next start on\n" : " now\n"));
    return exit_ok;
}

}    // namespace

void add_config_commands(CLI::App& app, Context& context) {
    CLI::App* group =
        add_command_group(app, {"config", "Look at the daemon's settings, and change them", "",
                                "  fil-fil config get\n  fil-fil config set retrieval.listen 0.0.0.0:5347\n"});
    auto getting = std::make_shared<ConfigOptions>();
    CLI::App* get =
        add_command(*group, context,
                    {"get", "One setting, or all", "Reads DIR/config.toml, or asks the daemon named by --api.",
                     "  fil-fil config get\n  fil-fil config get api.listen\n"},
                    [&context, getting] { return run_get(context, *getting); });
    add_text(get, "key", getting->key, "KEY", "The setting; all by default");
    add_daemon_options(get, getting->daemon);

    auto setting = std::make_shared<ConfigOptions>();
    CLI::App* set =
        add_command(*group, context,
                    {"set", "Change one setting",
                     "Tells the daemon if one runs, which writes DIR/config.toml; else writes it. What else stands in\n"
                     "the file stays.",
                     "  fil-fil config set chain.recent_stateroots 2000\n"
                     "  fil-fil config set follow.poll 10s\n"},
                    [&context, setting] { return run_set(context, *setting); });
    add_text(set, "key", setting->key, "KEY", "The setting, as `config get` names it")->required();
    add_text(set, "value", setting->value, "VALUE", "Its new value")->required();
    add_daemon_options(set, setting->daemon);
}

}    // namespace filfil::cli
