// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/incentive/staging.hpp"

#include "incentive/fil_text.hpp"
#include "ipld/blake2b.hpp"
#include "ipld/piece_cid.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

namespace filfil::service {
namespace {

using rpc::Json;
using JobPtr = std::shared_ptr<SpendingJob>;

constexpr Clock::Duration look_again_after = std::chrono::seconds(1);

std::uint64_t slots_of(const contract::Round& round) {
    return round.replicas == 0 ? 0 : (round.positions + round.replicas - 1U) / round.replicas;
}

/// One commitment on its way from an epoch to the chain.
class Staging : public std::enable_shared_from_this<Staging> {
public:
    Staging(House& house, const StagingWanted& wanted, JobPtr job)
        : m_house(house), m_desk(*house.desk), m_wanted(wanted), m_job(std::move(job)) {}

    void begin() {
        m_job->set_stage("looking at the contract");
        read<calls::Round>({}, [](Staging& self, const calls::Round::Output& round) {
            const auto slot = slot_with_target(round.value, self.m_wanted.epoch);
            if (!slot.ok()) return self.m_job->end(slot.error());
            self.m_slot = *slot;
            self.check_slot();
        });
    }

private:
    template <class Call>
    void read(const typename Call::Input& input, std::function<void(Staging&, const typename Call::Output&)> then) {
        m_desk.read<Call>(
            input, [self = shared_from_this(), then = std::move(then)](const Result<typename Call::Output>& got) {
                if (self->m_job->ended()) return;
                if (!got.ok()) return self->m_job->end(got.error());
                then(*self, *got);
            });
    }

    /// The contract is the judge of what its slots want.
    void check_slot() {
        read<calls::SlotWindow>({.slot = m_slot}, [](Staging& self, const calls::SlotWindow::Output& window) {
            if (window.target != static_cast<std::uint64_t>(self.m_wanted.epoch.value))
                return self.m_job->end(
                    Error(ErrorCode::not_found,
                          "no slot wants the snapshot of epoch " + std::to_string(self.m_wanted.epoch.value) +
                              "; slot " + std::to_string(self.m_slot) + " wants epoch " + std::to_string(window.target),
                          "`fil-fil operator status` lists the targets"));
            self.check_terms();
        });
    }

    void check_terms() {
        read<calls::Params>({}, [](Staging& self, const calls::Params::Output& params) {
            const auto wanted = snapshot::hash_of(self.m_house.recipe());
            if (!std::ranges::equal(std::as_bytes(std::span(wanted)), params.value.recipe))
                return self.m_job->end(
                    Error(ErrorCode::mismatch,
                          "the round's recipe is not that of this daemon's settings (" +
                              snapshot::text_of(self.m_house.recipe()) + ", hash " +
                              to_hex(std::as_bytes(std::span(wanted))) + ")",
                          "set recipe.* to the round's, whose hash is " + to_hex(params.value.recipe)));
            self.m_cap = params.value.reward_cap;
            self.find_reward();
        });
    }

    void find_reward() {
        if (m_wanted.reward) return check_reward(*m_wanted.reward);
        read<calls::Latest>({.count = 1}, [](Staging& self, const calls::Latest::Output& latest) {
            if (latest.slots.empty())
                return self.m_job->end(
                    Error(ErrorCode::invalid_argument, "no reward is given, and none was staged before",
                          "give the reward for each replica, at most " + incentive::format_fil(self.m_cap)));
            self.read<calls::SlotInfo>(
                {.slot = latest.slots.front()},
                [](Staging& staging, const calls::SlotInfo::Output& info) { staging.check_reward(info.reward); });
        });
    }

    void check_reward(const incentive::U256& reward) {
        if (reward > m_cap)
            return m_job->end(Error(ErrorCode::invalid_argument,
                                    "a reward of " + incentive::format_fil(reward) + " is above the round's cap of " +
                                        incentive::format_fil(m_cap),
                                    "give no more than that"));
        m_reward = reward;
        wait_for_finality();
    }

    /// What could still be reverted is not committed to.
    void wait_for_finality() {
        if (m_job->ended()) return;
        const auto head = m_house.head();
        if (!head || *head < m_wanted.epoch)
            return m_job->end(Error(ErrorCode::invalid_argument,
                                    "epoch " + std::to_string(m_wanted.epoch.value) +
                                        " has not come yet; the head is at " +
                                        (head ? std::to_string(head->value) : "none"),
                                    "stage it when it is there; take it before by a schedule"));
        const auto finalized = m_house.finalized();
        if (finalized && *finalized >= m_wanted.epoch) return take();
        m_job->set_stage("waiting for finality");
        m_house.world.loop.post_after(look_again_after, [self = shared_from_this(), desk = m_desk.life()] {
            if (!desk.expired()) self->wait_for_finality();
        });
    }

    void take() {
        const auto chain = m_house.open_chain();
        if (!chain.ok()) return m_job->end(chain.error());
        m_job->set_stage("taking the snapshot");
        SnapshotRequest request;
        request.tipset.epoch = m_wanted.epoch;
        request.recipe = m_house.recipe();
        request.keep_always = true;
        request.asked_by = "incentivize";
        (*chain)->snapshots->take(
            std::move(request),
            [self = shared_from_this()](const Result<std::uint64_t>& begun) {
                if (!begun.ok()) self->m_job->end(begun.error());
            },
            [self = shared_from_this()](const JobInfo& job) { self->taken(job); });
    }

    void taken(const JobInfo& job) {
        if (m_job->ended()) return;
        if (job.error) return m_job->end(*job.error);
        if (job.state != JobState::done) return m_job->end(Error(ErrorCode::cancelled, "the snapshot was cancelled"));
        const auto id = rpc::integer_field(job.result, "id");
        if (!id.ok()) return m_job->end(id.error());
        m_house.queue->run(
            [journal = m_house.journal, number = *id] { return journal->snapshot(number); },
            [self = shared_from_this()](const Result<std::optional<journal::SnapshotRecord>>& row) {
                if (!row.ok()) return self->m_job->end(row.error());
                if (!*row) return self->m_job->end(Error(ErrorCode::not_found, "the snapshot was forgotten meanwhile"));
                self->stage(**row);
            });
    }

    void stage(const journal::SnapshotRecord& snapshot) {
        if (m_job->ended()) return;
        auto args = stage_args(m_slot, snapshot, m_reward);
        if (!args.ok()) return m_job->end(args.error());
        m_about = {{"slot", m_slot},          {"epoch", snapshot.epoch.value},    {"tipset", to_hex(args->tipset)},
                   {"snapshot", snapshot.id}, {"pieces", snapshot.pieces.size()}, {"reward", m_reward.text()}};
        read<calls::SlotInfo>(
            {.slot = m_slot}, [args = *std::move(args)](Staging& self, const calls::SlotInfo::Output& info) {
                if (info.staged_at != 0 && info.tipset == args.tipset) {
                    self.m_about["already_staged"] = true;
                    self.m_about["staged_epoch"] = info.staged_at;
                    self.m_job->end(self.m_about);
                    return;
                }
                if (info.staged_at != 0 && !self.m_wanted.alternative)
                    return self.m_job->end(Error(
                        ErrorCode::mismatch,
                        "another tipset is staged for slot " + std::to_string(self.m_slot) + ": " + to_hex(info.tipset),
                        "cancel it, or stage this one beside it as an alternative"));
                self.send(args);
            });
    }

    void send(const contract::StageArgs& args) {
        m_about["already_staged"] = false;
        const std::string slot = std::to_string(m_slot) + "/";
        const std::string own = slot + to_hex(args.tipset);
        // What is under way may yet be staged: this one beside it is an alternative then.
        const std::string start = key_start<calls::Stage>(m_desk);
        if (!m_wanted.alternative && m_house.till->under_way(start + slot) && !m_house.till->under_way(start + own))
            return m_job->end(Error(ErrorCode::mismatch,
                                    "another tipset is being staged for slot " + std::to_string(m_slot),
                                    "wait until that ends (FilFil.Transactions lists it), then cancel what it staged, "
                                    "or stage this one beside it as an alternative"));
        auto order = order_of<calls::Stage>(
            m_desk, own,
            "stage slot " + std::to_string(m_slot) + " with the snapshot of epoch " + std::to_string(args.epoch),
            {.args = args});
        if (!order.ok()) return m_job->end(order.error());
        send_anew_and_end(m_house, m_job, *std::move(order), m_about);
    }

    House& m_house;
    Desk& m_desk;
    StagingWanted m_wanted;
    JobPtr m_job;
    std::uint32_t m_slot = 0;
    incentive::U256 m_cap;
    incentive::U256 m_reward;
    Json m_about;
};

}    // namespace

std::array<std::byte, 32> tipset_hash(const chain::TipsetKey& key) {
    const ipld::Digest256 digest = ipld::blake2b_256(chain::bytes_of_key(key));
    std::array<std::byte, 32> out{};
    std::ranges::copy(std::as_bytes(std::span(digest)), out.begin());
    return out;
}

Result<contract::StageArgs> stage_args(std::uint32_t slot, const journal::SnapshotRecord& snapshot,
                                       const incentive::U256& reward) {
    contract::StageArgs out;
    out.slot = slot;
    out.epoch = static_cast<std::uint64_t>(snapshot.epoch.value);
    out.tipset = tipset_hash(snapshot.head);
    std::ranges::copy(std::as_bytes(std::span(snapshot.recipe_hash)), out.recipe.begin());
    if (snapshot.roots.empty()) return Error(ErrorCode::internal, "a snapshot without roots cannot be staged");
    const auto root = snapshot.roots.front().bytes();
    out.payload.assign(root.begin(), root.end());
    for (const journal::PieceRecord& piece : snapshot.pieces) {
        FILFIL_TRY(const ipld::PieceCidInfo info, ipld::read_piece_cid(piece.piece_cid));
        contract::Piece one;
        std::ranges::copy(std::as_bytes(std::span(info.root)), one.root.begin());
        one.raw_size = piece.payload_size;
        if (!std::has_single_bit(piece.padded_size))
            return Error(ErrorCode::internal, "piece " + piece.piece_cid.text() + " has no padded size");
        one.log2_padded = static_cast<std::uint8_t>(std::countr_zero(piece.padded_size));
        out.pieces.push_back(one);
    }
    out.reward = reward;
    return out;
}

Result<std::uint32_t> slot_with_target(const contract::Round& round, Epoch epoch) {
    const std::uint64_t slots = slots_of(round);
    if (slots == 0 || round.slot_length == 0)
        return Error(ErrorCode::not_found, "no round is open: no storage provider is registered",
                     "slots begin a round after the first provider has registered");
    if (epoch.value < 0) return Error(ErrorCode::invalid_argument, "there is no epoch " + std::to_string(epoch.value));
    const std::uint64_t open = static_cast<std::uint64_t>(epoch.value) + round.lead;
    const std::uint64_t end = round.start + slots * round.slot_length;
    const bool next = open >= end;
    const std::uint64_t from = next ? end : round.start;
    const std::uint64_t index = open >= from ? (open - from) / round.slot_length : slots;
    if (index >= slots || (open - from) % round.slot_length != 0) {
        const std::uint64_t near = open < round.start ? 0 : (open - round.start) / round.slot_length;
        const std::uint64_t below = round.start + near * round.slot_length;
        return Error(ErrorCode::not_found,
                     "no slot of this round or the next wants the snapshot of epoch " + std::to_string(epoch.value),
                     "the nearest targets are " + std::to_string(below - std::min<std::uint64_t>(below, round.lead)) +
                         " and " +
                         std::to_string(below + round.slot_length -
                                        std::min<std::uint64_t>(below + round.slot_length, round.lead)));
    }
    const std::uint32_t number = round.number + (next ? 1U : 0U);
    return number << 16 | static_cast<std::uint32_t>(index);
}

void incentivize(House& house, const StagingWanted& wanted, const JobPtr& job) {
    std::make_shared<Staging>(house, wanted, job)->begin();
}

}    // namespace filfil::service
