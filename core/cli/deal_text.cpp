// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/deal_text.hpp"

#include "base/units.hpp"
#include "cli/epoch_text.hpp"
#include "cli/incentive_text.hpp"

#include <cmath>
#include <cstdint>

namespace filfil::cli {
namespace {

double number_at(const Json& object, const char* name) {
    const auto found = object.find(name);
    return found != object.end() && found->is_number() ? found->get<double>() : 0;
}

/// "snapshot: taken", in words for who does not know the stages' names.
std::string stage_text(const std::string& stage) {
    if (stage == "planned") return "planned: waits for its window, or to be staged";
    if (stage == "snapshot") return "the snapshot is being taken";
    if (stage == "commp") return "its commitments are compared with the staged ones";
    if (stage == "proposing") return "is being given to the market";
    if (stage == "proposed") return "the market has it, and waits for its bytes";
    if (stage == "fetching") return "the market fetches the bytes";
    if (stage == "publishing") return "waits to be published in f05";
    if (stage == "sealing") return "is being sealed";
    if (stage == "proven") return "proven; the contract is being notified";
    if (stage == "notified") return "stored: the contract has it";
    if (stage == "paid") return "stored and paid";
    if (stage == "missed") return "MISSED";
    if (stage == "failed") return "FAILED";
    return stage;
}

std::string seconds_text(double seconds) {
    if (seconds < 0) return "";
    const auto whole = static_cast<std::int64_t>(std::llround(seconds));
    if (whole < 60) return std::to_string(whole) + " s";
    if (whole < 3600) return std::to_string(whole / 60) + " min " + std::to_string(whole % 60) + " s";
    return std::to_string(whole / 3600) + " h " + std::to_string(whole % 3600 / 60) + " min";
}

std::string error_lines(const Json& object, const std::string& indent) {
    const auto error = object.find("error");
    if (error == object.end() || !error->is_object()) return "";
    std::string out = indent + field_text(*error, "message") + "\n";
    if (const std::string remedy = field_text(*error, "remedy"); !remedy.empty())
        out += indent + "  -> " + remedy + "\n";
    return out;
}

std::string piece_text(const Json& deal) {
    return "piece " + field_text(deal, "piece") +
           (field_text(deal, "alternative") == "true" ? " of the alternative" : "");
}

std::string timeline_text(const Json& deal) {
    const auto timeline = deal.find("timeline");
    if (timeline == deal.end() || !timeline->is_array()) return "";
    std::string out = "\n  timeline\n";
    for (std::size_t i = 0; i < timeline->size(); ++i) {
        const Json& at = (*timeline)[i];
        out += "    " + utc_text(static_cast<std::int64_t>(number_at(at, "at"))) + "  " + field_text(at, "stage");
        if (i + 1 < timeline->size())
            out += ", for " + seconds_text(number_at((*timeline)[i + 1], "at") - number_at(at, "at"));
        out += "\n";
    }
    return out;
}

std::string steps_text(const Json& deal) {
    const auto steps = deal.find("steps");
    if (steps == deal.end() || !steps->is_array()) return "";
    std::string out;
    for (const Json& step : *steps) {
        const std::string kind = field_text(step, "kind");
        if (kind == "stage") continue;
        out += "    " + utc_text(static_cast<std::int64_t>(number_at(step, "at"))) + "  ";
        const auto details = step.find("details");
        const bool has = details != step.end() && details->is_object();
        if (kind == "answer")
            out += "asked " + field_text(step, "name") + ": " + (has ? field_text(*details, "status") : "") + " " +
                   (has ? field_text(*details, "said") : "");
        else if (kind == "error")
            out += has ? field_text(*details, "message") : field_text(step, "name");
        else
            out += kind + " " + field_text(step, "name");
        out += "\n";
    }
    return out.empty() ? out : "\n  what was said\n" + out;
}

}    // namespace

std::string deal_line(const Json& deal) {
    std::string out = field_text(deal, "id") + "  " + field_text(deal, "miner") + "  epoch " +
                      field_text(deal, "target_epoch") + ", " + slot_text(deal) + ", " + piece_text(deal) + ": " +
                      stage_text(field_text(deal, "stage"));
    if (const std::string sector = field_text(deal, "sector"); !sector.empty()) out += ", sector " + sector;
    out += "\n";
    if (field_text(deal, "open") == "true") {
        out += "      window closes at epoch " + epoch_at(deal, "close_epoch", "close_time");
        if (number_at(deal, "predicted_at") > 0)
            out += "; stored by about " + utc_text(static_cast<std::int64_t>(number_at(deal, "predicted_at"))) +
                   (field_text(deal, "late") == "true" ? ", TOO LATE" : "");
        out += "\n";
    }
    return out + error_lines(deal, "      ");
}

std::string deal_page(const Json& deal) {
    std::vector<std::pair<std::string, std::string>> rows = {
        {"provider", field_text(deal, "miner")},
        {"slot", slot_text(deal) + " (" + field_text(deal, "slot") + ")"},
        {"piece", piece_text(deal)},
        {"snapshot of epoch", field_text(deal, "target_epoch")},
        {"window opens", epoch_at(deal, "open_epoch", "open_time")},
        {"window closes", epoch_at(deal, "close_epoch", "close_time")},
        {"market", field_text(deal, "market")},
        {"its name there", field_text(deal, "market_id")},
        {"piece CID v1", field_text(deal, "piece_cid")},
        {"piece CID v2", field_text(deal, "piece_cid_v2")},
        {"payload", number_at(deal, "payload_size") > 0
                        ? bytes_for_people(static_cast<std::uint64_t>(number_at(deal, "payload_size")))
                        : ""},
        {"snapshot here", field_text(deal, "snapshot")},
        {"sector", field_text(deal, "sector")},
        {"stage", field_text(deal, "stage") + " (" + stage_text(field_text(deal, "stage")) + ")"},
    };
    if (number_at(deal, "predicted_at") > 0)
        rows.emplace_back("stored by about", utc_text(static_cast<std::int64_t>(number_at(deal, "predicted_at"))));
    std::erase_if(rows, [](const auto& row) { return row.second.empty(); });
    return table("deal " + field_text(deal, "id"), rows) + error_lines(deal, "  ") + timeline_text(deal) +
           steps_text(deal);
}

std::string deal_list(const Json& answer) {
    std::string out;
    const auto deals = answer.find("deals");
    if (deals != answer.end() && deals->is_array())
        for (const Json& deal : *deals) out += deal_line(deal);
    return out.empty() ? "no deals\n" : out;
}

}    // namespace filfil::cli
