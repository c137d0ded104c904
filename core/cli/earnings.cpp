// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/earnings.hpp"

#include "cli/epoch_text.hpp"
#include "cli/incentive_text.hpp"
#include "cli/json_at.hpp"

#include <limits>
#include <utility>

namespace filfil::cli {
namespace {

using incentive::U256;

/// Older lines are final.
constexpr std::size_t most_told = 10'000;

struct Kind {
    const char* event;
    const char* name;
    const char* amount;    ///< the event's field
    bool earns;
};

constexpr Kind kinds[] = {{"PieceActivated", "upfront", "upfront", true},
                          {"Settled", "settled", "amount", true},
                          {"Withdrawn", "withdrawn", "amount", false},
                          {"Slashed", "slashed", "amount", false}};

const Kind* kind_of(const std::string& event) {
    for (const Kind& kind : kinds)
        if (event == kind.event) return &kind;
    return nullptr;
}

}    // namespace

Earnings::Place Earnings::place_of(const Json& event) { return {count_at(event, "epoch"), count_at(event, "index")}; }

std::vector<Json> Earnings::take(const Json& events) {
    std::vector<Json> out;
    if (!events.is_array()) return out;
    for (const Json& event : events) {
        const Place place = place_of(event);
        if (place <= m_seen) continue;
        m_seen = place;
        const Kind* kind = kind_of(field_text(event, "name"));
        const auto fields = event.find("fields");
        if (kind == nullptr || !m_miners.contains(field_text(event, "miner")) || fields == event.end()) continue;
        const auto amount = U256::parse(field_text(*fields, kind->amount));
        if (!amount.ok() || amount->zero()) continue;
        if (kind->earns) m_total = add(m_total, *amount).value_or(m_total);
        Json line = {{"kind", kind->name},
                     {"epoch", place.epoch},
                     {"time", event.contains("time") ? event["time"] : Json(nullptr)},
                     {"miner", field_text(event, "miner")},
                     {"slot", event.contains("slot") ? event["slot"] : Json(nullptr)},
                     {"piece", fields->contains("piece") ? (*fields)["piece"] : Json(nullptr)},
                     {"amount", amount->text()},
                     {"total", m_total.text()}};
        m_told.push_back({place, line, kind->earns ? *amount : U256()});
        if (m_told.size() > most_told) m_told.pop_front();
        out.push_back(std::move(line));
    }
    return out;
}

std::vector<Json> Earnings::take_back(std::uint64_t from_epoch) {
    std::vector<Json> out;
    while (!m_told.empty() && m_told.back().place.epoch >= from_epoch) {
        m_total = subtract(m_total, m_told.back().earned).value_or(U256());
        Json line = std::move(m_told.back().line);
        m_told.pop_back();
        line["kind"] = "taken_back";
        line["total"] = m_total.text();
        out.push_back(std::move(line));
    }
    if (m_seen.epoch >= from_epoch)
        m_seen = from_epoch == 0 ? Place{} : Place{from_epoch - 1, std::numeric_limits<std::uint64_t>::max()};
    return out;
}

std::string earning_text(const Json& line) {
    const std::string kind = field_text(line, "kind");
    std::string out = epoch_at(line, "epoch", "time") + "  " + field_text(line, "miner") + "  ";
    const std::string amount = money_at(line, "amount");
    if (kind == "upfront") out += "+ " + amount + " for storing";
    if (kind == "settled") out += "+ " + amount + " settled for";
    if (kind == "withdrawn") out += amount + " withdrawn to its owner";
    if (kind == "slashed") out += "- " + amount + " of its bond slashed";
    if (kind == "taken_back") out += "taken back with its block: " + amount + ", told before";
    if (const std::string piece = field_text(line, "piece"); !piece.empty())
        out += " piece " + std::to_string(count_at(line, "piece") & 0x7fU) + " of slot " + field_text(line, "slot");
    return out + "  (" + money_at(line, "total") + " so far)\n";
}

}    // namespace filfil::cli
