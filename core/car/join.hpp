// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "car/reader.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace filfil::car {

/// What the name of a piece file says: STEM.p<number>of<count>.car (or .car.zst, .forest.car.zst).
struct PartName {
    std::string stem;
    std::uint64_t number = 0;    ///< 1 to count
    std::uint64_t count = 0;
};

/// @return nothing where the name has no such form
std::optional<PartName> parse_part_name(std::string_view path);

/// Puts parts into the order in which they are joined. If all have numbered names these decide, whatever order they
/// were given in, and every number from 1 to the count has to be there once, all with one stem. If none has, they stay
/// as given.
/// @return Error::invalid_argument where names are mixed, or numbers double, missing or of different CARs
Result<std::vector<std::string>> order_parts(std::span<const std::string> parts);

struct JoinOptions {
    ReaderOptions reader;
    std::stop_token stop;
};

struct JoinReport {
    std::vector<std::string> parts;    ///< in the order in which they were joined
    std::uint64_t blocks = 0;
    std::uint64_t bytes = 0;    ///< of the CAR
};

/// Joins the pieces of a split CAR into the CAR they came from: the header once, then the sections of all parts in
/// order. Every part must have the same header, byte for byte, and end with a whole section. Hashes are not checked.
/// @param output appears when it is whole; none of the parts
/// @return Error::mismatch for a part of another CAR, invalid_argument as order_parts(), cancelled, or what Reader
/// gives
Result<JoinReport> join(Files& files, std::span<const std::string> parts, const std::string& output,
                        const JoinOptions& options = {});

}    // namespace filfil::car
