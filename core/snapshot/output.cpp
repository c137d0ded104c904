// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "snapshot/output.hpp"

#include "base/units.hpp"
#include "car/forest_writer.hpp"
#include "car/zstd_sink.hpp"
#include "snapshot/frc0108.hpp"
#include "snapshot/range_file.hpp"

#include <algorithm>

namespace filfil::snapshot {
namespace {

/// Large enough that a system call a buffer costs nothing, small enough to stay in the last-level cache.
constexpr std::size_t buffer_size = 2 * MiB;

Error cancelled() { return {ErrorCode::cancelled, "the snapshot: stopped before all of it was written"}; }

/// How many blocks at the front of the CAR are those of FRC-0108.
unsigned prefix_blocks(const car::Header& header, const car::Section& first) {
    if (header.roots.size() != 1 || !std::ranges::equal(first.cid, header.roots[0].bytes())) return 0;
    const auto metadata = decode_metadata(first.data);
    if (!metadata.ok()) return 0;
    return metadata->f3_data ? 2 : 1;
}

Result<std::uint64_t> write_forest(const SectionSource& source, car::ByteSink& sink, const WriteOptions& options) {
    car::ReaderOptions reading;
    reading.progress = options.progress;
    FILFIL_TRY(car::Reader reader, car::Reader::open(whole_file(source, "the snapshot"), reading));
    FILFIL_TRY(car::ForestWriter writer, car::ForestWriter::open(sink));
    FILFIL_CHECK(writer.header(reader.header().bytes));
    unsigned alone = 0;
    car::Batch batch;
    for (;;) {
        if (options.stop.stop_requested()) return cancelled();
        FILFIL_TRY(const bool more, reader.read(batch));
        if (!more) break;
        for (const car::Section& section : batch.sections()) {
            if (section.number == 0) alone = prefix_blocks(reader.header(), section);
            FILFIL_CHECK(writer.block(section));
            if (section.number < alone) FILFIL_CHECK(writer.cut());
        }
    }
    FILFIL_TRY(const car::ForestSummary summary, writer.finish());
    return summary.file_bytes;
}

}    // namespace

Result<std::uint64_t> write_range(const SectionSource& source, car::BodyRange range, car::ByteSink& sink,
                                  const WriteOptions& options) {
    const auto file = range_file(source, range, "the snapshot");
    const std::uint64_t size = *file->size();
    Bytes buffer(static_cast<std::size_t>(std::min<std::uint64_t>(size, buffer_size)));
    for (std::uint64_t done = 0; done < size;) {
        if (options.stop.stop_requested()) return cancelled();
        FILFIL_TRY(const std::size_t n, file->read(buffer));
        FILFIL_CHECK(sink.write(ByteView(buffer).first(n)));
        if (options.progress != nullptr) options.progress->advance(n);
        done += n;
    }
    return size;
}

Result<std::uint64_t> write_car(const SectionSource& source, car::Compression compression, car::ByteSink& sink,
                                const WriteOptions& options) {
    const car::BodyRange whole{0, source.body_size()};
    switch (compression) {
        case car::Compression::none: return write_range(source, whole, sink, options);
        case car::Compression::forest: return write_forest(source, sink, options);
        case car::Compression::zstd: break;
    }
    FILFIL_TRY(const auto frame,
               car::ZstdSink::open(sink, source.header().size() + source.body_size(), options.compressors));
    FILFIL_CHECK(write_range(source, whole, *frame, options));
    return frame->finish();
}

}    // namespace filfil::snapshot
