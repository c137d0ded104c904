// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/progress.hpp"
#include "base/units.hpp"
#include "base/world.hpp"
#include "commp/backend.hpp"
#include "retrieval/fetch/fetch_target.hpp"
#include "retrieval/fetch/plan.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace filfil::retrieval {

struct FetchOptions {
    /// A range that is asked for at once, in quads of 127 bytes: a power of two, so that each is a node of the piece's
    /// tree. 65,536 are 7.94 MiB.
    std::size_t chunk_quads = 65536;
    std::uint64_t memory = 384 * MiB;    ///< for chunks that are on their way or wait for the ones before them
    unsigned a_source = 4;               ///< requests to a source at the same time
    Clock::Duration chunk_timeout = std::chrono::seconds(120);

    /// A source that fails so often, one time after the other, is given up. It rests the longer each time.
    unsigned failures = 6;

    /// A chunk that others wait for is asked of a second source after this, or four times what chunks take.
    Clock::Duration patience = std::chrono::seconds(10);

    /// Ask for compressed bytes, where a source offers them, if its plain ones come slower than this. 0: never.
    double slices_below = 64.0 * 1024 * 1024;

    std::string state_path{};                 ///< of the file that a resumed fetch reads; "": none
    std::uint64_t state_every = 256 * MiB;    ///< it is written anew after so many bytes
    Progress* progress = nullptr;             ///< told of bytes that were checked
};

/// What a piece was made of.
struct FetchedPiece {
    std::uint64_t bytes = 0;
    bool commp_ok = false;
    std::uint64_t resumed = 0;    ///< bytes of it that were there already

    struct Part {
        std::size_t source = 0;    ///< place in FetchPlan::sources
        std::uint64_t bytes = 0;
    };
    std::vector<Part> from{};
};

/// A source that was not asked any more.
struct BadSource {
    std::size_t source = 0;
    std::string why;
    bool lied = false;    ///< its bytes were wrong, and this is proven
};

struct FetchReport {
    std::vector<FetchedPiece> pieces{};
    std::vector<BadSource> bad_sources{};
    std::uint64_t bytes_on_wire = 0;    ///< of bodies
};

/// Downloads the pieces of a plan from several sources at once and checks every byte of them.
///
/// Pieces are asked for in chunks, each of which is a node of its piece's commitment tree, from whoever gives best. A
/// chunk goes on once all before it have: the blocks in it are hashed, and it is written. Where a block is wrong, what
/// it stands in is fetched again from others, and who sent the bytes that differ is suspected and not asked. Only the
/// commitment of a whole piece convicts: it is computed from the nodes when all chunks are there. If it is not right,
/// so that somebody sent blocks that are valid and not the piece's, suspicions are dropped and the piece is made of one
/// source's bytes alone, one after the other, until it is right; what a source did that gave all of it is proven then.
/// So no source can keep the right bytes from coming as long as one has them, nor have another one banned for good.
///
/// Lives on the loop. Memory is bounded by the options whatever sources do.
class Fetcher {
public:
    using Done = std::function<void(Result<FetchReport>)>;

    /// All must outlive what is called back; `backend` is used on the workers, so a CPU backend's executor must be
    /// another one.
    /// @return what FetchPlan::check() gives
    static Result<std::unique_ptr<Fetcher>> make(World& world, commp::Backend& backend, FetchTarget& target,
                                                 FetchPlan plan, FetchOptions options = {});
    ~Fetcher();

    /// @param done called once, when nothing of this runs on the workers any more. Error::cancelled after stop(),
    /// mismatch where no source gives the right bytes, not_found or io where none can be had any more, or what the
    /// target gives. What was fetched stays for the next run
    void start(Done done);

    void stop();

    /// As it is now: also after an error, which then says the same in words.
    [[nodiscard]] FetchReport report() const;

    struct Impl;

private:
    explicit Fetcher(std::shared_ptr<Impl> impl);
    std::shared_ptr<Impl> m_impl;
};

}    // namespace filfil::retrieval
