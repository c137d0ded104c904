// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/api.hpp"
#include "service/incentive/gather.hpp"
#include "service/incentive/holder_filter.hpp"
#include "service/incentive/reputation_book.hpp"
#include "service/incentive/slot_finder.hpp"
#include "service/incentive/slot_json.hpp"
#include "service/incentive/staged_pieces.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace filfil::service {
namespace {

using rpc::Json;
using Session = std::shared_ptr<rpc::Session>;

/// A miner's actor searches all of its sectors for one.
constexpr std::size_t sectors_at_once = 4;

struct Wanted {
    std::optional<std::uint64_t> epoch{};
    std::uint32_t slot = 0;    ///< where no epoch is given
    std::uint64_t from = 0;
    std::uint64_t limit = 100;
    HolderFilter filter{};
};

Result<Wanted> read_wanted(const Params& params) {
    Wanted out;
    FILFIL_TRY(const auto epoch, params.integer("epoch"));
    FILFIL_TRY(const auto slot, params.integer("slot", 0, 0xffffffffLL));
    FILFIL_TRY(const auto from, params.integer("from", 0, 1'000'000'000));
    FILFIL_TRY(const auto limit, params.integer("limit", 1, 256));
    FILFIL_TRY(out.filter, HolderFilter::read(params));
    if (epoch.has_value() == slot.has_value())
        return Error(ErrorCode::invalid_argument,
                     epoch ? "both 'epoch' and 'slot' are given" : "neither 'epoch' nor 'slot' is given",
                     "name the snapshot's epoch, or the slot that it was staged for");
    if (epoch) out.epoch = static_cast<std::uint64_t>(*epoch);
    out.slot = static_cast<std::uint32_t>(slot.value_or(0));
    out.from = static_cast<std::uint64_t>(from.value_or(0));
    out.limit = static_cast<std::uint64_t>(limit.value_or(100));
    return out;
}

/// One look at who holds a slot's pieces, from the question to its answer.
class HolderLook : public std::enable_shared_from_this<HolderLook> {
public:
    HolderLook(House& house, Desk& desk, Wanted wanted, rpc::Reply reply)
        : m_house(house), m_desk(desk), m_wanted(std::move(wanted)), m_reply(std::move(reply)) {
        const auto head = house.head();
        m_now = static_cast<std::uint64_t>(head ? std::max<std::int64_t>(0, head->value) : 0);
    }

    void run() {
        if (!m_wanted.epoch) return read_slot();
        find_slot(m_desk, *m_house.contract_events, *m_wanted.epoch,
                  [self = shared_from_this()](const Result<std::uint32_t>& slot) {
                      if (!slot.ok()) return self->m_reply(slot.error());
                      self->m_wanted.slot = *slot;
                      self->read_slot();
                  });
    }

private:
    void read_slot() {
        read_staged(m_desk, m_wanted.slot, [self = shared_from_this()](Result<StagedSlot> staged) {
            if (!staged.ok()) return self->m_reply(std::move(staged).error());
            if (self->m_wanted.epoch && staged->pieces.empty())
                return self->m_reply(Error(
                    ErrorCode::not_found,
                    "the snapshot of epoch " + std::to_string(*self->m_wanted.epoch) + " is not staged any more"));
            self->m_staged = *std::move(staged);
            self->read_holders();
        });
    }

    void read_holders() {
        m_desk.read<calls::Holders>({.slot = m_wanted.slot, .from = m_wanted.from, .count = m_wanted.limit},
                                    [self = shared_from_this()](const Result<calls::Holders::Output>& holders) {
                                        if (!holders.ok()) return self->m_reply(holders.error());
                                        self->m_whole_page = holders->value.size() >= self->m_wanted.limit;
                                        self->m_read = holders->value.size();
                                        for (const contract::Holder& one : holders->value)
                                            self->m_holders.push_back({.holder = one});
                                        self->read_reputation();
                                    });
    }

    void read_reputation() {
        m_house.reputation->read([self = shared_from_this()](const Result<std::shared_ptr<const Reputation>>& known) {
            if (!known.ok()) return self->m_reply(known.error());
            for (HolderFacts& facts : self->m_holders) {
                const auto record = (*known)->record(facts.holder.miner, self->m_now);
                if (!record) continue;
                facts.success_rate = record->success_rate;
                if (record->endpoint) facts.endpoint = read_endpoint(*record->endpoint);
            }
            std::erase_if(self->m_holders, [&](const HolderFacts& facts) {
                return !self->m_wanted.filter.may_pass(facts, self->m_now);
            });
            self->read_sectors();
        });
    }

    void read_sectors() {
        gather_by<bool>(
            sectors_at_once, m_holders.size(),
            [self = shared_from_this()](std::size_t i, const Desk::Handler<bool>& one) {
                HolderFacts& facts = self->m_holders[i];
                if (!self->m_wanted.filter.asks_sector(facts)) return one(false);
                self->m_desk.read<calls::Location>({.miner = facts.holder.miner, .sector = facts.holder.sector},
                                                   [self, i, one](const Result<SectorPlace>& place) {
                                                       // One actor that cannot be asked does not hide the others.
                                                       if (place.ok())
                                                           self->m_holders[i].sector = *place;
                                                       else
                                                           self->m_trouble = place.error().message;
                                                       one(place.ok());
                                                   });
            },
            [self = shared_from_this()](const Result<std::vector<bool>>&) { self->tell(); });
    }

    void tell() {
        Json out = json_of(SlotTimes{.slot = m_wanted.slot, .open = m_staged.info.open, .close = m_staged.info.closing},
                           m_desk.network(), m_house.head());
        out["epoch"] = m_staged.pieces.empty() ? Json(nullptr) : Json(m_staged.info.epoch);
        out["pieces"] = Json::array();
        out["alternative_pieces"] = Json::array();
        for (const StagedPiece& piece : m_staged.pieces)
            out[(piece.index & incentive::alternative_bit) != 0 ? "alternative_pieces" : "pieces"].push_back(
                json_of(piece));
        out["holders"] = Json::array();
        for (const HolderFacts& facts : m_holders)
            if (m_wanted.filter.passes(facts, m_now)) out["holders"].push_back(json_of(facts, m_desk.network(), m_now));
        out["next"] = m_whole_page ? Json(m_wanted.from + m_read) : Json(nullptr);
        out["trouble"] = m_trouble ? Json(*m_trouble) : Json(nullptr);
        m_reply(std::move(out));
    }

    House& m_house;
    Desk& m_desk;
    Wanted m_wanted;
    rpc::Reply m_reply;
    std::uint64_t m_now = 0;
    StagedSlot m_staged{};
    std::vector<HolderFacts> m_holders;
    std::uint64_t m_read = 0;     ///< holders of this page, before the filter
    bool m_whole_page = false;    ///< so there may be more
    std::optional<std::string> m_trouble{};
};

}    // namespace

void add_holder_api(rpc::Server& server, House& house) {
    std::vector<std::string> names = {"epoch", "slot", "from", "limit"};
    for (const std::string& name : HolderFilter::names()) names.push_back(name);
    add_method(server, "FilFil.Holders", rpc::Permission::read, std::move(names),
               [&house](const Params& params, const Session&, const rpc::Reply& reply) -> Result<void> {
                   FILFIL_TRY(Wanted wanted, read_wanted(params));
                   FILFIL_TRY(Desk* const desk, house.open_desk());
                   std::make_shared<HolderLook>(house, *desk, std::move(wanted), reply)->run();
                   return {};
               });
}

}    // namespace filfil::service
