// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "snapshot/car_file_source.hpp"

#include "car/reader.hpp"

#include <utility>

namespace filfil::snapshot {

Result<std::unique_ptr<CarFileSource>> CarFileSource::open(Files& files, const std::string& path, Progress* progress,
                                                           const std::stop_token& stop) {
    std::unique_ptr<CarFileSource> source(new CarFileSource);
    FILFIL_TRY(source->m_file, files.open(path));
    if (!source->m_file->size())
        return Error(ErrorCode::unsupported, path + ": is no regular file, so it cannot be read at will",
                     "store it as a file first");
    car::ReaderOptions options;
    options.progress = progress;
    FILFIL_TRY(car::Reader reader, car::Reader::open(files, path, options));
    if (reader.header().compression != car::Compression::none)
        return Error(ErrorCode::unsupported, path + ": is compressed, so it cannot be read at will",
                     "decompress it first, for example with `zstd -d`");
    car::Batch batch;
    for (;;) {
        if (stop.stop_requested()) return Error(ErrorCode::cancelled, path + ": stopped before its end was read");
        FILFIL_TRY(const bool more, reader.read(batch));
        if (!more) break;
        for (const car::Section& section : batch.sections()) source->m_boundaries.add(section.bytes.size());
    }
    source->m_header = reader.header().bytes;
    source->m_roots = reader.header().roots;
    source->m_body_offset = reader.header().payload_offset + source->m_header.size();
    source->m_sections = reader.sections();
    return source;
}

Result<void> CarFileSource::read(std::uint64_t offset, ByteSpan out) const {
    FILFIL_TRY(const std::size_t n, m_file->read_at(m_body_offset + offset, out));
    if (n < out.size())
        return Error(ErrorCode::truncated,
                     m_file->name() + ": ended at byte " + std::to_string(m_body_offset + offset + n) +
                         ", which was inside it when it was opened",
                     "let nothing write to the file, then try again");
    return {};
}

}    // namespace filfil::snapshot
