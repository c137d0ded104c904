// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/incentive/reputation_book.hpp"

#include "service/incentive/endpoint_url.hpp"
#include "service/incentive/slot_json.hpp"

#include <cmath>
#include <utility>

namespace filfil::service {

using rpc::Json;

void ReputationBook::read(Handler handler) {
    if (m_known && m_revision == m_events.revision() && m_waiting.empty()) return handler(m_known);
    m_waiting.push_back(std::move(handler));
    if (m_waiting.size() == 1) reckon();
}

void ReputationBook::reckon() {
    const std::uint64_t revision = m_events.revision();
    const auto made = std::make_shared<Reputation>();
    m_events.read_all([made](const journal::EventRecord& event) { (void)made->add(event); },
                      [this, made, revision, alive = std::weak_ptr<int>(m_alive)](const Result<bool>& whole) {
                          if (alive.expired()) return;
                          if (!whole.ok()) return tell(whole.error());
                          if (!*whole) return reckon();
                          m_known = made;
                          m_revision = revision;
                          tell(m_known);
                      });
}

void ReputationBook::tell(const Result<std::shared_ptr<const Reputation>>& told) {
    for (const Handler& handler : std::exchange(m_waiting, {})) handler(told);
}

Json json_of(const ProviderRecord& record, const node::Profile& network) {
    const auto epoch = [&](const std::optional<std::uint64_t>& at) { return at ? Json(*at) : Json(nullptr); };
    const auto time = [&](const std::optional<std::uint64_t>& at) { return at ? time_json(network, *at) : Json(); };
    const auto endpoint = record.endpoint ? read_endpoint(*record.endpoint) : std::nullopt;
    Json out = {{"miner", miner_text(record.miner, network.address_prefix)},
                {"standing", name_of(record.standing)},
                {"registered_epoch", epoch(record.registered)},
                {"registered_time", time(record.registered)},
                {"ended_epoch", epoch(record.ended)},
                {"ended_time", time(record.ended)},
                {"windows", record.windows},
                {"completed", record.completed},
                {"missed", record.missed},
                {"success_rate", nullptr},
                {"median_epochs", epoch(record.median_epochs)},
                {"median_seconds", nullptr},
                {"live_replicas", record.live_replicas},
                {"live_pieces", record.live_pieces},
                {"lost_pieces", record.lost_pieces},
                {"lost_sectors", record.lost_sectors},
                {"slashed", record.slashed.text()},
                {"earned", record.earned.text()},
                {"endpoint", nullptr},
                {"region", nullptr}};
    if (record.success_rate) out["success_rate"] = std::round(*record.success_rate * 10'000) / 10'000;
    if (record.median_epochs) out["median_seconds"] = *record.median_epochs * network.seconds_per_epoch;
    if (endpoint) out["endpoint"] = endpoint->base;
    if (endpoint && endpoint->region) out["region"] = *endpoint->region;
    return out;
}

}    // namespace filfil::service
