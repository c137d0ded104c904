// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

/// Piece commitments (commP) for other programs: link `filfil::commp` and include this header.
///
///     filfil::SystemClock clock;
///     filfil::ThreadPool pool(0);
///     auto backend = filfil::commp::make_cpu_backend("", pool, clock);
///     if (!backend.ok()) …;
///     filfil::commp::PieceStream stream(**backend);
///     if (auto ok = stream.write(bytes); !ok.ok()) …;
///     auto piece = stream.finish();    // root, payload_size, padded_size
///     std::string cid = filfil::commp::piece_cid_v2(*piece).text();
///
/// A file or pipe is hashed faster by hash_source(), which reads it with several threads.
#include "commp/backend.hpp"
#include "commp/cpu_backend.hpp"
#include "commp/hash_source.hpp"
#include "commp/piece.hpp"
#include "commp/stream.hpp"
