// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/incentive/claiming.hpp"

#include "incentive/fil_text.hpp"
#include "incentive/gas.hpp"
#include "service/error_json.hpp"
#include "service/incentive/gather.hpp"
#include "service/incentive/piece_steps.hpp"
#include "service/incentive/slot_json.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace filfil::service {
namespace {

using incentive::U256;
using rpc::Json;
using JobPtr = std::shared_ptr<SpendingJob>;

/// Each waits until what it sent is deep enough, so few at once would take long.
constexpr std::size_t steps_at_once = 64;

/// From its last round on, so many rounds have to begin before a bond can be taken back: Roster.sol.
constexpr unsigned bond_rounds = 2;

/// More than there is FIL never comes together.
U256 sum(const U256& a, const U256& b) { return add(a, b).value_or(U256::max()); }

U256 amount_in(const Json& item, const char* name) {
    const auto found = item.find(name);
    if (found == item.end() || !found->is_string()) return {};
    const auto amount = U256::parse(found->get_ref<const std::string&>());
    return amount.ok() ? *amount : U256();
}

bool ended_as(const Json& item, std::string_view outcome) { return item.value("outcome", "") == outcome; }

/// What will be, or was, credited or paid by it.
bool counts(const Json& item) {
    return ended_as(item, "would_send") || ended_as(item, "sent") || ended_as(item, "under_way");
}

/// One claim on its way.
class Claim : public std::enable_shared_from_this<Claim> {
public:
    Claim(House& house, ClaimWanted wanted, JobPtr job)
        : m_house(house), m_desk(*house.desk), m_wanted(std::move(wanted)), m_job(std::move(job)) {}

    void begin() {
        m_job->set_stage("looking for what is held");
        m_house.holdings->find(m_wanted.miners, [self = shared_from_this()](Result<std::vector<HeldPiece>> held) {
            if (self->m_job->ended()) return;
            if (!held.ok()) return self->m_job->end(held.error());
            self->m_held = std::move(*held);
            std::erase_if(self->m_held, [](const HeldPiece& one) {
                const auto state = static_cast<incentive::Held>(one.holder.state);
                return state != incentive::Held::published && state != incentive::Held::active;
            });
            self->take_steps();
        });
    }

private:
    using Told = std::function<void(Result<Json>)>;

    void take_steps() {
        m_job->set_stage(m_wanted.dry_run ? "trying" : "settling");
        gather_by<Json>(
            steps_at_once, m_held.size(),
            [self = shared_from_this()](std::size_t i, const Told& told) {
                const HeldPiece& held = self->m_held[i];
                if (static_cast<incentive::Held>(held.holder.state) == incentive::Held::published)
                    self->activate(held, told);
                else
                    self->look_at_due(held, told);
            },
            [self = shared_from_this()](Result<std::vector<Json>> items) {
                if (self->m_job->ended()) return;
                if (!items.ok()) return self->m_job->end(std::move(items).error());
                self->m_items = *std::move(items);
                self->withdraw_all();
            });
    }

    Json item_of(const HeldPiece& held, const char* kind) const {
        Json out = {{"kind", kind}};
        out.update(service::json_of(held, m_desk.network()));
        return out;
    }

    static void end_item(const Told& told, Json item, const char* outcome) {
        item["outcome"] = outcome;
        told(std::move(item));
    }
    static void fail_item(const Told& told, Json item, const Error& why) {
        item["error"] = error_json(why);
        end_item(told, std::move(item), "failed");
    }

    // --------------------------------------------------------------------------------------------- one step each

    void activate(const HeldPiece& held, const Told& told) {
        Json item = item_of(held, "activate");
        auto order = activate_order(m_desk, held, epoch_text(m_house));
        if (!order.ok()) return fail_item(told, std::move(item), order.error());
        take(std::move(item), key_prefix<calls::ActivateDeal>(m_desk, held), *std::move(order), std::nullopt, told);
    }

    void look_at_due(const HeldPiece& held, const Told& told) {
        m_desk.read<calls::Due>({.slot = held.slot, .index = held.holder.piece, .miner = held.holder.miner},
                                [self = shared_from_this(), held, told](const Result<calls::Due::Output>& due) {
                                    Json item = self->item_of(held, "settle");
                                    if (!due.ok()) return fail_item(told, std::move(item), due.error());
                                    item["due"] = due->amount.text();
                                    item["to_epoch"] = due->to;
                                    // At the end of its term a piece is settled even where nothing more is due: that
                                    // ends its account.
                                    if (due->amount.zero() && due->to < held.holder.until)
                                        return end_item(told, std::move(item), "nothing_due");
                                    self->look_at_sector(held, std::move(item), due->amount, told);
                                });
    }

    void look_at_sector(const HeldPiece& held, Json item, const U256& due, const Told& told) {
        read_place(m_desk, held,
                   [self = shared_from_this(), held, item = std::move(item), due,
                    told](const Result<SectorPlace>& place) mutable {
                       if (!place.ok()) return fail_item(told, std::move(item), place.error());
                       item["sector_ends_epoch"] = place->expiration == 0 ? Json(nullptr) : Json(place->expiration);
                       const auto active = check_active(held, *place, self->m_desk.network().address_prefix);
                       if (!active.ok()) return fail_item(told, std::move(item), active.error());
                       auto order = settle_order(self->m_desk, held, *place,
                                                 held.holder.paid.text() + "/" + epoch_text(self->m_house));
                       if (!order.ok()) return fail_item(told, std::move(item), order.error());
                       self->take(std::move(item), key_prefix<calls::Settle>(self->m_desk, held), *std::move(order),
                                  due, told);
                   });
    }

    /// Where the same step is under way already, by an earlier claim or by the daemon itself, that one is waited for.
    void take(Json item, const std::string& prefix, incentive::SendOrder order, std::optional<U256> worth,
              const Told& told) {
        if (m_job->ended()) return;
        if (m_house.till->under_way(prefix)) {
            if (m_wanted.dry_run) return end_item(told, std::move(item), "under_way");
            return send(std::move(item), prefix, std::move(order), "under_way", told);
        }
        const auto address = m_house.till->address();
        incentive::estimate_fees(*m_house.eth, address.ok() ? *address : incentive::EthAddress(), order.call, {}, {},
                                 [self = shared_from_this(), item = std::move(item), prefix, order, worth,
                                  told](const Result<incentive::Fees>& fees) mutable {
                                     if (self->m_job->ended()) return;
                                     if (!fees.ok()) return self->refused(std::move(item), fees.error(), told);
                                     const U256 cost = likely_fees(*fees);
                                     item["gas"] = fees->gas_limit;
                                     item["cost"] = cost.text();
                                     if (worth && *worth < cost && !self->m_wanted.all)
                                         return end_item(told, std::move(item), "not_worth_it");
                                     if (self->m_wanted.dry_run) return end_item(told, std::move(item), "would_send");
                                     self->send(std::move(item), prefix, std::move(order), "sent", told);
                                 });
    }

    /// A deal that is not in a sector yet is none of the failures.
    void refused(Json item, const Error& why, const Told& told) const {
        const bool waits = item["kind"] == "activate" && why.code == ErrorCode::busy;
        if (!waits) return fail_item(told, std::move(item), why);
        item["error"] =
            error_json(Error(ErrorCode::busy, "the deal is not in a sector yet",
                             "nothing has to be done; the sector has to be proven before the deal's start"));
        end_item(told, std::move(item), "not_active_yet");
    }

    /// What fails on the chain is tried once more: a round that began meanwhile has to be opened, which takes more gas.
    void send(Json item, const std::string& prefix, incentive::SendOrder order, const char* wanted, const Told& told,
              bool again = false) {
        if (m_job->ended()) return;
        const auto sent = m_house.till->send_or_wait(
            prefix, order,
            [self = shared_from_this(), item, prefix, order, wanted, told,
             again](const Result<incentive::SendOutcome>& outcome) mutable {
                if (!outcome.ok() && outcome.error().code == ErrorCode::denied && !again)
                    return self->send(std::move(item), prefix, std::move(order), wanted, told, true);
                if (!outcome.ok()) return fail_item(told, std::move(item), outcome.error());
                const auto cost = multiply(outcome->gas_used, outcome->gas_price);
                item["hash"] = incentive::hash_text(outcome->hash);
                item["block"] = outcome->block;
                item["gas"] = outcome->gas_used.text();
                item["cost"] = cost ? Json(cost->text()) : Json(nullptr);
                end_item(told, std::move(item), wanted);
            });
        if (!sent.ok()) fail_item(told, std::move(item), sent.error());
    }

    // -------------------------------------------------------------------------------------------------- withdrawal

    void withdraw_all() {
        if (!m_wanted.dry_run) m_job->set_stage("withdrawing");
        gather<Json>(
            m_wanted.miners.size(),
            [self = shared_from_this()](std::size_t i, const Told& told) {
                self->look_at_credit(self->m_wanted.miners[i], told);
            },
            [self = shared_from_this()](Result<std::vector<Json>> items) {
                if (self->m_job->ended()) return;
                if (!items.ok()) return self->m_job->end(std::move(items).error());
                for (Json& item : *items)
                    if (!item.is_null()) self->m_items.push_back(std::move(item));
                self->end();
            });
    }

    void look_at_credit(std::uint64_t miner, const Told& told) {
        m_desk.read<calls::Provider>({.miner = miner}, [self = shared_from_this(), miner,
                                                        told](const Result<calls::Provider::Output>& provider) {
            Json item = {{"kind", "withdraw"}, {"miner", miner_text(miner, self->m_desk.network().address_prefix)}};
            if (!provider.ok()) return fail_item(told, std::move(item), provider.error());
            self->m_desk.read<calls::Round>(
                {}, [self, miner, told, item, provider = *provider](const Result<calls::Round::Output>& round) mutable {
                    if (!round.ok()) return fail_item(told, std::move(item), round.error());
                    self->withdraw(miner, std::move(item), provider, round->value.number, told);
                });
        });
    }

    void withdraw(std::uint64_t miner, Json item, const calls::Provider::Output& provider, std::uint64_t round,
                  const Told& told) {
        const std::string name = item["miner"];
        U256 amount = provider.earned;
        if (m_wanted.dry_run)
            for (const Json& one : m_items)
                if (one["miner"] == name && counts(one)) amount = sum(amount, amount_in(one, "due"));
        // left or removed
        const bool gone = provider.standing > static_cast<std::uint8_t>(incentive::Standing::leaving);
        const U256 bond = gone && round >= provider.last_round + bond_rounds ? provider.bond : U256();
        item["amount"] = amount.text();
        item["bond"] = bond.text();
        if (amount.zero() && bond.zero()) return told(Json(nullptr));
        // A node cannot estimate what is not there yet.
        if (m_wanted.dry_run && provider.earned.zero() && bond.zero()) {
            item["gas"] = nullptr;
            item["cost"] = nullptr;
            return end_item(told, std::move(item), "would_send");
        }
        const std::string mine = std::to_string(miner) + "/";
        auto order = order_of<calls::Withdraw>(m_desk, mine + provider.earned.text() + "/" + epoch_text(m_house),
                                               "withdraw what " + name + " has earned", {.miner = miner});
        if (!order.ok()) return fail_item(told, std::move(item), order.error());
        const std::string prefix = key_start<calls::Withdraw>(m_desk) + mine;
        take(std::move(item), prefix, *std::move(order), sum(amount, bond), told);
    }

    // ------------------------------------------------------------------------------------------------------ the end

    void end() {
        U256 due;
        U256 withdrawn;
        U256 cost;
        U256 to_come;
        std::size_t failed = 0;
        for (const HeldPiece& held : m_held)
            to_come = sum(to_come, subtract(held.holder.share, held.holder.paid).value_or(U256()));
        Json items = Json::array();
        for (Json& item : m_items) {
            if (ended_as(item, "failed")) ++failed;
            if (counts(item)) {
                due = sum(due, amount_in(item, "due"));
                withdrawn = sum(withdrawn, sum(amount_in(item, "amount"), amount_in(item, "bond")));
                cost = sum(cost, amount_in(item, "cost"));
            }
            items.push_back(std::move(item));
        }
        m_job->end(Json{{"dry_run", m_wanted.dry_run},
                        {"items", std::move(items)},
                        {"held", m_held.size()},
                        {"due", due.text()},
                        {"to_come", subtract(to_come, due).value_or(U256()).text()},
                        {"withdrawn", withdrawn.text()},
                        {"cost", cost.text()},
                        {"failed", failed}});
    }

    House& m_house;
    Desk& m_desk;
    ClaimWanted m_wanted;
    JobPtr m_job;
    std::vector<HeldPiece> m_held;
    std::vector<Json> m_items;
};

}    // namespace

void claim(House& house, const ClaimWanted& wanted, const JobPtr& job) {
    std::make_shared<Claim>(house, wanted, job)->begin();
}

}    // namespace filfil::service
