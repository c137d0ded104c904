// SPDX-License-Identifier: Apache-2.0 OR MIT
// URLs and endpoints as users, configurations and peers write them. A text is refused with a reason, or means one thing
// that reads back and that can stand in a request's head.
#include "base/url.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

void check_error(const filfil::Error& error) {
    require(error.code == filfil::ErrorCode::invalid_argument && !error.message.empty());
    for (const char c : error.message) require(static_cast<unsigned char>(c) >= ' ' && c != '\x7f');
}

}    // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace filfil;
    const std::string_view text(reinterpret_cast<const char*>(data), size);

    if (const Result<Url> url = parse_url(text); url.ok()) {
        const Result<Url> back = parse_url(text_of(*url));
        require(back.ok() && *back == *url);
        require(url->at.port != 0 && !url->at.host.empty() && url->target.starts_with('/'));
        for (const char c : url->target + url->at.host) require(c > ' ' && c < '\x7f' && c != '#');
        const std::string shown = text_of(*url, true);
        const std::size_t query = shown.find('?');
        require(query == std::string::npos || shown.substr(query) == "?…");
    } else {
        check_error(url.error());
    }

    if (const Result<Endpoint> endpoint = parse_endpoint(text); endpoint.ok()) {
        const Result<Endpoint> back = parse_endpoint(text_of(*endpoint));
        require(back.ok() && *back == *endpoint && !endpoint->host.empty());
        (void)is_loopback(*endpoint);
    } else {
        check_error(endpoint.error());
    }
    return 0;
}
