// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "base/files.hpp"
#include "base/url.hpp"
#include "service/config.hpp"

#include <string_view>

namespace filfil::service {
namespace {

Error wrong(std::string message, std::string remedy) {
    return {ErrorCode::invalid_argument, std::move(message), std::move(remedy)};
}

Result<void> check_tls(std::string_view section, const std::string& certificate, const std::string& key) {
    if (certificate.empty() == key.empty()) return {};
    const std::string name(section);
    return wrong(name + ".tls_cert and " + name + ".tls_key: only one of the two is set",
                 "set both, or none for no TLS");
}

Result<void> check_listeners(const Config& config) {
    FILFIL_CHECK(check_tls("api", config.api.tls_cert, config.api.tls_key));
    FILFIL_CHECK(check_tls("retrieval", config.retrieval.tls_cert, config.retrieval.tls_key));
    FILFIL_TRY(const Endpoint api, parse_endpoint(config.api.listen));
    if (!is_loopback(api) && config.api.tls_cert.empty())
        return wrong("api.listen is " + config.api.listen +
                         ", which other machines can reach, and there is no TLS to keep tokens secret",
                     "set api.tls_cert and api.tls_key, or listen at 127.0.0.1");
    if (config.retrieval.listen.empty()) return {};
    FILFIL_TRY(const Endpoint retrieval, parse_endpoint(config.retrieval.listen));
    if (api == retrieval && api.port != 0)
        return wrong("api.listen and retrieval.listen are both " + text_of(api), "give them two ports");
    return {};
}

Result<void> check_incentive(const Config::Incentive& incentive) {
    if (incentive.key_file.empty() != incentive.password_file.empty())
        return wrong("incentive.key_file and incentive.password_file: only one of the two is set",
                     "set both, or use the node's wallet (incentive.wallet)");
    return {};
}

Result<void> check_recipe(std::string_view name, const snapshot::Recipe& recipe, const Config& config) {
    if (auto good = snapshot::check(recipe); !good.ok()) return std::move(good).error().in(name);
    if (recipe.recent_stateroots > static_cast<std::uint64_t>(config.chain.recent_stateroots))
        return wrong(std::string(name) + ": it takes " + std::to_string(recipe.recent_stateroots) +
                         " epochs of state, and chain.recent_stateroots keeps " +
                         std::to_string(config.chain.recent_stateroots),
                     "raise chain.recent_stateroots, or take fewer");
    return {};
}

}    // namespace

snapshot::Recipe default_recipe(const Config& config) noexcept {
    return {.format = config.recipe.format,
            .recent_stateroots = config.recipe.recent_stateroots != 0
                                     ? config.recipe.recent_stateroots
                                     : static_cast<std::uint64_t>(config.chain.recent_stateroots),
            .skip_old_msgs = config.recipe.skip_old_msgs,
            .piece_size = config.recipe.piece_size};
}

std::string snapshots_folder(const Config& config) {
    return join_path(config.data_folder, config.snapshots.folder.empty() ? "snapshots" : config.snapshots.folder);
}

Result<void> check(const Config& config) {
    FILFIL_CHECK(check_listeners(config));
    if (config.follow.retry_least > config.follow.retry_most)
        return wrong("follow.retry_least is longer than follow.retry_most", "swap them");
    FILFIL_CHECK(check_recipe("recipe", default_recipe(config), config));
    FILFIL_CHECK(check_incentive(config.incentive));
    for (std::size_t i = 0; i < config.schedules.size(); ++i)
        if (config.schedules[i].recipe)
            FILFIL_CHECK(
                check_recipe("schedules[" + std::to_string(i) + "].recipe", *config.schedules[i].recipe, config));
    return {};
}

}    // namespace filfil::service
