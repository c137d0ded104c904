// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/log.hpp"
#include "net/asio_transport.hpp"
#include "support/said.hpp"

#include <memory>
#include <string>
#include <vector>

namespace filfil::e2e {

/// A storage provider's market in a process of its own: tests/support/market/fake_market_main.cpp.
class MarketProcess {
public:
    using Json = nlohmann::ordered_json;

    /// @param kind "mk20", "mk12" or "boost" @param options of the program, in words
    MarketProcess(const std::string& kind, const std::vector<std::string>& options);

    /// "http://127.0.0.1:PORT"
    [[nodiscard]] const std::string& url() const noexcept { return m_url; }

    /// Everything that it has done. See market_control.hpp.
    [[nodiscard]] Json report() { return ask("GET", ""); }

    /// Sets something, or has its deals go on.
    void tell(const Json& what) { (void)ask("POST", what.dump()); }

private:
    [[nodiscard]] Json ask(const char* method, std::string body);

    std::unique_ptr<Process> m_process;
    std::string m_url;
    NullLogSink m_log;
    net::AsioTransport m_transport{m_log, 1};
};

}    // namespace filfil::e2e
