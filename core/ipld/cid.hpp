// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/bytes.hpp"
#include "ipld/multihash.hpp"

#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace filfil::ipld {

/// Content codecs that Filecoin chain data uses (multicodec table.csv).
enum class Codec : std::uint64_t {
    cbor = 0x51,    ///< CBOR that is not opened for links
    raw = 0x55,
    dag_pb = 0x70,    ///< the codec of every CIDv0
    dag_cbor = 0x71,
    fil_commitment_unsealed = 0xf101,
    fil_commitment_sealed = 0xf102,
};

/// The name in the multicodec table, or "0x…" for a code that is not listed above.
std::string name_of(Codec codec);

/// A content identifier, version 0 or 1, held as its binary form.
///
/// Equality and order are those of the whole binary form (version, codec, hash function, digest): one digest can stand
/// under two codecs and then names two different blocks.
class Cid {
public:
    /// The empty CID: names nothing, compares less than all others.
    Cid() = default;

    /// Makes a version 1 CID.
    Cid(Codec codec, MultihashView hash);

    /// Reads a CID in binary form that fills `bytes` whole.
    /// @return Error::corrupt, truncated or unsupported with the offset inside `bytes`
    static Result<Cid> from_bytes(ByteView bytes);

    /// Reads a CID from the front of `bytes`; its length is cid.bytes().size().
    static Result<Cid> read(ByteView bytes);

    /// Reads text: base58btc without prefix ("Qm…", version 0), or multibase b, B (base32), z (base58btc), f, F
    /// (base16), m, u (base64). @return Error::invalid_argument says what is wrong at which character.
    static Result<Cid> parse(std::string_view text);

    [[nodiscard]] bool empty() const noexcept { return m_bytes.empty(); }
    [[nodiscard]] unsigned version() const noexcept;    ///< 0 or 1
    [[nodiscard]] Codec codec() const noexcept;
    [[nodiscard]] MultihashView hash() const noexcept;    ///< valid as long as this object is not changed
    [[nodiscard]] ByteView bytes() const noexcept { return m_bytes; }

    /// Base32 (multibase 'b', lower case, no padding) for version 1, base58btc for version 0.
    [[nodiscard]] std::string text() const;

    auto operator<=>(const Cid&) const = default;

private:
    Bytes m_bytes;
};

/// Length in bytes of the CID at the front of `bytes`: what Cid::read checks, without making a Cid.
Result<std::size_t> cid_length(ByteView bytes);

/// The version 1 CID of a block: `codec` with the BLAKE2b-256 of `data`, as every Filecoin chain block has.
Cid cid_of_block(Codec codec, ByteView data);

}    // namespace filfil::ipld

template <>
struct std::hash<filfil::ipld::Cid> {
    std::size_t operator()(const filfil::ipld::Cid& cid) const noexcept;
};
