// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/executor.hpp"
#include "base/files.hpp"
#include "base/progress.hpp"
#include "commp/backend.hpp"
#include "commp/piece.hpp"
#include "ipld/piece_cid.hpp"

#include <QString>
#include <QStringList>

#include <functional>
#include <optional>
#include <stop_token>
#include <string>

namespace filfil::gui {

/// A piece CID that somebody typed.
struct ExpectedPiece {
    ipld::Cid cid;
    ipld::PieceCidInfo info;
};

/// @return Error::invalid_argument says what is wrong with the text, or what the CID is instead
Result<ExpectedPiece> readExpected(const QString& text);

/// The piece that the CID names, if `natural` (not padded further than it needs) is it: version 1 at any padded size
/// from its own up, version 2 only at the sizes it says.
std::optional<commp::Piece> findMatch(const commp::Piece& natural, const ExpectedPiece& expected);

/// The roots of the piece at its own padded size and at all larger ones up to 64 GiB, in hex.
QStringList rootsOf(const commp::Piece& natural);

/// What a search for the difference may use. The file and what it hashes with live as long as the call.
struct DifferenceSearch {
    ReadableFile& file;
    const commp::Piece& natural;
    const ExpectedPiece& expected;
    commp::Backend& backend;
    Executor& threads;
    unsigned readers = 1;
    Progress& progress;
    std::stop_token stop;
};

/// Finds out why a file is not its piece: one sentence. Any thread.
using Diagnose = std::function<Result<std::string>(const DifferenceSearch&)>;

/// What the sizes alone say; "" where that is nothing.
std::string differenceBySizes(const commp::Piece& natural, const ExpectedPiece& expected);

}    // namespace filfil::gui
