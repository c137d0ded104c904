// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/log.hpp"
#include "net/asio_transport.hpp"

#include <nlohmann/json.hpp>

#include <string>

namespace filfil::e2e {

/// Calls a JSON-RPC server over HTTP, one call at a time.
class JsonRpc {
public:
    using Json = nlohmann::ordered_json;

    /// @param url http://… or ws://…, of which the HTTP side is used @param token "" for none
    JsonRpc(const std::string& url, std::string token);

    /// The result; null where there is none, which `why()` says more of.
    [[nodiscard]] Json call(const std::string& method, const Json& params);

    /// What the last call failed with; "" where it did not.
    [[nodiscard]] const std::string& why() const noexcept { return m_why; }

private:
    NullLogSink m_log;
    net::AsioTransport m_transport{m_log, 1};
    Url m_url;
    std::string m_token;
    std::string m_why;
};

}    // namespace filfil::e2e
