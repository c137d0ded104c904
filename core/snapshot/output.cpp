// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "snapshot/output.hpp"

#include "base/units.hpp"
#include "car/forest_writer.hpp"
#include "car/header.hpp"
#include "car/zstd_sink.hpp"
#include "ipld/varint.hpp"
#include "snapshot/frc0108.hpp"
#include "snapshot/range_file.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace filfil::snapshot {
namespace {

/// Large enough that a system call a buffer costs nothing, small enough to stay in the last-level cache.
constexpr std::size_t buffer_size = 2 * MiB;

Error cancelled() { return {ErrorCode::cancelled, "the snapshot: stopped before all of it was written"}; }

/// How many blocks at the front of the CAR are those of FRC-0108. @param header varint included
Result<unsigned> prefix_blocks(ByteView header, const car::Section& first) {
    FILFIL_TRY(const ipld::Varint length, ipld::read_varint(header));
    FILFIL_TRY(const car::HeaderFields fields, car::decode_header(header.subspan(length.length)));
    if (fields.roots.size() != 1 || !std::ranges::equal(first.cid, fields.roots[0].bytes())) return 0U;
    const auto metadata = decode_metadata(first.data);
    if (!metadata.ok()) return 0U;
    return metadata->f3_data ? 2U : 1U;
}

/// Shows the sections in a run of whole ones, numbered from 0.
template <class Visit>
Result<void> for_each_section(ByteView bytes, const Visit& visit) {
    car::Section section;
    for (std::size_t at = 0; at < bytes.size(); at += section.bytes.size(), ++section.number) {
        const ByteView rest = bytes.subspan(at);
        FILFIL_TRY(const ipld::Varint length, ipld::read_varint(rest));
        if (length.value > rest.size() - length.length)
            return Error(ErrorCode::internal, "a part of the snapshot does not end with a section");
        section.bytes = rest.first(length.length + static_cast<std::size_t>(length.value));
        FILFIL_TRY(const car::CidView cid, car::read_cid_view(section.bytes.subspan(length.length)));
        section.cid = cid.bytes;
        section.codec = cid.codec;
        section.hash = cid.hash;
        section.data = section.bytes.subspan(length.length + cid.bytes.size());
        FILFIL_CHECK(visit(section));
    }
    return {};
}

/// Compresses the parts of a CAR's body side by side into the frames of one file.
class ForestPacker {
public:
    ForestPacker(const SectionSource& source, const WriteOptions& options) : m_source(source), m_options(options) {}

    Result<std::uint64_t> write(car::ByteSink& sink) {
        FILFIL_TRY(car::ForestWriter writer, car::ForestWriter::open(sink));
        FILFIL_CHECK(writer.header(m_source.header()));
        advance(m_source.header().size());
        InlineExecutor alone;
        Executor& packing = m_options.packing != nullptr ? *m_options.packing : alone;
        std::vector<std::optional<Result<Part>>> parts(packing.concurrency() + (m_options.packing != nullptr ? 1 : 0));
        for (std::uint64_t begin = 0; begin < m_source.body_size();) {
            std::vector<car::BodyRange> ranges;
            for (; ranges.size() < parts.size() && begin < m_source.body_size(); begin = ranges.back().end) {
                FILFIL_TRY(const std::uint64_t end,
                           m_source.boundary_at(std::min(begin + part_size, m_source.body_size())));
                ranges.push_back({begin, end});
            }
            run_parallel(packing, static_cast<unsigned>(ranges.size()),
                         [&](unsigned i) { parts[i].emplace(pack(ranges[i])); });
            for (std::size_t i = 0; i < ranges.size(); ++i) {
                FILFIL_TRY(Part part, *std::move(parts[i]));
                FILFIL_CHECK(writer.append(std::move(part.frames), part.sink->bytes()));
            }
        }
        FILFIL_TRY(const car::ForestSummary summary, writer.finish());
        return summary.file_bytes;
    }

private:
    /// Large enough that the last frame of each, which ends early, does not count.
    static constexpr std::uint64_t part_size = 4 * MiB;

    struct Part {
        std::unique_ptr<car::MemorySink> sink;
        car::ForestWriter frames;
    };

    Result<Part> pack(car::BodyRange range) const {
        if (m_options.stop.stop_requested()) return cancelled();
        Bytes body(static_cast<std::size_t>(range.end - range.begin));
        FILFIL_CHECK(m_source.read(range.begin, body));
        auto sink = std::make_unique<car::MemorySink>();
        FILFIL_TRY(car::ForestWriter frames, car::ForestWriter::open(*sink));
        unsigned alone = 0;
        const auto add = [&](const car::Section& section) -> Result<void> {
            if (range.begin == 0 && section.number == 0) {
                FILFIL_TRY(alone, prefix_blocks(m_source.header(), section));
            }
            FILFIL_CHECK(frames.block(section));
            return section.number < alone ? frames.cut() : Result<void>();
        };
        FILFIL_CHECK(for_each_section(body, add));
        FILFIL_CHECK(frames.cut());
        advance(body.size());
        return Part{std::move(sink), std::move(frames)};
    }

    void advance(std::uint64_t bytes) const {
        if (m_options.progress != nullptr) m_options.progress->advance(bytes);
    }

    const SectionSource& m_source;
    const WriteOptions& m_options;
};

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
        case car::Compression::forest: return ForestPacker(source, options).write(sink);
        case car::Compression::zstd: break;
    }
    FILFIL_TRY(const auto frame,
               car::ZstdSink::open(sink, source.header().size() + source.body_size(), options.compressors));
    FILFIL_CHECK(write_range(source, whole, *frame, options));
    return frame->finish();
}

}    // namespace filfil::snapshot
