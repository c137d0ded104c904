// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "node/profile.hpp"

#include <limits>

namespace filfil::node {
namespace {

/// Source: lotus build/genesis/{mainnet,calibnet}.car.zst (the CIDs and the headers' Timestamp),
/// build/buildconstants/params_{mainnet,calibnet,2k}.go (Eip155ChainId, address network),
/// chain/gen/genesis and StateNetworkName (the names: "calibrationnet" as params_calibnet.go has it).
constexpr std::string_view mainnet_genesis = "bafy2bzacecnamqgqmifpluoeldx7zzglxcljo6oja4vrmtj7432rphldpdmm2";
constexpr std::string_view calibnet_genesis = "bafy2bzacecyaggy24wol5ruvs6qm73gjibs2l2iyhcqmvi7r7a4ph7zx3yqd4";

}    // namespace

Result<Profile> find_profile(std::string_view name) {
    if (name == "mainnet") {
        FILFIL_TRY(auto genesis, ipld::Cid::parse(mainnet_genesis));
        return Profile{.name = "mainnet",
                       .genesis = std::move(genesis),
                       .node_name = "mainnet",
                       .chain_id = 314,
                       .address_prefix = 'f',
                       .genesis_time = 1'598'306'400};
    }
    if (name == "calibnet" || name == "calibrationnet") {
        FILFIL_TRY(auto genesis, ipld::Cid::parse(calibnet_genesis));
        return Profile{.name = "calibnet",
                       .genesis = std::move(genesis),
                       .node_name = "calibrationnet",
                       .chain_id = 314'159,
                       .address_prefix = 't',
                       .genesis_time = 1'667'326'380};
    }
    if (name == "devnet") return Profile{.name = "devnet", .chain_id = 31'415'926, .address_prefix = 't'};
    return Error(ErrorCode::invalid_argument, "\"" + std::string(name.substr(0, 40)) + "\" is no network",
                 "give mainnet, calibnet or devnet");
}

Result<void> adopt_genesis(Profile& profile, const ipld::Cid& genesis, std::uint64_t genesis_time) {
    if (profile.genesis && *profile.genesis != genesis)
        return Error(ErrorCode::mismatch,
                     "the chain starts at the genesis " + genesis.text() + ", and that of " + profile.name + " is " +
                         profile.genesis->text(),
                     "choose the network that the node or the file is of with --network, or another data folder");
    if (profile.genesis_time == 0) profile.genesis_time = genesis_time;
    profile.genesis = genesis;
    return {};
}

Result<void> check_node_name(const Profile& profile, std::string_view answered) {
    if (profile.node_name.empty() || profile.node_name == answered) return {};
    return Error(ErrorCode::mismatch,
                 "the node is on the network \"" + std::string(answered.substr(0, 60)) + "\", and " + profile.name +
                     " is called \"" + profile.node_name + "\"",
                 "give another node with --node, or its network with --network");
}

std::optional<Epoch> expected_epoch(const Profile& profile, Clock::Duration wall) noexcept {
    if (profile.genesis_time == 0 || profile.seconds_per_epoch == 0) return {};
    const auto now = std::chrono::duration_cast<std::chrono::seconds>(wall).count();
    if (now < 0 || static_cast<std::uint64_t>(now) <= profile.genesis_time) return Epoch{0};
    const std::uint64_t passed = static_cast<std::uint64_t>(now) - profile.genesis_time;
    return Epoch{static_cast<std::int64_t>(passed / profile.seconds_per_epoch)};
}

std::optional<std::uint64_t> time_of_epoch(const Profile& profile, Epoch epoch) noexcept {
    if (profile.genesis_time == 0 || epoch.value < 0) return {};
    std::uint64_t time = 0;
    if (__builtin_mul_overflow(static_cast<std::uint64_t>(epoch.value), profile.seconds_per_epoch, &time) ||
        __builtin_add_overflow(time, profile.genesis_time, &time))
        return {};
    return time;
}

}    // namespace filfil::node
