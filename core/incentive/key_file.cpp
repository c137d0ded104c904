// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/key_file.hpp"

#include "base/units.hpp"
#include "incentive/keccak.hpp"
#include "rpc/excerpt.hpp"
#include "rpc/json.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <bit>
#include <memory>

namespace filfil::incentive {
namespace {

using rpc::Json;

constexpr std::uint64_t largest_file = 64 * KiB;
constexpr std::uint64_t largest_memory = 512 * MiB;

/// Eight times the work of geth's standard (n 2^18, r 8, p 1).
constexpr std::uint64_t largest_work = std::uint64_t{1} << 24;
constexpr std::uint64_t largest_salt = 1024;
constexpr std::size_t derived_size = 32;
constexpr std::size_t iv_size = 16;
constexpr std::size_t key_size = 16;    ///< of AES-128; the other half of what is derived goes into the MAC

constexpr std::string_view rewrite = "write the key with cast wallet import or geth account import, which use scrypt";

/// Bytes that are overwritten at the end.
struct SecretBytes {
    explicit SecretBytes(std::size_t size) : bytes(size) {}
    ~SecretBytes() { wipe(bytes); }
    SecretBytes(const SecretBytes&) = delete;
    SecretBytes& operator=(const SecretBytes&) = delete;
    SecretBytes(SecretBytes&&) noexcept = default;
    SecretBytes& operator=(SecretBytes&&) = delete;

    Bytes bytes;
};

unsigned char* chars_to_fill(ByteSpan bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }
const unsigned char* chars(ByteView bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }

/// Of a key file's fields: says what is wrong with which.
Error bad(std::string_view field, const std::string& why) {
    return {ErrorCode::corrupt, "the key file's " + std::string(field) + " " + why,
            "restore the file from a backup: it was damaged or edited"};
}

Result<void> check(const ScryptCost& cost) {
    // Each below 2^32, so that no product below overflows twice.
    constexpr std::uint64_t most = std::uint64_t{1} << 32;
    const std::string named = "scrypt with n = " + std::to_string(cost.n) + ", r = " + std::to_string(cost.r) +
                              ", p = " + std::to_string(cost.p);
    if (cost.n < 2 || !std::has_single_bit(cost.n) || cost.r == 0 || cost.p == 0)
        return Error(ErrorCode::corrupt, named + ": n is a power of two from 2 on, r and p are 1 or more",
                     std::string(rewrite));
    if (cost.n >= most || cost.r >= most || cost.p >= most || cost.n * cost.r > largest_memory / 128 ||
        cost.r * cost.p > largest_memory / 128 || cost.n * cost.r * cost.p > largest_work)
        return Error(ErrorCode::too_large,
                     named + " takes more than the " + format_size(largest_memory) +
                         " of memory, or the time, that are given to a key file",
                     "no wallet writes such a file; " + std::string(rewrite));
    // RFC 7914, section 6: n < 2^(128 * r / 8).
    if (cost.r < 4 && cost.n >= std::uint64_t{1} << (16 * cost.r))
        return Error(ErrorCode::unsupported, named + ": n is too large for so small an r", std::string(rewrite));
    return {};
}

Result<SecretBytes> derive(std::string_view password, ByteView salt, const ScryptCost& cost) {
    FILFIL_CHECK(check(cost));
    SecretBytes out(derived_size);
    // OpenSSL counts its own buffers in: the blocks of p, and one more of n's.
    const std::uint64_t memory = 128 * cost.r * (cost.n + cost.p + 2) + 64 * KiB;
    if (EVP_PBE_scrypt(password.data(), password.size(), chars(salt), salt.size(), cost.n, cost.r, cost.p, memory,
                       chars_to_fill(out.bytes), out.bytes.size()) != 1)
        return Error(
            ErrorCode::io,
            "OpenSSL could not derive the key: scrypt needs " + format_size(128 * cost.r * cost.n) + " of memory",
            "close other programs and try again");
    return out;
}

struct FreeCipher {
    void operator()(EVP_CIPHER_CTX* context) const noexcept { EVP_CIPHER_CTX_free(context); }
};

/// AES-128 in counter mode: the same in both directions.
Result<void> crypt(ByteView key, ByteView iv, ByteView in, ByteSpan out) {
    const std::unique_ptr<EVP_CIPHER_CTX, FreeCipher> context(EVP_CIPHER_CTX_new());
    int size = 0;
    if (context == nullptr ||
        EVP_EncryptInit_ex(context.get(), EVP_aes_128_ctr(), nullptr, chars(key), chars(iv)) != 1 ||
        EVP_EncryptUpdate(context.get(), chars_to_fill(out), &size, chars(in), static_cast<int>(in.size())) != 1 ||
        static_cast<std::size_t>(size) != in.size())
        return Error(ErrorCode::internal, "OpenSSL has no aes-128-ctr");
    return {};
}

Hash32 mac_of(const SecretBytes& derived, ByteView ciphertext) {
    SecretBytes input(key_size + ciphertext.size());
    std::copy_n(derived.bytes.begin() + key_size, key_size, input.bytes.begin());
    std::ranges::copy(ciphertext, input.bytes.begin() + key_size);
    return keccak_256(input.bytes);
}

/// RFC 9562, version 4.
std::string uuid(Random& random) {
    std::array<std::byte, 16> bytes{};
    random.fill(bytes);
    bytes[6] = (bytes[6] & std::byte{0x0f}) | std::byte{0x40};
    bytes[8] = (bytes[8] & std::byte{0x3f}) | std::byte{0x80};
    std::string out = to_hex(bytes);
    for (const std::size_t at : {20U, 16U, 12U, 8U}) out.insert(at, 1, '-');
    return out;
}

Result<const Json*> field(const Json& object, std::string_view name) {
    const auto found = object.is_object() ? object.find(std::string(name)) : object.end();
    if (!object.is_object() || found == object.end()) return bad(name, "is missing");
    return &*found;
}

Result<std::string> text(const Json& object, std::string_view name) {
    FILFIL_TRY(const Json* json, field(object, name));
    const auto* value = json->get_ptr<const Json::string_t*>();
    if (value == nullptr) return bad(name, "is no text");
    return *value;
}

Result<std::uint64_t> number(const Json& object, std::string_view name) {
    FILFIL_TRY(const Json* json, field(object, name));
    if (!json->is_number_unsigned()) return bad(name, "is no whole number");
    return json->get<std::uint64_t>();
}

/// Hexadecimal, with "0x" before it or not.
Result<Bytes> bytes(const Json& object, std::string_view name, std::size_t least, std::size_t most) {
    FILFIL_TRY(const std::string value, text(object, name));
    std::string_view digits = value;
    if (digits.starts_with("0x")) digits.remove_prefix(2);
    auto out = from_hex(digits);
    if (!out.ok()) return bad(name, "is not hexadecimal");
    if (out->size() < least || out->size() > most)
        return bad(name, "has " + std::to_string(out->size()) + " bytes, and " + std::to_string(least) +
                             (least == most ? "" : " to " + std::to_string(most)) + " are expected");
    return out;
}

/// geth writes "crypto", its first versions "Crypto".
Result<const Json*> crypto_of(const Json& file) {
    if (!file.is_object() || (!file.contains("crypto") && !file.contains("Crypto")))
        return Error(ErrorCode::corrupt, "no key file: there is no \"crypto\" in it",
                     "name a key file of geth or cast (Web3 Secret Storage, version 3)");
    FILFIL_TRY(const std::uint64_t version, number(file, "version"));
    if (version != 3)
        return Error(ErrorCode::unsupported, "the key file is of version " + std::to_string(version) + ", not 3",
                     std::string(rewrite));
    return &file.at(file.contains("crypto") ? "crypto" : "Crypto");
}

Result<Json> parse(std::string_view text) {
    if (text.size() > largest_file)
        return Error(ErrorCode::too_large, "a key file of " + format_size(text.size()),
                     "name a key file of geth or cast (Web3 Secret Storage, version 3)");
    auto json = rpc::parse_json(text, {.depth = 8});
    if (!json.ok()) {
        Error error = std::move(json).error().in("no key file");
        error.remedy = "name a key file of geth or cast (Web3 Secret Storage, version 3), or restore it from a backup";
        return error;
    }
    return json;
}

Result<std::optional<EthAddress>> address_of(const Json& file) {
    if (!file.contains("address") || file["address"] == Json("")) return std::optional<EthAddress>();
    FILFIL_TRY(const Bytes address, bytes(file, "address", EthAddress::size, EthAddress::size));
    FILFIL_TRY(const EthAddress out, EthAddress::from_bytes(address));
    return std::optional(out);
}

}    // namespace

Result<std::string> encode_key_file(const SecretKey& key, std::string_view password, Random& random,
                                    const ScryptCost& cost) {
    if (password.empty())
        return Error(ErrorCode::invalid_argument, "a key file without a password", "choose a password");
    std::array<std::byte, derived_size> salt{};
    std::array<std::byte, iv_size> iv{};
    random.fill(salt);
    random.fill(iv);
    FILFIL_TRY(const SecretBytes derived, derive(password, salt, cost));
    Bytes ciphertext(key.bytes().size());
    FILFIL_CHECK(crypt(ByteView(derived.bytes).first(key_size), iv, key.bytes(), ciphertext));
    const Json file = {
        {"version", 3},
        {"id", uuid(random)},
        {"address", key.address().lower_text().substr(2)},
        {"crypto",
         {{"cipher", "aes-128-ctr"},
          {"cipherparams", {{"iv", to_hex(iv)}}},
          {"ciphertext", to_hex(ciphertext)},
          {"kdf", "scrypt"},
          {"kdfparams", {{"dklen", derived_size}, {"n", cost.n}, {"r", cost.r}, {"p", cost.p}, {"salt", to_hex(salt)}}},
          {"mac", to_hex(mac_of(derived, ciphertext))}}}};
    return rpc::write_json(file) + "\n";
}

Result<SecretKey> decode_key_file(std::string_view content, std::string_view password) {
    FILFIL_TRY(const Json file, parse(content));
    FILFIL_TRY(const Json* crypto, crypto_of(file));
    FILFIL_TRY(const std::string cipher, text(*crypto, "cipher"));
    if (cipher != "aes-128-ctr")
        return Error(ErrorCode::unsupported,
                     "the key file's cipher is \"" + rpc::excerpt(cipher) + "\", and only aes-128-ctr is read",
                     std::string(rewrite));
    FILFIL_TRY(const std::string kdf, text(*crypto, "kdf"));
    if (kdf != "scrypt")
        return Error(ErrorCode::unsupported,
                     "the key file's kdf is \"" + rpc::excerpt(kdf) + "\", and only scrypt is read",
                     std::string(rewrite));
    FILFIL_TRY(const Bytes ciphertext, bytes(*crypto, "ciphertext", 32, 32));
    FILFIL_TRY(const Json* cipher_params, field(*crypto, "cipherparams"));
    FILFIL_TRY(const Bytes iv, bytes(*cipher_params, "iv", iv_size, iv_size));
    FILFIL_TRY(const Bytes mac, bytes(*crypto, "mac", 32, 32));
    FILFIL_TRY(const Json* params, field(*crypto, "kdfparams"));
    FILFIL_TRY(const std::uint64_t size, number(*params, "dklen"));
    if (size != derived_size) return bad("dklen", "is " + std::to_string(size) + ", and 32 is expected");
    ScryptCost cost;
    FILFIL_TRY(cost.n, number(*params, "n"));
    FILFIL_TRY(cost.r, number(*params, "r"));
    FILFIL_TRY(cost.p, number(*params, "p"));
    FILFIL_TRY(const Bytes salt, bytes(*params, "salt", 1, largest_salt));
    FILFIL_TRY(const std::optional<EthAddress> address, address_of(file));

    FILFIL_TRY(const SecretBytes derived, derive(password, salt, cost));
    const Hash32 found = mac_of(derived, ciphertext);
    if (CRYPTO_memcmp(found.data(), mac.data(), mac.size()) != 0)
        return Error(ErrorCode::denied, "the password is not that of the key file, or the file was changed",
                     "try the password again; if it is right, restore the file from a backup");
    SecretBytes secret(ciphertext.size());
    FILFIL_CHECK(crypt(ByteView(derived.bytes).first(key_size), iv, ciphertext, secret.bytes));
    auto key = SecretKey::from_bytes(secret.bytes);
    if (!key.ok()) return bad("ciphertext", "holds no key: " + key.error().message);
    if (address && *address != key->address())
        return Error(
            ErrorCode::mismatch,
            "the key file says it is the key of " + address->text() + ", and it is that of " + key->address().text(),
            "restore the file from a backup, or correct its \"address\" if that is the one you meant");
    return key;
}

Result<std::optional<EthAddress>> address_in_key_file(std::string_view content) {
    FILFIL_TRY(const Json file, parse(content));
    FILFIL_TRY([[maybe_unused]] const Json* crypto, crypto_of(file));
    return address_of(file);
}

Result<void> write_key_file(Files& files, const std::string& path, const SecretKey& key, std::string_view password,
                            Random& random, const ScryptCost& cost) {
    const auto info = files.info(path);
    if (info.ok())
        return Error(ErrorCode::invalid_argument, path + ": is there already, and a key is not overwritten",
                     "name another file, or move this one away");
    if (info.error().code != ErrorCode::not_found) return info.error();
    FILFIL_TRY(const std::string content, encode_key_file(key, password, random, cost));
    FILFIL_TRY(const std::unique_ptr<OutputFile> file, files.create_private(path));
    FILFIL_CHECK(file->write(bytes_of(content)));
    return file->commit();
}

Result<SecretKey> read_key_file(Files& files, const std::string& path, std::string_view password) {
    FILFIL_TRY(const std::unique_ptr<ReadableFile> file, files.open(path));
    FILFIL_TRY(const FileInfo info, files.info(path));
    if (info.open_to_others)
        return Error(ErrorCode::denied, path + ": other users of this machine can read this key file",
                     "run chmod 600 on it");
    FILFIL_TRY(const Bytes content, read_all(*file, largest_file));
    auto key = decode_key_file(chars_of(content), password);
    if (!key.ok()) return std::move(key).error().in(path);
    return key;
}

}    // namespace filfil::incentive
