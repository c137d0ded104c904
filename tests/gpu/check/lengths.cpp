// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "base/random.hpp"
#include "base/units.hpp"
#include "check/payload.hpp"
#include "gpu/work.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <thread>

namespace filfil::check {
namespace {

/// Lengths around multiples of what is cut: quads, the quads of a tile's node, tiles, submissions.
std::vector<std::size_t> lengths_at_seams(const Context& context, std::size_t submission_quads, std::size_t most) {
    std::vector<std::size_t> out;
    constexpr std::size_t quads_of_node = gpu::tile_quads / gpu::tile_nodes;
    for (const std::size_t quads : {std::size_t{1}, quads_of_node, std::size_t{gpu::tile_quads}, submission_quads})
        for (std::size_t times = 1; times <= context.pick<std::size_t>(1, 3, 3); ++times)
            for (const std::ptrdiff_t off : {-127, -1, 0, 1, 127}) {
                const auto length = static_cast<std::ptrdiff_t>(times * quads * commp::quad_payload) + off;
                if (length > 0 && static_cast<std::size_t>(length) <= most)
                    out.push_back(static_cast<std::size_t>(length));
            }
    return out;
}

/// Holds one backend against the CPU over lengths at seams and drawn ones. @return bytes hashed
Result<std::uint64_t> check_lengths(const Context& context, commp::Backend& card, std::size_t drawn,
                                    std::uint64_t seed) {
    const std::size_t submission = card.limits().staging_quads * commp::quad_payload;
    const Bytes bytes = random_bytes(3 * submission + 200, seed);
    std::vector<std::size_t> lengths = lengths_at_seams(context, card.limits().staging_quads, bytes.size());
    SeededRandom random(seed);
    for (std::size_t i = 0; i < drawn; ++i) {
        // As many short ones as long ones.
        const std::uint64_t most = std::max<std::uint64_t>(2, bytes.size() >> random.below(12));
        lengths.push_back(1 + static_cast<std::size_t>(random.below(most - 1)));
    }
    std::uint64_t sum = 0;
    for (const std::size_t length : lengths) {
        const std::size_t offset = static_cast<std::size_t>(random.below(bytes.size() - length + 1));
        FILFIL_CHECK(
            same_as_on_cpu(context, card, ByteView(bytes).subspan(offset, length),
                           card.name() + ", seed " + std::to_string(seed) + ", at byte " + std::to_string(offset)));
        sum += length;
    }
    return sum;
}

}    // namespace

Outcome lengths(const Context& context) {
    std::uint64_t sum = 0;
    for (const gpu::TileVariant variant : gpu::all_tile_variants) {
        FILFIL_TRY(const auto backend, open_backend(context, variant, std::size_t{1} << context.pick(9, 12, 12), 3));
        FILFIL_TRY(const std::uint64_t bytes,
                   check_lengths(context, *backend, context.pick<std::size_t>(4, 20, 60), context.seed));
        sum += bytes;
    }
    FILFIL_TRY(const auto backend, open_backend(context));
    FILFIL_TRY(const std::uint64_t bytes,
               check_lengths(context, *backend, context.pick<std::size_t>(4, 20, 200), context.seed + 1));
    return format_size(sum + bytes) + " in pieces of all lengths up to three submissions, seed " +
           std::to_string(context.seed);
}

Outcome two_backends_at_once(const Context& context) {
    std::array<std::optional<Error>, 2> failures;
    std::array<std::uint64_t, 2> sums{};
    {
        std::array<std::jthread, 2> threads;
        for (std::size_t i = 0; i < threads.size(); ++i)
            threads[i] = std::jthread([&, i] {
                const auto run = [&]() -> Result<std::uint64_t> {
                    FILFIL_TRY(const auto backend, open_backend(context));
                    return check_lengths(context, *backend, context.pick<std::size_t>(2, 10, 60),
                                         context.seed + 10 + i);
                };
                if (auto sum = run(); sum.ok())
                    sums[i] = *sum;
                else
                    failures[i] = std::move(sum).error();
            });
    }
    for (const auto& failure : failures)
        if (failure) return *failure;
    return "two on one card, " + format_size(sums[0] + sums[1]) + " together";
}

Outcome every_submission_checked(const Context& context) {
    FILFIL_TRY(const auto backend, open_backend(context, 1));
    FILFIL_TRY(const std::uint64_t sum,
               check_lengths(context, *backend, context.pick<std::size_t>(2, 10, 60), context.seed + 20));
    if (backend->revocations() != 0) return wrong("the CPU found nodes of the card wrong");
    return "every submission hashed on the CPU, too: " + format_size(sum);
}

}    // namespace filfil::check
