// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/market/evidence.hpp"

#include "incentive/contract_types.hpp"
#include "ipld/piece_cid.hpp"
#include "service/error_json.hpp"
#include "service/incentive/slot_json.hpp"
#include "service/market/deal_json.hpp"
#include "service/times.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace filfil::service {
namespace {

using rpc::Json;

constexpr std::size_t most_events = 1000;

struct Written {
    journal::DealRecord deal;
    std::vector<journal::DealStepRecord> steps;
    std::optional<journal::SnapshotRecord> snapshot;
    std::optional<journal::EffectRecord> proposal;
};

Result<std::optional<Written>> read(journal::Journal& journal, std::int64_t id) {
    FILFIL_TRY(const auto deal, journal.deal(id));
    if (!deal) return std::optional<Written>();
    Written out;
    out.deal = *deal;
    FILFIL_TRY(out.steps, journal.deal_steps(id));
    if (deal->snapshot) {
        FILFIL_TRY(out.snapshot, journal.snapshot(*deal->snapshot));
    }
    // What the Proposer wrote down before it proposed.
    if (!deal->market_id.empty()) {
        FILFIL_TRY(out.proposal, journal.effect("propose/" + deal->market + "/" + deal->market_id));
    }
    return std::optional(std::move(out));
}

Json text_or_json(const std::string& text) {
    if (text.empty()) return nullptr;
    auto json = rpc::parse_json(text);
    return json.ok() ? *std::move(json) : Json(text);
}

std::string_view name_of(journal::EffectRecord::State state) noexcept {
    using State = journal::EffectRecord::State;
    return state == State::intended ? "intended" : state == State::done ? "done" : "failed";
}

Json json_of(const journal::EffectRecord& effect) {
    return {{"key", effect.key},
            {"state", name_of(effect.state)},
            {"request", text_or_json(effect.request)},
            {"result", text_or_json(effect.result)},
            {"attempts", effect.attempts},
            {"first_at", seconds_of(effect.first_at)},
            {"last_at", seconds_of(effect.last_at)}};
}

Json failed(const Error& why) { return {{"error", error_json(why)}}; }

/// One bundle on its way.
class Evidence : public std::enable_shared_from_this<Evidence> {
public:
    using Handler = std::function<void(Result<Json>)>;

    Evidence(House& house, Written written, Handler handler)
        : m_house(house), m_desk(*house.desk), m_written(std::move(written)), m_handler(std::move(handler)) {}

    void begin() {
        const journal::DealRecord& deal = m_written.deal;
        m_out = {{"format", "fil-fil deal evidence 1"},
                 {"made_at", seconds_of(m_house.world.clock.wall())},
                 {"program", m_house.tools.version},
                 {"network", m_house.config.network},
                 {"contract", deal.contract},
                 {"deal", deal_json(deal, times_of(m_written.steps), m_desk.network(), std::nullopt)},
                 {"order", text_or_json(deal.order)},
                 {"steps", Json::array()}};
        for (const journal::DealStepRecord& step : m_written.steps) m_out["steps"].push_back(step_json(step));
        m_out["snapshot"] = m_written.snapshot ? service::json_of(*m_written.snapshot) : Json(nullptr);
        m_out["proposal"] = m_written.proposal ? json_of(*m_written.proposal) : Json(nullptr);
        slot();
    }

private:
    template <class Call>
    void read(const char* name, const typename Call::Input& input,
              std::function<void(Evidence&, const typename Call::Output&)> good, void (Evidence::*next)()) {
        m_desk.read<Call>(input, [self = shared_from_this(), name, good = std::move(good),
                                  next](const Result<typename Call::Output>& got) {
            if (got.ok())
                good(*self, *got);
            else
                self->m_out[name] = failed(got.error());
            (self.get()->*next)();
        });
    }

    [[nodiscard]] std::uint32_t slot_number() const { return static_cast<std::uint32_t>(m_written.deal.slot); }
    [[nodiscard]] std::uint8_t piece_number() const { return static_cast<std::uint8_t>(m_written.deal.piece); }

    void slot() {
        read<calls::SlotInfo>(
            "slot", {.slot = slot_number()},
            [](Evidence& self, const calls::SlotInfo::Output& info) {
                self.m_out["slot"] = {{"epoch", info.epoch},
                                      {"open_epoch", info.open},
                                      {"close_epoch", info.closing},
                                      {"pieces", info.pieces},
                                      {"alternatives", info.alternatives},
                                      {"reward", info.reward.text()},
                                      {"tipset", to_hex(info.tipset)},
                                      {"staged_epoch", info.staged_at},
                                      {"disputed", info.disputed}};
            },
            &Evidence::piece);
    }

    void piece() {
        read<calls::Piece>(
            "staged_piece", {.slot = slot_number(), .index = piece_number()},
            [](Evidence& self, const calls::Piece::Output& staged) {
                self.m_out["staged_piece"] = {{"piece_cid", ipld::piece_cid_v1(staged.root).text()},
                                              {"payload_size", staged.raw_size},
                                              {"log2_padded_size", staged.log2_padded}};
            },
            &Evidence::holder);
    }

    void holder() {
        read<calls::Holder>(
            "holder", {.slot = slot_number(), .index = piece_number(), .miner = m_written.deal.miner},
            [](Evidence& self, const calls::Holder::Output& holder) {
                self.m_sector = holder.value.sector;
                self.m_held = static_cast<incentive::Held>(holder.value.state) != incentive::Held::none;
                self.m_out["holder"] = {{"state", held_name(holder.value.state)},
                                        {"sector", holder.value.sector},
                                        {"until_epoch", holder.value.until},
                                        {"paid", holder.value.paid.text()},
                                        {"share", holder.value.share.text()}};
            },
            &Evidence::location);
    }

    void location() {
        if (!m_held) {
            m_out["location"] = nullptr;
            return events();
        }
        read<calls::Location>(
            "location", {.miner = m_written.deal.miner, .sector = m_sector},
            [](Evidence& self, const calls::Location::Output& place) {
                self.m_out["location"] = {{"sector", self.m_sector},
                                          {"status", place.status},
                                          {"aux", to_hex(place.aux)},
                                          {"expiration_epoch", place.expiration}};
            },
            &Evidence::events);
    }

    void events() {
        journal::EventFilter filter;
        filter.slot = m_written.deal.slot;
        filter.limit = most_events;
        m_house.contract_events->list(
            filter, [self = shared_from_this()](const Result<std::vector<journal::EventRecord>>& found) {
                if (!found.ok()) {
                    self->m_out["events"] = failed(found.error());
                } else {
                    Json list = Json::array();
                    // Oldest first, and of others' pieces none.
                    for (auto event = found->rbegin(); event != found->rend(); ++event)
                        if (!event->miner || *event->miner == self->m_written.deal.miner)
                            list.push_back(self->m_house.contract_events->json_of(*event));
                    self->m_out["events"] = std::move(list);
                }
                self->m_handler(std::move(self->m_out));
            });
    }

    House& m_house;
    Desk& m_desk;
    Written m_written;
    Handler m_handler;
    Json m_out;
    std::uint64_t m_sector = 0;
    bool m_held = false;
};

}    // namespace

void gather_evidence(House& house, std::int64_t deal, std::function<void(Result<Json>)> handler) {
    house.queue->run([journal = house.journal, deal] { return read(*journal, deal); },
                     [&house, deal, handler = std::move(handler)](Result<std::optional<Written>> found) {
                         if (!found.ok()) return handler(std::move(found).error());
                         if (!*found || !house.desk)
                             return handler(Error(ErrorCode::not_found, "there is no deal " + std::to_string(deal),
                                                  "`fil-fil deals` lists those there are"));
                         std::make_shared<Evidence>(house, **std::move(found), handler)->begin();
                     });
}

}    // namespace filfil::service
