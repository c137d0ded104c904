// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/files.hpp"
#include "base/log.hpp"
#include "base/random.hpp"

#include <string>

namespace filfil::service {

/// What callers of the API show: with the first they may look, with the second also change things.
struct Tokens {
    std::string read;
    std::string admin;
};

/// Two new ones of 32 random bytes each, in hex.
Tokens make_tokens(Random& random);

/// Reads DIR/token.read and DIR/token.admin. One that is missing is made from `fresh`, in a file that only its owner
/// can read. A file that others can read is used, with a warning. @return as read_token(), Error::invalid_argument
/// where both are the same
Result<Tokens> open_tokens(Files& files, const std::string& folder, const Tokens& fresh, LogSink& log);

/// Reads a bearer token from the one line of a file: ours, a node's, Curio's. White space around it is left out.
/// @return Error::invalid_argument for an empty file, several lines, more than 8 KiB, or what cannot stand in an HTTP
/// field; never with the token in the message. Else what Files give
Result<std::string> read_token(Files& files, const std::string& path);

}    // namespace filfil::service
