// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "car/reader.hpp"

#include <cstdint>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace filfil::car {

/// One piece of a split CAR.
struct PieceFile {
    std::string path;
    std::uint64_t number = 0;          ///< from 1
    std::uint64_t count = 0;           ///< of pieces
    std::uint64_t payload_size = 0;    ///< bytes of the file: header and sections
    std::uint64_t padded_size = 0;     ///< the least piece that holds it, at most the piece size asked for
};

/// Sees the bytes of the pieces while they are written, for example to compute their piece commitments.
class PieceObserver {
public:
    virtual ~PieceObserver() = default;

    /// A piece begins; the one before has ended.
    [[nodiscard]] virtual Result<void> begin(const PieceFile& piece) = 0;

    /// Its next bytes; the view is valid during the call.
    [[nodiscard]] virtual Result<void> bytes(ByteView bytes) = 0;

    /// All of its bytes were given. Called before its file appears under its name.
    [[nodiscard]] virtual Result<void> end() = 0;
};

struct SplitOptions {
    std::uint64_t piece_size = 0;    ///< bytes, a power of two
    ReaderOptions reader;    ///< its progress is told of the file twice: it is read for the cuts, and for the pieces
    PieceObserver* observer = nullptr;
    std::stop_token stop;
};

/// Cuts the CARv1 in a file (also one inside a CARv2, also compressed) into pieces by the rule of car/cut.hpp, and
/// writes them uncompressed as FOLDER/STEM.p<i>of<n>.car, i from 1. The folder is made where it is missing. The header
/// of the CAR is repeated byte for byte, so that join() gives the CAR back. A piece appears under its name when it is
/// whole; those before a fault stay.
/// @return the pieces in order; Error::mismatch if the file changed between the two readings; Error::cancelled; else
/// what Reader, cut_pieces(), Files and the observer give
Result<std::vector<PieceFile>> split(Files& files, const std::string& path, const std::string& folder,
                                     const SplitOptions& options);

/// The name of a CAR without folders and without ".car", ".car.zst" or ".forest.car.zst".
std::string car_stem(std::string_view path);

}    // namespace filfil::car
