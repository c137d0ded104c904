// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "require.hpp"
#include "rpc/excerpt.hpp"
#include "rpc/json.hpp"

using namespace filfil;

// What is taken reads back as the same value from its own text, and another reader of JSON takes it as well and for the
// same. What is refused says why.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto value = rpc::parse_json(text);
    const rpc::Json other = rpc::Json::parse(text, nullptr, false);
    if (!value.ok()) {
        fuzz::require(value.error().message.starts_with("JSON: byte "), "an error begins with its byte");
        fuzz::require(rpc::excerpt(value.error().message, 10'000) == value.error().message, "an error can be printed");
        return 0;
    }
    // The other one keeps one of two equal keys and takes a byte order mark, so it takes all that this one does.
    fuzz::require(!other.is_discarded(), "what is taken is JSON");
    fuzz::require(other == *value, "both readers give the same value");
    const std::string written = rpc::write_json(*value);
    const auto again = rpc::parse_json(written);
    fuzz::require(again.ok(), "what was written is read");
    fuzz::require(rpc::write_json(*again) == written, "a value reads back");
    return 0;
}
