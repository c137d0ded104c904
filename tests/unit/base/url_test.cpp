// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "base/url.hpp"

#include "base/transport.hpp"

#include <gtest/gtest.h>

namespace filfil {
namespace {

TEST(ParseEndpoint, ReadsNamesAddressesAndPorts) {
    EXPECT_EQ(*parse_endpoint("127.0.0.1:1234"), (Endpoint{"127.0.0.1", 1234}));
    EXPECT_EQ(*parse_endpoint("[::1]:1234"), (Endpoint{"::1", 1234}));
    EXPECT_EQ(*parse_endpoint("[2001:DB8::1]:65535"), (Endpoint{"2001:db8::1", 65535}));
    EXPECT_EQ(*parse_endpoint("Node_1.Example:443"), (Endpoint{"node_1.example", 443}));
    EXPECT_EQ(*parse_endpoint("localhost:0"), (Endpoint{"localhost", 0}));
    EXPECT_EQ(*parse_endpoint(":1234"), (Endpoint{"127.0.0.1", 1234}));
}

TEST(ParseEndpoint, RefusesWhatIsNone) {
    for (const std::string_view text :
         {"",        "host",      "host:",   ":",          "1234",          "host:65536", "host:99999999999999999999",
          "host:-1", "host:+1",   "host:01", "host:1x",    "host: 1",       "::1",        "::1:1234",
          "[::1]",   "[::1]1234", "[::1",    "[]:1",       "[127.0.0.1]:1", "[::g]:1",    "[::1%eth0]:1",
          "a b:1",   "a/b:1",     "a@b:1",   "\xc3\xa4:1", "http://h:1",    "h\n:1"}) {
        const auto read = parse_endpoint(text);
        ASSERT_FALSE(read.ok()) << text;
        EXPECT_EQ(read.error().code, ErrorCode::invalid_argument);
        EXPECT_FALSE(read.error().remedy.empty());
        for (const char c : read.error().message) EXPECT_GE(static_cast<unsigned char>(c), ' ');
    }
    EXPECT_FALSE(parse_endpoint(std::string("h\0:1", 4)).ok());
    EXPECT_FALSE(parse_endpoint(std::string("[::1\0]:1", 8)).ok());
    EXPECT_FALSE(parse_endpoint(std::string(254, 'a') + ":1").ok());
    EXPECT_TRUE(parse_endpoint(std::string(253, 'a') + ":1").ok());
}

TEST(ParseEndpoint, SaysWhatIsWrong) {
    EXPECT_NE(parse_endpoint("host").error().message.find("port is missing"), std::string::npos);
    EXPECT_NE(parse_endpoint("::1:5").error().message.find("brackets"), std::string::npos);
}

TEST(EndpointText, ReadsBack) {
    for (const std::string_view text : {"127.0.0.1:1234", "[::1]:1234", "node.example:0"}) {
        const auto read = parse_endpoint(text);
        ASSERT_TRUE(read.ok());
        EXPECT_EQ(text_of(*read), text);
    }
}

TEST(IsLoopback, IsThisMachineAndNothingElse) {
    for (const char* host : {"127.0.0.1", "127.255.0.9", "::1", "0:0:0:0:0:0:0:1", "localhost", "LocalHost"})
        EXPECT_TRUE(is_loopback({host, 1})) << host;
    for (const char* host : {"", "0.0.0.0", "::", "128.0.0.1", "10.0.0.1", "127.0.0.1.evil.example", "127.example",
                             "localhost.example", "localhosts", "::2", "1", "127"})
        EXPECT_FALSE(is_loopback({host, 1})) << host;
    EXPECT_FALSE(is_loopback({std::string("127.0.0.1\0.example", 18), 1}));
}

TEST(ParseUrl, ReadsTheParts) {
    EXPECT_EQ(*parse_url("ws://127.0.0.1:1234/rpc/v1"), (Url{Url::Scheme::ws, {"127.0.0.1", 1234}, "/rpc/v1"}));
    EXPECT_EQ(*parse_url("HTTP://Node.Example"), (Url{Url::Scheme::http, {"node.example", 80}, "/"}));
    EXPECT_EQ(*parse_url("https://h"), (Url{Url::Scheme::https, {"h", 443}, "/"}));
    EXPECT_EQ(*parse_url("wss://h/A?b=C"), (Url{Url::Scheme::wss, {"h", 443}, "/A?b=C"}));
    EXPECT_EQ(*parse_url("ws://h?b=c"), (Url{Url::Scheme::ws, {"h", 80}, "/?b=c"}));
    EXPECT_EQ(*parse_url("http://[::1]:5/x"), (Url{Url::Scheme::http, {"::1", 5}, "/x"}));
    EXPECT_EQ(*parse_url("http://[::1]/x"), (Url{Url::Scheme::http, {"::1", 80}, "/x"}));
    EXPECT_EQ(*parse_url("http://h/a@b:c"), (Url{Url::Scheme::http, {"h", 80}, "/a@b:c"}));
    EXPECT_TRUE(parse_url("wss://h")->tls());
    EXPECT_FALSE(parse_url("ws://h")->tls());
}

TEST(ParseUrl, RefusesWhatIsNone) {
    for (const std::string_view text : {"",
                                        "h",
                                        "h:1",
                                        "://h",
                                        "http:/h",
                                        "http:h",
                                        "http//h",
                                        "ftp://h",
                                        "httpx://h",
                                        " http://h",
                                        "http://h ",
                                        "http://",
                                        "http:///x",
                                        "http://:1",
                                        "http://?x",
                                        "http://h:0",
                                        "http://h:",
                                        "http://h:65536",
                                        "http://h:1:2",
                                        "http://::1",
                                        "http://[::1",
                                        "http://[x]",
                                        "http://u@h",
                                        "http://u:p@h",
                                        "http://h/#f",
                                        "http://h#f",
                                        "http://h/a b",
                                        "http://h/\t",
                                        "http://h/\r\nX: y",
                                        "http://h/\x7f",
                                        "http://h/\xc3\xa4",
                                        "http://a,b"}) {
        const auto read = parse_url(text);
        ASSERT_FALSE(read.ok()) << text;
        EXPECT_EQ(read.error().code, ErrorCode::invalid_argument);
        EXPECT_FALSE(read.error().remedy.empty());
    }
    EXPECT_FALSE(parse_url(std::string("http://h/\0", 10)).ok());
    EXPECT_FALSE(parse_url("http://h/" + std::string(9000, 'a')).ok());
}

TEST(ParseUrl, DoesNotRepeatSecrets) {
    for (const std::string_view text : {"http://user:secret@h/", "http://h#x?token=secret", "ws://h:x/?token=secret",
                                        "secret@h?token=x", "http://h/ ?token=secret"}) {
        const auto read = parse_url(text);
        ASSERT_FALSE(read.ok()) << text;
        EXPECT_EQ(read.error().text().find("secret"), std::string::npos) << read.error().text();
    }
}

TEST(UrlText, ReadsBackAndHidesAQueryWhereItIsShown) {
    for (const std::string_view text :
         {"ws://127.0.0.1:1234/rpc/v1", "http://node.example/", "https://node.example/a?b=c", "wss://[::1]/?token=x",
          "http://[::1]:443/", "https://h:80/"}) {
        const auto read = parse_url(text);
        ASSERT_TRUE(read.ok());
        EXPECT_EQ(text_of(*read), text);
    }
    EXPECT_EQ(text_of(*parse_url("wss://h:5/rpc?token=secret"), true), "wss://h:5/rpc?…");
    EXPECT_EQ(text_of(*parse_url("wss://h:5/rpc"), true), "wss://h:5/rpc");
}

TEST(FindField, ComparesWithoutRegardToCase) {
    const HttpFields fields = {{"Content-Type", "a"}, {"X", "1"}, {"x", "2"}};
    EXPECT_EQ(find_field(fields, "content-TYPE"), "a");
    EXPECT_EQ(find_field(fields, "x"), "1");
    EXPECT_EQ(find_field(fields, "content"), std::nullopt);
    EXPECT_EQ(find_field({}, "x"), std::nullopt);
}

}    // namespace
}    // namespace filfil
