// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/model/piece_check.hpp"

#include "base/units.hpp"

#include <QCoreApplication>

#include <algorithm>
#include <span>
#include <utility>

namespace filfil::gui {
namespace {

constexpr std::uint64_t largest_padded = std::uint64_t{1} << 62;
constexpr std::uint64_t largest_staged = std::uint64_t{64} << 30;
constexpr qsizetype longest_cid = 512;

struct Words {
    Q_DECLARE_TR_FUNCTIONS(PieceCheck)
};

/// What a CID that is no piece CID most likely is; "" where it could be anything.
QString kindOf(const ipld::Cid& cid) {
    switch (cid.codec()) {
        case ipld::Codec::fil_commitment_sealed:
            return Words::tr("it names a sealed sector (CommR), not the data that was sealed");
        case ipld::Codec::dag_pb:
            return Words::tr("it names a file or folder as IPFS does: a data CID, often the root of a CAR");
        case ipld::Codec::dag_cbor:
        case ipld::Codec::cbor: return Words::tr("it names a block, such as the root of a CAR: a data CID");
        case ipld::Codec::raw: return Words::tr("it names a raw block: a data CID");
        default: return {};
    }
}

bool hasRoot(const commp::Piece& piece, const ipld::Digest256& root) {
    return std::ranges::equal(std::as_bytes(std::span(piece.root)), std::as_bytes(std::span(root)));
}

QString differenceOf(const commp::Piece& natural, const ExpectedPiece& expected) {
    if (!expected.info.payload_size) return {};
    const std::uint64_t said = *expected.info.payload_size;
    if (natural.payload_size < said)
        return Words::tr("The file is too short: the piece has %1 bytes, and it has %2")
            .arg(said)
            .arg(natural.payload_size);
    if (natural.payload_size > said)
        return Words::tr("The file is too long: the piece has %1 bytes, and it has %2")
            .arg(said)
            .arg(natural.payload_size);
    return Words::tr("The file is as long as the piece, and its bytes are others");
}

}    // namespace

Result<ExpectedPiece> readExpected(const QString& text) {
    const QString plain = text.trimmed();
    if (plain.size() > longest_cid)
        return Error(ErrorCode::invalid_argument, Words::tr("This is too long for a CID").toStdString());
    FILFIL_TRY(ipld::Cid cid, ipld::Cid::parse(plain.toStdString()));
    auto info = ipld::read_piece_cid(cid);
    if (!info.ok()) {
        Error error = std::move(info).error();
        if (const QString kind = kindOf(cid); !kind.isEmpty()) error.message += ": " + kind.toStdString();
        return error;
    }
    return ExpectedPiece{std::move(cid), *info};
}

std::optional<commp::Piece> findMatch(const commp::Piece& natural, const ExpectedPiece& expected) {
    const auto at = [&](std::uint64_t size) -> std::optional<commp::Piece> {
        auto piece = commp::pad_to(natural, size);
        return piece.ok() && hasRoot(*piece, expected.info.root) ? std::optional(*piece) : std::nullopt;
    };
    if (expected.info.payload_size && *expected.info.payload_size != natural.payload_size) return std::nullopt;
    if (expected.info.padded_size) return at(*expected.info.padded_size);
    for (std::uint64_t size = natural.padded_size; size <= largest_padded; size *= 2)
        if (const auto piece = at(size)) return piece;
    return std::nullopt;
}

QStringList rootsOf(const commp::Piece& natural) {
    QStringList out;
    for (std::uint64_t size = natural.padded_size; size <= std::max(largest_staged, natural.padded_size); size *= 2)
        if (const auto piece = commp::pad_to(natural, size); piece.ok())
            out << QString::fromLatin1(QByteArray(reinterpret_cast<const char*>(piece->root.data()),
                                                  static_cast<qsizetype>(piece->root.size()))
                                           .toHex());
    return out;
}

std::string differenceBySizes(const commp::Piece& natural, const ExpectedPiece& expected) {
    return differenceOf(natural, expected).toStdString();
}

}    // namespace filfil::gui
