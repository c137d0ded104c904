// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "ipld/cid.hpp"

#include "ipld/digest.hpp"
#include "ipld/multibase.hpp"
#include "ipld/varint.hpp"

namespace filfil::ipld {
namespace {

// A version 0 CID is a bare sha2-256 multihash: these two bytes, then 32 of digest.
constexpr std::byte v0_code{0x12};
constexpr std::byte v0_length{0x20};
constexpr std::size_t v0_size = 34;

// Longer text cannot hold a CID: 3 varints and a digest of at most 128 bytes make 330 characters in base16. It also
// bounds the work of base58btc.
constexpr std::size_t max_text = 400;

constexpr std::string_view parse_remedy = "give a CID such as baga6ea4seaq… or bafy2bzace…, whole and without spaces";

bool is_v0(ByteView bytes) noexcept { return bytes.size() >= 2 && bytes[0] == v0_code && bytes[1] == v0_length; }

/// Reads a varint that is known to be well formed.
Varint trusted_varint(ByteView bytes) noexcept {
    Varint out;
    std::byte byte{};
    do {
        byte = bytes[out.length];
        out.value |= std::to_integer<std::uint64_t>(byte & std::byte{0x7f}) << (7 * out.length);
        ++out.length;
    } while ((byte & std::byte{0x80}) != std::byte{0});
    return out;
}

/// The bytes behind a multibase prefix.
Result<Bytes> decode_multibase(std::string_view text) {
    switch (text[0]) {
        case 'b':
        case 'B': return from_base32(text, 1);
        case 'z': return from_base58btc(text, 1);
        case 'f':
        case 'F': return from_base16(text, 1);
        case 'm': return from_base64(text, 1);
        case 'u': return from_base64url(text, 1);
        default:
            return Error(ErrorCode::invalid_argument,
                         "it starts with none of the multibase prefixes b, B, z, f, F, m, u");
    }
}

/// `text` as it may stand in a message: no control characters reach a terminal or a log.
std::string printable(std::string_view text) {
    std::string out;
    for (const char& c : text) {
        if (c >= ' ' && c <= '~')
            out.push_back(c);
        else
            out += "\\x" + to_hex(bytes_of({&c, 1}));
    }
    return out;
}

Error not_a_cid(std::string_view text, const Error& why) {
    return {ErrorCode::invalid_argument, "'" + printable(text) + "' is no CID: " + why.message,
            std::string(parse_remedy)};
}

}    // namespace

std::string name_of(Codec codec) {
    switch (codec) {
        case Codec::cbor: return "cbor";
        case Codec::raw: return "raw";
        case Codec::dag_pb: return "dag-pb";
        case Codec::dag_cbor: return "dag-cbor";
        case Codec::fil_commitment_unsealed: return "fil-commitment-unsealed";
        case Codec::fil_commitment_sealed: return "fil-commitment-sealed";
    }
    return hex_name(static_cast<std::uint64_t>(codec));
}

Result<std::size_t> cid_length(ByteView bytes) {
    if (bytes.empty()) return Error(ErrorCode::truncated, "CID has no bytes");
    if (bytes.size() == 1 && bytes[0] == v0_code) return Error(ErrorCode::truncated, "CID ends after its first byte");
    if (is_v0(bytes)) {
        if (bytes.size() < v0_size)
            return Error(ErrorCode::truncated,
                         "version 0 CID should have 34 bytes, and only " + std::to_string(bytes.size()) + " are left");
        return v0_size;
    }
    auto version = read_varint(bytes);
    if (!version.ok()) return std::move(version).error().in("CID version at byte 0");
    if (version->value != 1)
        return Error(version->value > 1 ? ErrorCode::unsupported : ErrorCode::corrupt,
                     "CID announces version " + std::to_string(version->value) + " at byte 0; 1 was expected");
    std::size_t at = version->length;
    auto codec = read_varint(bytes.subspan(at));
    if (!codec.ok()) return std::move(codec).error().in("CID codec at byte " + std::to_string(at));
    at += codec->length;
    auto hash = read_multihash(bytes.subspan(at));
    if (!hash.ok()) return std::move(hash).error().in("CID multihash from byte " + std::to_string(at));
    return at + hash->length;
}

Cid::Cid(Codec codec, MultihashView hash) {
    const auto code = static_cast<std::uint64_t>(codec);
    m_bytes.reserve(1 + varint_length(code) + varint_length(static_cast<std::uint64_t>(hash.code)) +
                    varint_length(hash.digest.size()) + hash.digest.size());
    m_bytes.push_back(std::byte{1});
    append_varint(m_bytes, code);
    append_multihash(m_bytes, hash);
}

Result<Cid> Cid::from_bytes(ByteView bytes) {
    FILFIL_TRY(Cid cid, read(bytes));
    if (cid.m_bytes.size() != bytes.size())
        return Error(ErrorCode::corrupt, "CID ends at byte " + std::to_string(cid.m_bytes.size()) + ", and " +
                                             std::to_string(bytes.size() - cid.m_bytes.size()) +
                                             " more bytes follow it");
    return cid;
}

Result<Cid> Cid::read(ByteView bytes) {
    FILFIL_TRY(const std::size_t length, cid_length(bytes));
    Cid cid;
    cid.m_bytes.assign(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(length));
    return cid;
}

Result<Cid> Cid::parse(std::string_view text) {
    if (text.empty()) return Error(ErrorCode::invalid_argument, "an empty text is no CID", std::string(parse_remedy));
    if (text.size() > max_text)
        return Error(ErrorCode::invalid_argument,
                     "a text of " + std::to_string(text.size()) + " characters is no CID: none has over " +
                         std::to_string(max_text),
                     std::string(parse_remedy));

    // A version 0 CID has no multibase prefix; its 34 bytes always read "Qm" and 44 more characters.
    const bool bare = text.starts_with("Qm");
    const Result<Bytes> bytes = bare ? from_base58btc(text, 0) : decode_multibase(text);
    if (!bytes.ok()) return not_a_cid(text, bytes.error());
    if (is_v0(*bytes) != bare)
        return not_a_cid(text, Error(ErrorCode::corrupt, bare ? "it starts as version 0 does and is something else"
                                                              : "version 0 has no multibase prefix"));
    auto cid = from_bytes(*bytes);
    if (!cid.ok()) return not_a_cid(text, cid.error());
    return cid;
}

unsigned Cid::version() const noexcept { return empty() || is_v0(m_bytes) ? 0 : 1; }

Codec Cid::codec() const noexcept {
    if (version() == 0) return Codec::dag_pb;
    return static_cast<Codec>(trusted_varint(bytes().subspan(1)).value);
}

MultihashView Cid::hash() const noexcept {
    if (empty()) return {};
    if (is_v0(m_bytes)) return {HashCode::sha2_256, bytes().subspan(2)};
    std::size_t at = 1;
    at += trusted_varint(bytes().subspan(at)).length;
    const Varint code = trusted_varint(bytes().subspan(at));
    at += code.length;
    at += trusted_varint(bytes().subspan(at)).length;
    return {static_cast<HashCode>(code.value), bytes().subspan(at)};
}

std::string Cid::text() const {
    if (empty()) return {};
    return version() == 0 ? to_base58btc(m_bytes) : "b" + to_base32(m_bytes);
}

Cid cid_of_block(Codec codec, ByteView data) {
    const Digest256 digest = blake2b_256(data);
    return {codec, {HashCode::blake2b_256, digest}};
}

}    // namespace filfil::ipld

std::size_t std::hash<filfil::ipld::Cid>::operator()(const filfil::ipld::Cid& cid) const noexcept {
    return std::hash<std::string_view>{}(filfil::chars_of(cid.bytes()));
}
