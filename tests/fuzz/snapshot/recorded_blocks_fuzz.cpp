// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "../car/require.hpp"
#include "car/header.hpp"
#include "car/reader.hpp"
#include "snapshot/recorded_blocks.hpp"

using namespace filfil;
using namespace filfil::snapshot;
using filfil::fuzz::require;

/// Any bytes as a run of sections: what is taken is what the CAR reader finds in them.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView bytes = fuzz::input(data, size);
    RecordedBlocks blocks;
    const auto added = blocks.add(bytes);
    require(added.ok() || !added.error().message.empty(), "an error says something");

    Bytes car = car::encode_header({});
    car.insert(car.end(), bytes.begin(), bytes.end());
    auto reader = car::Reader::open(memory_file("fuzz", car));
    require(reader.ok(), "the header is right");
    std::unordered_map<ipld::Cid, Bytes> last;
    bool good = true;
    for (;;) {
        const auto section = reader->next();
        good = section.ok();
        if (!good || !*section) break;
        last.insert_or_assign((*section)->cid_copy(), to_bytes((*section)->data));
    }
    // The reader has limits of its own; what it reads to the end is taken, and nothing else is in it.
    if (good) require(added.ok() && blocks.size() == last.size(), "what a CAR may hold is taken");
    for (const auto& [cid, wanted] : last) {
        const auto found = blocks.fetch(std::span(&cid, 1));
        require(found.size() == 1 && found[0].ok(), "every section is there");
        if (good) require(*found[0] == wanted, "the last one counts");
    }
    return 0;
}
