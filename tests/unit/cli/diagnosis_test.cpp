// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/diagnosis.hpp"

#include "commp/cpu_backend.hpp"
#include "commp/stream.hpp"

#include <gtest/gtest.h>

namespace filfil::cli {
namespace {

/// A pipe: its bytes are gone once they were read.
class Pipe final : public ReadableFile {
public:
    [[nodiscard]] const std::string& name() const noexcept override { return m_name; }
    [[nodiscard]] std::optional<std::uint64_t> size() const noexcept override { return std::nullopt; }
    [[nodiscard]] Result<std::size_t> read(ByteSpan) override { return fail(); }
    [[nodiscard]] Result<std::size_t> read_at(std::uint64_t, ByteSpan) override { return fail(); }

private:
    static Error fail() {
        ADD_FAILURE() << "a pipe was read again";
        return {ErrorCode::io, "pipe: cannot be read again"};
    }
    std::string m_name = "pipe";
};

class DiagnosisTest : public testing::Test {
protected:
    commp::Piece piece_of(const std::string& payload) {
        commp::PieceStream stream(**m_backend);
        EXPECT_TRUE(stream.write(bytes_of(payload)).ok());
        return *stream.finish();
    }

    static PieceCid v1_of(const commp::Piece& piece) { return *parse_piece_cid(commp::piece_cid_v1(piece).text()); }
    static PieceCid v2_of(const commp::Piece& piece) { return *parse_piece_cid(commp::piece_cid_v2(piece).text()); }

    Result<Diagnosis> diagnose_file(const std::string& bytes, const PieceCid& expected) {
        const commp::Piece natural = piece_of(bytes);
        m_check_blocks = [this, &bytes] { return car::verify(memory_file("file", bytes_of(bytes)), m_executor); };
        EXPECT_FALSE(find_match(natural, expected));
        const auto file = memory_file("file", bytes_of(bytes));
        return diagnose(
            {.expected = expected, .natural = natural, .file = *file, .hash = m_hash, .check_blocks = m_check_blocks});
    }

    SystemClock m_clock;
    InlineExecutor m_executor;
    Result<std::unique_ptr<commp::Backend>> m_backend = commp::make_cpu_backend("portable", m_executor, m_clock);
    int m_hashed = 0;
    std::function<Result<car::VerifyReport>()> m_check_blocks = []() -> Result<car::VerifyReport> {
        return Error(ErrorCode::internal, "the blocks were asked for");
    };
    std::function<Result<commp::Piece>(ReadableFile&, const std::string&)> m_hash =
        [this](ReadableFile& file, const std::string&) -> Result<commp::Piece> {
        ++m_hashed;
        FILFIL_TRY(const Bytes bytes, read_all(file, 1 << 20));
        return piece_of(std::string(chars_of(bytes)));
    };
};

TEST_F(DiagnosisTest, AVersion1CidMatchesFromThePaddedSizeUp) {
    const commp::Piece piece = piece_of(std::string(1000, 'x'));
    EXPECT_EQ(find_match(piece, v1_of(piece)), piece);
    for (std::uint64_t size = piece.padded_size; size <= std::uint64_t{1} << 62; size *= 2) {
        const commp::Piece padded = *commp::pad_to(piece, size);
        EXPECT_EQ(find_match(piece, v1_of(padded)), padded) << size;
    }
    EXPECT_FALSE(find_match(piece, v1_of(piece_of(std::string(1000, 'y')))));
    // A larger piece is not found inside a smaller one.
    EXPECT_FALSE(find_match(*commp::pad_to(piece, piece.padded_size * 2), v1_of(piece)));
}

TEST_F(DiagnosisTest, AVersion2CidMustAgreeInEverything) {
    const commp::Piece piece = piece_of(std::string(1000, 'x'));
    const commp::Piece padded = *commp::pad_to(piece, std::uint64_t{1} << 35);
    EXPECT_EQ(find_match(piece, v2_of(piece)), piece);
    EXPECT_EQ(find_match(piece, v2_of(padded)), padded);
    commp::Piece longer = piece;
    longer.payload_size += 1;
    EXPECT_FALSE(find_match(piece, v2_of(longer)));
    commp::Piece misnamed = piece;
    misnamed.padded_size *= 2;
    EXPECT_FALSE(find_match(piece, v2_of(misnamed)));
}

TEST_F(DiagnosisTest, ProvesByTheSizesAloneWhatItCan) {
    const std::string payload(1000, 'x');
    const commp::Piece piece = piece_of(payload);
    EXPECT_EQ(diagnose_file(payload + std::string(5, '\0'), v2_of(piece))->difference, Difference::zero_padding);
    commp::Piece longer = piece;
    longer.payload_size += 5;
    EXPECT_EQ(diagnose_file(payload, v2_of(longer))->difference, Difference::zero_padding);
    commp::Piece misnamed = piece;
    misnamed.padded_size *= 2;
    EXPECT_EQ(diagnose_file(payload, v2_of(misnamed))->difference, Difference::other_padding);
    EXPECT_EQ(diagnose_file(payload.substr(1), v2_of(piece))->difference, Difference::truncated);
    EXPECT_EQ(m_hashed, 0);
}

TEST_F(DiagnosisTest, ChecksASuspicionByHashing) {
    const std::string payload(1000, 'x');
    const commp::Piece piece = piece_of(payload);
    EXPECT_EQ(diagnose_file(payload + "y", v2_of(piece))->difference, Difference::trailing_bytes);
    EXPECT_EQ(m_hashed, 1);
    // As many bytes too many, but the first ones are not the piece either.
    EXPECT_EQ(diagnose_file("y" + payload, v2_of(piece))->difference, Difference::not_a_car);
    EXPECT_EQ(diagnose_file(payload + std::string(5000, '\0'), v1_of(piece))->difference, Difference::zero_padding);
    // The payload's own zeros are not lost in the search for those behind it.
    const std::string zeros_inside = payload + std::string(500, '\0');
    EXPECT_EQ(diagnose_file(zeros_inside + std::string(9000, '\0'), v1_of(piece_of(zeros_inside)))->difference,
              Difference::zero_padding);
}

TEST_F(DiagnosisTest, NeverReadsAPipeAgain) {
    const commp::Piece piece = piece_of(std::string(1000, 'x'));
    Pipe pipe;
    const commp::Piece shorter = piece_of(std::string(900, 'x'));
    const PieceCid v1 = v1_of(piece);
    const PieceCid v2 = v2_of(piece);
    EXPECT_EQ(
        diagnose({.expected = v1, .natural = shorter, .file = pipe, .hash = m_hash, .check_blocks = m_check_blocks})
            ->difference,
        Difference::different_content);
    EXPECT_EQ(
        diagnose({.expected = v2, .natural = shorter, .file = pipe, .hash = m_hash, .check_blocks = m_check_blocks})
            ->difference,
        Difference::truncated);
    EXPECT_EQ(m_hashed, 0);
}

TEST_F(DiagnosisTest, HandsOnWhatStopsIt) {
    m_hash = [](ReadableFile&, const std::string&) -> Result<commp::Piece> {
        return Error(ErrorCode::cancelled, "stopped");
    };
    const auto diagnosis = diagnose_file(std::string(1001, 'x'), v2_of(piece_of(std::string(1000, 'y'))));
    ASSERT_FALSE(diagnosis.ok());
    EXPECT_EQ(diagnosis.error().code, ErrorCode::cancelled);
}

TEST(DiagnosisText, StartsWithItsName) {
    EXPECT_EQ((Diagnosis{Difference::trailing_bytes, "5 bytes follow"}.sentence()), "trailing bytes: 5 bytes follow");
}

}    // namespace
}    // namespace filfil::cli
