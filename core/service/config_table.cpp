// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/config_table.hpp"

#include "base/suggest.hpp"
#include "base/url.hpp"
#include "chain/address.hpp"
#include "incentive/eth_address.hpp"
#include "incentive/fil_text.hpp"
#include "node/profile.hpp"
#include "service/config_lists.hpp"
#include "service/config_values.hpp"
#include "service/log_store.hpp"

#include <array>
#include <limits>

namespace filfil::service {
namespace {

using rpc::Json;

constexpr std::uint64_t second = 1000;    // ms
constexpr std::uint64_t hour = 3600 * second;
constexpr std::uint64_t most_epochs = 100'000'000;
constexpr std::uint64_t most_bytes = std::numeric_limits<std::int64_t>::max();
constexpr bool live = false;
constexpr bool restart = true;

// The names of fields are given as functions, so that one line of the table can name a member of a member.
template <auto Of>
Json read_plain(const Config& config) {
    return Json(Of(config));
}

template <auto Of>
Result<void> write_text(const SettingEntry& self, Config& config, const Json& value) {
    FILFIL_TRY(std::string text, text_value(self.key, value));
    if (self.check != nullptr)
        if (auto good = self.check(text); !good.ok()) return std::move(good).error().in(self.key);
    Of(config) = std::move(text);
    return {};
}

template <auto Of>
Result<void> write_yes_no(const SettingEntry& self, Config& config, const Json& value) {
    FILFIL_TRY(Of(config), yes_no_value(self.key, value));
    return {};
}

template <auto Of>
Result<void> write_number(const SettingEntry& self, Config& config, const Json& value) {
    FILFIL_TRY(const std::uint64_t number, number_value(self.key, value, self.least, self.most));
    using Field = std::remove_reference_t<decltype(Of(config))>;
    Of(config) = static_cast<Field>(number);
    return {};
}

template <auto Of>
Result<void> write_size(const SettingEntry& self, Config& config, const Json& value) {
    FILFIL_TRY(Of(config), size_value(self.key, value, self.least, self.most));
    return {};
}

template <auto Of>
Json read_duration(const Config& config) {
    return Json(duration_text(Of(config)));
}

template <auto Of>
Result<void> write_duration(const SettingEntry& self, Config& config, const Json& value) {
    FILFIL_TRY(Of(config), duration_value(self.key, value, self.least, self.most));
    return {};
}

template <auto Of>
Json read_choice(const Config& config) {
    return Json(std::string(name_of(Of(config))));
}

template <auto Of, auto Parse>
Result<void> write_choice(const SettingEntry& self, Config& config, const Json& value) {
    FILFIL_TRY(const std::string text, text_value(self.key, value));
    auto parsed = Parse(text);
    if (!parsed.ok()) return std::move(parsed).error().in(self.key);
    Of(config) = *parsed;
    return {};
}

template <auto Of>
Result<void> write_texts(const SettingEntry& self, Config& config, const Json& value) {
    FILFIL_TRY(Of(config), texts_value(self.key, value, self.check));
    return {};
}

Result<void> check_network(const std::string& name) {
    FILFIL_TRY([[maybe_unused]] const auto profile, node::find_profile(name));
    return {};
}

Result<void> check_listen(const std::string& text) {
    FILFIL_TRY([[maybe_unused]] const auto endpoint, parse_endpoint(text));
    return {};
}

Result<void> check_listen_or_off(const std::string& text) { return text.empty() ? Result<void>() : check_listen(text); }

Result<void> check_url_or_none(const std::string& text) {
    if (text.empty()) return {};
    FILFIL_TRY([[maybe_unused]] const auto url, parse_url(text));
    return {};
}

Result<void> check_origin(const std::string& text) {
    FILFIL_TRY(const Url url, parse_url(text));
    if (url.target != "/" || text.ends_with('/') ||
        (url.scheme != Url::Scheme::http && url.scheme != Url::Scheme::https))
        return Error(ErrorCode::invalid_argument, "'" + text + "' is no origin of a browser's page",
                     "write it as https://host or http://host:port, with nothing behind");
    return {};
}

Result<void> check_contract_or_none(const std::string& text) {
    if (text.empty()) return {};
    FILFIL_TRY([[maybe_unused]] const auto address, incentive::EthAddress::parse_any(text));
    return {};
}

Result<void> check_miner(const std::string& text) {
    FILFIL_TRY([[maybe_unused]] const std::uint64_t miner, miner_number(text));
    return {};
}

Result<void> check_wallet_or_none(const std::string& text) {
    if (text.empty()) return {};
    FILFIL_TRY([[maybe_unused]] const auto address, chain::Address::parse(text));
    return {};
}

Result<void> check_fil(const std::string& text) {
    FILFIL_TRY([[maybe_unused]] const auto amount, incentive::parse_fil(text));
    return {};
}

Result<void> check_fil_or_none(const std::string& text) { return text.empty() ? Result<void>() : check_fil(text); }

#define FILFIL_FIELD(field) [](auto& config) -> auto& { return config.field; }

template <auto Of>
constexpr SettingEntry text(std::string_view key, bool needs_restart, std::string_view help,
                            Result<void> (*check)(const std::string&) = nullptr) {
    return {key, SettingKind::text, "text", help, needs_restart, read_plain<Of>, write_text<Of>, 0, 0, check};
}
template <auto Of>
constexpr SettingEntry yes_no(std::string_view key, bool needs_restart, std::string_view help) {
    return {key, SettingKind::yes_no, "true or false", help, needs_restart, read_plain<Of>, write_yes_no<Of>};
}
template <auto Of>
constexpr SettingEntry number(std::string_view key, std::uint64_t least, std::uint64_t most, bool needs_restart,
                              std::string_view help) {
    return {key, SettingKind::number, "number", help, needs_restart, read_plain<Of>, write_number<Of>, least, most};
}
template <auto Of>
constexpr SettingEntry size(std::string_view key, std::uint64_t least, std::uint64_t most, bool needs_restart,
                            std::string_view help) {
    return {key, SettingKind::size, "size", help, needs_restart, read_plain<Of>, write_size<Of>, least, most};
}
template <auto Of>
constexpr SettingEntry duration(std::string_view key, std::uint64_t least, std::uint64_t most, bool needs_restart,
                                std::string_view help) {
    return {key, SettingKind::duration, "duration", help, needs_restart, read_duration<Of>, write_duration<Of>, least,
            most};
}
template <auto Of, auto Parse>
constexpr SettingEntry choice(std::string_view key, std::string_view choices, bool needs_restart,
                              std::string_view help) {
    return {key, SettingKind::text, choices, help, needs_restart, read_choice<Of>, write_choice<Of, Parse>};
}

// clang-format off
constexpr std::array table{
    text<FILFIL_FIELD(network)>("network", restart, "the chain to follow: mainnet, calibnet or devnet", check_network),

    text<FILFIL_FIELD(chain.bootstrap)>("chain.bootstrap", restart,
        "where the first chain comes from: path of a snapshot's CAR, or \"node\"; of no use once there is one"),
    number<FILFIL_FIELD(chain.recent_stateroots)>("chain.recent_stateroots", 1, most_epochs, restart,
        "epochs below the head whose state and messages are kept in memory"),
    number<FILFIL_FIELD(chain.slack)>("chain.slack", 0, most_epochs, restart,
        "epochs that are kept beyond those, for snapshots of finalized tipsets and for reorganisations"),
    choice<FILFIL_FIELD(chain.finality), parse_finality>("chain.finality", "auto, f3 or ec", restart,
        "what is final: by the node's F3 certificates, by 900 epochs, or auto for the first where there is one"),
    text<FILFIL_FIELD(chain.eth_url)>("chain.eth_url", restart,
        "URL of the node's Ethereum RPC; empty for that of the first node", check_url_or_none),
    number<FILFIL_FIELD(chain.genesis_time)>("chain.genesis_time", 0, std::uint64_t{1} << 40, restart,
        "of a devnet: when its epoch 0 was, in seconds since 1970; 0 for what is known of the network"),
    number<FILFIL_FIELD(chain.epoch_seconds)>("chain.epoch_seconds", 0, 3600, restart,
        "of a devnet: seconds from one epoch to the next; 0 for those of the network"),

    duration<FILFIL_FIELD(follow.poll)>("follow.poll", 100, hour, restart,
        "how often the head is asked for where a node is followed over HTTP"),
    duration<FILFIL_FIELD(follow.retry_least)>("follow.retry_least", 1, hour, restart,
        "pause after a node failed; doubled with each failure in a row"),
    duration<FILFIL_FIELD(follow.retry_most)>("follow.retry_most", 1, 24 * hour, restart,
        "the longest such pause"),
    number<FILFIL_FIELD(follow.reads_in_flight)>("follow.reads_in_flight", 1, 4096, restart,
        "blocks that are asked for at the same time"),
    number<FILFIL_FIELD(follow.tipsets_at_once)>("follow.tipsets_at_once", 1, 1024, restart,
        "tipsets whose blocks are read side by side while catching up"),
    number<FILFIL_FIELD(follow.migration_blocks)>("follow.migration_blocks", 1000, 1'000'000'000, restart,
        "new blocks of one tipset beyond which it is a migration of the state, and a new snapshot is needed"),
    number<FILFIL_FIELD(follow.bootstrap_blocks)>("follow.bootstrap_blocks", 1000, 1'000'000'000, restart,
        "blocks beyond which a chain is not read from a node one by one"),

    size<FILFIL_FIELD(memory.limit)>("memory.limit", 0, most_bytes, restart,
        "memory the daemon may use before it says so; 0 for what the machine has"),

    text<FILFIL_FIELD(api.listen)>("api.listen", restart,
        "HOST:PORT of the API; beyond this machine it needs a certificate", check_listen),
    text<FILFIL_FIELD(api.tls_cert)>("api.tls_cert", restart, "PEM file of the API's certificate chain; empty for none"),
    text<FILFIL_FIELD(api.tls_key)>("api.tls_key", restart, "PEM file of its key"),
    SettingEntry{"api.origins", SettingKind::texts, "list of texts", "web pages whose browsers may call the API",
                 restart, read_plain<FILFIL_FIELD(api.origins)>, write_texts<FILFIL_FIELD(api.origins)>, 0, 0, check_origin},
    number<FILFIL_FIELD(api.connections)>("api.connections", 1, 65536, restart, "connections at the same time"),

    text<FILFIL_FIELD(retrieval.listen)>("retrieval.listen", restart,
        "HOST:PORT at which pieces are served over HTTP; empty for off", check_listen_or_off),
    text<FILFIL_FIELD(retrieval.tls_cert)>("retrieval.tls_cert", restart, "PEM file of its certificate chain; empty for none"),
    text<FILFIL_FIELD(retrieval.tls_key)>("retrieval.tls_key", restart, "PEM file of its key"),
    text<FILFIL_FIELD(retrieval.locator_token_file)>("retrieval.locator_token_file", restart,
        "file with the token of Curio's piece locator; empty for no /pieces"),
    number<FILFIL_FIELD(retrieval.connections)>("retrieval.connections", 1, 65536, restart, "connections at the same time"),
    number<FILFIL_FIELD(retrieval.connections_per_peer)>("retrieval.connections_per_peer", 1, 65536, restart,
        "the same from one address"),
    size<FILFIL_FIELD(retrieval.bytes_per_second)>("retrieval.bytes_per_second", 0, most_bytes, restart,
        "all answers together; 0 for no limit"),
    size<FILFIL_FIELD(retrieval.bytes_per_second_per_connection)>("retrieval.bytes_per_second_per_connection", 0, most_bytes,
        restart, "one answer; 0 for no limit"),
    number<FILFIL_FIELD(retrieval.requests_per_second_per_peer)>("retrieval.requests_per_second_per_peer", 0, 1'000'000, restart,
        "from one address; 0 for no limit"),
    yes_no<FILFIL_FIELD(retrieval.blocks)>("retrieval.blocks", restart, "serve blocks and CARs at /ipfs/ too"),
    text<FILFIL_FIELD(retrieval.url)>("retrieval.url", restart,
        "URL under which markets and others reach pieces; empty for http:// and where it listens", check_url_or_none),

    text<FILFIL_FIELD(snapshots.folder)>("snapshots.folder", live, "where files of snapshots go; empty for snapshots/ beside this file"),
    duration<FILFIL_FIELD(snapshots.keep_layout)>("snapshots.keep_layout", 0, 365 * 24 * hour, live,
        "for so long a snapshot is served from memory, whose blocks are kept meanwhile"),
    number<FILFIL_FIELD(snapshots.keep_files)>("snapshots.keep_files", 0, 1'000'000, live,
        "of snapshots taken by schedule, files of the last so many are kept; 0 for all"),
    choice<FILFIL_FIELD(snapshots.compress), parse_compression>("snapshots.compress", "none, zstd or forest", live,
        "of files of whole CARs"),

    choice<FILFIL_FIELD(recipe.format), snapshot::parse_format>("recipe.format", "v1 or v2", live,
        "of snapshots for which nothing else is asked for"),
    number<FILFIL_FIELD(recipe.recent_stateroots)>("recipe.recent_stateroots", 0, most_epochs, live,
        "their epochs with state; 0 for chain.recent_stateroots"),
    yes_no<FILFIL_FIELD(recipe.skip_old_msgs)>("recipe.skip_old_msgs", live,
        "leave out messages of epochs before those; false needs all messages in memory"),
    size<FILFIL_FIELD(recipe.piece_size)>("recipe.piece_size", 128, std::uint64_t{1} << 62, live,
        "padded size of their pieces, a power of two"),

    text<FILFIL_FIELD(incentive.contract)>("incentive.contract", restart,
        "address (0x…) of the contract that pays for snapshots; empty for the network's", check_contract_or_none),
    SettingEntry{"incentive.miners", SettingKind::texts, "list of texts", "own storage providers, as f01000", restart,
                 read_plain<FILFIL_FIELD(incentive.miners)>, write_texts<FILFIL_FIELD(incentive.miners)>, 0, 0, check_miner},
    text<FILFIL_FIELD(incentive.wallet)>("incentive.wallet", restart,
        "address in the node's wallet that sends and pays for transactions; empty for none", check_wallet_or_none),
    text<FILFIL_FIELD(incentive.key_file)>("incentive.key_file", restart,
        "encrypted key (Web3 Secret Storage) that signs transactions here, in place of incentive.wallet"),
    text<FILFIL_FIELD(incentive.password_file)>("incentive.password_file", restart, "file with the password of that key"),
    choice<FILFIL_FIELD(incentive.policy), parse_slot_policy>("incentive.policy", "ask, automatic or skip", live,
        "what is done by itself when a window comes near, for miners with no policy of their own"),
    number<FILFIL_FIELD(incentive.confirmations)>("incentive.confirmations", 1, 900, restart,
        "epochs after which a transaction counts as done"),
    text<FILFIL_FIELD(incentive.most_fee)>("incentive.most_fee", restart, "the most that one transaction may cost", check_fil),
    text<FILFIL_FIELD(incentive.gas_alarm)>("incentive.gas_alarm", restart,
        "an alert is raised when the wallet has less than this", check_fil),
    yes_no<FILFIL_FIELD(incentive.upkeep)>("incentive.upkeep", live,
        "settle what own miners earned before a piece's term ends, and activate their deals, unasked"),
    number<FILFIL_FIELD(incentive.events_from)>("incentive.events_from", 0, std::numeric_limits<std::int64_t>::max(), restart,
        "the contract's events are read from this epoch on: that in which it was made, or any before"),
    number<FILFIL_FIELD(incentive.expiry_alarm_days)>("incentive.expiry_alarm_days", 0, 366, live,
        "an alert is raised so many days before a sector with a piece of own miners ends; 0 for none"),
    text<FILFIL_FIELD(incentive.claim_at)>("incentive.claim_at", live,
        "withdraw what an own miner has earned, unasked, once it is so much; empty for never", check_fil_or_none),

    duration<FILFIL_FIELD(deals.poll)>("deals.poll", second, hour, live, "how often markets are asked how far open deals are"),
    number<FILFIL_FIELD(deals.term_days)>("deals.term_days", 0, 1278, live,
        "days for which a piece is to be stored; 0 for what the contract wants and 10 days more"),
    duration<FILFIL_FIELD(deals.start_after)>("deals.start_after", hour, 13 * 24 * hour, live,
        "from proposing a deal of f05 (Curio mk12, Boost) to its start: it has to be in a sector by then"),

    number<FILFIL_FIELD(checkpoint.log_percent)>("checkpoint.log_percent", 1, 1000, live,
        "a checkpoint is written when the log since the last has so much of its bytes"),
    duration<FILFIL_FIELD(checkpoint.every)>("checkpoint.every", 60 * second, 365 * 24 * hour, live,
        "and after so long at the latest"),

    choice<FILFIL_FIELD(log.level), parse_log_level>("log.level", "debug, info, warning or error", live, "what is logged, and what is worse"),
    size<FILFIL_FIELD(log.file_size)>("log.file_size", 64 * KiB, 16 * GiB, restart, "of a log file before the next one begins"),
    number<FILFIL_FIELD(log.files)>("log.files", 0, 1000, restart, "log files that are kept; 0 for none"),

    text<FILFIL_FIELD(compute.device)>("compute.device", restart, "what hashes: auto, cpu, cuda or cuda:N"),
    text<FILFIL_FIELD(compute.isa)>("compute.isa", restart, "instruction set of the CPU; empty for the fastest"),
    number<FILFIL_FIELD(compute.threads)>("compute.threads", 0, 1024, restart, "that hash; 0 for one a CPU"),

    SettingEntry{"nodes", SettingKind::nodes, "list of {url, token_file}", "the nodes to follow; the first that answers is taken",
                 restart, read_nodes, write_nodes},
    SettingEntry{"schedules", SettingKind::schedules, "list of {every_epochs or at_epoch, finalized, to_file, recipe}",
                 "snapshots that are taken without being asked for", live, read_schedules, write_schedules},
    SettingEntry{"markets", SettingKind::markets,
                 "list of {miner, kind, url, graphql, token_file, wallet, indexing, announce, folder}",
                 "where pieces are stored: kind curio-mk20, curio-mk12, boost or file for each miner", restart, read_markets, write_markets},
};
// clang-format on
#undef FILFIL_FIELD

}    // namespace

std::span<const SettingEntry> setting_table() noexcept { return table; }

bool is_section(std::string_view section) noexcept {
    for (const SettingEntry& entry : table)
        if (entry.key.size() > section.size() && entry.key.starts_with(section) && entry.key[section.size()] == '.')
            return !section.empty();
    return false;
}

Error unknown_setting(std::string_view key) {
    std::vector<std::string> names;
    for (const SettingEntry& entry : table) {
        names.emplace_back(entry.key);
        const std::string section(entry.key.substr(0, entry.key.find('.')));
        if (section != entry.key && (names.size() < 2 || names[names.size() - 2] != section))
            names.insert(names.end() - 1, section);
    }
    std::string nearest = nearest_name(key, names);
    // The right name without its section, or in another one.
    const std::string_view last = key.substr(key.rfind('.') + 1);
    for (const SettingEntry& entry : table)
        if (nearest.empty() && entry.key.size() > last.size() && entry.key.ends_with(last) &&
            entry.key[entry.key.size() - last.size() - 1] == '.' && !last.empty())
            nearest = entry.key;
    return {ErrorCode::not_found, "there is no setting '" + shown_text(key) + "'",
            nearest.empty() ? "`fil-fil config get` lists all settings" : "did you mean '" + nearest + "'?"};
}

Result<const SettingEntry*> find_setting(std::string_view key) {
    for (const SettingEntry& entry : table)
        if (entry.key == key) return &entry;
    if (is_section(key))
        return Error(ErrorCode::not_found, "'" + std::string(key) + "' is a section of settings, not one of them",
                     "name one in it; `fil-fil config get` lists all settings");
    return unknown_setting(key);
}

}    // namespace filfil::service
