// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gpu/card.hpp"

#include "base/units.hpp"
#include "commp/kernel.hpp"
#include "gpu/lane.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <optional>

namespace filfil::gpu {
namespace {

/// Submissions that are tried: 4, 8, 16 and 32 MiB of payload.
constexpr std::array<std::size_t, 4> tried_quads{1U << 15, 1U << 16, 1U << 17, 1U << 18};
constexpr unsigned least_lanes = 2;
constexpr unsigned most_lanes = 6;
constexpr unsigned runs = 3;

/// What is measured alone is repeated up to so many quads, some milliseconds on a fast card: waiting for the card takes
/// up to a tenth of one, and a few submissions' tiles do not fill it.
constexpr std::size_t copied_quads = std::size_t{1} << 20;
constexpr std::size_t tiled_quads = std::size_t{1} << 22;

/// What the driver and other lanes' small buffers need besides.
constexpr std::uint64_t spare_memory = 64 * MiB;

LaneShape shape_of(std::size_t quads) noexcept {
    return {quads, commp::quad_level + static_cast<unsigned>(std::bit_width(quads) - 1)};
}

/// Pinned memory for a trial, given back at its end.
class TrialMemory {
public:
    static Result<std::unique_ptr<TrialMemory>> make(Runtime& runtime, unsigned card, std::size_t bytes) {
        FILFIL_TRY(void* const memory, runtime.allocate_pinned(card, bytes));
        return std::unique_ptr<TrialMemory>(new TrialMemory(runtime, static_cast<std::byte*>(memory)));
    }
    ~TrialMemory() { m_runtime.free_pinned(m_memory); }
    TrialMemory(const TrialMemory&) = delete;
    TrialMemory& operator=(const TrialMemory&) = delete;
    [[nodiscard]] std::byte* data() const noexcept { return m_memory; }

private:
    TrialMemory(Runtime& runtime, std::byte* memory) : m_runtime(runtime), m_memory(memory) {}
    Runtime& m_runtime;
    std::byte* m_memory;
};

/// The least time of a few runs, after one that is not counted.
template <class Body>
Result<double> least_seconds(const Clock& clock, const Body& body) {
    FILFIL_CHECK(body());
    double least = 0;
    for (unsigned run = 0; run < runs; ++run) {
        const Clock::Duration from = clock.steady();
        FILFIL_CHECK(body());
        const double seconds = std::max(seconds_between(from, clock.steady()), 1e-9);
        least = run == 0 ? seconds : std::min(least, seconds);
    }
    return least;
}

class Trial {
public:
    Trial(Runtime& runtime, const CardFacts& facts, const Clock& clock)
        : m_runtime(runtime), m_facts(facts), m_clock(clock) {}

    Result<CardTrial> run() {
        if (m_facts.major * 10 + m_facts.minor < 75)
            return Error(ErrorCode::unsupported,
                         card_name(m_facts.number) + ": compute capability " + std::to_string(m_facts.major) + "." +
                             std::to_string(m_facts.minor) + ", and this fil-fil was built for 7.5 and newer",
                         "use a card of the Turing generation or newer, or --device cpu");
        FILFIL_TRY(const std::size_t quads, most_quads());
        FILFIL_TRY(const auto memory,
                   TrialMemory::make(m_runtime, m_facts.number, quads * commp::quad_payload + payload_slack));
        FILFIL_TRY(const auto lane, Lane::open(m_runtime, m_facts.number, shape_of(quads)));
        FILFIL_CHECK(check(*lane, memory->data()));
        // What the self-test left there is enough: no run of the payload may be all zeros, nor all alike.
        for (std::size_t i = 0; i < quads * commp::quad_payload; ++i)
            memory->data()[i] = static_cast<std::byte>(i * 167 >> 3);
        FILFIL_CHECK(choose_variant(*lane, memory->data(), quads));
        FILFIL_CHECK(choose_shape(*lane, memory->data(), quads));
        return m_trial;
    }

private:
    /// The largest submission to be tried: what the card's free memory allows for.
    Result<std::size_t> most_quads() {
        FILFIL_TRY(const std::uint64_t free, m_runtime.free_memory(m_facts.number));
        std::size_t quads = 0;
        for (const std::size_t tried : tried_quads)
            if (least_lanes * shape_of(tried).card_bytes() + spare_memory <= free) quads = tried;
        if (quads != 0) return quads;
        const std::uint64_t needed = least_lanes * shape_of(tried_quads[0]).card_bytes() + spare_memory;
        return Error(ErrorCode::too_large,
                     card_name(m_facts.number) + ": has " + format_size(free) + " of memory free, and " +
                         format_size(needed) + " are needed",
                     "end what else uses the card (`nvidia-smi` lists it), or choose another device");
    }

    Result<void> check(Lane& lane, std::byte* memory) const {
        for (const TileVariant variant : all_tile_variants) {
            lane.use(variant);
            std::optional<Error> failure;
            std::vector<std::vector<commp::Node>> of_jobs;
            const bool right = commp::self_test(
                [&](const std::byte* payload, std::size_t quads, unsigned level, std::vector<commp::Node>& nodes) {
                    const commp::Job job{static_cast<std::size_t>(payload - memory), quads, level};
                    if (auto hashed = lane.hash(memory, {&job, 1}, of_jobs); !hashed.ok()) {
                        failure = std::move(hashed).error();
                        return false;
                    }
                    nodes = std::move(of_jobs[0]);
                    return true;
                },
                memory);
            if (failure) return *failure;
            if (!right)
                return Error(ErrorCode::mismatch,
                             card_name(m_facts.number) +
                                 ": failed its self-test, its results would be wrong (kernel '" +
                                 std::string(name_of(variant)) + "')",
                             "it is not used; look at `nvidia-smi -q` for memory errors, and report the card's model");
        }
        return {};
    }

    Result<void> choose_variant(Lane& lane, const std::byte* memory, std::size_t quads) {
        FILFIL_CHECK(lane.copy_alone(memory, quads, 1));
        const auto times = static_cast<unsigned>(tiled_quads / quads);
        double best = 0;
        for (const TileVariant variant : all_tile_variants) {
            FILFIL_TRY(const double seconds,
                       least_seconds(m_clock, [&] { return lane.tiles_alone(quads, variant, times); }));
            if (best != 0 && seconds >= best) continue;
            best = seconds;
            m_trial.variant = variant;
        }
        lane.use(m_trial.variant);
        // A quad has two leaf pairs and one node over them, and each 8 quads have 7 nodes more up to a tile's level.
        m_trial.nodes_per_s = static_cast<double>(quads * times) * (3.0 + 7.0 / 8.0) / best;
        return {};
    }

    Result<void> choose_shape(Lane& lane, const std::byte* memory, std::size_t most) {
        struct Tried {
            std::size_t quads;
            double copy;
            double whole;
            double start;    ///< seconds of the host
        };
        std::vector<Tried> tried;
        double best_rate = 0;
        for (const std::size_t quads : tried_quads) {
            if (quads > most) break;
            const auto times = static_cast<unsigned>(copied_quads / quads);
            FILFIL_TRY(const double copies,
                       least_seconds(m_clock, [&] { return lane.copy_alone(memory, quads, times); }));
            const double copy = copies / times;
            const commp::Job job{0, quads, shape_of(quads).max_level};
            std::vector<std::vector<commp::Node>> nodes;
            FILFIL_TRY(const double whole, least_seconds(m_clock, [&] { return lane.hash(memory, {&job, 1}, nodes); }));
            FILFIL_TRY(const double start, least_start(lane, memory, job));
            tried.push_back({quads, copy, whole, start});
            best_rate = std::max(best_rate, static_cast<double>(quads) / copy);
        }
        // Small submissions share a card among small files better, and their buffers stay in the host's caches until
        // the card has fetched them, where large ones go to memory and back (docs/benchmarks/tuning.md); large ones
        // copy faster: the least that loses little. Starting them is work of the host, under a lock that lanes share,
        // and must not take longer than the copy.
        constexpr double full = 0.95;
        constexpr double starts_in_a_copy = 1;
        auto chosen = std::ranges::find_if(tried, [&](const Tried& t) {
            return static_cast<double>(t.quads) / t.copy >= full * best_rate && t.copy >= starts_in_a_copy * t.start;
        });
        if (chosen == tried.end()) --chosen;
        const auto payload = static_cast<double>(chosen->quads * commp::quad_payload);
        m_trial.quads = chosen->quads;
        m_trial.copy_bytes_per_s = payload / chosen->copy;
        // Copies follow one another; hashing has to be done with a submission in the time of a copy, or bounds it
        // itself.
        const double hashing_bytes_per_s = m_trial.nodes_per_s / 4 * static_cast<double>(commp::quad_payload);
        m_trial.payload_bytes_per_s = std::min(m_trial.copy_bytes_per_s, hashing_bytes_per_s);
        const double in_flight = chosen->whole * m_trial.payload_bytes_per_s / payload;
        // One more than are on their way, so that the next is queued before one ends.
        m_trial.lanes = std::clamp(static_cast<unsigned>(std::ceil(in_flight)) + 1, least_lanes, most_lanes);
        return {};
    }

    /// Seconds that the host takes to start a submission.
    Result<double> least_start(Lane& lane, const std::byte* memory, const commp::Job& job) {
        double least = 0;
        for (unsigned run = 0; run < runs; ++run) {
            const Clock::Duration from = m_clock.steady();
            FILFIL_CHECK(lane.start_alone(memory, job));
            const double seconds = seconds_between(from, m_clock.steady());
            FILFIL_CHECK(lane.end_alone());
            least = run == 0 ? seconds : std::min(least, seconds);
        }
        return least;
    }

    Runtime& m_runtime;
    const CardFacts& m_facts;
    const Clock& m_clock;
    CardTrial m_trial;
};

}    // namespace

std::string description_of(const CardFacts& facts) {
    return facts.model + ", " + format_size(facts.memory) + ", " + std::to_string(facts.multiprocessors) +
           " multiprocessors, compute capability " + std::to_string(facts.major) + "." + std::to_string(facts.minor) +
           ", driver for CUDA " + facts.driver;
}

Result<CardTrial> try_card(Runtime& runtime, const CardFacts& facts, const Clock& clock) {
    return Trial(runtime, facts, clock).run();
}

}    // namespace filfil::gpu
