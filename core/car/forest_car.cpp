// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "car/forest_car.hpp"

#include "car/zstd_source.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace filfil::car {
namespace {

constexpr std::size_t name_at_most = 10;

/// Frames hold some ten kilobytes; a reader of one needs no more to begin with.
constexpr std::size_t frame_batch = 64 * KiB;

Result<ForestFooter> footer_of(ReadableFile& file) {
    FILFIL_TRY(const auto footer, read_forest_footer(file));
    if (!footer)
        return Error(ErrorCode::invalid_argument,
                     file.name() + ": is no forest.car.zst: no footer at its end points at an index",
                     "make one with: fil-fil car index " + file.name());
    return *footer;
}

/// A file that another object owns, read from its start.
class BorrowedFile final : public ReadableFile {
public:
    explicit BorrowedFile(ReadableFile& file) : m_file(file) {}
    [[nodiscard]] const std::string& name() const noexcept override { return m_file.name(); }
    [[nodiscard]] std::optional<std::uint64_t> size() const noexcept override { return m_file.size(); }
    [[nodiscard]] Result<std::size_t> read(ByteSpan out) override {
        FILFIL_TRY(const std::size_t n, m_file.read_at(m_position, out));
        m_position += n;
        return n;
    }
    [[nodiscard]] Result<std::size_t> read_at(std::uint64_t offset, ByteSpan out) override {
        return m_file.read_at(offset, out);
    }

private:
    ReadableFile& m_file;
    std::uint64_t m_position = 0;
};

Result<std::vector<ipld::Cid>> roots_of(ReadableFile& file, const Limits& limits) {
    ReaderOptions options;
    options.limits = limits;
    FILFIL_TRY(const Reader reader, Reader::open(std::make_unique<BorrowedFile>(file), options));
    return reader.header().roots;
}

/// Checks the blocks of the frame at `offset`. @return where the frame ends
Result<std::uint64_t> check_frame(ReadableFile& file, std::uint64_t offset, const ForestIndex& index,
                                  const ReaderOptions& options, ForestCheck& out) {
    FILFIL_TRY(auto source, open_zstd_frame(file, offset));
    const FrameSource& frame = *source;
    ReaderOptions of_frame = options;
    of_frame.batch_bytes = frame_batch;
    Reader reader = Reader::of_sections(std::move(source), of_frame);
    for (;;) {
        FILFIL_TRY(const auto section, reader.next());
        if (!section) break;
        ++out.blocks;
        FILFIL_TRY(const auto frames, index.frames_of(forest_hash(section->codec, section->hash)));
        if (std::ranges::find(frames, offset) != frames.end()) continue;
        ++out.unresolved;
        if (out.first_unresolved.size() < name_at_most) out.first_unresolved.push_back(section->cid_copy());
    }
    ++out.frames;
    return frame.position();
}

/// Goes through the first frame, which is the header's alone. @return where it ends
Result<std::uint64_t> skip_header_frame(ReadableFile& file, std::uint64_t header_size) {
    FILFIL_TRY(auto source, open_zstd_frame(file, 0));
    Bytes bytes(static_cast<std::size_t>(header_size) + 1);
    FILFIL_TRY(const std::size_t n, source->read(bytes));
    if (n != header_size)
        return Error(ErrorCode::corrupt, file.name() + ": its first frame holds more than the CAR header",
                     "make it again: fil-fil car index PATH -o NEW.forest.car.zst");
    return source->position();
}

}    // namespace

Result<ForestCar> ForestCar::open(std::unique_ptr<ReadableFile> file, const Limits& limits) {
    FILFIL_TRY(const ForestFooter footer, footer_of(*file));
    FILFIL_TRY(ForestIndex index, ForestIndex::open(*file, footer));
    FILFIL_TRY(std::vector<ipld::Cid> roots, roots_of(*file, limits));
    return ForestCar(std::move(file), std::move(index), std::move(roots), limits);
}

Result<std::optional<Bytes>> ForestCar::get(const ipld::Cid& cid) const {
    FILFIL_TRY(const auto frames, m_index.frames_of(forest_hash(cid.codec(), cid.hash())));
    ReaderOptions options;
    options.limits = m_limits;
    options.batch_bytes = frame_batch;
    for (const std::uint64_t offset : frames) {
        FILFIL_TRY(auto source, open_zstd_frame(*m_file, offset));
        Reader reader = Reader::of_sections(std::move(source), options);
        for (;;) {
            FILFIL_TRY(const auto section, reader.next());
            if (!section) break;
            if (std::ranges::equal(section->cid, cid.bytes())) return std::optional(to_bytes(section->data));
        }
    }
    return std::optional<Bytes>{};
}

Result<ForestCheck> check_forest_car(std::unique_ptr<ReadableFile> file, const ReaderOptions& options,
                                     std::stop_token stop) {
    FILFIL_TRY(const ForestFooter footer, footer_of(*file));
    FILFIL_TRY(const ForestIndex index, ForestIndex::open(*file, footer));
    ReaderOptions quiet = options;
    quiet.progress = nullptr;
    ForestCheck out;
    out.index_bytes = index.size();
    std::uint64_t at = 0;
    {
        FILFIL_TRY(const Reader reader, Reader::open(std::make_unique<BorrowedFile>(*file), quiet));
        FILFIL_TRY(at, skip_header_frame(*file, reader.header().bytes.size()));
    }
    auto report = [&, last = std::uint64_t{0}](std::uint64_t position) mutable {
        if (options.progress != nullptr) options.progress->advance(position - last);
        last = position;
    };
    while (at < index.start()) {
        if (stop.stop_requested())
            return Error(ErrorCode::cancelled, file->name() + ": stopped before its end was read");
        FILFIL_TRY(at, check_frame(*file, at, index, quiet, out));
        report(at);
    }
    if (at != index.start())
        return Error(ErrorCode::corrupt,
                     file->name() + ": a frame of blocks runs into the index at byte " + std::to_string(index.start()),
                     "make it again: fil-fil car index PATH -o NEW.forest.car.zst");
    report(file->size().value_or(at));
    return out;
}

}    // namespace filfil::car
