// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/config.hpp"
#include "service/config_file.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

using namespace filfil;
using namespace filfil::service;

static void require(bool holds) {
    if (!holds) std::abort();
}

/// Any bytes as a settings file: they are refused with a reason, or give settings that can be written and read back,
/// and of which each can be changed in the text without another one changing.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto config = read_config(text, "x.toml");
    if (!config.ok()) {
        require(config.error().message.starts_with("x.toml"));
        return 0;
    }
    require(check(*config).ok());
    const auto again = read_config(text_of(*config), "again.toml");
    require(again.ok() && *again == *config);

    const rpc::Json changes{{"chain.slack", config->chain.slack + 1}, {"chain.bootstrap", "a\"b"}};
    Config wanted = *config;
    const bool fits = set_all(wanted, changes).ok();
    const auto changed = changed_text(text, changes);
    require(changed.ok() == fits);
    if (!fits) return 0;
    const auto read = read_config(*changed, "changed.toml");
    require(read.ok() && *read == wanted);
    return 0;
}
