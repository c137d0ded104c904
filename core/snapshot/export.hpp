// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/clock.hpp"
#include "base/executor.hpp"
#include "base/files.hpp"
#include "base/progress.hpp"
#include "car/byte_source.hpp"
#include "car/sink.hpp"
#include "commp/backend.hpp"
#include "commp/piece.hpp"
#include "ipld/digest.hpp"
#include "snapshot/pieces.hpp"

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace filfil::snapshot {

/// Where the bytes of a snapshot go.
struct Target {
    enum class Kind {
        nothing,    ///< they are hashed only
        file,       ///< one file of the whole CAR
        pieces,     ///< a file for each piece
        stream,     ///< the whole CAR into `stream`
    };
    Kind kind = Kind::nothing;
    std::string path{};                 ///< of the file, or of the folder of pieces, which is made if it is missing
    std::string stem{};                 ///< what pieces are called: see piece_file_name()
    car::ByteSink* stream = nullptr;    ///< must outlive the export
    car::Compression compression = car::Compression::none;    ///< of a file or stream; pieces are never compressed
};

/// What the export works with; all of it must outlive the call.
struct ExportTools {
    Files& files;
    const Clock& clock;
    commp::Backend& backend;

    /// Reads for the backend, beside the calling thread: see commp::hash_source.
    Executor& hashing;

    /// Writes the files and makes the SHA-256 of the CAR while pieces are hashed. With an InlineExecutor that comes
    /// before the hashing. Not the same ThreadPool as `hashing`, whose threads it would take away for as long as it
    /// runs.
    Executor& writing;

    /// See WriteOptions::packing; not the same ThreadPool as `writing`. May be null.
    Executor* packing = nullptr;
};

struct ExportOptions {
    std::uint64_t piece_size = 0;    ///< of the recipe: bytes, a power of two of at least 128
    Target target;
    bool car_sha256 = false;         ///< also SHA-256 of the CAR, uncompressed
    unsigned readers = 1;            ///< see commp::HashOptions
    unsigned compressors = 0;        ///< see WriteOptions
    Progress* progress = nullptr;    ///< told of export_work() bytes in all
    std::stop_token stop{};
};

struct ExportedPiece {
    std::optional<std::string> path;    ///< none where no piece file was asked for
    car::BodyRange range;               ///< of the CAR's body
    commp::Piece piece;                 ///< at its natural padded size
};

struct ExportReport {
    std::vector<ExportedPiece> pieces;
    std::uint64_t blocks = 0;
    std::uint64_t car_bytes = 0;        ///< of the CAR, uncompressed
    std::uint64_t written_bytes = 0;    ///< to files or stream; 0 where nothing was to be written
    std::optional<ipld::Digest256> car_sha256;
    double emit_seconds = 0;    ///< cutting, writing and hashing, until the files have their names
};

/// Bytes that an export of `source` hashes, writes and sums up in all, for a progress display.
std::uint64_t export_work(const SectionSource& source, const ExportOptions& options) noexcept;

/// Cuts a CAR into the recipe's pieces, computes the piece commitment of each, and writes the CAR or the pieces where
/// that was asked for. Hashing and writing read the source side by side.
///
/// All or nothing: files get their names when all of them are whole on the disk and everything is hashed. If giving the
/// names fails half-way, or a stop was asked for, those of this export are removed again. A file of the same name that
/// was there before is replaced. Piece files are all open until the end: a thousand of them need a limit of open files
/// (ulimit -n) above that.
/// @return Error::invalid_argument for compressed pieces, Error::cancelled, else what plan_pieces(), the source, Files,
/// the stream and the backend give; of several faults the first
Result<ExportReport> export_snapshot(const SectionSource& source, const ExportTools& tools,
                                     const ExportOptions& options);

}    // namespace filfil::snapshot
