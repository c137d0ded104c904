// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/market/piece_search.hpp"

#include "incentive/contract_types.hpp"
#include "ipld/piece_cid.hpp"
#include "service/incentive/reputation_book.hpp"
#include "service/incentive/slot_finder.hpp"
#include "service/incentive/slot_json.hpp"
#include "service/incentive/spending.hpp"
#include "service/incentive/staging.hpp"
#include "service/market/piece_compare.hpp"
#include "service/market/slot_facts.hpp"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

namespace filfil::service {
namespace {

using rpc::Json;
using JobPtr = std::shared_ptr<SpendingJob>;

/// What one call gives of a slot's holders.
constexpr std::uint64_t most_holders = 256;
constexpr std::size_t most_servers = 8;
constexpr std::size_t most_looked_into = 100;

Json piece_json(const ipld::Digest256& root, std::uint64_t payload_size, std::uint64_t padded_size) {
    return {
        {"piece_cid", ipld::piece_cid_v1(root).text()}, {"payload_size", payload_size}, {"padded_size", padded_size}};
}

Json side_json(const PieceSide& side) {
    if (!side.block) return nullptr;
    return {{"cid", side.block->text()},
            {"length", side.length},
            {"sound", side.sound ? Json(*side.sound) : Json(nullptr)}};
}

std::string block_text(const PieceSide& side) {
    if (!side.block) return "no block";
    return "block " + side.block->text() + (side.sound && !*side.sound ? ", whose bytes do not have its hash," : "");
}

/// One search, from the question to its answer.
class Search : public std::enable_shared_from_this<Search> {
public:
    Search(House& house, Desk& desk, PieceSearch search, JobPtr job, std::shared_ptr<JobContext> context)
        : m_house(house),
          m_desk(desk),
          m_search(std::move(search)),
          m_job(std::move(job)),
          m_context(std::move(context)) {}

    void run() {
        m_job->set_stage("looking at the contract");
        if (m_search.epoch)
            return find_slot(m_desk, *m_house.contract_events, *m_search.epoch,
                             [self = shared_from_this()](const Result<std::uint32_t>& slot) {
                                 if (self->m_job->ended()) return;
                                 if (!slot.ok()) return self->m_job->end(slot.error());
                                 self->read_slot(*slot);
                             });
        m_desk.next_windows(
            m_desk.miners(), [self = shared_from_this()](const Result<std::vector<Desk::OwnWindow>>& windows) {
                if (self->m_job->ended()) return;
                if (!windows.ok()) return self->m_job->end(windows.error());
                const calls::Windows::Output* soonest = nullptr;
                for (const Desk::OwnWindow& one : *windows)
                    if (one.window.end != 0 && (soonest == nullptr || one.window.start < soonest->start))
                        soonest = &one.window;
                if (soonest == nullptr)
                    return self->m_job->end(Error(ErrorCode::not_found, "no own storage provider has a window",
                                                  "name the epoch of the snapshot that is to be compared"));
                self->read_slot(soonest->slot);
            });
    }

private:
    void read_slot(std::uint32_t slot) {
        m_slot = slot;
        read_slot_facts(m_desk, slot, [self = shared_from_this()](Result<SlotFacts> facts) {
            if (self->m_job->ended()) return;
            if (!facts.ok()) return self->m_job->end(std::move(facts).error());
            if (!facts->staged() || facts->first.empty())
                return self->m_job->end(Error(ErrorCode::not_found,
                                              "nothing is staged for the slot, so there is nothing to compare with",
                                              "try again once the snapshot's operator has staged it"));
            self->m_facts = *std::move(facts);
            self->read_own();
        });
    }

    void read_own() {
        const Epoch epoch{static_cast<std::int64_t>(m_facts.info.epoch)};
        m_house.queue->run(
            [journal = m_house.journal, epoch] {
                return journal->snapshots({.epoch = epoch, .limit = most_looked_into});
            },
            [self = shared_from_this(), epoch](Result<std::vector<journal::SnapshotRecord>> own) {
                if (self->m_job->ended()) return;
                if (!own.ok()) return self->m_job->end(std::move(own).error());
                std::erase_if(*own, [hash = snapshot::hash_of(self->m_house.recipe())](const auto& one) {
                    return one.recipe_hash != hash;
                });
                if (own->empty())
                    return self->m_job->end(Error(
                        ErrorCode::not_found,
                        "the snapshot of epoch " + std::to_string(epoch.value) + " has not been taken here",
                        "take it first: fil-fil take-snapshot --epoch " + std::to_string(epoch.value) + " --no-file"));
                self->compare_roots(own->front());
            });
    }

    void compare_roots(const journal::SnapshotRecord& own) {
        const auto args = stage_args(m_slot, own, {});
        if (!args.ok()) return m_job->end(args.error());
        const auto matched = match(m_facts, own);
        m_out = {{"slot", m_slot},
                 {"epoch", m_facts.info.epoch},
                 {"snapshot", own.id},
                 {"same", matched.ok()},
                 {"alternative", matched.ok() && *matched},
                 {"tipset_differs", args->tipset != m_facts.info.tipset && (!matched.ok() || !*matched)},
                 {"own_pieces", args->pieces.size()},
                 {"staged_pieces", m_facts.first.size()}};
        for (const char* name : {"piece", "own", "staged", "from", "compared", "offset", "section", "in_header",
                                 "own_block", "staged_block"})
            m_out[name] = nullptr;
        m_out["served"] = false;
        m_out["failed"] = Json::array();
        if (matched.ok()) return tell("every piece here is the one that is staged");
        const auto parted = std::ranges::mismatch(args->pieces, m_facts.first);
        m_piece = static_cast<std::size_t>(parted.in1 - args->pieces.begin());
        m_out["piece"] = m_piece;
        if (parted.in1 != args->pieces.end())
            m_out["own"] =
                piece_json(parted.in1->root, parted.in1->raw_size, std::uint64_t{1} << parted.in1->log2_padded);
        if (parted.in2 != m_facts.first.end())
            m_out["staged"] =
                piece_json(parted.in2->root, parted.in2->raw_size, std::uint64_t{1} << parted.in2->log2_padded);
        if (parted.in1 == args->pieces.end() || parted.in2 == m_facts.first.end()) return tell(matched.error().message);
        m_pieces.other = ipld::piece_cid_v1(parted.in2->root);
        m_pieces.other_size = parted.in2->raw_size;
        open_own(own.pieces[m_piece].piece_cid);
    }

    /// It may have to be laid out, or lie on a disk.
    void open_own(const ipld::Cid& cid) {
        m_queue->run([&catalog = m_house.catalog, cid] { return catalog.find(cid); },
                     [self = shared_from_this()](Result<std::optional<retrieval::ServedPiece>> found) {
                         if (self->m_job->ended()) return;
                         if (!found.ok()) return self->m_job->end(std::move(found).error());
                         if (!*found || (*found)->bytes == nullptr)
                             return self->tell(self->differs() +
                                               "; its bytes are not here any more: take the snapshot again to compare "
                                               "them");
                         self->m_pieces.own = (*found)->bytes;
                         self->find_servers();
                     });
    }

    void find_servers() {
        if (m_search.from) {
            m_pieces.servers = {*m_search.from};
            compare();
            return;
        }
        m_desk.read<calls::Holders>({.slot = m_slot, .from = 0, .count = most_holders},
                                    [self = shared_from_this()](const Result<calls::Holders::Output>& holders) {
                                        if (self->m_job->ended()) return;
                                        if (!holders.ok()) return self->m_job->end(holders.error());
                                        self->read_endpoints(holders->value);
                                    });
    }

    void read_endpoints(const std::vector<contract::Holder>& holders) {
        m_house.reputation->read([self = shared_from_this(),
                                  holders](const Result<std::shared_ptr<const Reputation>>& known) {
            if (self->m_job->ended()) return;
            if (!known.ok()) return self->m_job->end(known.error());
            for (const contract::Holder& holder : holders) {
                // Its own server has what is here.
                const bool own = std::ranges::find(self->m_desk.miners(), holder.miner) != self->m_desk.miners().end();
                if (own || holder.piece != self->m_piece || self->m_pieces.servers.size() == most_servers) continue;
                const auto record = (*known)->record(holder.miner, 0);
                if (!record || !record->endpoint) continue;
                if (auto endpoint = read_endpoint(*record->endpoint))
                    self->m_pieces.servers.push_back(*std::move(endpoint));
            }
            self->compare();
        });
    }

    void compare() {
        if (m_pieces.servers.empty())
            return tell(differs() +
                        "; nobody who holds the staged one announces where it can be had: name a server "
                        "that has it with --from URL");
        m_job->set_stage("comparing piece " + std::to_string(m_piece));
        compare_pieces(m_house.world, m_queue, m_pieces, m_context,
                       [self = shared_from_this()](const Result<PieceDifference>& found) {
                           if (self->m_job->ended()) return;
                           if (!found.ok()) return self->m_job->end(found.error());
                           self->told(*found);
                       });
    }

    void told(const PieceDifference& found) {
        for (const PieceDifference::Failed& one : found.failed)
            m_out["failed"].push_back({{"server", one.server}, {"why", one.why}});
        m_out["compared"] = found.compared;
        if (!found.from)
            return tell(
                differs() + "; nobody serves the staged one to its end" +
                (found.failed.empty() ? "" : ": " + found.failed.front().server + ": " + found.failed.front().why));
        m_out["served"] = true;
        m_out["from"] = *found.from;
        if (!found.offset)
            return tell(differs() + ", but what " + *found.from +
                        " serves for the staged one are the very bytes that are here: it does not serve what was "
                        "staged, or the piece here was not what was hashed");
        m_out["offset"] = *found.offset;
        m_out["in_header"] = found.in_header;
        if (found.section) m_out["section"] = *found.section;
        m_out["own_block"] = side_json(found.own);
        m_out["staged_block"] = side_json(found.other);
        std::string where =
            " differs from what " + *found.from + " serves from byte " + std::to_string(*found.offset) + " on";
        if (found.in_header)
            where += ", in the CAR's header: the two have other roots";
        else if (found.section)
            where += ", in the section at byte " + std::to_string(*found.section) + ": here " + block_text(found.own) +
                     ", there " + block_text(found.other);
        tell("piece " + std::to_string(m_piece) + where);
    }

    [[nodiscard]] std::string differs() const {
        return "piece " + std::to_string(m_piece) + " is the first that differs from what is staged";
    }

    void tell(std::string sentence) {
        m_out["sentence"] = std::move(sentence);
        m_job->end(std::move(m_out));
    }

    House& m_house;
    Desk& m_desk;
    PieceSearch m_search;
    JobPtr m_job;
    std::shared_ptr<JobContext> m_context;
    std::shared_ptr<WorkerQueue> m_queue = WorkerQueue::make(m_house.world);
    std::uint32_t m_slot = 0;
    SlotFacts m_facts{};
    std::size_t m_piece = 0;    ///< the first that differs
    ComparedPieces m_pieces;
    Json m_out;
};

}    // namespace

Result<std::uint64_t> start_piece_search(House& house, Desk& desk, const PieceSearch& search) {
    Json about = {{"epoch", search.epoch ? Json(*search.epoch) : Json(nullptr)},
                  {"from", search.from ? Json(search.from->base) : Json(nullptr)}};
    return house.jobs.start_on_loop(
        "compare_pieces", std::move(about),
        [&house, &desk, search](const std::shared_ptr<JobContext>& context, const SpendingJob::Done& done) {
            const auto job = std::make_shared<SpendingJob>(house.world, context, done);
            SpendingJob::watch_stop(job, Error(ErrorCode::cancelled, "the comparison was stopped"));
            std::make_shared<Search>(house, desk, search, job, context)->run();
        });
}

}    // namespace filfil::service
