// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "retrieval/fetch/fetcher_impl.hpp"

#include <algorithm>

namespace filfil::retrieval {
namespace {

/// A sole source gets a chunk asked for once more: bytes break on their way, too.
constexpr unsigned second_tries = 1;

}    // namespace

std::string Fetcher::Impl::place_of(const PieceRun& piece) const {
    return "piece " + std::to_string(piece.index + 1) + " of " + std::to_string(pieces.size());
}

/// @return false where the header is not that of the others; nothing of the piece is to be used then
bool Fetcher::Impl::agree_on_header(PieceRun& piece, const SectionScanner& next) {
    const auto& found = next.header();
    if (header == nullptr) {
        header = found;
        target.set_header(*header);
        return true;
    }
    if (*header == *found) return true;
    if (header_proven) return false;
    const bool others = std::ranges::any_of(pieces, [&](const PieceRun& one) {
        return one.index != piece.index && (one.cursor > 0 || one.busy || !one.kept.empty());
    });
    if (cautious || !others) {
        // This piece says what the header is. Where that has another length, all bytes have other places.
        if (found->size() != header->size())
            for (PieceRun& one : pieces) {
                one.kept.clear();
                for (auto& [chunk, ready] : one.ready) ready.written = false;
            }
        header = found;
        target.set_header(*header);
        return true;
    }
    std::size_t candidates = 0;
    for (std::size_t i = 0; i < holders.size(); ++i) candidates += may_give(piece, 0, i) ? 1 : 0;
    if (piece.solo || !piece.tried[0].empty() || candidates < 2) {
        note("the pieces begin with different headers, so they are fetched one after the other until one is proven");
        cautious = true;
        must_start_over = true;
    }
    return false;
}

/// Nothing of what came is trusted, nor distrusted.
void Fetcher::Impl::start_over() {
    must_start_over = false;
    header.reset();
    for (PieceRun& piece : pieces) {
        if (piece.proven) continue;
        for (const auto& [holder, why] : std::exchange(piece.suspects, {})) holders[holder].suspected = false;
        piece.kept.clear();
        piece.solo = false;
        piece.sole.reset();
        piece.had_solo.clear();
        piece.doubted.clear();
        rewind(piece);
    }
}

void Fetcher::Impl::drop_ready(PieceRun& piece, const std::function<bool(std::uint64_t, const ReadyChunk&)>& which) {
    for (auto it = piece.ready.begin(); it != piece.ready.end();) {
        if (which(it->first, it->second)) {
            it = piece.ready.erase(it);
            --alive_chunks;
        } else {
            ++it;
        }
    }
}

/// To the piece's start. What is kept may be read again.
void Fetcher::Impl::rewind(PieceRun& piece) {
    ++piece.turn;
    piece.cursor = 0;
    piece.scanner = {};
    piece.marks.clear();
    piece.tried.clear();
    piece.second_tries.clear();
    piece.dispute.reset();
    piece.flights.clear();
    drop_ready(piece, [](std::uint64_t, const ReadyChunk&) { return true; });
}

/// A chunk, together with those in which its first wrong section begins, cannot be right.
void Fetcher::Impl::in_doubt(PieceRun& piece, std::uint64_t chunk, const ReadyChunk& ready, std::uint64_t begin,
                             std::string why) {
    std::uint64_t first = std::min(chunk, begin / chunk_bytes);
    // The end of one run's bytes may lie in the chunk before the one at which it is noticed.
    const auto mark = std::ranges::find(piece.marks, first, &std::pair<std::uint64_t, SectionScanner>::first);
    if (first < chunk && mark == piece.marks.end()) return piece.solo ? next_solo(piece) : go_solo(piece);

    std::vector<KeptChunk> attempt;
    for (std::uint64_t i = first; i < chunk; ++i) attempt.push_back(piece.kept.at(i));
    attempt.push_back({ready.node, ready.giver});
    const bool all_sole =
        piece.solo && std::ranges::all_of(attempt, [&](const KeptChunk& one) { return one.giver == piece.sole; });
    if (all_sole && piece.second_tries[chunk] >= second_tries) {
        if (piece.index == 0 || header_proven || begin != 0)
            convict(*piece.sole, "in " + place_of(piece) + ", byte " + std::to_string(begin) + ": " + why);
        next_solo(piece);
        return;
    }

    for (std::uint64_t i = first; i <= chunk; ++i) {
        const KeptChunk& one = attempt[static_cast<std::size_t>(i - first)];
        if (one.giver != from_file) piece.doubted.emplace_back(i, one);
    }
    if (!piece.dispute) piece.dispute = Dispute{};
    Dispute& dispute = *piece.dispute;
    dispute.last = std::max(dispute.last, chunk);
    dispute.why = std::move(why);
    // Two sources that agree are not wrong there: the fault lies before, or in who is believed.
    const bool seen = std::ranges::any_of(dispute.attempts, [&](const Dispute::Attempt& old) {
        if (old.first != first || old.chunks.size() != attempt.size()) return false;
        bool other_givers = false;
        for (std::size_t i = 0; i < attempt.size(); ++i) {
            if (old.chunks[i].node != attempt[i].node) return false;
            other_givers = other_givers || old.chunks[i].giver != attempt[i].giver;
        }
        return other_givers;
    });
    dispute.attempts.push_back({first, attempt});
    const auto candidates = [&](std::uint64_t i) {
        std::size_t out = 0;
        for (std::size_t one = 0; one < holders.size(); ++one) out += may_give(piece, i, one) ? 1 : 0;
        return out;
    };
    for (std::uint64_t i = first; i <= chunk; ++i) {
        const Giver giver = attempt[static_cast<std::size_t>(i - first)].giver;
        piece.kept.erase(i);
        if (giver == from_file || !holders.serves(giver, piece.index)) continue;
        const bool alone = candidates(i) == 1 && may_give(piece, i, giver);
        if (alone && piece.second_tries[i]++ < second_tries) continue;
        piece.tried[i].insert(giver);
    }
    if (first < chunk) {
        piece.scanner = mark->second;
        piece.marks.erase(mark, piece.marks.end());
        piece.cursor = first;
    }
    // Requests for these chunks that are still on their way are as good as new ones, whoever they are asked of.
    drop_ready(piece, [&](std::uint64_t i, const ReadyChunk& one) {
        return i >= first && i <= chunk && one.giver != from_file && !may_give(piece, i, one.giver);
    });
    bool stuck = seen;
    for (std::uint64_t i = first; i <= chunk; ++i)
        stuck = stuck || (!piece.ready.contains(i) && !has_candidate(piece, i));
    if (!stuck) return;
    if (piece.solo) {
        if (all_sole && (piece.index == 0 || header_proven || begin != 0))
            convict(*piece.sole, "in " + place_of(piece) + ", byte " + std::to_string(begin) + ": " + dispute.why);
        next_solo(piece);
        return;
    }
    go_solo(piece);
}

/// The chunks are right now: whose were others?
void Fetcher::Impl::settle_dispute(PieceRun& piece) {
    const Dispute dispute = std::move(*piece.dispute);
    piece.dispute.reset();
    std::map<std::size_t, std::uint64_t> different;
    for (const Dispute::Attempt& attempt : dispute.attempts)
        for (std::size_t i = 0; i < attempt.chunks.size(); ++i) {
            const KeptChunk& then = attempt.chunks[i];
            const KeptChunk& now = piece.kept.at(attempt.first + i);
            if (then.giver != from_file && then.giver != now.giver && then.node != now.node)
                different.emplace(then.giver, attempt.first + i);
        }
    for (const auto& [holder, chunk] : different)
        suspect(piece, holder,
                "in " + place_of(piece) + ", bytes from " + std::to_string(chunk * chunk_bytes) + ": " + dispute.why);
}

/// Not asked until the piece's commitment shows who was right.
void Fetcher::Impl::suspect(PieceRun& piece, std::size_t holder, std::string why) {
    Holder& one = holders[holder];
    if (one.out) return;
    note(plan.sources[holder].name + " gave wrong bytes, it seems (" + why + "): it is not asked any more");
    one.suspected = true;
    one.why = why;
    piece.suspects[holder] = std::move(why);
    for (PieceRun& each : pieces)
        drop_ready(each,
                   [&](std::uint64_t, const ReadyChunk& ready) { return ready.giver == holder && !ready.written; });
}

void Fetcher::Impl::convict(std::size_t holder, std::string why) {
    if (!holders[holder].lied) note(plan.sources[holder].name + " gave wrong bytes (" + why + ")");
    holders.put_out(holder, std::move(why), true);
    holders[holder].suspected = false;
    for (PieceRun& each : pieces)
        drop_ready(each,
                   [&](std::uint64_t, const ReadyChunk& ready) { return ready.giver == holder && !ready.written; });
}

/// All blocks are what their CIDs say, and the piece is another one.
void Fetcher::Impl::disproven(PieceRun& piece) {
    std::set<Giver> givers;
    for (const auto& [chunk, kept] : piece.kept) givers.insert(kept.giver);
    note(place_of(piece) + " is not the one that the contract names, although all its blocks have their hashes");
    if (givers.size() == 1 && *givers.begin() != from_file)
        convict(*givers.begin(), "it gave all of " + place_of(piece) + ", and that is another piece");
    if (piece.solo) return next_solo(piece);
    go_solo(piece);
}

/// From now on all of the piece has to come from one source, whose guilt or innocence that shows.
void Fetcher::Impl::go_solo(PieceRun& piece) {
    for (const auto& [holder, why] : std::exchange(piece.suspects, {})) {
        const bool elsewhere =
            std::ranges::any_of(pieces, [&, who = holder](const PieceRun& one) { return one.suspects.contains(who); });
        if (!elsewhere) holders[holder].suspected = false;
    }
    piece.solo = true;
    next_solo(piece);
}

void Fetcher::Impl::next_solo(PieceRun& piece) {
    if (piece.sole) piece.had_solo.insert(*piece.sole);
    for (const auto& [chunk, kept] : piece.kept)
        if (kept.giver != from_file && chunk < piece.cursor) piece.doubted.emplace_back(chunk, kept);
    // Whose bytes were neither read nor checked in this run have no node and no giver.
    std::erase_if(piece.kept, [&](const auto& one) { return one.second.giver == from_file; });

    std::map<std::size_t, std::uint64_t> gave;
    for (const auto& [chunk, kept] : piece.kept) ++gave[kept.giver];
    piece.sole.reset();
    for (std::size_t i = 0; i < holders.size(); ++i) {
        if (!holders.serves(i, piece.index) || piece.had_solo.contains(i)) continue;
        if (!piece.sole || gave[i] > gave[*piece.sole]) piece.sole = i;
    }
    if (!piece.sole) return fail(no_source(piece));
    note(place_of(piece) + " is made of the bytes of " + plan.sources[*piece.sole].name + " alone now");
    rewind(piece);
}

Error Fetcher::Impl::no_source(const PieceRun& piece) const {
    std::string list;
    bool lied = piece.solo;
    for (const std::size_t i : plan.pieces[piece.index].sources) {
        const Holder& holder = holders[i];
        lied = lied || holder.lied || holder.suspected;
        list += (list.empty() ? "" : "; ") + plan.sources[i].name + ": " +
                (holder.lacks.contains(piece.index) && !holder.out ? std::string("does not have it")
                 : holder.why.empty()                              ? std::string("did not give it whole")
                                                                   : holder.why);
    }
    return {
        lied ? ErrorCode::mismatch : ErrorCode::not_found,
        place_of(piece) + " (" + cid_text(plan.pieces[piece.index]) + ") cannot be had from any source (" + list + ")",
        "name another server that has it with --from URL, or run it again later: what is here already is not "
        "fetched again"};
}

}    // namespace filfil::retrieval
