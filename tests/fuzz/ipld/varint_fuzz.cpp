// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "ipld/multihash.hpp"
#include "ipld/varint.hpp"
#include "require.hpp"

#include <algorithm>

using namespace filfil;
using namespace filfil::ipld;
using filfil::fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView bytes = fuzz::input(data, size);
    if (const auto varint = read_varint(bytes); varint.ok()) {
        Bytes back;
        append_varint(back, varint->value);
        require(back.size() == varint->length, "a varint has one length");
        require(varint_length(varint->value) == varint->length, "varint_length says that length");
        require(std::ranges::equal(back, bytes.first(varint->length)), "a varint has one form");
    }
    if (const auto hash = read_multihash(bytes); hash.ok()) {
        Bytes back;
        append_multihash(back, hash->hash);
        require(std::ranges::equal(back, bytes.first(hash->length)), "a multihash writes back as it was read");
        const auto same = matches(hash->hash, bytes.subspan(hash->length));
        const bool computable = hash->hash.code == HashCode::identity ||
                                ((hash->hash.code == HashCode::sha2_256 || hash->hash.code == HashCode::blake2b_256) &&
                                 hash->hash.digest.size() == 32);
        require(same.ok() == computable, "exactly the computable functions are computed");
    }
    return 0;
}
