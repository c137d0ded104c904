// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "service/house.hpp"
#include "service/tokens.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace filfil::service {

// What is done on the workers when a daemon starts.

/// What lies in the folder beside the engine, open.
struct OpenedFolder {
    std::unique_ptr<DataFolder> folder;
    Tokens tokens;
    std::shared_ptr<journal::Journal> journal;
    std::vector<node::NodeAddress> nodes;
    std::string locator_token;
    std::map<std::string, std::string> market_tokens{};    ///< by the files that markets name
};

/// @param fresh for tokens that are not there yet
Result<OpenedFolder> open_folder(const DaemonTools& tools, const Config& config, const Tokens& fresh);

/// What the engine is opened with.
struct EngineWanted {
    std::string folder;
    std::string bootstrap_car;    ///< for an empty folder; "" for none
    snapshot::EngineOptions options;
    node::Profile network;
    std::uint64_t seed = 0;    ///< of the places in its index
    std::shared_ptr<OpeningProgress> progress;
    std::stop_token stop;
};

struct OpenedEngine {
    std::shared_ptr<snapshot::DurableEngine> engine;
    node::Profile network;          ///< with the genesis of the chain, where there is one
    std::optional<Epoch> head{};    ///< nothing: it is empty
};

/// Opens it, loads the CAR into a new one, and holds its genesis against the network.
/// @return what DurableEngine gives; Error::mismatch for a chain of another network: a folder that was empty is so
/// again
Result<OpenedEngine> open_engine(const DaemonTools& tools, const EngineWanted& wanted);

}    // namespace filfil::service
