// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "report/kernel_name.hpp"

#include <array>
#include <charconv>
#include <utility>

namespace filfil::report {
namespace {

/// The pipes of gpu/sha256_node.hpp, and what gpu/tile_variant.hpp calls the variants with them.
constexpr std::array<std::pair<std::string_view, std::string_view>, 4> pipes{{
    {"AluPipe", "plain"},
    {"FmaAdds", "fma"},
    {"FmaShifts", "fma-shifts"},
    {"FmaRotates", "fma-rotates"},
}};

/// The name that begins at `text` as the ABI of C++ writes it, "7FmaAdds"; "" if none does. What is behind it stays.
std::string_view take_identifier(std::string_view& text) {
    std::size_t length = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), length);
    if (read.ec != std::errc()) return "";
    text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()));
    if (length > text.size()) return "";
    const std::string_view name = text.substr(0, length);
    text.remove_prefix(length);
    return name;
}

std::string tile_name(std::string_view mangled) {
    constexpr std::string_view before = "11NodeVariantINS0_";
    const std::size_t at = mangled.find(before);
    if (at == std::string_view::npos) return "";
    std::string_view rest = mangled.substr(at + before.size());
    const std::string_view pipe = take_identifier(rest);
    // One that is new here still shows, under its own name.
    std::string name(pipe);
    for (const auto& [type, variant] : pipes)
        if (pipe == type) name = variant;
    return "tile/" + name + (rest.starts_with("ELb1E") ? "-rolled" : "");
}

}    // namespace

std::string kernel_name(std::string_view mangled) {
    const auto has = [&](std::string_view part) { return mangled.find(part) != std::string_view::npos; };
    if (!has("6filfil3gpu")) return "";
    if (has("11tile_kernel")) return tile_name(mangled);
    if (has("8QuadNode")) return "quads";
    if (has("10ParentNode")) return "parents";
    if (has("10top_kernel")) return "tops";
    return "";
}

}    // namespace filfil::report
