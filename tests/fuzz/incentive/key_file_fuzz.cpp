// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/key_file.hpp"
#include "require.hpp"
#include "rpc/json.hpp"

using namespace filfil;
using namespace filfil::incentive;

namespace {

/// What the bounds allow takes seconds and much memory, which a fuzzer has no time for.
bool is_cheap(std::string_view text) {
    const auto json = rpc::parse_json(text, {.depth = 8});
    if (!json.ok() || !json->is_object()) return true;
    std::uint64_t work = 1;
    for (const char* name : {"/crypto/kdfparams/", "/Crypto/kdfparams/"})
        for (const char* field : {"n", "r", "p"}) {
            const rpc::Json::json_pointer pointer(std::string(name) + field);
            if (!json->contains(pointer) || !json->at(pointer).is_number_unsigned()) continue;
            work *=
                std::min<std::uint64_t>(std::max<std::uint64_t>(1, json->at(pointer).get<std::uint64_t>()), 1U << 10);
        }
    return work <= 1U << 10;
}

}    // namespace

// Whatever stands in a file becomes a key or an error; and only what was written with the password becomes a key.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = chars_of(std::as_bytes(std::span(data, size)));
    (void)address_in_key_file(text);
    if (!is_cheap(text)) return 0;
    const auto key = decode_key_file(text, "password");
    if (!key.ok()) {
        fuzz::require(!key.error().message.empty(), "an error says something");
        return 0;
    }
    const auto address = address_in_key_file(text);
    fuzz::require(address.ok(), "what is read has an address, or none");
    fuzz::require(!*address || **address == key->address(), "the address is the key's");
    return 0;
}
