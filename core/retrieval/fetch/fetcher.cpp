// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "retrieval/fetch/fetcher.hpp"

#include "retrieval/fetch/chunk_commitment.hpp"
#include "retrieval/fetch/fetcher_impl.hpp"

#include <algorithm>
#include <bit>

namespace filfil::retrieval {
namespace {

constexpr Clock::Duration look_every = std::chrono::seconds(2);

/// What came is written down at least so often.
constexpr Clock::Duration save_after = std::chrono::seconds(10);

}    // namespace

Fetcher::Impl::Impl(World& world_, commp::Backend& backend_, FetchTarget& target_, FetchPlan plan_,
                    FetchOptions options_)
    : world(world_),
      backend(backend_),
      target(target_),
      plan(std::move(plan_)),
      options(std::move(options_)),
      chunk_bytes(std::uint64_t{options.chunk_quads} * commp::quad_payload),
      holders(world.clock, plan,
              {.a_source = std::max(1U, options.a_source),
               .failures = std::max(1U, options.failures),
               .slices_below = options.slices_below}) {
    for (std::size_t i = 0; i < plan.pieces.size(); ++i) {
        PieceRun piece;
        piece.index = i;
        piece.chunks = (plan.pieces[i].payload_size + chunk_bytes - 1) / chunk_bytes;
        pieces.push_back(std::move(piece));
    }
    // With one piece there is no other's header that could be the right one.
    cautious = pieces.size() == 1;
}

Result<std::unique_ptr<Fetcher>> Fetcher::make(World& world, commp::Backend& backend, FetchTarget& target,
                                               FetchPlan plan, FetchOptions options) {
    FILFIL_CHECK(plan.check());
    if (!std::has_single_bit(options.chunk_quads))
        return Error(ErrorCode::invalid_argument,
                     "a chunk of " + std::to_string(options.chunk_quads) + " quads is no node of a piece's tree",
                     "use a power of two");
    return std::unique_ptr<Fetcher>(
        new Fetcher(std::make_shared<Impl>(world, backend, target, std::move(plan), std::move(options))));
}

Fetcher::Fetcher(std::shared_ptr<Impl> impl) : m_impl(std::move(impl)) {}
Fetcher::~Fetcher() = default;

void Fetcher::start(Done done) {
    m_impl->done = std::move(done);
    m_impl->saved_at = m_impl->world.clock.steady();
    m_impl->running = true;
    m_impl->begin();
}

void Fetcher::stop() { m_impl->fail({ErrorCode::cancelled, "stopped before all had come", "run it again to go on"}); }

FetchReport Fetcher::report() const { return m_impl->report(); }

// ---- beginning and end

void Fetcher::Impl::begin() {
    if (options.state_path.empty() || !target.keeps()) {
        wake_after(look_every);
        // The handler is not called inside of start().
        run_job([] { return 0; }, [](Impl&, int) {});
        return;
    }
    run_job(
        [files = &world.files, path = options.state_path]() -> std::string {
            const auto file = files->open(path);
            if (!file.ok()) return {};
            const auto bytes = read_all(**file, max_state_bytes);
            return bytes.ok() ? std::string(chars_of(*bytes)) : std::string();
        },
        [](Impl& self, const std::string& text) {
            if (!text.empty()) self.load_state(text);
            self.wake_after(look_every);
        });
}

void Fetcher::Impl::load_state(const std::string& text) {
    const auto state = read_state(text);
    if (!state.ok())
        return note(options.state_path + " cannot be used (" + state.error().message + "), so all is fetched anew");
    if (state->plan != plan.id() || state->chunk_bytes != chunk_bytes || state->chunks.size() != pieces.size())
        return note(options.state_path + " is of another fetch, so all is fetched anew");
    if (state->header.empty()) return;
    header = std::make_shared<const Bytes>(state->header);
    target.set_header(*header);
    for (PieceRun& piece : pieces) {
        piece.resumed_chunks = std::min(state->chunks[piece.index], piece.chunks);
        for (std::uint64_t chunk = 0; chunk < piece.resumed_chunks; ++chunk) piece.kept[chunk] = {};
    }
}

void Fetcher::Impl::fail(Error error) {
    if (!running || failure) return;
    failure = std::move(error);
    pump();
}

void Fetcher::Impl::end_if_quiet() {
    if (jobs > 0 || ending) return;
    ending = true;
    if (!failure) return finish();
    save_state(true);
}

void Fetcher::Impl::finish() {
    run_job(
        [target = &target, files = &world.files, path = options.state_path]() -> Result<void> {
            FILFIL_CHECK(target->finish());
            if (!path.empty() && files->info(path).ok()) FILFIL_CHECK(files->remove(path));
            return {};
        },
        [](Impl& self, Result<void> finished) {
            self.running = false;
            const Done told = std::exchange(self.done, nullptr);
            if (!finished.ok()) return told(std::move(finished).error());
            told(self.report());
        });
}

void Fetcher::Impl::save_state(bool last) {
    if (saving && !last) return;
    saving = true;
    unsaved = 0;
    saved_at = world.clock.steady();
    FetchState state;
    state.plan = plan.id();
    state.chunk_bytes = chunk_bytes;
    if (header) state.header = *header;
    bool any = false;
    for (const PieceRun& piece : pieces) {
        // What a run before has left and was not reached yet is as good as it was.
        std::uint64_t chunks = piece.cursor;
        while (piece.kept.contains(chunks)) ++chunks;
        state.chunks.push_back(chunks);
        any = any || chunks > 0;
    }
    const bool writes = any && target.keeps() && !options.state_path.empty();
    run_job(
        [files = &world.files, path = options.state_path, text = write_state(state), writes]() -> Result<void> {
            if (!writes) return {};
            FILFIL_TRY(auto file, files->create(path));
            FILFIL_CHECK(file->write(bytes_of(text)));
            return file->commit();
        },
        [last](Impl& self, const Result<void>& saved) {
            self.saving = false;
            if (!saved.ok() && !self.failure) self.fail(saved.error());
            if (!last) return;
            self.running = false;
            const Done told = std::exchange(self.done, nullptr);
            told(*self.failure);
        });
}

FetchReport Fetcher::Impl::report() const {
    FetchReport out;
    out.bytes_on_wire = wire_bytes;
    for (const PieceRun& piece : pieces) {
        FetchedPiece one;
        one.bytes = plan.pieces[piece.index].payload_size;
        one.commp_ok = piece.proven;
        one.resumed = piece.resumed;
        std::map<std::size_t, std::uint64_t> from;
        for (const auto& [chunk, kept] : piece.kept)
            if (chunk < piece.cursor && kept.giver != from_file) from[kept.giver] += length_of(piece, chunk);
        for (const auto& [source, bytes] : from) one.from.push_back({source, bytes});
        out.pieces.push_back(std::move(one));
    }
    for (std::size_t i = 0; i < holders.size(); ++i) {
        const Holder& holder = holders[i];
        if (holder.out || holder.suspected) out.bad_sources.push_back({i, holder.why, holder.lied});
    }
    return out;
}

// ---- what is done next

bool Fetcher::Impl::active(const PieceRun& piece) const {
    if (piece.proven || piece.cursor == piece.chunks) return false;
    if (!cautious || header_proven) return true;
    const auto first = std::ranges::find_if(pieces, [](const PieceRun& one) { return !one.proven; });
    return first->index == piece.index;
}

std::uint64_t Fetcher::Impl::length_of(const PieceRun& piece, std::uint64_t chunk) const {
    return std::min(chunk_bytes, plan.pieces[piece.index].payload_size - chunk * chunk_bytes);
}

/// How far ahead of its cursor a piece may go.
std::uint64_t Fetcher::Impl::window() const {
    const auto working =
        std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::ranges::count_if(
                                       pieces, [this](const PieceRun& piece) { return active(piece); })));
    return std::max<std::uint64_t>(2, options.memory / chunk_bytes / working);
}

void Fetcher::Impl::pump() {
    if (!running || ending) return;
    if (failure) return end_if_quiet();
    if (must_start_over) {
        if (jobs == 0)
            start_over();
        else
            return;
    }
    for (PieceRun& piece : pieces)
        if (piece.solo && !piece.busy && active(piece) && !(piece.sole && holders.serves(*piece.sole, piece.index))) {
            next_solo(piece);
            if (failure) return end_if_quiet();
        }
    for (PieceRun& piece : pieces) advance(piece);
    while (start_next()) {
    }
    const bool late = unsaved > 0 && world.clock.steady() - saved_at >= save_after;
    if (unsaved >= options.state_every || late) save_state(false);
    if (std::ranges::all_of(pieces, [](const PieceRun& piece) { return piece.proven; })) return end_if_quiet();

    for (PieceRun& piece : pieces) {
        const std::uint64_t chunk = piece.cursor;
        if (!active(piece) || piece.busy || piece.ready.contains(chunk) || piece.flights.contains(chunk)) continue;
        if (reads_from_target(piece, chunk) || has_candidate(piece, chunk)) continue;
        // Nobody is left who may be asked for what comes next.
        if (piece.solo) {
            next_solo(piece);
        } else if (piece.tried.contains(chunk)) {
            go_solo(piece);
        } else {
            fail(no_source(piece));
        }
        if (failure) return end_if_quiet();
        run_job([] { return 0; }, [](Impl&, int) {});
        return;
    }
    if (const auto rest = holders.next_end_of_rest()) wake_after(*rest + std::chrono::milliseconds(1));
}

/// Starts what is nearest to its piece's cursor. @return whether there was something
bool Fetcher::Impl::start_next() {
    const std::uint64_t most = std::max<std::uint64_t>(pieces.size() + 1, options.memory / chunk_bytes);
    struct Choice {
        PieceRun* piece = nullptr;
        std::uint64_t chunk = 0;
        std::optional<std::size_t> holder;
    };
    std::optional<Choice> best;
    const std::uint64_t ahead = window();
    for (PieceRun& piece : pieces) {
        if (!active(piece)) continue;
        for (std::uint64_t chunk = piece.cursor; chunk < std::min(piece.chunks, piece.cursor + ahead); ++chunk) {
            const std::uint64_t distance = chunk - piece.cursor;
            if (best && distance >= best->chunk - best->piece->cursor) break;
            // What all wait for is never kept from coming by what came too early.
            if (alive_chunks >= most && distance > 0) break;
            if ((piece.busy && distance == 0) || piece.ready.contains(chunk) || piece.flights.contains(chunk)) continue;
            if (reads_from_target(piece, chunk)) {
                best = Choice{&piece, chunk, std::nullopt};
                break;
            }
            const auto holder =
                holders.choose(piece.index, [&](std::size_t one) { return may_give(piece, chunk, one); });
            if (!holder) continue;
            best = Choice{&piece, chunk, holder};
            break;
        }
    }
    if (!best) return false;
    if (best->holder)
        ask(*best->piece, best->chunk, *best->holder);
    else
        read_back(*best->piece, best->chunk);
    return true;
}

void Fetcher::Impl::wake_after(Clock::Duration time) {
    world.loop.post_after(time, [self = weak_from_this(), number = ++wakes] {
        const auto here = self.lock();
        if (here == nullptr || number != here->wakes || !here->running) return;
        here->hedge();
        here->wake_after(look_every);
        here->pump();
    });
}

}    // namespace filfil::retrieval
