// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "retrieval/fetch/chunk_commitment.hpp"
#include "retrieval/fetch/fetcher_impl.hpp"

#include <algorithm>

namespace filfil::retrieval {
namespace {

struct Scanned {
    SectionScanner next;
    std::optional<SectionScanner::Fault> fault;
};

}    // namespace

/// Checks the chunk at the cursor, where it is there.
void Fetcher::Impl::advance(PieceRun& piece) {
    if (piece.busy || failure || must_start_over || !active(piece)) return;
    const auto found = piece.ready.find(piece.cursor);
    if (found == piece.ready.end()) return;
    const std::uint64_t chunk = piece.cursor;
    ReadyChunk ready = std::move(found->second);
    piece.ready.erase(found);
    piece.busy = true;
    run_job(
        [scanner = piece.scanner, bytes = ready.bytes, last = chunk + 1 == piece.chunks]() mutable {
            Scanned out{std::move(scanner), {}};
            out.fault = out.next.feed(bytes_of(*bytes), last);
            return out;
        },
        [index = piece.index, chunk, ready](Impl& self, Scanned scanned) {
            PieceRun& here = self.pieces[index];
            self.checked(here, chunk, ready, std::move(scanned.next), scanned.fault);
        });
}

void Fetcher::Impl::checked(PieceRun& piece, std::uint64_t chunk, const ReadyChunk& ready, SectionScanner next,
                            const std::optional<SectionScanner::Fault>& fault) {
    const auto drop = [&] {
        piece.busy = false;
        --alive_chunks;
    };
    if (failure || must_start_over) return drop();
    if (fault) {
        drop();
        in_doubt(piece, chunk, ready, fault->begin, fault->why);
        return;
    }
    if (chunk == 0 && !agree_on_header(piece, next)) {
        drop();
        if (must_start_over) return;
        in_doubt(piece, chunk, ready, 0, "its CAR header is not that of the other pieces");
        return;
    }
    if (ready.written) return take_up(piece, chunk, ready, std::move(next));
    run_job([target = &target, index = piece.index, offset = chunk * chunk_bytes,
             bytes = ready.bytes] { return target->write(index, offset, bytes_of(*bytes)); },
            [index = piece.index, chunk, ready, next = std::move(next)](Impl& self, Result<void> written) mutable {
                PieceRun& here = self.pieces[index];
                if (written.ok()) return self.take_up(here, chunk, ready, std::move(next));
                here.busy = false;
                --self.alive_chunks;
                self.fail(std::move(written).error());
            });
}

void Fetcher::Impl::take_up(PieceRun& piece, std::uint64_t chunk, const ReadyChunk& ready, SectionScanner next) {
    piece.busy = false;
    --alive_chunks;
    if (must_start_over) return;
    piece.kept[chunk] = {ready.node, ready.giver};
    piece.marks.emplace_back(chunk, std::move(piece.scanner));
    piece.scanner = std::move(next);
    while (!piece.marks.empty() && piece.marks.front().first < piece.scanner.checked() / chunk_bytes)
        piece.marks.pop_front();
    piece.cursor = chunk + 1;
    const std::uint64_t reached = chunk * chunk_bytes + length_of(piece, chunk);
    if (reached > piece.high_water) {
        if (ready.giver == from_file) piece.resumed += reached - piece.high_water;
        if (options.progress != nullptr) options.progress->advance(reached - piece.high_water);
        piece.high_water = reached;
    }
    if (!ready.written) unsaved += ready.bytes->size();
    // The last of the chunks is right when the section has ended in which it ends.
    if (piece.dispute &&
        piece.scanner.checked() >= piece.dispute->last * chunk_bytes + length_of(piece, piece.dispute->last))
        settle_dispute(piece);
    if (piece.cursor == piece.chunks) conclude(piece);
}

/// All of it is there: is it the piece?
void Fetcher::Impl::conclude(PieceRun& piece) {
    const WantedPiece& wanted = plan.pieces[piece.index];
    std::vector<commp::Node> nodes;
    nodes.reserve(piece.kept.size());
    for (const auto& [chunk, kept] : piece.kept) nodes.push_back(kept.node);
    const auto root = root_of_chunks(nodes, wanted.payload_size, options.chunk_quads, wanted.padded_size);
    if (!root.ok()) return fail(root.error());
    if (*root != wanted.root) return disproven(piece);
    piece.proven = true;
    header_proven = true;
    for (const auto& [holder, why] : piece.suspects) convict(holder, why);
    piece.suspects.clear();
    std::set<std::size_t> liars;
    for (const auto& [chunk, before] : piece.doubted)
        if (before.giver != from_file && before.node != piece.kept.at(chunk).node) liars.insert(before.giver);
    for (const std::size_t liar : liars)
        convict(liar, "its bytes of piece " + std::to_string(piece.index + 1) +
                          " are not those that the piece's commitment stands for");
    piece.doubted.clear();
    piece.marks.clear();
    piece.scanner = {};
}

}    // namespace filfil::retrieval
