// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/incentive/desk.hpp"

#include "service/config_values.hpp"
#include "service/incentive/gather.hpp"

#include <algorithm>
#include <utility>

namespace filfil::service {
namespace {

/// What the contract gives of a schedule in one call.
constexpr std::uint64_t most_windows = 64;

}    // namespace

Result<std::unique_ptr<Desk>> Desk::make(Parts parts, const Config& config) {
    const std::string& text = config.incentive.contract.empty() ? parts.network.contract : config.incentive.contract;
    if (text.empty()) return std::unique_ptr<Desk>();
    std::unique_ptr<Desk> out(new Desk(std::move(parts)));
    FILFIL_TRY(out->m_contract, incentive::EthAddress::parse_any(text));
    out->m_client = std::make_unique<incentive::ContractClient>(
        out->m_parts.world,
        [&node = out->m_parts.node](const std::string& method, rpc::Json ask, rpc::Client::AnswerHandler handler) {
            node.ask(method, std::move(ask), std::move(handler));
        },
        out->m_contract);
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

void Desk::failed(const Error& why) {
    m_looking = false;
    if (!m_trouble || m_trouble->message != why.message)
        m_parts.world.log.write(LogLevel::warning, "incentive", "the contract cannot be read: " + why.text());
    m_trouble = why;
}

void Desk::look() {
    m_looking = true;
    if (m_facts) return look_at_terms();
    m_client->check(m_parts.network.chain_id, [this](const Result<incentive::ContractFacts>& facts) {
        if (!facts.ok()) return failed(facts.error());
        m_facts = *facts;
        if (!facts->same_code)
            m_parts.world.log.write(LogLevel::warning, "incentive",
                                    "the contract at " + m_contract.text() + " is not the one that this program knows");
        if (!facts->successor.zero())
            m_parts.world.log.write(
                LogLevel::warning, "incentive",
                "the contract at " + m_contract.text() + " names another in its place: " + facts->successor.text());
        look_at_terms();
    });
}

void Desk::look_at_terms() {
    read<calls::Round>({}, [this](const Result<calls::Round::Output>& round) {
        if (!round.ok()) return failed(round.error());
        read<calls::Params>({}, [this, round = round->value](const Result<calls::Params::Output>& params) {
            if (!params.ok()) return failed(params.error());
            m_looking = false;
            m_trouble.reset();
            const auto head = m_parts.head();
            m_terms = Terms{round, params->value,
                            static_cast<std::uint64_t>(head ? std::max<std::int64_t>(0, head->value) : 0)};
        });
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
