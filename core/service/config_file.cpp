// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/config_file.hpp"

#include "service/config_table.hpp"
#include "service/config_toml.hpp"
#include "service/data_folder.hpp"

#include <algorithm>

namespace filfil::service {
namespace {

using rpc::Json;

/// The byte at which a place of the text is; nothing beyond its end.
std::optional<std::size_t> byte_at(std::string_view text, const TextPlace& place) noexcept {
    std::size_t at = 0;
    for (std::uint32_t line = 1; line < place.line; ++line) {
        at = text.find('\n', at);
        if (at == std::string_view::npos) return std::nullopt;
        ++at;
    }
    for (std::uint32_t column = 1; column < place.column; ++column) {
        if (at >= text.size()) return std::nullopt;
        for (++at; at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0U) == 0x80U; ++at) {
        }
    }
    return at;
}

std::string_view trimmed(std::string_view line) noexcept {
    constexpr std::string_view space = " \t\r";
    const std::size_t begin = line.find_first_not_of(space);
    if (begin == std::string_view::npos) return {};
    return line.substr(begin, line.find_last_not_of(space) - begin + 1);
}

/// "# name = …", as text_of() leaves it for a default.
bool is_commented(std::string_view line, std::string_view name) noexcept {
    if (!line.starts_with('#')) return false;
    line = trimmed(line.substr(1));
    if (!line.starts_with(name)) return false;
    return trimmed(line.substr(name.size())).starts_with('=');
}

/// Puts a line for a key that is not in the text into its section, which is made at the end where there is none.
std::string with_line(std::string_view text, std::string_view section, std::string_view name, const std::string& line) {
    bool inside = section.empty();
    bool found = inside;
    std::size_t after = 0;    // where the section's last line ends
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        const std::size_t next = std::min(end + 1, text.size());
        const std::string_view now = trimmed(text.substr(at, end - at));
        if (now.starts_with('[')) {
            inside = now.starts_with("[" + std::string(section) + "]");
            found = found || inside;
        }
        if (inside && is_commented(now, name))
            return std::string(text.substr(0, at)) + line + "\n" + std::string(text.substr(next));
        if (inside && !now.empty() && !now.starts_with('#')) after = next;
        at = next;
    }
    std::string out(found ? text.substr(0, after) : text);
    if (!out.empty() && !out.ends_with('\n')) out += '\n';
    if (!found) out.append(out.empty() ? "[" : "\n[").append(section).append("]\n");
    out.append(line).append("\n");
    return found ? out.append(text.substr(after)) : out;
}

std::string with_value(std::string_view text, const std::vector<TomlEntry>& entries, const SettingEntry& setting,
                       const std::string& literal) {
    const auto found = std::ranges::find(entries, setting.key, &TomlEntry::key);
    if (found == entries.end()) {
        const std::size_t dot = setting.key.find('.');
        const bool in_section = dot != std::string_view::npos;
        const std::string_view name = in_section ? setting.key.substr(dot + 1) : setting.key;
        return with_line(text, in_section ? setting.key.substr(0, dot) : std::string_view(), name,
                         std::string(name) + " = " + literal);
    }
    const auto begin = byte_at(text, found->begin);
    const auto end = byte_at(text, found->end);
    if (!begin || !end || *begin > *end) return std::string(text);
    return std::string(text.substr(0, *begin)).append(literal).append(text.substr(*end));
}

Result<std::string> read_text(Files& files, const std::string& path) {
    auto file = files.open(path);
    if (!file.ok()) {
        if (file.error().code == ErrorCode::not_found) return std::string();
        return std::move(file).error();
    }
    FILFIL_TRY(const Bytes bytes, read_all(**file, 2 * MiB));
    return std::string(chars_of(bytes));
}

Result<void> write_text(Files& files, const std::string& path, const std::string& text) {
    FILFIL_TRY(const std::unique_ptr<OutputFile> file, files.create(path));
    FILFIL_CHECK(file->write(bytes_of(text)));
    return file->commit();
}

}    // namespace

Result<std::string> changed_text(std::string_view text, const Json& changes) {
    FILFIL_TRY(Config wanted, read_config(text, "settings"));
    FILFIL_CHECK(set_all(wanted, changes));
    std::string out(text);
    for (const auto& [key, value] : changes.items()) {
        FILFIL_TRY(const SettingEntry* setting, find_setting(key));
        const auto entries = read_toml(out, "settings", is_section);
        if (!entries.ok()) break;
        out = with_value(out, *entries, *setting, toml_literal(setting->kind, setting->read(wanted)));
    }
    // Where the file is written in a way in which a line cannot simply be changed, its comments are lost.
    const auto again = read_config(out, "settings");
    if (!again.ok() || *again != wanted) out = text_of(wanted);
    return out;
}

Result<Config> load_config(Files& files, const std::string& folder) {
    const std::string path = DataPaths(folder).config;
    FILFIL_TRY(const std::string text, read_text(files, path));
    FILFIL_TRY(Config out, read_config(text, path));
    out.data_folder = folder;
    return out;
}

Result<void> save_config(Files& files, const Config& config) {
    return write_text(files, DataPaths(config.data_folder).config, text_of(config));
}

Result<Config> change_config(Files& files, const std::string& folder, const Json& changes) {
    const std::string path = DataPaths(folder).config;
    FILFIL_TRY(std::string text, read_text(files, path));
    if (text.empty()) text = text_of(Config());
    // Named with its path where the file itself is wrong.
    FILFIL_TRY([[maybe_unused]] const Config before, read_config(text, path));
    FILFIL_TRY(const std::string changed, changed_text(text, changes));
    FILFIL_TRY(Config out, read_config(changed, path));
    FILFIL_CHECK(write_text(files, path, changed));
    out.data_folder = folder;
    return out;
}

Result<Config> change_config(Files& files, const std::string& folder, std::string_view key, const Json& value) {
    return change_config(files, folder, Json{{std::string(key), value}});
}

}    // namespace filfil::service
