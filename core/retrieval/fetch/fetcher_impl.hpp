// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "commp/node.hpp"
#include "retrieval/fetch/fetch_state.hpp"
#include "retrieval/fetch/fetcher.hpp"
#include "retrieval/fetch/holder_pool.hpp"
#include "retrieval/fetch/range_answer.hpp"
#include "retrieval/fetch/section_scanner.hpp"

#include <deque>
#include <map>
#include <optional>
#include <set>

// The insides of Fetcher, for its own sources. All of it is touched on the loop alone.

namespace filfil::retrieval {

/// Who gave bytes: a place among the holders, or the file of a run before.
using Giver = std::size_t;
inline constexpr Giver from_file = static_cast<Giver>(-1);

/// A chunk that came and waits for those before it.
struct ReadyChunk {
    std::shared_ptr<const std::string> bytes;
    Giver giver = from_file;
    commp::Node node{};
    bool written = false;    ///< it was read from the target
};

/// A chunk that was taken up into the piece.
struct KeptChunk {
    commp::Node node{};
    Giver giver = from_file;
};

/// A chunk on its way.
struct Flight {
    Giver from = from_file;
    Clock::Duration since{};
};

/// Chunks that could not be right together, and are fetched again from others.
struct Dispute {
    struct Attempt {
        std::uint64_t first = 0;
        std::vector<KeptChunk> chunks{};    ///< from `first` on
    };
    std::uint64_t last = 0;    ///< it is settled when all sections have ended that stand in this one
    std::vector<Attempt> attempts{};
    std::string why{};
};

struct PieceRun {
    std::size_t index = 0;
    std::uint64_t chunks = 0;
    std::uint64_t cursor = 0;        ///< the next chunk that is taken up
    std::uint64_t high_water = 0;    ///< bytes that progress was told of
    bool busy = false;               ///< a chunk of it is being checked or written
    std::uint64_t turn = 0;          ///< counts resets: what was asked for before one is dropped
    SectionScanner scanner{};

    /// Where one may go back to: the scanner as it was before a chunk. All from the one in which the section begins
    /// that has not ended.
    std::deque<std::pair<std::uint64_t, SectionScanner>> marks{};
    std::map<std::uint64_t, KeptChunk> kept{};    ///< in the target; from the cursor on only what may be read again
    std::map<std::uint64_t, ReadyChunk> ready{};
    std::map<std::uint64_t, std::vector<Flight>> flights{};
    std::map<std::uint64_t, std::set<Giver>> tried{};    ///< whose chunk is not taken again in this turn
    std::map<std::uint64_t, unsigned> second_tries{};    ///< of a chunk that there is one source for
    std::optional<Dispute> dispute{};
    std::map<std::size_t, std::string> suspects{};

    bool solo = false;                    ///< made of one source's bytes alone
    std::optional<std::size_t> sole{};    ///< that one
    std::set<std::size_t> had_solo{};
    std::vector<std::pair<std::uint64_t, KeptChunk>> doubted{};    ///< what was thrown away, by chunk: who gave what
    std::uint64_t resumed_chunks = 0;                              ///< said to be in the target by a run before
    std::uint64_t resumed = 0;                                     ///< bytes that were
    bool proven = false;
};

struct Fetcher::Impl : std::enable_shared_from_this<Fetcher::Impl> {
    Impl(World& world_, commp::Backend& backend_, FetchTarget& target_, FetchPlan plan_, FetchOptions options_);

    World& world;
    commp::Backend& backend;
    FetchTarget& target;
    const FetchPlan plan;
    const FetchOptions options;
    const std::uint64_t chunk_bytes;
    HolderPool holders;
    std::vector<PieceRun> pieces;

    Done done{};
    bool running = false;
    bool ending = false;    ///< nothing new is begun
    std::optional<Error> failure{};
    std::size_t jobs = 0;            ///< on the workers
    std::size_t alive_chunks = 0;    ///< on their way, or with bytes here
    std::uint64_t wire_bytes = 0;
    std::uint64_t wakes = 0;    ///< numbers timers, so that an older one does nothing

    std::shared_ptr<const Bytes> header{};    ///< of the CAR, as some piece has it
    bool header_proven = false;
    bool cautious = false;    ///< the header is in doubt: one piece after the other until one is right
    bool must_start_over = false;

    std::uint64_t unsaved = 0;    ///< bytes taken up since the state was written
    Clock::Duration saved_at{};
    bool saving = false;

    // fetcher.cpp
    void begin();
    void load_state(const std::string& text);
    void pump();
    bool start_next();
    void wake_after(Clock::Duration time);
    void end_if_quiet();
    void finish();
    void fail(Error error);
    void save_state(bool last);
    template <class Work, class Then>
    void run_job(Work work, Then then);
    [[nodiscard]] FetchReport report() const;
    [[nodiscard]] bool active(const PieceRun& piece) const;
    [[nodiscard]] std::uint64_t length_of(const PieceRun& piece, std::uint64_t chunk) const;
    [[nodiscard]] std::uint64_t window() const;
    void note(const std::string& text) { world.log.write(LogLevel::warning, "fetch", text); }

    // fetcher_ask.cpp
    [[nodiscard]] bool may_give(const PieceRun& piece, std::uint64_t chunk, std::size_t holder) const;
    [[nodiscard]] bool has_candidate(const PieceRun& piece, std::uint64_t chunk) const;
    [[nodiscard]] bool reads_from_target(const PieceRun& piece, std::uint64_t chunk) const;
    void ask(PieceRun& piece, std::uint64_t chunk, std::size_t holder);
    void read_back(PieceRun& piece, std::uint64_t chunk);
    void answered(PieceRun& piece, std::uint64_t turn, std::uint64_t chunk, std::size_t holder, Clock::Duration since,
                  const AskedRange& asked, Result<HttpResponse> answer);
    void came(PieceRun& piece, std::uint64_t turn, std::uint64_t chunk, Giver giver,
              std::shared_ptr<const std::string> bytes, bool packed, bool written);
    void land(PieceRun& piece, std::uint64_t chunk, Giver giver);
    void hedge();

    // fetcher_check.cpp
    void advance(PieceRun& piece);
    void checked(PieceRun& piece, std::uint64_t chunk, const ReadyChunk& ready, SectionScanner next,
                 const std::optional<SectionScanner::Fault>& fault);
    void take_up(PieceRun& piece, std::uint64_t chunk, const ReadyChunk& ready, SectionScanner next);
    void conclude(PieceRun& piece);

    // fetcher_doubt.cpp
    bool agree_on_header(PieceRun& piece, const SectionScanner& next);
    void in_doubt(PieceRun& piece, std::uint64_t chunk, const ReadyChunk& ready, std::uint64_t begin, std::string why);
    void settle_dispute(PieceRun& piece);
    void suspect(PieceRun& piece, std::size_t holder, std::string why);
    void drop_ready(PieceRun& piece, const std::function<bool(std::uint64_t, const ReadyChunk&)>& which);
    void rewind(PieceRun& piece);
    void go_solo(PieceRun& piece);
    void next_solo(PieceRun& piece);
    void start_over();
    void convict(std::size_t holder, std::string why);
    void disproven(PieceRun& piece);
    Error no_source(const PieceRun& piece) const;
    [[nodiscard]] std::string place_of(const PieceRun& piece) const;
};

/// Runs `work` on a worker and then `then` with its result on the loop, as long as the fetch is there.
template <class Work, class Then>
void Fetcher::Impl::run_job(Work work, Then then) {
    ++jobs;
    world.workers.post(
        [self = weak_from_this(), loop = &world.loop, work = std::move(work), then = std::move(then)]() mutable {
            auto result = std::make_shared<decltype(work())>(work());
            loop->post([self, result, then = std::move(then)]() mutable {
                const auto here = self.lock();
                if (here == nullptr) return;
                --here->jobs;
                then(*here, std::move(*result));
                here->pump();
            });
        });
}

}    // namespace filfil::retrieval
