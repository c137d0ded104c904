// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "retrieval/tally.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace filfil::retrieval {
namespace {

constexpr std::array<std::string_view, 6> route_names = {"/piece", "/pieces", "/ipfs", "/metrics", "/healthz", "other"};

Metric plain(std::string_view name, std::string_view help, Metric::Kind kind, std::uint64_t value) {
    return {.name = "filfil_retrieval_" + std::string(name),
            .help = std::string(help),
            .kind = kind,
            .value = static_cast<double>(value)};
}

}    // namespace

void Tally::count(Route route, int status, std::size_t body) noexcept {
    const auto place = std::ranges::find(statuses, status) - statuses.begin();
    ++m_requests[static_cast<std::size_t>(route)][static_cast<std::size_t>(place)];
    m_bytes += body;
}

bool Tally::take_dag(unsigned most) noexcept {
    if (m_dags.fetch_add(1) < most) return true;
    --m_dags;
    return false;
}

std::uint64_t Tally::requests() const noexcept {
    std::uint64_t out = 0;
    for (const auto& route : m_requests)
        for (const auto& count : route) out += count;
    return out;
}

std::uint64_t Tally::not_found() const noexcept {
    const auto place = static_cast<std::size_t>(std::ranges::find(statuses, 404) - statuses.begin());
    std::uint64_t out = 0;
    for (const auto& route : m_requests) out += route[place];
    return out;
}

std::vector<Metric> Tally::metrics(const Catalog::Counts& pieces) const {
    std::vector<Metric> out;
    for (std::size_t route = 0; route < routes; ++route)
        for (std::size_t i = 0; i <= statuses.size(); ++i) {
            const std::uint64_t value = m_requests[route][i];
            if (value == 0) continue;
            Metric metric = plain("requests_total", "Requests answered", Metric::Kind::counter, value);
            metric.labels = {{"path", std::string(route_names[route])},
                             {"status", i == statuses.size() ? "other" : std::to_string(statuses[i])}};
            out.push_back(std::move(metric));
        }
    out.push_back(plain("sent_bytes_total", "Bytes of bodies given to the network", Metric::Kind::counter, bytes()));
    out.push_back(plain("in_flight", "Bodies being sent", Metric::Kind::gauge, in_flight()));
    out.push_back(plain("not_found_total", "Requests for what is not served", Metric::Kind::counter, not_found()));
    out.push_back(plain("refused_total", "Requests refused by a limit or for want of the token", Metric::Kind::counter,
                        refused()));
    for (const auto& [where, value] : {std::pair("memory", pieces.in_memory), std::pair("file", pieces.in_files)}) {
        Metric metric = plain("pieces", "Pieces that are served", Metric::Kind::gauge, value);
        metric.labels = {{"from", where}};
        out.push_back(std::move(metric));
    }
    return out;
}

CountedBody::CountedBody(std::shared_ptr<Tally> tally, std::shared_ptr<BodyStream> body, std::string peer,
                         bool leaves_dag)
    : m_tally(std::move(tally)), m_body(std::move(body)), m_peer(std::move(peer)), m_leaves_dag(leaves_dag) {
    ++m_tally->m_in_flight;
}

CountedBody::~CountedBody() {
    --m_tally->m_in_flight;
    if (m_leaves_dag) m_tally->leave_dag();
}

Result<std::size_t> CountedBody::read(ByteSpan out) {
    auto got = m_body->read(out);
    if (got.ok()) {
        m_tally->m_bytes += *got;
    } else {
        // A DAG that is not whole here is what clients ask for, not what goes wrong here.
        const bool usual = got.error().code == ErrorCode::not_found || got.error().code == ErrorCode::too_large;
        m_tally->m_log.write(usual ? LogLevel::info : LogLevel::warning, "retrieval",
                             "an answer to " + m_peer + " broke off: " + got.error().text());
    }
    return got;
}

}    // namespace filfil::retrieval
