// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/diagnosis.hpp"

#include "base/units.hpp"
#include "car/zstd_source.hpp"
#include "cli/file_views.hpp"
#include "cli/output.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace filfil::cli {
namespace {

constexpr std::uint64_t largest_piece = std::uint64_t{1} << 62;

std::optional<commp::Piece> padded(const commp::Piece& piece, std::uint64_t size) {
    auto larger = commp::pad_to(piece, size);
    return larger.ok() ? std::optional(*larger) : std::nullopt;
}

/// The padded size at which the piece has this root.
std::optional<commp::Piece> find_root(const commp::Piece& natural, const commp::Node& root) {
    for (std::uint64_t size = natural.padded_size; size <= largest_piece; size *= 2)
        if (const auto piece = padded(natural, size); piece && piece->root == root) return piece;
    return std::nullopt;
}

std::string byte_count(std::uint64_t count) { return grouped(count) + (count == 1 ? " byte" : " bytes"); }

class Investigation {
public:
    explicit Investigation(const Evidence& evidence)
        : m_evidence(evidence), m_expected(evidence.expected), m_size(evidence.natural.payload_size) {}

    Result<Diagnosis> run() {
        if (auto proven = from_sizes()) return *std::move(proven);
        if (!m_evidence.file.size() && is_shorter_than_said()) return said_too_short();
        if (!m_evidence.file.size())
            return Diagnosis{
                Difference::different_content,
                "standard input and pipes cannot be read twice, so no more is known; name the file instead"};
        for (const auto step : {&Investigation::inside_zstd, &Investigation::said_length, &Investigation::literal_zeros,
                                &Investigation::as_car}) {
            FILFIL_TRY(std::optional<Diagnosis> finding, (this->*step)());
            if (finding) return *std::move(finding);
        }
        return Diagnosis{Difference::different_content, "the bytes are others than those of the piece" + m_remark};
    }

private:
    using Finding = Result<std::optional<Diagnosis>>;

    static constexpr std::optional<Diagnosis> nothing{};

    static std::optional<Diagnosis> found(Difference difference, std::string text) {
        return Diagnosis{difference, std::move(text)};
    }

    /// What the two roots and sizes prove without reading anything again.
    [[nodiscard]] std::optional<Diagnosis> from_sizes() const {
        if (m_expected.version() == 1) return std::nullopt;
        const std::uint64_t said = *m_expected.info.payload_size;
        const auto same_tree = find_root(m_evidence.natural, m_expected.info.root);
        if (!same_tree) return std::nullopt;
        if (m_size > said)
            return Diagnosis{Difference::zero_padding, "the file is the piece's payload of " + byte_count(said) +
                                                           ", followed by " + byte_count(m_size - said) + " of zeros"};
        if (m_size < said)
            return Diagnosis{Difference::zero_padding,
                             "the file lacks " + byte_count(said - m_size) +
                                 " of zeros at its end, which the CID counts as payload; all else is the same"};
        return Diagnosis{Difference::other_padding, "the payload is the same, but its root belongs to a piece of " +
                                                        format_size(same_tree->padded_size) + ", and the CID says " +
                                                        format_size(*m_expected.info.padded_size)};
    }

    [[nodiscard]] bool is_shorter_than_said() const noexcept {
        return m_expected.version() == 2 && m_size < *m_expected.info.payload_size;
    }

    [[nodiscard]] Diagnosis said_too_short() const {
        const std::uint64_t said = *m_expected.info.payload_size;
        return {Difference::truncated, "the file has " + byte_count(m_size) + " and the piece " + grouped(said) + ": " +
                                           byte_count(said - m_size) + " are missing"};
    }

    /// A version 2 CID says how long the payload is.
    Finding said_length() {
        if (m_expected.version() == 1) return nothing;
        const std::uint64_t said = *m_expected.info.payload_size;
        if (m_size < said) return std::optional(said_too_short());
        if (m_size == said) {
            m_remark.insert(0, ", although there are as many of them");
            return nothing;
        }
        FILFIL_TRY(const bool same, part_matches(0, said, "without what follows byte " + grouped(said)));
        if (same) {
            FILFIL_TRY(const std::uint64_t zeros, trailing_zeros(m_evidence.file));
            const bool only_zeros = zeros >= m_size - said;
            return found(only_zeros ? Difference::zero_padding : Difference::trailing_bytes,
                         "the piece is the file's first " + byte_count(said) + "; " + byte_count(m_size - said) +
                             (only_zeros ? " of zeros follow" : " follow that do not belong to it"));
        }
        m_remark.insert(0, ", and there are " + grouped(m_size - said) + " more than the CID says");
        return nothing;
    }

    /// Some tools write a piece's padding into the file. That changes nothing until it makes the piece larger.
    Finding literal_zeros() {
        FILFIL_TRY(const std::uint64_t zeros, trailing_zeros(m_evidence.file));
        const std::uint64_t rest = m_size - zeros;
        if (ipld::padded_size_of(rest) >= m_evidence.natural.padded_size) return nothing;
        FILFIL_TRY(const bool same, part_matches(0, rest, "without the zeros at its end"));
        if (!same) return nothing;
        return found(Difference::zero_padding,
                     "the file ends with " + byte_count(zeros) + " of zeros; without them it is the piece");
    }

    Finding inside_zstd() {
        std::array<std::byte, 4> head{};
        FILFIL_TRY(const std::size_t n, m_evidence.file.read_at(0, head));
        if (n < head.size() || !car::begins_zstd(head)) return nothing;
        auto source = car::open_source(part_of(m_evidence.file, 0, m_size));
        if (!source.ok()) return nothing;
        const auto inside = m_evidence.hash(*stream_of(std::move(source).value()), "what is inside");
        if (!inside.ok()) {
            if (inside.error().code == ErrorCode::cancelled || inside.error().code == ErrorCode::io)
                return inside.error();
            return found(Difference::compressed,
                         "the file is zstd-compressed, pieces are not, and it cannot be "
                         "decompressed: " +
                             inside.error().message);
        }
        if (find_match(*inside, m_expected))
            return found(Difference::compressed, "the file is zstd-compressed; the piece is that of the " +
                                                     byte_count(inside->payload_size) + " inside, which match");
        m_compressed = true;
        m_remark += "; the file is zstd-compressed, and what is inside is not the piece either";
        return nothing;
    }

    /// What the file's sections tell, if it is a CAR at all.
    Finding as_car() {
        const auto report = m_evidence.check_blocks();
        if (!report.ok()) return no_car(report.error());
        if (report->header.compression == car::Compression::none) {
            FILFIL_TRY(std::optional<Diagnosis> finding, by_structure(*report));
            if (finding) return finding;
        }
        auto wrong = diagnose_blocks(*report);
        if (!wrong) m_remark += "; it is a whole CAR whose blocks are right, but not the one of this piece";
        return wrong;
    }

    Finding no_car(const Error& error) const {
        if (error.code == ErrorCode::io || error.code == ErrorCode::cancelled) return error;
        if (m_compressed) return nothing;
        constexpr std::string_view already_said = "is no CAR: ";
        const std::size_t at = error.message.find(already_said);
        const std::string why =
            at == std::string::npos ? error.message : error.message.substr(at + already_said.size());
        return found(Difference::not_a_car, why + "; the piece of a deal is mostly that of a CAR" + m_remark);
    }

    /// Whether the piece is a part of the file that is a CAR by itself.
    Finding by_structure(const car::VerifyReport& report) const {
        const std::uint64_t start = report.header.payload_offset;
        const std::uint64_t end = start + report.bytes;
        if (report.header.version == 2) {
            FILFIL_TRY(const bool inner, part_matches(start, report.bytes, "the CARv1 inside"));
            if (inner)
                return found(Difference::inner_car, "the file is a CARv2; the piece is that of the CARv1 inside it, " +
                                                        byte_count(report.bytes) + " from byte " + grouped(start));
        } else if (report.fault && end < m_size) {
            FILFIL_TRY(const bool whole, part_matches(0, end, "without what follows its last section"));
            if (whole)
                return found(Difference::trailing_bytes, "the piece is the CAR up to its last whole section; " +
                                                             byte_count(m_size - end) + " follow byte " + grouped(end) +
                                                             " that do not belong to it");
        }
        return nothing;
    }

    Result<bool> part_matches(std::uint64_t offset, std::uint64_t length, const std::string& what) const {
        FILFIL_TRY(const commp::Piece piece, m_evidence.hash(*part_of(m_evidence.file, offset, length), what));
        return find_match(piece, m_expected).has_value();
    }

    const Evidence& m_evidence;
    const PieceCid& m_expected;
    std::uint64_t m_size;
    bool m_compressed = false;
    std::string m_remark;    ///< what was ruled out or noticed on the way
};

}    // namespace

std::string_view name_of(Difference difference) noexcept {
    switch (difference) {
        case Difference::truncated: return "truncated";
        case Difference::trailing_bytes: return "trailing bytes";
        case Difference::zero_padding: return "zero padding";
        case Difference::other_padding: return "other padding";
        case Difference::compressed: return "compressed";
        case Difference::inner_car: return "CARv1 inside";
        case Difference::not_a_car: return "not a CAR";
        case Difference::damaged_car: return "damaged CAR";
        case Difference::bad_blocks: return "bad blocks";
        case Difference::different_content: return "different content";
    }
    return "different content";
}

std::string Diagnosis::sentence() const { return std::string(name_of(difference)) + ": " + text; }

std::optional<commp::Piece> find_match(const commp::Piece& natural, const PieceCid& expected) {
    if (expected.version() == 1) return find_root(natural, expected.info.root);
    if (natural.payload_size != *expected.info.payload_size) return std::nullopt;
    const auto piece = padded(natural, *expected.info.padded_size);
    return piece && piece->root == expected.info.root ? piece : std::nullopt;
}

Result<Diagnosis> diagnose(const Evidence& evidence) { return Investigation(evidence).run(); }

std::optional<Diagnosis> diagnose_blocks(const car::VerifyReport& report) {
    if (report.bad_blocks != 0) {
        std::string text = grouped(report.bad_blocks) + " of " + grouped(report.blocks) +
                           " blocks do not have the bytes that their CIDs say";
        if (!report.bad.empty())
            text += ", the first at byte " + grouped(report.bad[0].offset) + ": " + report.bad[0].cid.text();
        return Diagnosis{Difference::bad_blocks, text};
    }
    if (!report.fault) return std::nullopt;
    const bool cut = report.damage == car::Damage::truncated;
    return Diagnosis{cut ? Difference::truncated : Difference::damaged_car, report.fault->message};
}

}    // namespace filfil::cli
