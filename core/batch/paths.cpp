// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "batch/paths.hpp"

namespace filfil::batch {

std::string tidy_path(std::string_view path) {
    std::string out(path.starts_with('/') ? "/" : "");
    while (!path.empty()) {
        const std::size_t slash = path.find('/');
        const std::string_view part = path.substr(0, slash);
        path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
        if (part.empty() || part == ".") continue;
        if (!out.empty() && out.back() != '/') out += '/';
        out += part;
    }
    return out.empty() ? "." : out;
}

}    // namespace filfil::batch
