// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/bytes.hpp"
#include "ipld/digest.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <fstream>
#include <string>
#include <string_view>

namespace filfil::e2e {

/// tests/vectors/commp.json, whose README says what its fields and payload rules mean.
inline nlohmann::json commp_vectors() {
    std::ifstream in(FILFIL_SOURCE_DIR "/tests/vectors/commp.json");
    return nlohmann::json::parse(in, nullptr, false);
}

/// The payload of the rule "sha256ctr".
inline std::string vector_payload(std::size_t size) {
    std::string out;
    out.reserve(size + 32);
    for (std::uint64_t i = 0; out.size() < size; ++i) {
        std::string block = "fil-fil commp test v1";
        for (int shift = 0; shift < 64; shift += 8) block += static_cast<char>(i >> shift & 0xff);
        const ipld::Digest256 digest = ipld::sha2_256(bytes_of(block));
        out += chars_of(digest);
    }
    out.resize(size);
    return out;
}

/// The payload of one of the file's vectors.
inline std::string payload_of(const nlohmann::json& vector) {
    const auto size = vector["len"].get<std::size_t>();
    if (vector["gen"] == "zeros") return std::string(size, '\0');
    if (vector["gen"] == "0xff") return std::string(size, '\xff');
    return vector_payload(size);
}

}    // namespace filfil::e2e
