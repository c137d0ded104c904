// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "car/split.hpp"

#include "car/boundary_map.hpp"
#include "car/cut.hpp"
#include "ipld/piece_cid.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

namespace filfil::car {
namespace {

Error cancelled(const std::string& path) {
    return {ErrorCode::cancelled, path + ": stopped before all pieces were written"};
}

Error changed(const std::string& path) {
    return {ErrorCode::mismatch, path + ": changed while it was split", "split it again when nothing writes to it"};
}

/// Hands the CAR's bytes to one piece after the other.
class PieceWriter {
public:
    PieceWriter(Files& files, const std::vector<PieceFile>& pieces, std::vector<BodyRange> ranges, const Bytes& header,
                PieceObserver* observer)
        : m_files(files), m_pieces(pieces), m_ranges(std::move(ranges)), m_header(header), m_observer(observer) {}

    /// The next bytes of the body. @return whether there is a piece that they belong to
    Result<bool> body(ByteView bytes) {
        while (!bytes.empty()) {
            if (m_next == m_ranges.size()) return false;
            if (m_file == nullptr) FILFIL_CHECK(begin());
            const auto n =
                static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), m_ranges[m_next].end - m_position));
            FILFIL_CHECK(put(bytes.first(n)));
            m_position += n;
            bytes = bytes.subspan(n);
            if (m_position == m_ranges[m_next].end) FILFIL_CHECK(end());
        }
        return true;
    }

    /// The body has ended. @return whether all pieces were written
    Result<bool> finish() {
        // The only piece without sections is that of a CAR without any.
        if (m_next == 0 && m_ranges[0].begin == m_ranges[0].end) {
            FILFIL_CHECK(begin());
            FILFIL_CHECK(end());
        }
        return m_next == m_ranges.size();
    }

private:
    Result<void> begin() {
        FILFIL_TRY(m_file, m_files.create(m_pieces[m_next].path));
        if (m_observer != nullptr) FILFIL_CHECK(m_observer->begin(m_pieces[m_next]));
        return put(m_header);
    }

    Result<void> put(ByteView bytes) {
        if (m_observer != nullptr) FILFIL_CHECK(m_observer->bytes(bytes));
        return m_file->write(bytes);
    }

    Result<void> end() {
        if (m_observer != nullptr) FILFIL_CHECK(m_observer->end());
        FILFIL_CHECK(m_file->commit());
        m_file.reset();
        ++m_next;
        return {};
    }

    Files& m_files;
    const std::vector<PieceFile>& m_pieces;
    std::vector<BodyRange> m_ranges;
    const Bytes& m_header;
    PieceObserver* m_observer;
    std::size_t m_next = 0;
    std::uint64_t m_position = 0;
    std::unique_ptr<OutputFile> m_file;
};

/// Calls `take` with all batches of a CAR.
template <class Take>
Result<void> for_each_batch(Reader& reader, const std::stop_token& stop, const Take& take) {
    Batch batch;
    for (;;) {
        if (stop.stop_requested()) return cancelled(reader.name());
        FILFIL_TRY(const bool more, reader.read(batch));
        if (!more) return {};
        FILFIL_CHECK(take(batch));
    }
}

std::vector<PieceFile> name_pieces(const std::vector<BodyRange>& ranges, std::uint64_t header_size,
                                   const std::string& start) {
    std::vector<PieceFile> pieces;
    for (const BodyRange& range : ranges) {
        PieceFile piece;
        piece.number = pieces.size() + 1;
        piece.count = ranges.size();
        piece.path = start + ".p" + std::to_string(piece.number) + "of" + std::to_string(piece.count) + ".car";
        piece.payload_size = header_size + (range.end - range.begin);
        piece.padded_size = ipld::padded_size_of(piece.payload_size);
        pieces.push_back(std::move(piece));
    }
    return pieces;
}

}    // namespace

Result<std::vector<PieceFile>> split(Files& files, const std::string& path, const std::string& folder,
                                     const SplitOptions& options) {
    BoundaryMap boundaries;
    Bytes header;
    {
        FILFIL_TRY(Reader reader, Reader::open(files, path, options.reader));
        header = reader.header().bytes;
        FILFIL_CHECK(for_each_batch(reader, options.stop, [&](const Batch& batch) -> Result<void> {
            for (const Section& section : batch.sections()) boundaries.add(section.bytes.size());
            return {};
        }));
    }
    const auto boundary_at = [&](std::uint64_t at) -> Result<std::uint64_t> { return boundaries.first_at(at); };
    auto ranges = cut_pieces({header.size(), boundaries.total()}, options.piece_size, boundary_at);
    if (!ranges.ok()) return std::move(ranges).error().in(path);
    const std::vector<PieceFile> pieces = name_pieces(*ranges, header.size(), join_path(folder, car_stem(path)));

    if (!folder.empty()) FILFIL_CHECK(files.make_folders(folder));
    FILFIL_TRY(Reader reader, Reader::open(files, path, options.reader));
    if (reader.header().bytes != header) return changed(path);
    PieceWriter writer(files, pieces, *std::move(ranges), header, options.observer);
    FILFIL_CHECK(for_each_batch(reader, options.stop, [&](const Batch& batch) -> Result<void> {
        FILFIL_TRY(const bool expected, writer.body(batch.bytes()));
        return expected ? Result<void>() : changed(path);
    }));
    FILFIL_TRY(const bool whole, writer.finish());
    if (!whole) return changed(path);
    return pieces;
}

std::string car_stem(std::string_view path) {
    path.remove_prefix(path.rfind('/') + 1);    // npos + 1 is 0
    for (const std::string_view ending : {".forest.car.zst", ".car.zst", ".car"})
        if (path.size() > ending.size() && path.ends_with(ending)) {
            path.remove_suffix(ending.size());
            break;
        }
    return std::string(path);
}

}    // namespace filfil::car
