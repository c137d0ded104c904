// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "../car/require.hpp"
#include "ipld/digest.hpp"
#include "memory_files.hpp"
#include "snapshot/state_log.hpp"

#include <algorithm>

using namespace filfil;
using namespace filfil::snapshot;
using filfil::fuzz::require;

namespace {

/// Reads to the end. @return how many records; their bytes and the log's good part have to agree
std::size_t read_all_records(MemoryFiles& files, std::uint64_t number) {
    auto log = StateLogReader::open(files, "log", number);
    require(log.ok(), "a file can be read as a log");
    for (std::size_t count = 0;; ++count) {
        const std::uint64_t before = log->good();
        const auto record = log->next();
        require(record.ok(), "memory can be read");
        if (!*record) {
            require(log->good() == before && before <= log->size(), "what is no record does not count");
            return count;
        }
        require((*record)->offset == before, "a record begins where the last one ended");
        require(log->good() == before + 13 + (*record)->payload.size(), "a record ends where it says");
    }
}

void append_record(Bytes& out, std::uint64_t number, std::uint8_t type, ByteView payload) {
    Bytes checked;
    const auto put = [&](std::uint64_t value, unsigned bytes) {
        for (unsigned i = 0; i < bytes; ++i) checked.push_back(static_cast<std::byte>(value >> (8 * i) & 0xff));
    };
    put(number, 8);
    put(out.size(), 8);
    put(payload.size(), 4);
    put(type, 1);
    checked.insert(checked.end(), payload.begin(), payload.end());
    const ipld::Digest256 digest = ipld::blake2b_256(checked);
    out.insert(out.end(), checked.begin() + 16, checked.end());
    out.insert(out.end(), digest.begin(), digest.begin() + 8);
}

}    // namespace

/// Any bytes as a log; and a log of the input's pieces, cut and bent: what is read is what was written before the
/// damage.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView bytes = fuzz::input(data, size);
    MemoryFiles files;
    files.stored["log"] = to_bytes(bytes);
    (void)read_all_records(files, 1);
    if (size < 4) return 0;

    Bytes log;
    std::vector<std::size_t> ends;
    for (ByteView rest = bytes.subspan(3); !rest.empty();) {
        const std::size_t length = std::min(rest.size(), std::to_integer<std::size_t>(rest[0]) % 64);
        append_record(log, data[0], data[1], rest.first(length));
        ends.push_back(log.size());
        rest = rest.subspan(std::max<std::size_t>(length, 1));
    }
    files.stored["log"] = log;
    require(read_all_records(files, data[0]) == ends.size(), "what was written is read");
    const std::size_t place = (data[1] + 256U * data[2]) % log.size();
    const auto whole =
        static_cast<std::size_t>(std::ranges::count_if(ends, [place](std::size_t end) { return end <= place; }));
    files.stored["log"][place] ^= std::byte{1};
    require(read_all_records(files, data[0]) == whole, "a bent record ends the log");
    files.stored["log"].assign(log.begin(), log.begin() + static_cast<std::ptrdiff_t>(place));
    require(read_all_records(files, data[0]) == whole, "so does a torn one");
    return 0;
}
