// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "require.hpp"
#include "retrieval/fetch/fetch_state.hpp"
#include "retrieval/fetch/holders_answer.hpp"
#include "retrieval/fetch/range_answer.hpp"
#include "retrieval/fetch/section_scanner.hpp"
#include "rpc/json.hpp"

#include <algorithm>
#include <string>

using namespace filfil;
using namespace filfil::retrieval;
using filfil::fuzz::require;

namespace {

void content_range(std::string_view text) {
    const auto range = parse_content_range(text);
    if (!range) return;
    require(range->first <= range->last, "a range has its last byte behind its first");
    require(!range->size || range->last < *range->size, "a range lies inside");
    const std::string again = "bytes " + std::to_string(range->first) + "-" + std::to_string(range->last) + "/" +
                              (range->size ? std::to_string(*range->size) : "*");
    require(parse_content_range(again) == range, "a range that is written out is the same");
}

void state(std::string_view text) {
    const auto read = read_state(text);
    if (!read.ok()) return;
    const auto again = read_state(write_state(*read));
    require(again.ok() && *again == *read, "a state that is written is read back");
}

void holders(std::string_view text) {
    const auto json = rpc::parse_json(text);
    if (!json.ok()) return;
    const auto staged = read_holders_answer(*json);
    if (!staged.ok()) return;
    const auto plan = make_plan(*staged, {"http://a.example"});
    require(!plan.ok() || plan->check().ok(), "a plan that is made can be");
}

/// In one part and in small ones the same is found, but for where it is noticed.
void sections(ByteView bytes) {
    SectionScanner whole;
    const bool good = !whole.feed(bytes, true);
    SectionScanner parts;
    constexpr std::size_t step = 97;
    bool good_in_parts = true;
    for (std::size_t at = 0; good_in_parts && at < bytes.size(); at += step) {
        const std::size_t size = std::min(step, bytes.size() - at);
        good_in_parts = !parts.feed(bytes.subspan(at, size), at + size == bytes.size());
        require(!good_in_parts || parts.checked() <= parts.fed(), "no more is checked than was given");
    }
    if (bytes.empty()) return;
    // The first part has to hold the header.
    require(good || !good_in_parts, "what is wrong is wrong in parts, too");
    if (good) require(whole.checked() == bytes.size(), "all of what is good was checked");
}

}    // namespace

/// The first byte says what the others are.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
    switch (data[0] % 5) {
        case 0: content_range(text); break;
        case 1: state(text); break;
        case 2: holders(text); break;
        case 3: sections(bytes_of(text)); break;
        default: {
            const auto unpacked = unpack_slice(text, 1000);
            require(!unpacked.ok() || unpacked->size() == 1000, "so much comes out as was asked for");
        }
    }
    return 0;
}
