// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/clock.hpp"
#include "cli/add_command.hpp"
#include "node/devnet/generated_chain.hpp"
#include "node/devnet/options.hpp"

#include <string>
#include <vector>

namespace filfil::cli {

/// What was typed after `fil-fil devnet`.
struct DevnetTexts {
    std::string replay;
    std::string events;
    std::string seed = "1";
    std::string state = "4MiB";
    std::string tipset = "64KiB";
    std::string tipsets;    ///< "": 30, or with `contract` as many as its past takes
    std::string genesis_time;
    std::string prune;
    std::string period = "2s";
    std::string host = "127.0.0.1";
    std::string port;
    std::string token;
    std::string flavour = "lotus";
    std::string network = "devnet";
    std::string f3 = "on";
    std::string evm;
    std::string daemon;
    std::vector<std::string> faults;
    std::vector<std::string> accounts;
    bool contract = false;
    bool test_hooks = false;
};

/// What it means.
struct DevnetSettings {
    std::string replay;    ///< the CAR; "": the chain is generated
    std::string events;
    node::GeneratedChain::Options chain;
    std::uint64_t tipsets = 0;    ///< events that come before anybody is told
    std::string host;
    std::uint16_t port = 0;    ///< 0: any that is free
    bool contract = false;     ///< the contract is played beside it
    std::string daemon;        ///< folder of a daemon that takes part in it; "": none is told
    node::DevnetOptions node;
};

/// `target` must live as long as `command`.
void add_devnet_options(CLI::App* command, DevnetTexts& target);

/// @param clock tells when "now" is, at which a generated chain has its head
/// @return Error::invalid_argument names the option
Result<DevnetSettings> read_devnet_options(const DevnetTexts& texts, const Clock& clock);

}    // namespace filfil::cli
