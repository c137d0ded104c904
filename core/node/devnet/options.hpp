// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/clock.hpp"
#include "base/url.hpp"
#include "node/devnet/faults.hpp"
#include "node/devnet/wire.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace filfil::node {

struct DevnetOptions {
    Flavour flavour = Flavour::lotus;

    /// With it callers may sign, too; without any they may read. A wrong one is refused. "": none is needed for
    /// anything, and each that is given is wrong.
    std::string token{};

    /// From one event to the next; 0: as fast as those who subscribed to head changes take them. `by_clock`: events
    /// come when the chain says that their time is (DevnetChain::due), at most four times this apart.
    Clock::Duration period = std::chrono::seconds(2);
    bool by_clock = false;
    std::uint64_t seed = 1;    ///< of faults
    Faults faults{};
    Clock::Duration slowest = std::chrono::seconds(2);    ///< how late Fault::slow makes an answer at most
    std::size_t huge_bytes = 4 * 1024 * 1024;             ///< what Fault::garbage takes for huge
    std::string network = "devnet";                       ///< StateNetworkName
    std::uint64_t block_delay = 30;                       ///< Version: seconds from one epoch to the next

    /// Whether F3 finalises: then ChainGetFinalizedTipSet is a few epochs behind the head, else 900.
    bool f3 = true;
    std::optional<Url> evm{};    ///< the JSON-RPC of an EVM node: see EvmBridge

    /// Filecoin addresses (f1…, f3…, f0…) that the EVM node's unlocked accounts stand for, in lower case: "0x…". An
    /// f410 address stands for itself.
    std::map<std::string, std::string> accounts{};
    bool test_hooks = false;    ///< the methods Devnet.Step, Devnet.Pause, Devnet.Resume, Devnet.Head, Devnet.Fault
};

}    // namespace filfil::node
