// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/devnet_options.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

namespace filfil::cli {
namespace {

/// Of a generated chain: in thousandths of steps.
constexpr std::uint64_t fork_rate_without_faults = 40;

constexpr const char* usual_tipsets = "30";
constexpr const char* tipsets_with_past = "400";    ///< two rounds of the contract that is played, and some

Error wrong(std::string_view option, const std::string& text, const std::string& expected) {
    return {ErrorCode::invalid_argument, std::string(option) + ": '" + text + "' is not " + expected,
            "`fil-fil devnet --help` shows how it is used"};
}

Result<std::uint64_t> size_of(std::string_view option, const std::string& text) {
    auto size = parse_size(text);
    if (!size.ok()) return std::move(size).error().in(option);
    return size;
}

/// "500ms", "2s", "1min" or "0".
Result<Clock::Duration> period_of(const std::string& text) {
    std::uint64_t number = 0;
    const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), number);
    const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
    constexpr std::uint64_t most = 86'400;
    if (status == std::errc{} && number <= most * 1000) {
        if (unit == "ms" || (unit.empty() && number == 0)) return Clock::Duration(std::chrono::milliseconds(number));
        if (unit == "s" && number <= most) return Clock::Duration(std::chrono::seconds(number));
        if (unit == "min" && number <= most / 60) return Clock::Duration(std::chrono::minutes(number));
    }
    return wrong("--period", text, "a time of at most a day, like 500ms, 2s or 1min; 0 is full speed");
}

Result<bool> on_or_off(std::string_view option, const std::string& text) {
    if (text == "on" || text == "off") return text == "on";
    return wrong(option, text, "on or off");
}

Result<node::Flavour> flavour_of(const std::string& text) {
    if (text == "lotus") return node::Flavour::lotus;
    if (text == "forest") return node::Flavour::forest;
    return wrong("--flavour", text, "lotus or forest");
}

Result<void> read_accounts(const std::vector<std::string>& texts, node::DevnetOptions& out) {
    for (const std::string& text : texts) {
        const std::size_t equals = text.find('=');
        const std::string account = equals == std::string::npos ? "" : text.substr(equals + 1);
        if (equals == 0 || account.size() != 42 || !account.starts_with("0x") || !from_hex(account.substr(2)).ok())
            return wrong("--account", text, "a Filecoin address and an account of the EVM node, like f1abc…=0xf39f…");
        out.accounts[text.substr(0, equals)] = account;
    }
    return {};
}

Result<void> read_node(const DevnetTexts& texts, node::DevnetOptions& out) {
    FILFIL_TRY(out.flavour, flavour_of(texts.flavour));
    FILFIL_TRY(out.period, period_of(texts.period));
    FILFIL_TRY(out.f3, on_or_off("--f3", texts.f3));
    FILFIL_TRY(out.seed, parse_count("--seed", texts.seed, 0, std::numeric_limits<std::uint64_t>::max()));
    for (const std::string& fault : texts.faults) {
        auto set = out.faults.set(fault);
        if (!set.ok()) return std::move(set).error().in("--fault");
    }
    FILFIL_CHECK(read_accounts(texts.accounts, out));
    if (!texts.evm.empty()) {
        auto url = parse_url(texts.evm);
        if (!url.ok()) return std::move(url).error().in("--evm");
        if (url->scheme != Url::Scheme::http && url->scheme != Url::Scheme::https)
            return wrong("--evm", texts.evm, "an http or https URL");
        out.evm = std::move(*url);
    }
    out.token = texts.token;
    out.network = texts.network;
    out.test_hooks = texts.test_hooks;
    return {};
}

Result<void> read_contract(const DevnetTexts& texts, DevnetSettings& out) {
    out.contract = texts.contract;
    out.daemon = texts.daemon;
    if (!out.contract && !out.daemon.empty())
        return Error(ErrorCode::invalid_argument, "--daemon is for --contract", "give both, or neither");
    if (!out.contract) return {};
    const auto beside = [](const std::string& other, const std::string& why) {
        return Error(ErrorCode::invalid_argument, "--contract does not go with " + other, why);
    };
    if (out.node.evm) return beside("--evm", "the contract is played without an EVM node; deploy one to yours");
    if (!out.replay.empty()) return beside("--replay", "the contract is played over a chain that goes on without end");
    if (!texts.prune.empty()) return beside("--prune", "snapshots of the contract's past are taken");
    if (out.node.network != "devnet") return beside("--network", "its addresses are those of the devnet");
    return {};
}

/// The chain's clock goes with the period, and its head is there now.
Result<void> read_chain(const DevnetTexts& texts, const Clock& clock, DevnetSettings& out) {
    chaingen::Config& chain = out.chain.chain;
    chain.seed = out.node.seed;
    FILFIL_TRY(chain.state_bytes, size_of("--state", texts.state));
    FILFIL_TRY(chain.tipset_bytes, size_of("--tipset", texts.tipset));
    // As chaingen::Config::of_size has it: a third for messages and the actors that they touch.
    chain.blocks_per_tipset = std::clamp<std::uint64_t>(chain.tipset_bytes / (8 * KiB), 1, 5);
    chain.messages_per_block =
        std::clamp<std::uint64_t>(chain.tipset_bytes / 3 / 3720 / chain.blocks_per_tipset, 2, 300);
    const double reorg = out.node.faults.rate(node::Fault::reorg);
    chain.fork_rate = std::max(fork_rate_without_faults, static_cast<std::uint64_t>(reorg * 500));
    const auto seconds = out.node.period / std::chrono::seconds(1);
    chain.seconds_per_epoch = static_cast<std::uint64_t>(std::max<std::int64_t>(1, seconds));
    out.node.block_delay = chain.seconds_per_epoch;
    out.node.by_clock = seconds > 0;
    if (!texts.prune.empty()) {
        FILFIL_TRY(out.chain.retention, parse_count("--prune", texts.prune,
                                                    static_cast<std::uint64_t>(node::GeneratedChain::least_retention),
                                                    std::numeric_limits<std::int64_t>::max() / 4));
    }
    if (!texts.genesis_time.empty()) {
        FILFIL_TRY(chain.genesis_time, parse_count("--genesis-time", texts.genesis_time, 0, std::uint64_t{1} << 40));
        return {};
    }
    // So many epochs the first tipsets take, null rounds among them.
    const std::uint64_t epochs = out.tipsets * 1000 / (1000 - chain.null_rate);
    const auto now = static_cast<std::uint64_t>(clock.wall() / std::chrono::seconds(1));
    chain.genesis_time = now - std::min(now, epochs * chain.seconds_per_epoch);
    return {};
}

}    // namespace

void add_devnet_options(CLI::App* command, DevnetTexts& target) {
    add_text(command, "--replay", target.replay, "STORE.car", "A CAR of all blocks, in any order; with --events");
    add_text(command, "--events", target.events, "FILE", "Head changes, one JSON array a line, the current head first");
    add_text(command, "--seed", target.seed, "N", "Of the generated chain, and of faults [1]");
    add_text(command, "--state", target.state, "SIZE", "Of the generated chain's first state [4MiB]");
    add_text(command, "--tipset", target.tipset, "SIZE", "What a tipset adds, about [64KiB]");
    add_text(command, "--tipsets", target.tipsets, "N",
             "Events that came before it listens [30; with --replay 0, with --contract 400]");
    add_text(command, "--genesis-time", target.genesis_time, "SECONDS",
             "Of the generated chain, since 1970 [so that its head is now]");
    add_text(command, "--prune", target.prune, "EPOCHS", "Forget states and messages older than this, at least 100");
    add_text(command, "--period", target.period, "TIME", "Between two events; 0: as fast as clients take them [2s]");
    add_text(command, "--host", target.host, "ADDRESS", "Where to listen [127.0.0.1]");
    add_text(command, "--port", target.port, "P", "0 is any that is free [1234; 2345 as forest]");
    add_text(command, "--token", target.token, "TOKEN", "What callers need to sign; without one anybody may");
    add_text(command, "--flavour", target.flavour, "NAME", "lotus or forest [lotus]");
    add_text(command, "--network", target.network, "NAME", "What StateNetworkName answers [devnet]");
    add_text(command, "--f3", target.f3, "on|off", "Whether F3 finalises [on]");
    add_text(command, "--evm", target.evm, "URL",
             "An EVM node (anvil): eth_* goes there, and its block number is kept at the epoch");
    command->add_flag("--contract", target.contract,
                      "Play the contract that pays for snapshots: storage providers, an operator, a past; needs no EVM "
                      "node");
    add_text(command, "--daemon", target.daemon, "DIR",
             "With --contract: write DIR/config.toml for a daemon that takes part, and seal what it has stored");
    const auto many = [&](const std::string& name, std::vector<std::string>& texts, const std::string& value,
                          const std::string& description) {
        add_texts(command, name, texts, description)->allow_extra_args(false)->option_text(value);
    };
    many("--account", target.accounts, "F1=0x", "The unlocked account that a Filecoin address stands for");
    std::string names;
    for (const node::Fault fault : node::all_faults)
        names += (names.empty() ? "" : ", ") + std::string(node::name_of(fault));
    many("--fault", target.faults, "NAME=RATE", "Go wrong on purpose, RATE from 0 to 1: " + names);
    command->add_flag("--test-hooks", target.test_hooks, "Methods Devnet.Step, .Pause, .Resume, .Head, .Fault");
}

Result<DevnetSettings> read_devnet_options(const DevnetTexts& texts, const Clock& clock) {
    DevnetSettings out;
    if (texts.replay.empty() != texts.events.empty())
        return Error(ErrorCode::invalid_argument, "--replay and --events go together",
                     "give a CAR and its head changes, or neither for a generated chain");
    out.replay = texts.replay;
    out.events = texts.events;
    FILFIL_CHECK(read_node(texts, out.node));
    FILFIL_CHECK(read_contract(texts, out));
    out.host = texts.host;
    const std::string usual_port = out.node.flavour == node::Flavour::lotus ? "1234" : "2345";
    FILFIL_TRY(const std::uint64_t port,
               parse_count("--port", texts.port.empty() ? usual_port : texts.port, 0, 65'535));
    out.port = static_cast<std::uint16_t>(port);
    if (!out.replay.empty()) {
        if (!texts.prune.empty())
            return Error(ErrorCode::invalid_argument, "--prune is for generated chains", "leave it out, or --replay");
        return out;
    }
    const std::string usual = out.contract ? tipsets_with_past : usual_tipsets;
    FILFIL_TRY(out.tipsets, parse_count("--tipsets", texts.tipsets.empty() ? usual : texts.tipsets, 0, 1'000'000));
    FILFIL_CHECK(read_chain(texts, clock, out));
    return out;
}

}    // namespace filfil::cli
