// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "served.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace filfil::retrieval {
namespace {

using samples::Served;

TEST(Metrics, AreGroupedByNameAndEscaped) {
    const std::string text = prometheus_text({
        {.name = "a_total", .help = "A\\b\nc", .kind = Metric::Kind::counter, .labels = {{"x", "1"}}, .value = 1},
        {.name = "b", .help = "B", .value = -0.5},
        {.name = "a_total",
         .help = "A\\b\nc",
         .kind = Metric::Kind::counter,
         .labels = {{"x", "q\"\\\n"}, {"y", ""}},
         .value = 1e15},
    });
    EXPECT_EQ(text,
              "# HELP a_total A\\\\b\\nc\n"
              "# TYPE a_total counter\n"
              "a_total{x=\"1\"} 1\n"
              "a_total{x=\"q\\\"\\\\\\n\",y=\"\"} 1000000000000000\n"
              "# HELP b B\n"
              "# TYPE b gauge\n"
              "b -0.5\n");
    EXPECT_EQ(prometheus_text({}), "");
}

TEST(Metrics, ValuesThatAreNoNumbersHaveTheirNames) {
    const auto value = [](double number) {
        const std::string text = prometheus_text({{.name = "v", .help = "V", .value = number}});
        return text.substr(text.rfind(' ') + 1);
    };
    EXPECT_EQ(value(std::nan("")), "NaN\n");
    EXPECT_EQ(value(std::numeric_limits<double>::infinity()), "+Inf\n");
    EXPECT_EQ(value(-std::numeric_limits<double>::infinity()), "-Inf\n");
    EXPECT_EQ(value(1e300), "1e+300\n");
    EXPECT_EQ(value(0), "0\n");
}

class FakeSource final : public MetricSource {
public:
    std::vector<Metric> metrics() const override { return {{.name = "filfil_head_epoch", .help = "Head", .value = 7}}; }
    Health health() const override { return health_now; }
    Health health_now{true};
};

TEST(Metrics, HoldTheServersOwnCountsAndTheServices) {
    FakeSource source;
    Served served({.locator_token = "secret", .requests_a_second_a_peer = 0}, &source);
    const auto sample = samples::make_sample(samples::random_bytes(1, 1000));
    served.catalog.add(sample.served);
    served.get("/piece/" + sample.v1);
    served.get("/piece/" + sample.v1, {{"Range", "bytes=0-9"}});
    served.head("/piece/" + sample.v1);
    served.get("/nowhere");
    served.get("/pieces?id=" + sample.v1);
    auto open = served.respond({.target = "/piece/" + sample.v1});

    const auto answer = served.get("/metrics");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.field("Content-Type"), "text/plain; version=0.0.4; charset=utf-8");
    const std::string text = answer.text();
    for (const char* line :
         {"filfil_retrieval_requests_total{path=\"/piece\",status=\"200\"} 3\n",
          "filfil_retrieval_requests_total{path=\"/piece\",status=\"206\"} 1\n",
          "filfil_retrieval_requests_total{path=\"other\",status=\"404\"} 1\n",
          "filfil_retrieval_requests_total{path=\"/pieces\",status=\"401\"} 1\n", "filfil_retrieval_in_flight 1\n",
          "filfil_retrieval_not_found_total 1\n", "filfil_retrieval_refused_total 1\n",
          "filfil_retrieval_pieces{from=\"memory\"} 3\n", "filfil_retrieval_pieces{from=\"file\"} 4\n",
          "filfil_head_epoch 7\n", "# TYPE filfil_retrieval_requests_total counter\n"})
        EXPECT_NE(text.find(line), std::string::npos) << line << "in\n" << text;

    open.stream.reset();
    const Server::Counters counters = served.server.counters();
    EXPECT_EQ(counters.requests, 7U);
    EXPECT_EQ(counters.in_flight, 0U);
    EXPECT_EQ(counters.not_found, 1U);
    EXPECT_EQ(counters.refused, 1U);
    EXPECT_GT(counters.bytes, 1010U);
}

TEST(Metrics, BytesAreThoseOfBodiesThatWereSent) {
    Served served;
    const auto sample = samples::make_sample(samples::random_bytes(1, 1000));
    served.catalog.add(sample.served);
    served.head("/piece/" + sample.v1);
    EXPECT_EQ(served.server.counters().bytes, 0U);
    served.get("/piece/" + sample.v1, {{"Range", "bytes=5-9"}});
    EXPECT_EQ(served.server.counters().bytes, 5U);
    served.head("/nowhere");
    EXPECT_EQ(served.server.counters().bytes, 5U);
}

TEST(Metrics, HealthIsTheServicesSentence) {
    FakeSource source;
    Served served({.requests_a_second_a_peer = 0}, &source);
    EXPECT_EQ(served.get("/healthz").status, 200);
    EXPECT_EQ(served.get("/healthz").text(), "ok\n");
    source.health_now = {false, "no node answers"};
    EXPECT_EQ(served.get("/healthz").status, 503);
    EXPECT_EQ(served.get("/healthz").text(), "no node answers\n");
    EXPECT_EQ(Served().get("/healthz").text(), "ok\n") << "without a service behind it";
}

}    // namespace
}    // namespace filfil::retrieval
