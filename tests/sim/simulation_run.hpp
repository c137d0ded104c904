// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "checks.hpp"
#include "daemon_world.hpp"
#include "node/devnet/devnet.hpp"
#include "paid_chain.hpp"
#include "recorded_chain.hpp"
#include "simulation.hpp"
#include "watched_journal.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace filfil::sim {

/// One seed of `sim`: a daemon beside one or two devnets and the contract's chain; see run_seed().
class Simulation final : public DaemonWorld {
public:
    Simulation(std::uint64_t seed, commp::Backend& hasher, bool print);
    ~Simulation() override;

    Outcome run();

private:
    static constexpr std::int64_t window = 10;
    static constexpr std::int64_t slack = 20;

    void starts() override { acknowledged.start = m_starts; }
    Result<std::unique_ptr<journal::Journal>> open_journal(const std::string& path) override;
    void node_goes_down() override;
    void nodes_come_back() override;
    [[nodiscard]] bool is_down(const Delivery& delivery) const override {
        return delivery.at.host == "node" && m_node_down == delivery.at.port;
    }

    bool make_world();
    bool make_paid_chain();
    bool add_node(std::uint16_t port);
    void wait();
    void act();
    void use_api();
    void take_a_snapshot();
    void look_at_schedules();

    // The end
    void calm();
    bool until(const std::string& what, const std::function<bool()>& there, Clock::Duration limit);
    bool come_in_step();
    bool all_quiet();
    void stage_under_fire();
    void stage_in_the_end();
    void last_snapshot();
    void check_holds();
    void look_at_disk();
    Outcome finish();

    Outcome m_outcome;
    Acknowledged acknowledged;
    std::set<std::string> m_given_up;    ///< what was said to be given up: "schedule ID: epoch N"
    std::shared_ptr<const RecordedChain> chain;
    std::vector<std::unique_ptr<Machine>> machines;
    std::vector<std::unique_ptr<node::Devnet>> devnets;
    std::vector<std::unique_ptr<Transport::Listener>> m_listeners;
    std::unique_ptr<PaidChain> m_paid;
    Clock::Duration m_node_back_at{};
    std::uint16_t m_node_down = 0;
};

}    // namespace filfil::sim
