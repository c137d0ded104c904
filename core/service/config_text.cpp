// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/config_table.hpp"

namespace filfil::service {
namespace {

using rpc::Json;

/// A basic string. TOML escapes what JSON does and in the same way, but for DEL.
std::string quoted(const std::string& text) {
    std::string out;
    for (const char c : Json(text).dump()) {
        if (c == 0x7f)
            out += "\\u007f";
        else
            out += c;
    }
    return out;
}

std::string size_literal(const Json& value) {
    const std::string text = format_size(value.get<std::uint64_t>());
    return text.find(' ') == std::string::npos ? '"' + text + '"' : value.dump();
}

std::string value_literal(const Json& value) {
    return value.is_string() ? quoted(value.get<std::string>()) : value.dump();
}

std::string_view example_of(std::string_view key) noexcept {
    if (key == "nodes")
        return "# [[nodes]]\n# url = \"ws://127.0.0.1:1234/rpc/v1\"\n# token_file = \"/etc/fil-fil/node.token\"\n";
    if (key == "markets")
        return "# [[markets]]\n# miner = \"f01000\"\n# kind = \"curio-mk20\"\n# url = \"http://127.0.0.1:12310\"\n"
               "# wallet = \"f1…\"\n";
    return "# [[schedules]]\n# every_epochs = 2880\n# finalized = true\n# to_file = true\n# recipe = "
           "\"v1,2000,skip,32GiB\"\n";
}

std::string tables_text(const SettingEntry& entry, const Json& list) {
    if (list.empty()) return std::string(example_of(entry.key));
    std::string out;
    for (const Json& item : list) {
        out.append(out.empty() ? "[[" : "\n[[").append(entry.key).append("]]\n");
        for (const auto& [field, value] : item.items())
            out.append(field).append(" = ").append(value_literal(value)).append("\n");
    }
    return out;
}

}    // namespace

std::string toml_literal(SettingKind kind, const Json& value) {
    switch (kind) {
        case SettingKind::size: return size_literal(value);
        case SettingKind::texts: {
            std::string out = "[";
            for (const Json& item : value) out.append(out.size() > 1 ? ", " : "").append(value_literal(item));
            return out + "]";
        }
        case SettingKind::nodes:
        case SettingKind::schedules:
        case SettingKind::markets: {
            std::string out = "[";
            for (const Json& item : value) {
                out.append(out.size() > 1 ? ", {" : "{");
                bool first = true;
                for (const auto& [field, content] : item.items()) {
                    out.append(first ? "" : ", ").append(field).append(" = ").append(value_literal(content));
                    first = false;
                }
                out += '}';
            }
            return out + "]";
        }
        default: return value_literal(value);
    }
}

std::string text_of(const Config& config) {
    const Config defaults;
    std::string out =
        "# Settings of fil-fil's daemon (TOML). A line that is commented out shows the default.\n"
        "# `fil-fil config set KEY VALUE` changes one; most have effect from the next start on.\n";
    std::string_view section;
    for (const SettingEntry& entry : setting_table()) {
        const Json value = entry.read(config);
        const std::size_t dot = entry.key.find('.');
        const std::string_view name = dot == std::string_view::npos ? entry.key : entry.key.substr(dot + 1);
        if (dot != std::string_view::npos && entry.key.substr(0, dot) != section) {
            section = entry.key.substr(0, dot);
            out.append("\n[").append(section).append("]\n");
        } else if (dot == std::string_view::npos) {
            out += '\n';
        }
        out.append("# ").append(entry.help).append(" (").append(entry.type);
        out.append(entry.restart ? ")\n" : "; has effect at once)\n");
        if (entry.kind == SettingKind::nodes || entry.kind == SettingKind::schedules ||
            entry.kind == SettingKind::markets) {
            out += tables_text(entry, value);
            continue;
        }
        if (value == entry.read(defaults)) out += "# ";
        out.append(name).append(" = ").append(toml_literal(entry.kind, value)).append("\n");
    }
    return out;
}

}    // namespace filfil::service
