// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "car/inspect.hpp"

#include <algorithm>

namespace filfil::car {

Result<Inspection> inspect(std::unique_ptr<ReadableFile> file, const ReaderOptions& options, std::stop_token stop) {
    FILFIL_TRY(Reader reader, Reader::open(std::move(file), options));
    std::map<ipld::Codec, std::uint64_t> codecs;
    Inspection out;
    Batch batch;
    for (;;) {
        if (stop.stop_requested())
            return Error(ErrorCode::cancelled, reader.name() + ": stopped before its end was read");
        FILFIL_TRY(const bool more, reader.read(batch));
        if (!more) break;
        for (const Section& section : batch.sections()) {
            ++codecs[section.codec];
            out.largest_block = std::max<std::uint64_t>(out.largest_block, section.data.size());
        }
    }
    out.header = reader.header();
    out.blocks = reader.sections();
    out.bytes = reader.good_bytes();
    for (const auto& [codec, count] : codecs) out.codecs[ipld::name_of(codec)] = count;
    return out;
}

}    // namespace filfil::car
