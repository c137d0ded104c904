// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/taking.hpp"

#include "car/header.hpp"
#include "commp/piece.hpp"
#include "ipld/varint.hpp"
#include "service/commp_receipts.hpp"
#include "service/holds.hpp"
#include "service/snapshot_files.hpp"
#include "snapshot/file_name.hpp"
#include "snapshot/pieces.hpp"

#include <algorithm>
#include <utility>

namespace filfil::service {
namespace {

using Kind = snapshot::Target::Kind;

Result<std::vector<ipld::Cid>> roots_of(ByteView header) {
    FILFIL_TRY(const ipld::Varint length, ipld::read_varint(header));
    FILFIL_TRY(car::HeaderFields fields, car::decode_header(header.subspan(length.length)));
    return std::move(fields.roots);
}

journal::PieceRecord record_of(const commp::Piece& piece, car::BodyRange range, std::uint32_t number) {
    return {.number = number,
            .piece_cid = commp::piece_cid_v1(piece),
            .piece_cid_v2 = commp::piece_cid_v2(piece).text(),
            .payload_size = piece.payload_size,
            .padded_size = piece.padded_size,
            .body_begin = range.begin,
            .body_end = range.end};
}

std::string name_of_recipe(const snapshot::Recipe& recipe) { return snapshot::text_of(recipe); }

}    // namespace

Taking::Taking(const TakingTools& tools, std::shared_ptr<snapshot::DurableEngine> engine,
               std::shared_ptr<journal::Journal> journal, SnapshotRequest request, chain::TipsetKey head, Epoch epoch)
    : m_tools(tools),
      m_engine(std::move(engine)),
      m_journal(std::move(journal)),
      m_request(std::move(request)),
      m_head(std::move(head)),
      m_epoch(epoch),
      m_stem(snapshot::file_stem(m_request.network, m_epoch, m_head)) {}

bool Taking::has_file(const std::string& path, std::optional<std::uint64_t> size) const {
    const auto info = m_tools.world.files.info(path);
    return info.ok() && info->kind == FileInfo::Kind::file && (!size || info->size == *size);
}

snapshot::Target Taking::target() const {
    snapshot::Target out{
        .kind = m_request.kind, .path = m_request.folder, .stem = m_stem, .compression = m_request.compression};
    if (m_request.kind == Kind::file)
        out.path = join_path(m_request.folder, m_stem + std::string(snapshot::file_ending(m_request.compression)));
    return out;
}

Result<bool> Taking::look() {
    m_row = false;
    m_need_hash = true;
    FILFIL_TRY(auto row, m_journal->find_snapshot(m_head, snapshot::hash_of(m_request.recipe)));
    m_record.pieces.clear();
    if (row) {
        m_record = *std::move(row);
        m_row = true;
        m_need_hash = false;
        m_times.reused = true;
    }
    m_need_sha256 = m_request.sha256 && !m_record.car_sha256;
    m_need_files = m_request.kind != Kind::nothing;
    if (m_row && m_request.kind == Kind::file) {
        const bool plain = m_request.compression == car::Compression::none;
        m_need_files = m_record.path != target().path ||
                       !has_file(target().path, plain ? std::optional(m_record.car_bytes) : std::nullopt);
    }
    if (m_row && m_request.kind == Kind::pieces)
        m_need_files = !std::ranges::all_of(m_record.pieces, [&](const journal::PieceRecord& piece) {
            const std::string wanted = join_path(
                m_request.folder, snapshot::piece_file_name(m_stem, piece.number + 1, m_record.pieces.size()));
            return piece.path == wanted && has_file(wanted, piece.payload_size);
        });
    m_replaced.clear();
    if (m_need_files) FILFIL_CHECK(find_replaced());
    return !m_need_hash && !m_need_sha256 && !m_need_files;
}

/// A file's name says which tipset it is of, and not which recipe.
Result<void> Taking::find_replaced() {
    const bool whole = m_request.kind == Kind::file;
    const std::string path = whole ? target().path : join_path(m_request.folder, m_stem + ".p");
    FILFIL_TRY(const auto rows, m_journal->snapshots({.epoch = m_epoch, .before_id = {}, .limit = 1000}));
    for (const journal::SnapshotRecord& row : rows) {
        if (m_row && row.id == m_record.id) continue;
        const bool same =
            whole ? row.path == path : std::ranges::any_of(row.pieces, [&](const journal::PieceRecord& piece) {
                return piece.path && piece.path->starts_with(path);
            });
        if (same) m_replaced.push_back(row.id);
    }
    return {};
}

void Taking::use(std::optional<std::uint64_t> hold, std::shared_ptr<HeldSnapshot> held) {
    m_hold = hold;
    m_held = std::move(held);
}

Result<void> Taking::lay_out(JobContext& context) {
    context.set_stage("layout");
    const Clock::Duration start = m_tools.world.clock.steady();
    if (m_held) {
        FILFIL_TRY(m_laid, m_held->open());
    } else if (m_hold) {
        snapshot::LayoutOptions options;
        options.recent_stateroots = static_cast<std::int64_t>(m_request.recipe.recent_stateroots);
        options.skip_old_msgs = m_request.recipe.skip_old_msgs;
        options.stop = context.stop();
        FILFIL_TRY(auto layout, m_engine->engine().layout_of_hold(*m_hold, options));
        FILFIL_TRY(m_laid, LaidOut::make(m_engine, std::move(layout), m_request.recipe.format));
    } else {
        return Error(ErrorCode::internal, "a snapshot is to be laid out that nothing holds");
    }
    m_times.layout_seconds = seconds_between(start, m_tools.world.clock.steady());
    return {};
}

Result<void> Taking::emit(JobContext& context) {
    const Clock::Duration start = m_tools.world.clock.steady();
    const snapshot::SectionSource& source = m_laid->source();
    // Before a file has another content nothing may say any more that it has this one.
    for (const std::int64_t id : m_replaced) FILFIL_CHECK(m_journal->forget_snapshot_files(id));
    if (m_request.kind != Kind::nothing) FILFIL_CHECK(m_tools.world.files.make_folders(m_request.folder));
    if (!m_row) {
        m_record.network = m_request.network;
        m_record.epoch = m_epoch;
        m_record.head = m_head;
        m_record.recipe = name_of_recipe(m_request.recipe);
        m_record.recipe_hash = snapshot::hash_of(m_request.recipe);
        FILFIL_TRY(m_record.roots, roots_of(source.header()));
        m_record.blocks = source.sections();
        m_record.car_bytes = source.header().size() + source.body_size();
        m_record.taken_at = m_tools.world.clock.wall();
        m_record.layout_seconds = m_times.layout_seconds;
    }
    if (m_need_hash) {
        FILFIL_TRY(const bool known, find_receipts());
        m_need_hash = !known;
        m_times.reused = known;
    }
    FILFIL_CHECK(m_need_hash ? hash(context) : write_files(context));
    m_times.emit_seconds = seconds_between(start, m_tools.world.clock.steady());
    if (!m_row) m_record.emit_seconds = m_times.emit_seconds;
    return {};
}

/// Whether all pieces have been hashed before, by a take that was cut short behind that.
Result<bool> Taking::find_receipts() {
    FILFIL_TRY(const auto plan, snapshot::plan_pieces(m_laid->source(), m_request.recipe.piece_size));
    m_planned = plan.size();
    std::vector<journal::PieceRecord> pieces;
    for (const snapshot::PlannedPiece& planned : plan) {
        FILFIL_TRY(const Bytes description, describe_commp(m_head, m_request.recipe, planned.range));
        FILFIL_TRY(const auto receipt, m_journal->receipt(ipld::blake2b_256(description)));
        if (!receipt) return false;
        FILFIL_TRY(const commp::Piece piece, piece_of_receipt(*receipt));
        if (piece.payload_size != planned.payload_size) return false;
        pieces.push_back(record_of(piece, planned.range, static_cast<std::uint32_t>(pieces.size())));
        m_record.device = receipt->device;
    }
    m_record.pieces = std::move(pieces);
    return true;
}

Result<void> Taking::hash(JobContext& context) {
    context.set_stage(m_request.kind == Kind::nothing ? "hashing" : "writing and hashing");
    const snapshot::SectionSource& source = m_laid->source();
    const snapshot::ExportOptions options{.piece_size = m_request.recipe.piece_size,
                                          .target = target(),
                                          .car_sha256 = m_need_sha256,
                                          .readers = m_tools.readers,
                                          .compressors = m_tools.readers,
                                          .progress = &context,
                                          .stop = context.stop()};
    // Every piece begins with the header.
    const std::uint64_t headers = (m_planned - 1) * source.header().size();
    context.set_total(snapshot::export_work(source, options) + (m_request.kind == Kind::pieces ? 2 : 1) * headers);
    const World& world = m_tools.world;
    FILFIL_TRY(snapshot::ExportReport report,
               snapshot::export_snapshot(
                   source, {world.files, world.clock, m_tools.backend, m_tools.hashing, m_tools.writing}, options));
    m_record.device = m_tools.backend.name();
    m_record.car_sha256 = report.car_sha256;
    m_record.pieces.clear();
    std::vector<std::string> paths;
    if (m_request.kind == Kind::file) paths.push_back(options.target.path);
    for (const snapshot::ExportedPiece& piece : report.pieces) {
        m_record.pieces.push_back(
            record_of(piece.piece, piece.range, static_cast<std::uint32_t>(m_record.pieces.size())));
        if (piece.path) paths.push_back(*piece.path);
        FILFIL_TRY(Bytes description, describe_commp(m_head, m_request.recipe, piece.range));
        FILFIL_TRY(journal::ReceiptRecord receipt, commp_receipt(std::move(description), piece.piece, m_record.device,
                                                                 report.emit_seconds, world.clock.wall()));
        m_receipts.push_back(std::move(receipt));
    }
    set_paths(std::move(paths));
    return {};
}

Result<void> Taking::write_files(JobContext& context) {
    context.set_stage("writing");
    const snapshot::SectionSource& source = m_laid->source();
    const std::uint64_t size = source.header().size() + source.body_size();
    context.set_total(size * ((m_need_files ? 1U : 0U) + (m_need_sha256 ? 1U : 0U)));
    if (m_need_sha256) {
        FILFIL_TRY(m_record.car_sha256, sha256_of(source, &context, context.stop()));
    }
    if (!m_need_files) return {};
    std::vector<car::BodyRange> ranges;
    for (const journal::PieceRecord& piece : m_record.pieces) ranges.push_back({piece.body_begin, piece.body_end});
    FILFIL_TRY(auto paths, write_snapshot_files(source, ranges, m_tools.world.files, target(), m_tools.readers,
                                                &context, context.stop()));
    set_paths(std::move(paths));
    return {};
}

void Taking::set_paths(std::vector<std::string> paths) {
    m_written = paths;
    if (m_request.kind == Kind::file && !paths.empty()) {
        m_record.path = paths.front();
        m_record.compression = std::string(car::name_of(m_request.compression));
    }
    if (m_request.kind == Kind::pieces)
        for (std::size_t i = 0; i < paths.size() && i < m_record.pieces.size(); ++i) m_record.pieces[i].path = paths[i];
}

Result<void> Taking::write_down() {
    const auto write = [&]() -> Result<void> {
        for (const journal::ReceiptRecord& receipt : m_receipts) FILFIL_CHECK(m_journal->put_receipt(receipt));
        if (m_hold) m_record.hold = m_hold;
        FILFIL_TRY(m_record.id, m_journal->put_snapshot(m_record));
        return {};
    };
    auto written = write();
    if (written.ok()) return written;
    for (const std::string& path : m_written) (void)m_tools.world.files.remove(path);
    return written;
}

Error outside_window(snapshot::DurableEngine& engine, std::int64_t recent_stateroots, const Error& why) {
    if (why.code != ErrorCode::not_found) return why;
    const snapshot::Engine::Saved saved = engine.engine().saved();
    const auto head = epoch_of(engine, saved.head);
    if (!head.ok()) return why;
    // State is kept down to some epoch, of every fork alike; the tree has its lowest epochs first.
    std::int64_t lowest = head->value;
    for (auto tipset = saved.tree.rbegin(); tipset != saved.tree.rend() && tipset->states; ++tipset)
        if (const auto epoch = epoch_of(engine, tipset->key); epoch.ok()) lowest = std::min(lowest, epoch->value);
    const std::int64_t first = lowest <= 0 ? 0 : lowest + std::max<std::int64_t>(recent_stateroots, 1) - 1;
    if (first > head->value)
        return {ErrorCode::not_found,
                why.message + ": state is kept from epoch " + std::to_string(lowest) + " to " +
                    std::to_string(head->value) + " only",
                "ask for fewer recent state roots, or start again from a CAR that has more"};
    return {ErrorCode::not_found, why.message,
            "snapshots with " + std::to_string(recent_stateroots) + " recent state roots can be had of epochs " +
                std::to_string(first) + " to " + std::to_string(head->value) + ", and of those under a hold"};
}

}    // namespace filfil::service
