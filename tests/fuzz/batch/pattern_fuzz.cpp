// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "batch/glob.hpp"
#include "memory_files.hpp"

#include <cstddef>
#include <cstdint>

using namespace filfil;
using namespace filfil::batch;

/// The same rules without sets and escapes, as one would explain them.
static bool plain_match(std::string_view pattern, std::string_view name) {
    if (pattern.empty()) return name.empty();
    if (pattern[0] == '*')
        return plain_match(pattern.substr(1), name) || (!name.empty() && plain_match(pattern, name.substr(1)));
    return !name.empty() && (pattern[0] == '?' || pattern[0] == name[0]) &&
           plain_match(pattern.substr(1), name.substr(1));
}

/// "pattern\nname" in any bytes: ends, and says what the plain rules say where those apply.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const std::size_t cut = text.find('\n');
    const std::string_view pattern = text.substr(0, cut);
    const std::string_view name = cut == std::string_view::npos ? "" : text.substr(cut + 1);
    const bool matched = matches_pattern(pattern, name);
    bool plain = pattern.size() < 12 && name.size() < 20 && !name.starts_with('.') &&
                 pattern.find_first_of("[\\") == std::string_view::npos;
    for (const char c : text) plain = plain && static_cast<unsigned char>(c) < 0x80;
    if (plain) require(matched == plain_match(pattern, name));

    MemoryFiles files;
    files.files = {{"a.car", ""}, {"sub/b.car", ""}, {"sub/deep/c.car", ""}, {"/root.car", ""}};
    if (pattern.size() > 200) return 0;
    const auto found = expand_pattern(files, "", pattern);
    require(found.ok());
    for (const std::string& path : *found)
        require(files.files.count(path) == 1 || path.starts_with("./") || path.find("//") != std::string::npos);
    return 0;
}
