// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/files.hpp"
#include "incentive/secp256k1.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace filfil::incentive {

/// What it costs to try one password: 128 * n * r bytes of memory, and time in proportion to n * r * p.
struct ScryptCost {
    std::uint64_t n = 262'144;    ///< a power of two
    std::uint64_t r = 8;
    std::uint64_t p = 1;
};

/// The text of a key file: Ethereum's Web3 Secret Storage, version 3, with scrypt and aes-128-ctr, as geth and cast
/// write and read it. Takes as long as the cost says.
/// @param random of the salt, the IV and the file's id
/// @return Error::invalid_argument for a cost that decode_key_file() would not take, or an empty password
Result<std::string> encode_key_file(const SecretKey& key, std::string_view password, Random& random,
                                    const ScryptCost& cost = {});

/// Reads such a text. The file is not trusted: it cannot make this take more than 512 MiB or some seconds.
/// @return Error::denied for a wrong password (or a file that was changed: the two cannot be told apart); corrupt names
/// the field; unsupported for other versions, ciphers and key derivations; too_large for a cost above the bounds;
/// mismatch where the key is not that of the address in the file
Result<SecretKey> decode_key_file(std::string_view text, std::string_view password);

/// The address that the text says it is the key of, which needs no password and proves nothing. Nothing where it says
/// none. @return Error::corrupt where this is no key file
Result<std::optional<EthAddress>> address_in_key_file(std::string_view text);

/// Writes a file that its owner alone can read. @return Error::invalid_argument where there is a file already: a key
/// must not be overwritten; io
Result<void> write_key_file(Files& files, const std::string& path, const SecretKey& key, std::string_view password,
                            Random& random, const ScryptCost& cost = {});

/// @return the errors of decode_key_file() with the path; Error::denied where other users can read the file
Result<SecretKey> read_key_file(Files& files, const std::string& path, std::string_view password);

}    // namespace filfil::incentive
