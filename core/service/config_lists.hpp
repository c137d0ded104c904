// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "service/config_table.hpp"

namespace filfil::service {

// The settings that are lists of tables.

rpc::Json read_nodes(const Config& config);
Result<void> write_nodes(const SettingEntry& self, Config& config, const rpc::Json& value);
rpc::Json read_markets(const Config& config);
Result<void> write_markets(const SettingEntry& self, Config& config, const rpc::Json& value);
rpc::Json read_schedules(const Config& config);
Result<void> write_schedules(const SettingEntry& self, Config& config, const rpc::Json& value);

}    // namespace filfil::service
