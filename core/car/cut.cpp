// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "car/cut.hpp"

#include "base/units.hpp"
#include "ipld/piece_cid.hpp"

#include <bit>
#include <optional>
#include <string>

namespace filfil::car {
namespace {

constexpr std::uint64_t least_piece = 128;
constexpr std::uint64_t tries_a_piece = 4;
constexpr std::uint64_t tries_at_least = 4096;

/// Keeps all products below in 64 bits.
constexpr std::uint64_t max_pieces = std::uint64_t{1} << 28;

constexpr std::uint64_t divide_up(std::uint64_t a, std::uint64_t b) noexcept { return a / b + (a % b != 0 ? 1 : 0); }

/// ceil(i · body / n) for i <= n, without overflow as long as n < 2^32.
constexpr std::uint64_t cut_point(std::uint64_t i, std::uint64_t body, std::uint64_t n) noexcept {
    return i * (body / n) + divide_up(i * (body % n), n);
}

class Cutter {
public:
    Cutter(CarShape shape, std::uint64_t piece_size, const BoundaryAt& boundary_at)
        : m_shape(shape), m_piece_size(piece_size), m_boundary_at(boundary_at) {}

    Result<std::vector<BodyRange>> cut() {
        const std::uint64_t payload = ipld::capacity_of(m_piece_size);
        if (m_shape.header_size > payload || (m_shape.header_size == payload && m_shape.body_size > 0))
            return too_small("the CAR's header alone has " + std::to_string(m_shape.header_size) + " bytes");
        m_room = payload - m_shape.header_size;
        if (m_shape.body_size == 0) return std::vector{BodyRange{}};

        const std::uint64_t least =
            m_shape.body_size / payload + divide_up(m_shape.body_size % payload + m_shape.header_size, payload);
        // With n = 2 B / room every cut falls right for sections of up to half of the room.
        const std::uint64_t most = m_shape.body_size / m_room;
        if (least > max_pieces || most > max_pieces)
            return too_small("it would be cut into more than " + std::to_string(max_pieces) + " pieces");
        for (std::uint64_t n = least; n <= tries_a_piece * (most + 1) + tries_at_least; ++n) {
            FILFIL_TRY(auto ranges, try_count(n));
            if (ranges) return *std::move(ranges);
        }
        return too_small("its sections are too large to be cut evenly");
    }

private:
    /// @return nothing if a piece does not fit
    Result<std::optional<std::vector<BodyRange>>> try_count(std::uint64_t n) {
        std::vector<BodyRange> ranges;
        std::uint64_t begin = 0;
        for (std::uint64_t i = 1; i <= n; ++i) {
            FILFIL_TRY(const std::uint64_t end, boundary(cut_point(i, m_shape.body_size, n)));
            if (end == begin) continue;
            if (end - begin > m_room) {
                FILFIL_CHECK(check_last_section(end));
                return std::optional<std::vector<BodyRange>>{};
            }
            ranges.push_back({begin, end});
            begin = end;
        }
        return std::optional(std::move(ranges));
    }

    /// Says so where the section that ends at `end` fits into no piece at all: more tries would be in vain.
    Result<void> check_last_section(std::uint64_t end) {
        FILFIL_TRY(const std::uint64_t next, boundary(end - m_room));
        if (next != end) return {};
        return too_small("the section that ends at byte " + std::to_string(m_shape.header_size + end) +
                         " of the CAR has more than " + std::to_string(m_room) +
                         " bytes, which is what fits beside the header");
    }

    Result<std::uint64_t> boundary(std::uint64_t at) {
        FILFIL_TRY(const std::uint64_t found, m_boundary_at(at));
        if (found < at || found > m_shape.body_size)
            return Error(ErrorCode::internal, "the section boundary behind byte " + std::to_string(at) +
                                                  " of a CAR's body was given as " + std::to_string(found));
        return found;
    }

    [[nodiscard]] Error too_small(const std::string& why) const {
        return {ErrorCode::too_small,
                "a piece of " + format_size(m_piece_size) + " holds " +
                    std::to_string(ipld::capacity_of(m_piece_size)) + " bytes and is too small for this CAR: " + why,
                "choose a larger piece size, up to 64GiB; Filecoin's usual one is 32GiB"};
    }

    CarShape m_shape;
    std::uint64_t m_piece_size;
    const BoundaryAt& m_boundary_at;
    std::uint64_t m_room = 0;    ///< for sections, in one piece
};

}    // namespace

Result<std::vector<BodyRange>> cut_pieces(CarShape shape, std::uint64_t piece_size, const BoundaryAt& boundary_at) {
    if (piece_size < least_piece || !std::has_single_bit(piece_size))
        return Error(ErrorCode::invalid_argument,
                     "piece size " + format_size(piece_size) + " is no power of two of at least 128 bytes",
                     "give a size such as 32GiB, 64GiB or 1MiB");
    return Cutter(shape, piece_size, boundary_at).cut();
}

}    // namespace filfil::car
