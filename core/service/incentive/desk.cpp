// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/incentive/desk.hpp"

#include "incentive/gas.hpp"
#include "incentive/revert.hpp"
#include "service/config_values.hpp"
#include "service/incentive/gather.hpp"

#include <algorithm>
#include <utility>

namespace filfil::service {
namespace {

/// What the contract gives of a schedule in one call.
constexpr std::uint64_t most_windows = 64;

}    // namespace

Error contract_revert(ByteView data, const std::string& text) {
    return data.empty() ? incentive::plain_revert(data, text) : incentive::read_revert(data).error;
}

Result<std::unique_ptr<Desk>> Desk::make(Parts parts, const Config& config) {
    const std::string& text = config.incentive.contract.empty() ? parts.network.contract : config.incentive.contract;
    if (text.empty()) return std::unique_ptr<Desk>();
    std::unique_ptr<Desk> out(new Desk(std::move(parts)));
    FILFIL_TRY(out->m_contract, incentive::EthAddress::parse_any(text));
    for (const std::string& miner : config.incentive.miners) {
        FILFIL_TRY(const std::uint64_t number, miner_number(miner));
        if (std::ranges::find(out->m_miners, number) == out->m_miners.end()) out->m_miners.push_back(number);
    }
    out->m_default_policy = config.incentive.policy;
    return out;
}

void Desk::start() {
    m_policies.restore([this](const Result<void>& restored) {
        if (!restored.ok()) m_parts.world.log.write(LogLevel::error, "incentive", restored.error().text());
    });
    look();
}

void Desk::on_head() {
    const auto head = m_parts.head();
    if (!head || m_looking) return;
    // Terms hold for a round; a queued change shows in the round before it.
    if (m_terms && !m_trouble) {
        const contract::Round& round = m_terms->round;
        const std::uint64_t slots = round.replicas == 0 ? 0 : (round.positions + round.replicas - 1U) / round.replicas;
        const std::uint64_t end = round.start + slots * round.slot_length;
        if (slots > 0 && static_cast<std::uint64_t>(std::max<std::int64_t>(0, head->value)) < end) return;
    }
    look();
}

void Desk::look() {
    m_looking = true;
    const auto failed = [this](const Error& why) {
        m_looking = false;
        if (!m_trouble || m_trouble->message != why.message)
            m_parts.world.log.write(LogLevel::warning, "incentive", "the contract cannot be read: " + why.text());
        m_trouble = why;
    };
    read<calls::Round>({}, [this, failed](const Result<calls::Round::Output>& round) {
        if (!round.ok()) return failed(round.error());
        read<calls::Params>({}, [this, failed, round = round->value](const Result<calls::Params::Output>& params) {
            if (!params.ok()) return failed(params.error());
            m_looking = false;
            m_trouble.reset();
            const auto head = m_parts.head();
            m_terms = Terms{round, params->value,
                            static_cast<std::uint64_t>(head ? std::max<std::int64_t>(0, head->value) : 0)};
        });
    });
}

void Desk::ask(const std::string& name, Bytes data, Handler<Bytes> handler) {
    const incentive::Call call{.to = m_contract, .value = {}, .data = std::move(data)};
    m_parts.node.call(
        {}, call, incentive::At::latest(),
        [this, name, handler = std::move(handler), alive = std::weak_ptr<int>(m_alive)](rpc::Answer answer) {
            if (alive.expired()) return;
            if (incentive::refusal_of(answer))
                return handler(
                    incentive::call_error(m_parts.node, std::move(answer), "eth_call", {}, contract_revert).in(name));
            auto result = m_parts.node.result_of(std::move(answer), "eth_call");
            if (!result.ok()) return handler(std::move(result).error());
            auto bytes = incentive::read_data(*result);
            if (!bytes.ok()) return handler(std::move(bytes).error().in(m_parts.node.name() + ": eth_call"));
            if (bytes->empty())
                return handler(Error(ErrorCode::not_found,
                                     "there is no contract at " + m_contract.text() + " on this chain",
                                     "look at incentive.contract, and at the network that is followed"));
            handler(std::move(bytes));
        });
}

void Desk::next_windows(const std::vector<std::uint64_t>& miners, Handler<std::vector<OwnWindow>> handler) {
    gather<OwnWindow>(
        miners.size(),
        [this, &miners](std::size_t i, const Handler<OwnWindow>& one) {
            const std::uint64_t miner = miners[i];
            read<calls::Windows>({.miner = miner}, [this, miner, one](const Result<calls::Windows::Output>& window) {
                if (!window.ok()) return one(window.error());
                one(OwnWindow{.miner = miner, .window = *window, .policy = policy_of(miner)});
            });
        },
        std::move(handler));
}

void Desk::windows_until(const std::vector<std::uint64_t>& miners, std::uint64_t until,
                         Handler<std::vector<PlannedWindow>> handler) {
    gather<std::vector<contract::Window>>(
        miners.size(),
        [this, &miners](std::size_t i, const Handler<std::vector<contract::Window>>& one) {
            read<calls::Schedule>({.miner = miners[i], .count = most_windows},
                                  [one](Result<calls::Schedule::Output> schedule) {
                                      if (!schedule.ok()) return one(std::move(schedule).error());
                                      one(std::move(schedule->value));
                                  });
        },
        [this, miners, until,
         handler = std::move(handler)](const Result<std::vector<std::vector<contract::Window>>>& all) {
            if (!all.ok()) return handler(all.error());
            auto planned = std::make_shared<std::vector<PlannedWindow>>();
            for (std::size_t i = 0; i < miners.size(); ++i)
                for (const contract::Window& window : (*all)[i])
                    if (window.open < until) planned->push_back({.miner = miners[i], .window = window});
            std::ranges::sort(*planned, {},
                              [](const PlannedWindow& one) { return std::pair(one.window.open, one.miner); });
            gather<calls::SlotInfo::Output>(
                planned->size(),
                [this, planned](std::size_t i, const Handler<calls::SlotInfo::Output>& one) {
                    read<calls::SlotInfo>({.slot = (*planned)[i].window.slot}, one);
                },
                [planned, handler](const Result<std::vector<calls::SlotInfo::Output>>& infos) {
                    if (!infos.ok()) return handler(infos.error());
                    for (std::size_t i = 0; i < planned->size(); ++i) (*planned)[i].staged = (*infos)[i].staged_at != 0;
                    handler(std::move(*planned));
                });
        });
}

}    // namespace filfil::service
