// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "car/forest_car.hpp"
#include "car/forest_writer.hpp"
#include "car/little_endian.hpp"
#include "require.hpp"

#include <algorithm>
#include <map>
#include <set>

using namespace filfil;
using namespace filfil::car;
using filfil::fuzz::require;

namespace {

/// Any bytes as a file: opening, looking up and checking end without harm.
void read_hostile(ByteView bytes) {
    const auto file = memory_file("fuzz", bytes);
    if (const auto footer = read_forest_footer(*file); footer.ok() && *footer) {
        if (const auto index = ForestIndex::open(*file, **footer); index.ok())
            for (const std::uint64_t hash : {std::uint64_t{0}, std::uint64_t{1} << 63, ~std::uint64_t{0} - 1}) {
                const auto found = index->frames_of(hash);
                require(!found.ok() || found->size() <= bytes.size() / 16, "an index gives no more than it has");
            }
    }
    Limits limits;
    limits.section = 100'000;
    if (const auto car = ForestCar::open(memory_file("fuzz", bytes), limits); car.ok())
        for (const ipld::Cid& root : car->roots()) {
            const auto data = car->get(root);
            require(!data.ok() || !*data || (*data)->size() <= limits.section, "a block is within the limit");
        }
    ReaderOptions options;
    options.limits = limits;
    if (const auto check = check_forest_car(memory_file("fuzz", bytes), options); check.ok())
        require(check->unresolved <= check->blocks, "what is not found is a block");
}

/// Entries from the input, in an index of one frame and of many: all are found, and only with their own frames.
void round_trip(ByteView bytes) {
    std::map<std::uint64_t, std::set<std::uint64_t>> expected;
    for (; bytes.size() >= 9; bytes = bytes.subspan(9)) {
        std::uint64_t hash = load_u64(bytes.data());
        if (hash == ~std::uint64_t{0}) --hash;
        expected[hash].insert(std::to_integer<std::uint64_t>(bytes[8]));
    }
    for (const bool many : {false, true}) {
        ForestIndexBuilder builder;
        for (const auto& [hash, frames] : expected)
            for (const std::uint64_t frame : frames) builder.add(hash, frame);
        MemorySink sink;
        const auto written = many ? builder.write(sink, 0, 64) : builder.write(sink);
        require(written.ok() && *written == sink.bytes().size(), "an index has the size that it says");
        Bytes whole = sink.bytes();
        const auto footer = encode_forest_footer({skippable_header_size});
        whole.insert(whole.end(), footer.begin(), footer.end());
        const auto file = memory_file("fuzz", whole);
        const auto index = ForestIndex::open(*file, {skippable_header_size});
        require(index.ok(), "what is written opens");
        for (const auto& [hash, frames] : expected) {
            const auto found = index->frames_of(hash);
            require(found.ok() && std::ranges::equal(*found, frames), "every entry is found");
            if (hash > 0 && !expected.contains(hash - 1))
                require(index->frames_of(hash - 1)->empty(), "nothing else is found");
        }
    }
}

}    // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView bytes = fuzz::input(data, size);
    read_hostile(bytes);
    round_trip(bytes.first(std::min<std::size_t>(size, 3000)));
    return 0;
}
