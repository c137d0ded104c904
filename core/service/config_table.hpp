// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "service/config.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace filfil::service {

/// How a setting is written.
enum class SettingKind : std::uint8_t { text, yes_no, number, size, duration, texts, nodes, schedules, markets };

/// One line of the table from which everything about settings is made: reading, writing, checking, help.
struct SettingEntry {
    std::string_view key;
    SettingKind kind;
    std::string_view type;    ///< for people
    std::string_view help;
    bool restart;
    rpc::Json (*read)(const Config& config);
    Result<void> (*write)(const SettingEntry& self, Config& config, const rpc::Json& value);

    // Of numbers and sizes; of durations in milliseconds.
    std::uint64_t least = 0;
    std::uint64_t most = 0;

    /// Of a text, and of each text of a list. May be null.
    Result<void> (*check)(const std::string& text) = nullptr;
};

/// In the order of the file: first what stands in no section, then section by section, lists of tables last.
std::span<const SettingEntry> setting_table() noexcept;

/// @return Error::not_found with the nearest name there is
Result<const SettingEntry*> find_setting(std::string_view key);

/// Whether there are settings "section.…".
bool is_section(std::string_view section) noexcept;

/// For an unknown key: names the nearest setting or section.
Error unknown_setting(std::string_view key);

/// A value as it stands in TOML, on one line.
std::string toml_literal(SettingKind kind, const rpc::Json& value);

}    // namespace filfil::service
