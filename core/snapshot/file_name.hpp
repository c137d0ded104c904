// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "car/byte_source.hpp"
#include "chain/tipset.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace filfil::snapshot {

/// "mainnet" or "calibnet" by the CID of the genesis header, "devnet" for any other chain.
std::string_view network_of(const ipld::Cid& genesis);

/// What a snapshot's file is called without its ending: "filfil_snapshot_<network>_<epoch>_<key>", key being
/// chain::short_name() of the head. Characters of `network` that are no ASCII letter, digit, '.' or '-' become '-'.
std::string file_stem(std::string_view network, Epoch epoch, const chain::TipsetKey& head);

/// ".car", ".car.zst" or ".forest.car.zst".
std::string_view file_ending(car::Compression compression) noexcept;

/// "<stem>.p<number>of<count>.car", as car::split() names its pieces and car::join() reads them. @param number from 1
std::string piece_file_name(std::string_view stem, std::uint64_t number, std::uint64_t count);

}    // namespace filfil::snapshot
