// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/incentive/pay_day.hpp"

#include "incentive/fil_text.hpp"
#include "service/house.hpp"
#include "service/incentive/claiming.hpp"
#include "service/incentive/gather.hpp"
#include "service/incentive/slot_json.hpp"

#include <utility>

namespace filfil::service {
namespace {

using incentive::U256;
using rpc::Json;

/// So many epochs after the last look.
constexpr std::int64_t look_every = 20;

/// And so many after a claim that failed, or for which nothing was worth its gas.
constexpr std::int64_t again_after = 2880;

/// More than there is FIL never comes together.
U256 sum(const U256& a, const U256& b) { return add(a, b).value_or(U256::max()); }

}    // namespace

void PayDay::on_head() {
    const std::string& text = m_house.config.incentive.claim_at;
    const auto head = m_house.head();
    if (text.empty() || !head || !m_house.desk || !m_house.till || m_house.desk->miners().empty()) return;
    if (m_looked_at && head->value < *m_looked_at + look_every && head->value >= *m_looked_at) return;
    const auto limit = incentive::parse_fil(text);
    const auto sender = m_house.till->address();
    if (!limit.ok() || !sender.ok()) {
        const std::string why = limit.ok() ? sender.error().text() : limit.error().text();
        if (std::exchange(m_said, why) != why)
            m_house.world.log.write(LogLevel::warning, "incentive", "nothing can be claimed unasked: " + why);
        return;
    }
    m_said.clear();
    m_looked_at = head->value;
    const std::vector<std::uint64_t> miners = m_house.desk->miners();
    m_house.holdings->find(miners, [this, miners, limit = *limit,
                                    alive = std::weak_ptr<int>(m_alive)](const Result<std::vector<HeldPiece>>& held) {
        if (alive.expired() || !held.ok()) return;
        for (const std::uint64_t miner : miners) look_at(miner, *held, limit);
    });
}

/// Its credit, and what could be settled.
void PayDay::look_at(std::uint64_t miner, const std::vector<HeldPiece>& held, const U256& limit) {
    const auto head = m_house.head();
    const auto wait = m_not_before.find(miner);
    if (m_claiming.contains(miner) || !head || (wait != m_not_before.end() && head->value < wait->second)) return;
    std::vector<HeldPiece> own;
    for (const HeldPiece& one : held)
        if (one.holder.miner == miner && static_cast<incentive::Held>(one.holder.state) == incentive::Held::active)
            own.push_back(one);
    Desk& desk = *m_house.desk;
    const auto pieces = std::make_shared<std::vector<HeldPiece>>(std::move(own));
    gather<calls::Due::Output>(
        pieces->size(),
        [&desk, pieces](std::size_t i, const Desk::Handler<calls::Due::Output>& one) {
            const HeldPiece& piece = (*pieces)[i];
            desk.read<calls::Due>({.slot = piece.slot, .index = piece.holder.piece, .miner = piece.holder.miner}, one);
        },
        [this, &desk, miner, limit,
         alive = std::weak_ptr<int>(m_alive)](const Result<std::vector<calls::Due::Output>>& due) {
            if (alive.expired() || !due.ok()) return;
            U256 all;
            for (const calls::Due::Output& one : *due) all = sum(all, one.amount);
            desk.read<calls::Provider>(
                {.miner = miner}, [this, miner, limit, all, alive](const Result<calls::Provider::Output>& provider) {
                    if (alive.expired() || !provider.ok()) return;
                    const U256 earned = sum(all, provider->earned);
                    if (!earned.zero() && earned >= limit) claim_for(miner, earned);
                });
        });
}

void PayDay::claim_for(std::uint64_t miner, const U256& amount) {
    if (!m_claiming.insert(miner).second) return;
    const std::string name = miner_text(miner, m_house.desk->network().address_prefix);
    m_house.world.log.write(LogLevel::info, "incentive",
                            name + " has earned " + incentive::format_fil(amount) + ": it is claimed");
    const std::weak_ptr<int> alive = m_alive;
    start_spending(
        m_house, {{"method", "FilFil.Claim"}, {"dry_run", false}, {"miners", {name}}, {"asked_by", "claim_at"}},
        [this, miner, name, alive](const Result<Json>& begun) {
            if (alive.expired()) return;
            const auto over = [this, miner, name, alive](const JobInfo& job) {
                if (alive.expired()) return;
                m_claiming.erase(miner);
                if (job.state == JobState::cancelled) return;
                const bool paid = job.state == JobState::done && job.result.value("withdrawn", "0") != "0";
                if (paid) return;
                m_not_before[miner] = (m_house.head() ? m_house.head()->value : 0) + again_after;
                m_house.world.log.write(LogLevel::warning, "incentive",
                                        name + ": the claim brought nothing, and is tried again in a day" +
                                            (job.error ? ": " + job.error->text() : ""));
            };
            if (begun.ok() && m_house.jobs.watch(begun->value("job", std::uint64_t{0}), over).ok()) return;
            m_claiming.erase(miner);
            if (!begun.ok())
                m_house.world.log.write(LogLevel::warning, "incentive",
                                        name + " cannot be claimed for: " + begun.error().text());
        },
        [this, miner](const std::shared_ptr<SpendingJob>& job) {
            claim(m_house, ClaimWanted{.miners = {miner}, .all = false, .dry_run = false}, job);
        });
}

}    // namespace filfil::service
