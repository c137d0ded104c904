// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "service/alerts.hpp"
#include "service/holds.hpp"
#include "service/incentive/desk.hpp"
#include "service/scheduler.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace filfil::service {

/// Keeps the snapshots of own slots within reach, by each miner's policy: with `automatic` the target is scheduled as
/// soon as the window is known, so that it is held, taken when it is final, and served; with `ask` the target's state
/// is held from the time it is final until the window is closed; with `skip` nothing is done.
///
/// Lives on the loop; nothing is told after it was destroyed.
class SlotKeeper {
public:
    struct Parts {
        World& world;
        Desk& desk;
        Holds& holds;
        Scheduler& scheduler;
        std::function<std::optional<Epoch>()> head;
        std::function<std::optional<Epoch>()> finalized;
        std::function<snapshot::Recipe()> recipe;
    };

    explicit SlotKeeper(Parts parts) : m_parts(std::move(parts)) {}

    /// The head, or what is final, is another. Reads the windows anew where a round may have begun, and now and then.
    /// @param reverted blocks have left the chain: with who registered in them the windows of all others may have moved
    void on_head(bool reverted);

    /// What own windows need somebody for.
    [[nodiscard]] std::vector<Alert> alerts() const;

    struct OwnWindow {
        std::uint64_t miner = 0;
        contract::Window window;
    };

    /// The next windows of own miners, as they were read last.
    [[nodiscard]] const std::vector<OwnWindow>& windows() const noexcept { return m_windows; }

private:
    void read_windows();
    void act();
    void schedule(const OwnWindow& own);
    void hold(const OwnWindow& own);
    void forget(std::uint64_t target);
    void report(const OwnWindow& own, const std::string& what, const Error& why);
    [[nodiscard]] static std::string reason_of(const OwnWindow& own);
    [[nodiscard]] std::uint64_t now() const;

    Parts m_parts;
    std::vector<OwnWindow> m_windows;
    std::optional<std::uint64_t> m_read_at;           ///< the head then
    std::map<std::uint32_t, std::uint64_t> m_done;    ///< slots for which it has been seen to, and their targets then
    std::set<std::uint32_t> m_busy;
    std::set<std::uint32_t> m_reported;
    bool m_reading = false;
    bool m_stale = false;    ///< the windows may be others than when they were read
    std::shared_ptr<int> m_alive = std::make_shared<int>(0);
};

}    // namespace filfil::service
