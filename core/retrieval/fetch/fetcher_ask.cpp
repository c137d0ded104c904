// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "retrieval/answers.hpp"
#include "retrieval/fetch/chunk_commitment.hpp"
#include "retrieval/fetch/fetcher_impl.hpp"

#include <algorithm>

namespace filfil::retrieval {
namespace {

/// An error's text may be longer than what was asked for.
constexpr std::uint64_t room_for_errors = 64 * KiB;

/// A chunk that came, with its node.
struct CheckedChunk {
    std::shared_ptr<const std::string> bytes;
    commp::Node node{};
};

std::string text_of_range(std::uint64_t offset, std::uint64_t length) {
    return std::to_string(offset) + "-" + std::to_string(offset + length - 1);
}

}    // namespace

bool Fetcher::Impl::may_give(const PieceRun& piece, std::uint64_t chunk, std::size_t holder) const {
    if (!holders.serves(holder, piece.index)) return false;
    if (piece.solo && piece.sole != holder) return false;
    const auto tried = piece.tried.find(chunk);
    return tried == piece.tried.end() || !tried->second.contains(holder);
}

bool Fetcher::Impl::has_candidate(const PieceRun& piece, std::uint64_t chunk) const {
    for (std::size_t i = 0; i < holders.size(); ++i)
        if (may_give(piece, chunk, i)) return true;
    return false;
}

bool Fetcher::Impl::reads_from_target(const PieceRun& piece, std::uint64_t chunk) const {
    const auto kept = piece.kept.find(chunk);
    return kept != piece.kept.end() && target.keeps() && (!piece.solo || kept->second.giver == piece.sole);
}

void Fetcher::Impl::ask(PieceRun& piece, std::uint64_t chunk, std::size_t holder) {
    const WantedPiece& wanted = plan.pieces[piece.index];
    AskedRange asked{chunk * chunk_bytes, length_of(piece, chunk), wanted.payload_size, holders.wants_slice(holder)};
    Url url = piece_url(plan.sources[holder], wanted);
    HttpRequest request;
    if (asked.slice) {
        url.target += "?slice=" + text_of_range(asked.offset, asked.length);
        request.fields = {{"Accept-Encoding", "zstd"}};
    } else {
        request.fields = {{"Range", "bytes=" + text_of_range(asked.offset, asked.length)},
                          {"Accept-Encoding", "identity"}};
    }
    if (const std::string& token = plan.sources[holder].locator_token; !token.empty())
        request.fields.emplace_back("Authorization", "Bearer " + token);
    ClientOptions client;
    client.body_limit = asked.length + room_for_errors;
    client.answer_timeout = options.chunk_timeout;

    const Clock::Duration since = world.clock.steady();
    ++holders[holder].in_flight;
    ++alive_chunks;
    piece.flights[chunk].push_back({holder, since});
    world.transport.request(url, std::move(request), client,
                            [self = weak_from_this(), loop = &world.loop, index = piece.index, turn = piece.turn, chunk,
                             holder, since, asked](Result<HttpResponse> answer) {
                                auto given = std::make_shared<Result<HttpResponse>>(std::move(answer));
                                loop->post([self, index, turn, chunk, holder, since, asked, given] {
                                    const auto here = self.lock();
                                    if (here == nullptr) return;
                                    here->answered(here->pieces[index], turn, chunk, holder, since, asked,
                                                   std::move(*given));
                                    here->pump();
                                });
                            });
}

/// The request has ended, well or not.
void Fetcher::Impl::land(PieceRun& piece, std::uint64_t chunk, Giver giver) {
    if (giver != from_file) --holders[giver].in_flight;
    const auto flights = piece.flights.find(chunk);
    if (flights == piece.flights.end()) return;
    const auto flight = std::ranges::find(flights->second, giver, &Flight::from);
    if (flight != flights->second.end()) flights->second.erase(flight);
    if (flights->second.empty()) piece.flights.erase(flights);
}

void Fetcher::Impl::answered(PieceRun& piece, std::uint64_t turn, std::uint64_t chunk, std::size_t holder,
                             Clock::Duration since, const AskedRange& asked, Result<HttpResponse> answer) {
    const Judged judged = answer.ok() ? judge_answer(*answer, asked) : judge_failure(answer.error());
    const std::string where = plan.sources[holder].name + ": " + judged.why;
    if (answer.ok()) wire_bytes += answer->body.size();
    Holder& one = holders[holder];
    switch (judged.kind) {
        case Judged::Kind::good: break;
        case Judged::Kind::missing:
            one.lacks.insert(piece.index);
            if (one.why.empty()) one.why = judged.why;
            note(where + ": it does not have piece " + std::to_string(piece.index + 1));
            break;
        case Judged::Kind::later: holders.busy(holder, judged.why, judged.wait); break;
        case Judged::Kind::failed:
            holders.failed(holder, judged.why);
            if (one.out) note(where + ": not asked any more");
            break;
        case Judged::Kind::refused:
        case Judged::Kind::wrong:
            holders.put_out(holder, judged.why, false);
            note(where + ": not asked any more");
            break;
    }
    const std::uint64_t next = piece.cursor + (piece.busy ? 1 : 0);
    const bool wanted = judged.kind == Judged::Kind::good && running && !failure && turn == piece.turn &&
                        may_give(piece, chunk, holder) && chunk >= next && !piece.ready.contains(chunk);
    if (judged.kind == Judged::Kind::good) {
        holders.gave(holder, asked.length, world.clock.steady() - since, judged.compressed);
        if (find_field(answer->fields, slice_field)) one.offers_slices = true;
    }
    if (!wanted) {
        --alive_chunks;
        // After a reset the flights are those of a later request.
        if (turn == piece.turn) return land(piece, chunk, holder);
        --one.in_flight;
        return;
    }
    came(piece, turn, chunk, holder, std::make_shared<const std::string>(std::move(answer->body)), judged.compressed,
         false);
}

void Fetcher::Impl::read_back(PieceRun& piece, std::uint64_t chunk) {
    ++alive_chunks;
    const Giver giver = piece.kept.at(chunk).giver;
    piece.flights[chunk].push_back({from_file, world.clock.steady()});
    run_job(
        [target = &target, index = piece.index, offset = chunk * chunk_bytes, length = length_of(piece, chunk)] {
            auto out = std::make_shared<std::string>(static_cast<std::size_t>(length), '\0');
            const auto read = target->read(index, offset, std::as_writable_bytes(std::span(out->data(), out->size())));
            if (!read.ok() || *read < length) out.reset();
            return std::shared_ptr<const std::string>(std::move(out));
        },
        [index = piece.index, turn = piece.turn, chunk, giver](Impl& self, std::shared_ptr<const std::string> bytes) {
            PieceRun& here = self.pieces[index];
            if (turn != here.turn || bytes == nullptr || !here.kept.contains(chunk)) {
                --self.alive_chunks;
                if (turn != here.turn) return;
                // It is not there, so neither is what would stand behind it.
                here.kept.erase(here.kept.lower_bound(chunk), here.kept.end());
                self.land(here, chunk, from_file);
                return;
            }
            self.came(here, turn, chunk, giver, std::move(bytes), false, true);
        });
}

/// Its node is computed while others are on their way; it stays in flight until then.
void Fetcher::Impl::came(PieceRun& piece, std::uint64_t turn, std::uint64_t chunk, Giver giver,
                         std::shared_ptr<const std::string> bytes, bool packed, bool written) {
    run_job(
        [backend = &backend, bytes = std::move(bytes), packed, length = length_of(piece, chunk),
         quads = options.chunk_quads, alone = piece.chunks == 1]() -> Result<CheckedChunk> {
            CheckedChunk out{bytes};
            if (packed) {
                FILFIL_TRY(std::string plain, unpack_slice(*bytes, length));
                out.bytes = std::make_shared<const std::string>(std::move(plain));
            }
            FILFIL_TRY(out.node, commit_chunk(*backend, bytes_of(*out.bytes), quads, alone));
            return out;
        },
        [index = piece.index, turn, chunk, giver, packed, written](Impl& self, Result<CheckedChunk> weighed) {
            PieceRun& here = self.pieces[index];
            const Giver flown = written ? from_file : giver;
            const bool current = turn == here.turn;
            if (current)
                self.land(here, chunk, flown);
            else if (flown != from_file)
                --self.holders[flown].in_flight;
            const std::uint64_t next = here.cursor + (here.busy ? 1 : 0);
            const bool wanted = current && chunk >= next && !here.ready.contains(chunk) &&
                                (written ? self.reads_from_target(here, chunk) : self.may_give(here, chunk, giver));
            if (weighed.ok() && wanted) {
                here.ready[chunk] = {std::move(weighed->bytes), giver, weighed->node, written};
                return;
            }
            --self.alive_chunks;
            if (weighed.ok()) return;
            if (packed && weighed.error().code == ErrorCode::corrupt) {
                self.holders.put_out(giver, weighed.error().message, false);
                self.note(self.plan.sources[giver].name + ": " + weighed.error().message + ": not asked any more");
                return;
            }
            self.fail(std::move(weighed).error());
        });
}

/// Asks a second source for a chunk that others wait for.
void Fetcher::Impl::hedge() {
    if (!running || failure || must_start_over) return;
    const Clock::Duration now = world.clock.steady();
    for (PieceRun& piece : pieces) {
        const auto flights = piece.flights.find(piece.cursor);
        if (!active(piece) || piece.busy || flights == piece.flights.end() || flights->second.size() != 1) continue;
        const Flight first = flights->second.front();
        if (first.from == from_file) continue;
        const auto other = holders.choose(
            piece.index, [&](std::size_t one) { return one != first.from && may_give(piece, piece.cursor, one); });
        if (!other) continue;
        Clock::Duration patience = options.patience;
        if (const double rate = holders[*other].rate(); rate > 0)
            patience = std::max(patience, std::chrono::duration_cast<Clock::Duration>(std::chrono::duration<double>(
                                              4 * static_cast<double>(chunk_bytes) / rate)));
        if (now - first.since >= patience) ask(piece, piece.cursor, *other);
    }
}

}    // namespace filfil::retrieval
