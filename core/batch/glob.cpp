// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "batch/glob.hpp"

#include "batch/open_folder.hpp"
#include "batch/text.hpp"

#include <algorithm>
#include <optional>

namespace filfil::batch {
namespace {

/// What the front of a pattern says about one character, and how much of the pattern that took.
struct SetMatch {
    bool matched = false;
    std::size_t length = 0;
};

/// `pattern` starts with '['. Nothing if the set is never closed.
std::optional<SetMatch> match_set(std::string_view pattern, char32_t value) noexcept {
    std::size_t i = 1;
    const bool negated = i < pattern.size() && (pattern[i] == '!' || pattern[i] == '^');
    if (negated) ++i;
    bool found = false;
    for (bool first = true;; first = false) {
        if (i >= pattern.size()) return std::nullopt;
        if (pattern[i] == ']' && !first) return SetMatch{found != negated, i + 1};
        const auto take = [&]() -> std::optional<char32_t> {
            if (pattern[i] == '\\') ++i;
            if (i >= pattern.size()) return std::nullopt;
            const CodePoint point = first_code_point(pattern.substr(i));
            i += point.length;
            return point.value;
        };
        const std::optional<char32_t> low = take();
        if (!low) return std::nullopt;
        std::optional<char32_t> high = low;
        if (i + 1 < pattern.size() && pattern[i] == '-' && pattern[i + 1] != ']') {
            ++i;
            high = take();
            if (!high) return std::nullopt;
        }
        found = found || (*low <= value && value <= *high);
    }
}

/// Whether the front of `pattern` (not a '*') takes the character `value`.
SetMatch match_one(std::string_view pattern, char32_t value) noexcept {
    if (pattern[0] == '?') return {true, 1};
    if (pattern[0] == '[')
        if (const auto set = match_set(pattern, value)) return *set;
    const std::size_t skipped = pattern[0] == '\\' && pattern.size() > 1 ? 1 : 0;
    const CodePoint point = first_code_point(pattern.substr(skipped));
    return {point.value == value, skipped + point.length};
}

std::string without_escapes(std::string_view component) {
    std::string out;
    for (std::size_t i = 0; i < component.size(); ++i) {
        if (component[i] == '\\' && i + 1 < component.size()) ++i;
        out += component[i];
    }
    return out;
}

std::vector<std::string_view> components_of(std::string_view pattern) {
    std::vector<std::string_view> out;
    while (!pattern.empty()) {
        const std::size_t slash = pattern.find('/');
        const std::string_view part = pattern.substr(0, slash);
        // "**/**" says no more than "**", but would walk every folder once for each way to share it out.
        if (!part.empty() && !(part == "**" && !out.empty() && out.back() == "**")) out.push_back(part);
        pattern.remove_prefix(slash == std::string_view::npos ? pattern.size() : slash + 1);
    }
    return out;
}

class Expander {
public:
    Expander(Files& files, std::string_view pattern) : m_files(files), m_parts(components_of(pattern)) {
        if (!m_parts.empty() && m_parts.back() == "**") m_parts.emplace_back("*");
    }

    /// Files below `folder` ("" is the current one) that the components from `at` on match.
    Result<void> expand(const std::string& folder, std::size_t at) {
        if (at == m_parts.size()) return {};
        const std::string_view part = m_parts[at];
        const bool last = at + 1 == m_parts.size();
        if (part == "**") {
            FILFIL_CHECK(expand(folder, at + 1));
            return each_name(folder, [&](const std::string& name) -> Result<void> {
                if (name.starts_with('.')) return {};
                return enter(join_path(folder, name), at);
            });
        }
        if (!is_pattern(part)) {
            const std::string path = join_path(folder, without_escapes(part));
            return last ? take_file(path) : expand(path, at + 1);
        }
        return each_name(folder, [&](const std::string& name) -> Result<void> {
            if (!matches_pattern(part, name)) return {};
            const std::string path = join_path(folder, name);
            if (!last) return enter(path, at + 1);
            // A dangling link was listed, so it is named, and its receipt will say that it cannot be read.
            const auto info = m_files.info(path);
            if (!info.ok() || info->kind != FileInfo::Kind::folder) found.push_back(path);
            return {};
        });
    }

    std::vector<std::string> found;

private:
    template <class OnName>
    Result<void> each_name(const std::string& folder, const OnName& on_name) {
        auto names = m_files.list(folder.empty() ? "." : folder);
        if (!names.ok()) {
            // What is not there, or is no folder, matches nothing; what cannot be looked into must be told.
            const auto info = m_files.info(folder.empty() ? "." : folder);
            if (!info.ok() || info->kind != FileInfo::Kind::folder) return {};
            return std::move(names).error();
        }
        for (const std::string& name : *names) FILFIL_CHECK(on_name(name));
        return {};
    }

    Result<void> enter(const std::string& path, std::size_t at) {
        const auto info = m_files.info(path);
        if (!info.ok() || info->kind != FileInfo::Kind::folder) return {};
        const OpenFolder here(m_open, *info);
        return here.is_loop() ? Result<void>() : expand(path, at);
    }

    Result<void> take_file(const std::string& path) {
        const auto info = m_files.info(path);
        if (info.ok() && info->kind != FileInfo::Kind::folder) found.push_back(path);
        return {};
    }

    Files& m_files;
    std::vector<std::string_view> m_parts;
    OpenFolders m_open;
};

}    // namespace

bool is_pattern(std::string_view text) noexcept { return text.find_first_of("*?[") != std::string_view::npos; }

bool matches_pattern(std::string_view pattern, std::string_view name) noexcept {
    if (name.starts_with('.') && !pattern.starts_with('.') && !pattern.starts_with("\\.")) return false;
    // On a mismatch only the last '*' has to be tried again, one character longer: no recursion, no exponential case.
    std::optional<std::string_view> retry_pattern;
    std::string_view retry_name;
    while (true) {
        if (!pattern.empty() && pattern[0] == '*') {
            pattern.remove_prefix(1);
            retry_pattern = pattern;
            retry_name = name;
            continue;
        }
        if (name.empty() && pattern.empty()) return true;
        if (!name.empty() && !pattern.empty()) {
            const CodePoint point = first_code_point(name);
            if (const SetMatch one = match_one(pattern, point.value); one.matched) {
                pattern.remove_prefix(one.length);
                name.remove_prefix(point.length);
                continue;
            }
        }
        if (!retry_pattern || retry_name.empty()) return false;
        retry_name.remove_prefix(first_code_point(retry_name).length);
        pattern = *retry_pattern;
        name = retry_name;
    }
}

Result<std::vector<std::string>> expand_pattern(Files& files, const std::string& folder, std::string_view pattern) {
    Expander expander(files, pattern);
    FILFIL_CHECK(expander.expand(folder.empty() && pattern.starts_with('/') ? "/" : folder, 0));
    std::sort(expander.found.begin(), expander.found.end());
    expander.found.erase(std::unique(expander.found.begin(), expander.found.end()), expander.found.end());
    return std::move(expander.found);
}

}    // namespace filfil::batch
