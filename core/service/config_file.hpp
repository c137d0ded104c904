// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/files.hpp"
#include "service/config.hpp"

#include <string>
#include <string_view>

namespace filfil::service {

/// Reads DIR/config.toml; without one everything has its default. data_folder is `folder`. Errors as read_config() and
/// Files.
Result<Config> load_config(Files& files, const std::string& folder);

/// Writes DIR/config.toml as text_of(). A file that is there already is replaced as a whole or not at all.
Result<void> save_config(Files& files, const Config& config);

/// Changes settings in DIR/config.toml, which is made where there is none; everything else in it, comments included,
/// stays as its user wrote it. @param changes an object of values by their keys: see set_all()
/// @return what the file says then. Errors as load_config() and set_all(), and the file stays as it was
Result<Config> change_config(Files& files, const std::string& folder, const rpc::Json& changes);
Result<Config> change_config(Files& files, const std::string& folder, std::string_view key, const rpc::Json& value);

/// The text of a file with those settings changed: what change_config() writes.
Result<std::string> changed_text(std::string_view text, const rpc::Json& changes);

}    // namespace filfil::service
