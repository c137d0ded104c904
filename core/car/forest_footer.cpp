// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "car/forest_footer.hpp"

#include "car/little_endian.hpp"

#include <algorithm>

namespace filfil::car {

std::array<std::byte, skippable_header_size> skippable_header(std::uint32_t data_size) noexcept {
    std::array<std::byte, skippable_header_size> out{};
    store_u64(out.data(), 0x184D2A50U | std::uint64_t{data_size} << 32);
    return out;
}

std::array<std::byte, ForestFooter::size> encode_forest_footer(ForestFooter footer) noexcept {
    std::array<std::byte, ForestFooter::size> out{};
    const auto header = skippable_header(sizeof footer.index_offset);
    std::copy(header.begin(), header.end(), out.begin());
    store_u64(out.data() + header.size(), footer.index_offset);
    return out;
}

Result<std::optional<ForestFooter>> read_forest_footer(ReadableFile& file) {
    using None = std::optional<ForestFooter>;
    const std::uint64_t size = file.size().value_or(0);
    if (size < ForestFooter::size + skippable_header_size) return None{};
    std::array<std::byte, ForestFooter::size> bytes{};
    FILFIL_TRY(const std::size_t n, file.read_at(size - bytes.size(), bytes));
    if (n != bytes.size()) return None{};
    const ForestFooter footer{load_u64(bytes.data() + skippable_header_size)};
    if (encode_forest_footer(footer) != bytes) return None{};
    // Any zstd file may end in a skippable frame of 8 bytes; only one that points at an index is Forest's.
    std::array<std::byte, 8> magic{};
    if (footer.index_offset < skippable_header_size || footer.index_offset > size - bytes.size()) return None{};
    FILFIL_TRY(const std::size_t m, file.read_at(footer.index_offset, magic));
    if (m != magic.size() || load_u64(magic.data()) != forest_index_magic) return None{};
    return std::optional(footer);
}

}    // namespace filfil::car
