// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/result.hpp"
#include "base/units.hpp"
#include "car/byte_source.hpp"
#include "rpc/json.hpp"
#include "snapshot/recipe.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace filfil::service {

/// Which finality snapshots of "the finalized tipset" go by.
enum class Finality : std::uint8_t {
    automatic,    ///< F3 where the node gives it, else EC
    f3,           ///< F3 only: without it nothing is finalized
    ec,           ///< 900 epochs below the head
};

/// "auto", "f3", "ec".
std::string_view name_of(Finality finality) noexcept;

/// What the daemon does by itself when a window of an own miner comes near.
enum class SlotPolicy : std::uint8_t {
    ask,          ///< keeps the slot's snapshot within reach, tells, and waits for a person
    automatic,    ///< takes the slot's snapshot by itself as soon as its target is final
    skip,         ///< nothing
};

/// "ask", "automatic", "skip".
std::string_view name_of(SlotPolicy policy) noexcept;

/// @return Error::invalid_argument unless `text` is one of the three
Result<SlotPolicy> parse_slot_policy(std::string_view text);

/// A node to follow.
struct NodeSetting {
    std::string url;             ///< ws, wss, http or https
    std::string token_file{};    ///< "" for none
    bool operator==(const NodeSetting&) const = default;
};

/// What takes pieces into a provider's sealing pipeline. See core/market.
enum class MarketKind : std::uint8_t { curio_mk20, curio_mk12, boost, file };

/// "curio-mk20", "curio-mk12", "boost", "file".
std::string_view name_of(MarketKind kind) noexcept;

/// The market of an own storage provider.
struct MarketSetting {
    std::string miner{};    ///< "f01000"; "": all own ones that have none of their own
    MarketKind kind = MarketKind::curio_mk20;
    std::string url{};           ///< Curio: of its market ("http://curio:12310"); Boost: of its API; file: none
    std::string graphql{};       ///< Boost's: "http://127.0.0.1:8080/graphql/query"
    std::string token_file{};    ///< with Boost's API token
    std::string wallet{};        ///< in the node, signs requests to mk20; "": incentive.wallet
    bool indexing = false;       ///< Curio: have every block of a piece indexed
    bool announce = false;       ///< and announced; mk20 only
    std::string folder{};        ///< file: of manifests; Boost: of piece files, as boostd sees it too; "": DIR/deals
    bool operator==(const MarketSetting&) const = default;
};

/// Snapshots that are taken without being asked for. Exactly one of every_epochs and at_epoch is set.
struct ScheduleSetting {
    std::uint64_t every_epochs = 0;            ///< at each epoch that this divides; 0: not repeated
    std::optional<std::int64_t> at_epoch{};    ///< once
    bool finalized = true;                     ///< taken when that epoch is final; else when the head is beyond it
    bool to_file = true;                       ///< into snapshots.folder; else it is hashed and served from memory only
    std::optional<snapshot::Recipe> recipe{};    ///< nothing: default_recipe()
    bool operator==(const ScheduleSetting&) const = default;
};

/// Everything that can be set about the daemon. The file DIR/config.toml has one table a member struct below, and what
/// is not in it has the value that stands here. How a setting is called, what it may be and what it does: settings().
struct Config {
    /// The folder of all that the daemon keeps. Not a setting of the file, which lies in it.
    std::string data_folder{};

    std::string network = "mainnet";     ///< a node::Profile
    std::vector<NodeSetting> nodes{};    ///< the first that answers is followed
    std::vector<ScheduleSetting> schedules{};
    std::vector<MarketSetting> markets{};

    struct Chain {
        std::string bootstrap{};    ///< path of a CAR, "node", or "": the engine's folder must have a chain already
        std::int64_t recent_stateroots = 2000;
        std::int64_t slack = 900;    ///< epochs
        Finality finality = Finality::automatic;
        std::string eth_url{};    ///< of the node's Ethereum RPC; "": the first node's

        // Of devnets, whose times no profile knows.
        std::uint64_t genesis_time = 0;     ///< of epoch 0, seconds since 1970; 0: as the network's, or not known
        std::uint64_t epoch_seconds = 0;    ///< from one epoch to the next; 0: as the network's
        bool operator==(const Chain&) const = default;
    } chain{};

    struct Follow {
        Clock::Duration poll = std::chrono::seconds(5);    ///< of the head of nodes that are followed over HTTP
        Clock::Duration retry_least = std::chrono::milliseconds(500);
        Clock::Duration retry_most = std::chrono::seconds(60);
        std::uint64_t reads_in_flight = 128;
        std::uint64_t tipsets_at_once = 16;
        std::uint64_t migration_blocks = 2'000'000;
        std::uint64_t bootstrap_blocks = 4'000'000;
        bool operator==(const Follow&) const = default;
    } follow{};

    struct Memory {
        std::uint64_t limit = 0;    ///< bytes of the process; 0: what the machine has
        bool operator==(const Memory&) const = default;
    } memory{};

    struct Api {
        std::string listen = "127.0.0.1:5346";
        std::string tls_cert{};    ///< both or none
        std::string tls_key{};
        std::vector<std::string> origins{};    ///< of browsers that may call
        std::uint64_t connections = 256;
        bool operator==(const Api&) const = default;
    } api{};

    struct Retrieval {
        std::string listen{};    ///< "": off
        std::string tls_cert{};
        std::string tls_key{};
        std::string locator_token_file{};    ///< "": no /pieces?id=
        std::uint64_t connections = 1024;
        std::uint64_t connections_per_peer = 64;
        std::uint64_t bytes_per_second = 0;    ///< all together; 0: no limit
        std::uint64_t bytes_per_second_per_connection = 0;
        std::uint64_t requests_per_second_per_peer = 50;    ///< 0: no limit
        bool blocks = true;                                 ///< serve /ipfs/…
        std::string url{};                                  ///< under which a market reaches it; "": http(s)://LISTEN
        bool operator==(const Retrieval&) const = default;
    } retrieval{};

    struct Snapshots {
        std::string folder{};                                   ///< "": DIR/snapshots. See snapshots_folder()
        Clock::Duration keep_layout = std::chrono::hours(1);    ///< a snapshot is served from memory for so long
        std::uint64_t keep_files = 0;    ///< of scheduled snapshots the latest so many stay on the disk; 0: all
        car::Compression compress = car::Compression::none;    ///< of files of whole CARs
        bool operator==(const Snapshots&) const = default;
    } snapshots{};

    /// See default_recipe().
    struct Recipe {
        snapshot::Format format = snapshot::Format::v1;
        std::uint64_t recent_stateroots = 0;    ///< 0: as chain.recent_stateroots
        bool skip_old_msgs = true;
        std::uint64_t piece_size = 32 * GiB;
        bool operator==(const Recipe&) const = default;
    } recipe{};

    /// The contract that pays for snapshots.
    struct Incentive {
        std::string contract{};                 ///< its address, 0x…; "": the network's, where it has one
        std::vector<std::string> miners{};      ///< own storage providers, "f01000"
        std::string wallet{};                   ///< of the node, "f1…", "f3…", "f4…": what is sent, is sent from there
        std::string key_file{};                 ///< encrypted key that signs here, in place of `wallet`
        std::string password_file{};            ///< of key_file
        SlotPolicy policy = SlotPolicy::ask;    ///< of miners for which none is set
        std::uint64_t confirmations = 5;        ///< epochs after which what was sent counts as done
        std::string most_fee = "1 FIL";         ///< of one transaction
        std::string gas_alarm = "5 FIL";        ///< an alert when the wallet has less
        bool upkeep = true;    ///< settle own pieces before their term ends, and activate deals, unasked
        std::uint64_t expiry_alarm_days = 14;    ///< an alert when a sector with own pieces ends so soon; 0: none
        std::uint64_t events_from = 0;           ///< epoch before which the contract has no events
        std::string claim_at{};    ///< withdraw what own miners have earned once it is so much; "": never unasked
        bool operator==(const Incentive&) const = default;
    } incentive{};

    /// How pieces are stored, at any market.
    struct Deals {
        Clock::Duration poll = std::chrono::seconds(30);         ///< of what markets say of open deals
        std::uint64_t term_days = 0;                             ///< of a deal; 0: what the contract wants, and 10 days
        Clock::Duration start_after = std::chrono::hours(48);    ///< from proposing one of f05 to its start
        bool operator==(const Deals&) const = default;
    } deals{};

    struct Checkpoint {
        std::uint64_t log_percent = 25;    ///< a new one when the log has so much of the last one's bytes
        Clock::Duration every = std::chrono::hours(6);    ///< and at the latest after so long, where anything changed
        bool operator==(const Checkpoint&) const = default;
    } checkpoint{};

    struct Log {
        LogLevel level = LogLevel::info;
        std::uint64_t file_size = 16 * MiB;
        std::uint64_t files = 5;    ///< 0: no files
        bool operator==(const Log&) const = default;
    } log{};

    struct Compute {
        std::string device = "auto";    ///< as --device
        std::string isa{};              ///< as --isa
        std::uint64_t threads = 0;      ///< 0: one a CPU
        bool operator==(const Compute&) const = default;
    } compute{};

    bool operator==(const Config&) const = default;
};

/// The recipe of snapshots for which none is named.
snapshot::Recipe default_recipe(const Config& config) noexcept;

/// Where files of snapshots go.
std::string snapshots_folder(const Config& config);

/// Whether the settings fit together: certificate and key, window and recipe, retry_least and retry_most, a listener
/// beyond this machine without TLS, nodes of one network, …
/// @return Error::invalid_argument names the settings
Result<void> check(const Config& config);

/// What there is to know of one setting.
struct Setting {
    std::string key;     ///< "api.listen"
    std::string type;    ///< "text", "yes or no", "number", "size", "duration", "auto, f3 or ec", "list", …
    rpc::Json default_value;
    std::string help;       ///< one line
    bool restart = true;    ///< a change has effect from the next start on
};

/// All settings, in the order in which they stand in the file.
std::vector<Setting> settings();

/// The value of one setting: text, number, true or false, or a list. Sizes are bytes, durations text ("30s").
/// @return Error::not_found with the nearest name there is
Result<rpc::Json> get(const Config& config, std::string_view key);

/// All values in one object by their keys.
rpc::Json json_of(const Config& config);

/// Changes one setting, and looks at the whole with check(); after an error it is as it was.
/// @param value a size may be text ("32GiB") or bytes, a duration text or seconds
/// @return Error::not_found with the nearest name there is; Error::invalid_argument names key, value and what is wrong
Result<void> set(Config& config, std::string_view key, const rpc::Json& value);

/// The same for several at once, for those that only fit together: an object of values by their keys.
Result<void> set_all(Config& config, const rpc::Json& changes);

/// As set() for what stands on a command line. Lists are JSON ("[\"a\", \"b\"]"), or for texts "a,b"; nodes may be
/// URLs.
Result<void> set_text(Config& config, std::string_view key, std::string_view value);

/// What set_text() makes of a text before it sets it: for change_config() and for sending it to a daemon.
Result<rpc::Json> setting_value(std::string_view key, std::string_view text);

/// Reads a file in TOML 1.0. @param name of the file, for messages
/// @return Error::invalid_argument (Error::too_large above 1 MiB) with name, line and column: no TOML, an unknown key
/// with the nearest one there is, a wrong type, a value out of its range; what check() says
Result<Config> read_config(std::string_view text, std::string_view name);

/// A file that has every setting with its help, those with their default commented out. Reads back as `config` (but
/// for data_folder).
std::string text_of(const Config& config);

}    // namespace filfil::service
