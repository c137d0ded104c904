// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "commp/hash_source.hpp"
#include "service/api.hpp"
#include "service/path_names.hpp"
#include "service/times.hpp"

#include <bit>
#include <cmath>
#include <utility>

namespace filfil::service {
namespace {

using rpc::Json;
using rpc::Permission;
using Session = std::shared_ptr<rpc::Session>;

struct Wanted {
    std::string path;
    ipld::Cid expected;
    ipld::PieceCidInfo info;
    std::string folder;    ///< of snapshots
};

bool is_root(const commp::Piece& piece, const ipld::Digest256& root) {
    return std::ranges::equal(std::as_bytes(std::span(piece.root)), root);
}

/// A CID of version 1 says nothing of the size: any padding of the piece is meant.
bool matches(const commp::Piece& piece, const ipld::PieceCidInfo& wanted) {
    if (wanted.payload_size && *wanted.payload_size != piece.payload_size) return false;
    if (wanted.padded_size) {
        const auto padded = commp::pad_to(piece, *wanted.padded_size);
        return padded.ok() && is_root(*padded, wanted.root);
    }
    constexpr std::uint64_t largest = std::uint64_t{1} << 62;
    for (std::uint64_t size = piece.padded_size; size != 0 && size <= largest; size *= 2)
        if (const auto padded = commp::pad_to(piece, size); padded.ok() && is_root(*padded, wanted.root)) return true;
    return false;
}

/// Files of the snapshots' folder, and those that the journal says are this piece: a caller learns of no others.
Result<void> may_be_read(const Wanted& wanted, journal::Journal& journal) {
    if (lies_in(wanted.path, wanted.folder)) return {};
    FILFIL_TRY(const auto rows, journal.snapshots_with_piece(ipld::piece_cid_v1(wanted.info.root)));
    for (const journal::SnapshotRecord& row : rows)
        for (const journal::PieceRecord& piece : row.pieces)
            if (piece.path == wanted.path) return {};
    return Error(
        ErrorCode::denied,
        wanted.path + ": only files in " + wanted.folder + " and those of snapshots that were taken here are read",
        "check other files with `fil-fil verify`");
}

Result<Json> verify(const DaemonTools& tools, const Wanted& wanted, journal::Journal& journal, JobContext& context) {
    FILFIL_CHECK(may_be_read(wanted, journal));
    FILFIL_TRY(const auto file, tools.world.files.open(wanted.path));
    context.set_stage("hashing");
    context.set_total(file->size().value_or(0));
    const Clock::Duration start = tools.world.clock.steady();
    FILFIL_TRY(const commp::HashOutcome hashed,
               commp::hash_source(*file, tools.backend, tools.hashing,
                                  {.readers = tools.readers, .progress = &context, .stop = context.stop()}));
    const double seconds = seconds_between(start, tools.world.clock.steady());
    const double gib = static_cast<double>(hashed.piece.payload_size) / static_cast<double>(GiB);
    return Json{{"path", wanted.path},
                {"payload_size", hashed.piece.payload_size},
                {"padded_size", hashed.piece.padded_size},
                {"piece_cid", commp::piece_cid_v1(hashed.piece).text()},
                {"piece_cid_v2", commp::piece_cid_v2(hashed.piece).text()},
                {"device", tools.backend.name()},
                {"seconds", rounded_seconds(seconds)},
                {"payload_gib_per_s", seconds > 0 ? std::round(gib / seconds * 1000) / 1000 : 0.0},
                {"expected", wanted.expected.text()},
                {"match", matches(hashed.piece, wanted.info)}};
}

}    // namespace

void add_verify_api(rpc::Server& server, House& house) {
    add_method(server, "FilFil.VerifyFile", Permission::admin, {"path", "piece_cid"},
               [&house](const Params& params, const Session&, const rpc::Reply& reply) -> Result<void> {
                   Wanted wanted;
                   FILFIL_TRY(const std::string path, params.need_text("path"));
                   FILFIL_TRY(const std::string text, params.need_text("piece_cid", 256));
                   auto cid = ipld::Cid::parse(text);
                   if (!cid.ok()) return wrong_parameter("piece_cid", "is no CID: " + cid.error().message);
                   const auto info = ipld::read_piece_cid(*cid);
                   if (!info.ok()) return wrong_parameter("piece_cid", "is of no piece: " + info.error().message);
                   wanted.expected = *std::move(cid);
                   wanted.info = *info;
                   wanted.folder = snapshots_folder(house.config);
                   FILFIL_TRY(const std::string plain, plain_path(path));
                   wanted.path = join_path(wanted.folder, plain);
                   FILFIL_TRY(
                       const std::uint64_t job,
                       house.jobs.start("verify", {{"path", wanted.path}, {"piece_cid", text}},
                                        [tools = house.tools, journal = house.journal, wanted](JobContext& context) {
                                            return verify(tools, wanted, *journal, context);
                                        }));
                   reply(Json{{"job", job}});
                   return {};
               });
}

}    // namespace filfil::service
