// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/api.hpp"
#include "service/incentive/gather.hpp"
#include "service/incentive/miner_params.hpp"
#include "service/incentive/reputation_book.hpp"
#include "service/incentive/retrieval_probe.hpp"
#include "service/incentive/slot_json.hpp"
#include "service/incentive/spending.hpp"
#include "service/incentive/staged_pieces.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

namespace filfil::service {
namespace {

using incentive::Held;
using rpc::Json;
using Session = std::shared_ptr<rpc::Session>;
using JobPtr = std::shared_ptr<SpendingJob>;

/// The same server is asked, so more would only wait for one another.
constexpr std::size_t probed_at_once = 2;
constexpr std::size_t asked_at_once = 16;

/// The root of the CAR that an event "SnapshotStaged" announces.
std::optional<ipld::Cid> root_in(const journal::EventRecord& event) {
    const auto fields = rpc::parse_json(event.fields);
    if (!fields.ok()) return std::nullopt;
    const auto payload = rpc::text_field(*fields, "payload");
    if (!payload.ok() || !payload->starts_with("0x")) return std::nullopt;
    const auto bytes = from_hex(std::string_view(*payload).substr(2));
    if (!bytes.ok()) return std::nullopt;
    auto cid = ipld::Cid::from_bytes(*bytes);
    return cid.ok() ? std::optional(*std::move(cid)) : std::nullopt;
}

bool is_alternative(const journal::EventRecord& event) {
    const auto fields = rpc::parse_json(event.fields);
    if (!fields.ok()) return false;
    const auto alternative = rpc::integer_field(*fields, "alternative");
    return alternative.ok() && *alternative != 0;
}

/// Whether what own miners hold can be had at the endpoints that they announce.
class RetrievalTest : public std::enable_shared_from_this<RetrievalTest> {
public:
    RetrievalTest(House& house, Desk& desk, std::vector<std::uint64_t> miners, JobPtr job)
        : m_house(house), m_desk(desk), m_miners(std::move(miners)), m_job(std::move(job)) {}

    void run() {
        m_job->set_stage("looking at the contract");
        m_house.holdings->find(m_miners, [self = shared_from_this()](const Result<std::vector<HeldPiece>>& held) {
            if (self->m_job->ended()) return;
            if (!held.ok()) return self->m_job->end(held.error());
            const auto head = self->m_house.head();
            const auto now = static_cast<std::uint64_t>(head ? std::max<std::int64_t>(0, head->value) : 0);
            for (const HeldPiece& one : *held)
                if (one.holder.state == static_cast<std::uint8_t>(Held::active) && one.holder.until > now)
                    self->m_tests.push_back({.held = one});
            self->read_endpoints();
        });
    }

private:
    struct Test {
        HeldPiece held;
        std::optional<ServedEndpoint> endpoint{};
        std::string announced{};    ///< what is no endpoint
        StagedPiece piece{};
        std::optional<ipld::Cid> root{};
    };

    void read_endpoints() {
        m_house.reputation->read([self = shared_from_this()](const Result<std::shared_ptr<const Reputation>>& known) {
            if (self->m_job->ended()) return;
            if (!known.ok()) return self->m_job->end(known.error());
            for (Test& test : self->m_tests) {
                const auto record = (*known)->record(test.held.holder.miner, 0);
                if (!record || !record->endpoint) continue;
                test.endpoint = read_endpoint(*record->endpoint);
                test.announced = *record->endpoint;
            }
            self->read_pieces();
        });
    }

    void read_pieces() {
        gather_by<StagedPiece>(
            asked_at_once, m_tests.size(),
            [self = shared_from_this()](std::size_t i, const Desk::Handler<StagedPiece>& one) {
                const HeldPiece& held = self->m_tests[i].held;
                read_staged_piece(self->m_desk, held.slot, held.holder.piece, one);
            },
            [self = shared_from_this()](const Result<std::vector<StagedPiece>>& pieces) {
                if (self->m_job->ended()) return;
                if (!pieces.ok()) return self->m_job->end(pieces.error());
                for (std::size_t i = 0; i < pieces->size(); ++i) self->m_tests[i].piece = (*pieces)[i];
                self->read_roots();
            });
    }

    /// A slot's first root, and its alternative's: where an event says it.
    void read_roots() {
        std::set<std::uint32_t> slots;
        for (const Test& test : m_tests) slots.insert(test.held.slot);
        const auto list = std::make_shared<const std::vector<std::uint32_t>>(slots.begin(), slots.end());
        gather_by<std::vector<journal::EventRecord>>(
            asked_at_once, list->size(),
            [self = shared_from_this(), list](std::size_t i,
                                              const Desk::Handler<std::vector<journal::EventRecord>>& one) {
                self->m_house.contract_events->list({.name = "SnapshotStaged", .slot = (*list)[i]}, one);
            },
            [self = shared_from_this(), list](const Result<std::vector<std::vector<journal::EventRecord>>>& all) {
                if (self->m_job->ended()) return;
                if (!all.ok()) return self->m_job->end(all.error());
                for (std::size_t i = 0; i < list->size(); ++i) self->take_roots((*list)[i], (*all)[i]);
                self->probe();
            });
    }

    void take_roots(std::uint32_t slot, const std::vector<journal::EventRecord>& stagings) {
        for (Test& test : m_tests) {
            if (test.held.slot != slot) continue;
            const bool alternative = (test.held.holder.piece & incentive::alternative_bit) != 0;
            const auto newest = std::ranges::find_if(
                stagings, [&](const journal::EventRecord& one) { return is_alternative(one) == alternative; });
            if (newest != stagings.end()) test.root = root_in(*newest);
        }
    }

    void probe() {
        m_job->set_stage("asking the endpoints");
        gather_by<Json>(
            probed_at_once, m_tests.size(),
            [self = shared_from_this()](std::size_t i, const Desk::Handler<Json>& one) { self->probe_one(i, one); },
            [self = shared_from_this()](Result<std::vector<Json>> rows) {
                if (self->m_job->ended()) return;
                if (!rows.ok()) return self->m_job->end(std::move(rows).error());
                self->tell(*std::move(rows));
            });
    }

    void probe_one(std::size_t i, const Desk::Handler<Json>& one) {
        const Test& test = m_tests[i];
        if (m_job->ended()) return one(Error(ErrorCode::cancelled, "stopped"));
        if (!test.endpoint)
            return one(row_of(test, {.why = test.announced.empty() ? "no endpoint is announced"
                                                                   : "what is announced is no URL of http or https"}));
        probe_retrieval(m_house.world, m_queue, m_house.catalog,
                        {.endpoint = *test.endpoint,
                         .piece_cid = test.piece.piece_cid,
                         .payload_size = test.piece.payload_size,
                         .root = test.root},
                        [self = shared_from_this(), i, one](const ProbeResult& result) {
                            if (self->m_job->ended()) return one(Error(ErrorCode::cancelled, "stopped"));
                            one(self->row_of(self->m_tests[i], result));
                        });
    }

    [[nodiscard]] Json row_of(const Test& test, const ProbeResult& result) const {
        return {{"miner", miner_text(test.held.holder.miner, m_desk.network().address_prefix)},
                {"slot", test.held.slot},
                {"target_epoch", test.held.target},
                {"piece", test.held.holder.piece & ~incentive::alternative_bit},
                {"alternative", (test.held.holder.piece & incentive::alternative_bit) != 0},
                {"piece_cid", test.piece.piece_cid.text()},
                {"payload_size", test.piece.payload_size},
                {"endpoint", test.endpoint ? Json(test.endpoint->base) : Json(nullptr)},
                {"ok", result.ok},
                {"why", result.ok ? Json(nullptr) : Json(result.why)},
                {"compared", result.compared},
                {"ms", std::round(std::chrono::duration<double, std::milli>(result.took).count())}};
    }

    void tell(std::vector<Json> rows) {
        const auto failed = std::ranges::count_if(rows, [](const Json& row) { return row["ok"] == false; });
        m_job->end(Json{{"tested", rows.size()}, {"failed", failed}, {"pieces", std::move(rows)}});
    }

    House& m_house;
    Desk& m_desk;
    std::vector<std::uint64_t> m_miners;
    JobPtr m_job;
    std::vector<Test> m_tests;
    std::shared_ptr<WorkerQueue> m_queue = WorkerQueue::make(m_house.world);
};

}    // namespace

void add_retrieval_test_api(rpc::Server& server, House& house) {
    add_method(server, "FilFil.TestRetrieval", rpc::Permission::admin, {"miner"},
               [&house](const Params& params, const Session&, const rpc::Reply& reply) -> Result<void> {
                   FILFIL_TRY(const auto miner, read_miner(params));
                   FILFIL_TRY(Desk* const desk, house.open_desk());
                   FILFIL_TRY(const auto miners, named_or_own(*desk, miner));
                   Json about = {{"miners", Json::array()}};
                   for (const std::uint64_t one : miners)
                       about["miners"].push_back(miner_text(one, desk->network().address_prefix));
                   FILFIL_TRY(const std::uint64_t started,
                              house.jobs.start_on_loop(
                                  "retrieval_test", std::move(about),
                                  [&house, desk, miners](const std::shared_ptr<JobContext>& context,
                                                         const SpendingJob::Done& done) {
                                      const auto job = std::make_shared<SpendingJob>(house.world, context, done);
                                      SpendingJob::watch_stop(job, Error(ErrorCode::cancelled, "the test was stopped"));
                                      std::make_shared<RetrievalTest>(house, *desk, miners, job)->run();
                                  }));
                   reply(Json{{"job", started}});
                   return {};
               });
}

}    // namespace filfil::service
