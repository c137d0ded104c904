// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "base/executor.hpp"
#include "base/random.hpp"
#include "car/link_ledger.hpp"
#include "car/verify.hpp"
#include "car/writer.hpp"
#include "require.hpp"

#include <algorithm>

using namespace filfil;
using namespace filfil::car;
using filfil::fuzz::require;

namespace {

struct Outcome {
    bool opened = false;
    Header header;
    Bytes body;
    std::uint64_t blocks = 0;
    std::uint64_t good_bytes = 0;
    Damage damage = Damage::none;
    std::optional<Error> error;
};

Outcome read_all_of(ByteView bytes, std::size_t batch_bytes) {
    ReaderOptions options;
    options.batch_bytes = batch_bytes;
    options.limits.section = 100'000;
    Outcome out;
    auto reader = Reader::open(memory_file("fuzz", bytes), options);
    if (!reader.ok()) {
        out.error = reader.error();
        return out;
    }
    out.opened = true;
    out.header = reader->header();
    Batch batch;
    for (;;) {
        auto more = reader->read(batch);
        if (!more.ok()) out.error = more.error();
        if (!more.ok() || !*more) break;
        std::size_t place = 0;
        for (const Section& section : batch.sections()) {
            require(section.number == out.blocks++, "sections are numbered in order");
            require(section.bytes.data() == batch.bytes().data() + place, "sections lie behind each other");
            place += section.bytes.size();
            Bytes again;
            append_section(again, section.cid, section.data);
            require(std::ranges::equal(again, section.bytes), "a section is its length, CID and data");
            require(section.cid_copy().codec() == section.codec, "a section's CID is one");
        }
        require(place == batch.bytes().size(), "a batch holds its sections only");
        out.body.insert(out.body.end(), batch.bytes().begin(), batch.bytes().end());
    }
    out.good_bytes = reader->good_bytes();
    out.damage = reader->damage();
    return out;
}

}    // namespace

/// Any bytes, plain or zstd: the reader ends, says the same whatever the size of its batches, and what it gave is
/// there.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView bytes = fuzz::input(data, size);
    const Outcome small = read_all_of(bytes, 64);
    const Outcome large = read_all_of(bytes, 16'384);
    require(small.opened == large.opened, "the header does not depend on batches");
    require(small.error.has_value() == large.error.has_value(), "an error does not depend on batches");
    if (small.error) {
        require(!small.error->message.empty(), "an error says something");
        require(small.error->message == large.error->message, "an error's sentence does not depend on batches");
    }
    if (!small.opened) return 0;
    require(small.body == large.body && small.blocks == large.blocks, "sections do not depend on batches");
    require(small.damage == large.damage, "damage does not depend on batches");
    require((small.damage != Damage::none) == small.error.has_value(), "an error is a damage");
    require(small.good_bytes == small.header.bytes.size() + small.body.size(), "good bytes are header and sections");
    if (small.header.compression == Compression::none) {
        const ByteView there = bytes.subspan(static_cast<std::size_t>(small.header.payload_offset),
                                             static_cast<std::size_t>(small.good_bytes));
        require(std::ranges::equal(there.first(small.header.bytes.size()), small.header.bytes),
                "the header is that of the file");
        require(std::ranges::equal(there.subspan(small.header.bytes.size()), small.body),
                "the sections are those of the file");
    }

    InlineExecutor executor;
    SeededRandom random(1);
    VerifyOptions options;
    options.reader.limits.section = 100'000;
    options.reader.batch_bytes = 4096;
    const auto report = verify(memory_file("fuzz", bytes), executor, options);
    require(report.ok() && report->blocks == small.blocks, "verify counts the same blocks");
    require(report->bad_blocks + report->unchecked_blocks <= report->blocks, "bad blocks are blocks");
    return 0;
}
