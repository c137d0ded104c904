// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/path_names.hpp"

#include <algorithm>

namespace filfil::service {

Result<std::string> plain_path(std::string_view path) {
    std::string out = path.starts_with('/') ? "/" : "";
    for (std::size_t from = 0; from < path.size();) {
        const std::size_t end = std::min(path.find('/', from), path.size());
        const std::string_view part = path.substr(from, end - from);
        from = end + 1;
        if (part.empty() || part == ".") continue;
        if (part == "..")
            return Error(ErrorCode::invalid_argument, "'" + std::string(path) + "' leads up by '..'",
                         "give the path without it");
        if (!out.empty() && out.back() != '/') out += '/';
        out += part;
    }
    if (out.empty()) return Error(ErrorCode::invalid_argument, "an empty path names nothing");
    return out;
}

bool lies_in(std::string_view path, std::string_view folder) {
    while (folder.size() > 1 && folder.ends_with('/')) folder.remove_suffix(1);
    return path.size() > folder.size() && path.starts_with(folder) &&
           (folder.ends_with('/') || path[folder.size()] == '/');
}

}    // namespace filfil::service
