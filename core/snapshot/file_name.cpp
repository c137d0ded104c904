// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "snapshot/file_name.hpp"

namespace filfil::snapshot {
namespace {

/// BLAKE2b-256 of the genesis headers. Source: lotus build/genesis/mainnet.car and calibnet.car.zst.
constexpr std::string_view mainnet_genesis = "bafy2bzacecnamqgqmifpluoeldx7zzglxcljo6oja4vrmtj7432rphldpdmm2";
constexpr std::string_view calibnet_genesis = "bafy2bzacecyaggy24wol5ruvs6qm73gjibs2l2iyhcqmvi7r7a4ph7zx3yqd4";

bool is_plain(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
}

}    // namespace

std::string_view network_of(const ipld::Cid& genesis) {
    const std::string text = genesis.text();
    if (text == mainnet_genesis) return "mainnet";
    return text == calibnet_genesis ? "calibnet" : "devnet";
}

std::string file_stem(std::string_view network, Epoch epoch, const chain::TipsetKey& head) {
    std::string out = "filfil_snapshot_";
    for (const char c : network) out += is_plain(c) ? c : '-';
    return out + '_' + std::to_string(epoch.value) + '_' + chain::short_name(head);
}

std::string_view file_ending(car::Compression compression) noexcept {
    switch (compression) {
        case car::Compression::none: return ".car";
        case car::Compression::zstd: return ".car.zst";
        case car::Compression::forest: return ".forest.car.zst";
    }
    return ".car";
}

std::string piece_file_name(std::string_view stem, std::uint64_t number, std::uint64_t count) {
    return std::string(stem) + ".p" + std::to_string(number) + "of" + std::to_string(count) + ".car";
}

}    // namespace filfil::snapshot
