// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/reputation_text.hpp"

#include "base/units.hpp"
#include "cli/epoch_text.hpp"
#include "cli/incentive_text.hpp"
#include "cli/json_at.hpp"

#include <array>
#include <cmath>
#include <cstdio>

namespace filfil::cli {
namespace {

using Rows = std::vector<std::pair<std::string, std::string>>;

/// The items of a list; none where the field is no list.
std::string counted(std::uint64_t count, const std::string& one) {
    return grouped(count) + " " + one + (count == 1 ? "" : "s");
}

/// What an answer says that may be missing from it.
std::string reading_text(const Json& answer) {
    std::string out;
    if (field_text(answer, "read_to_epoch").empty())
        out += "The daemon has not read the contract's events yet.\n";
    else if (!yes_at(answer, "caught_up"))
        out += "The daemon has read the contract's events to epoch " + field_text(answer, "read_to_epoch") +
               ", and reads on.\n";
    if (const std::string trouble = field_text(answer, "trouble"); !trouble.empty())
        out += "Trouble: " + trouble + "\n";
    return out;
}

std::string piece_name(const Json& object) {
    return "piece " + field_text(object, "piece") + (yes_at(object, "alternative") ? " of the alternative" : "");
}

std::string holder_text(const Json& one) {
    std::string out = field_text(one, "miner") + "  " + piece_name(one) + "  " + field_text(one, "state") +
                      "  sector " + field_text(one, "sector");
    if (const std::string status = field_text(one, "sector_status"); !status.empty()) out += " is " + status;
    if (const std::string end = field_text(one, "sector_expiration"); !end.empty()) out += ", ends at epoch " + end;
    out += "  until " + epoch_at(one, "until_epoch", "until_time");
    if (!yes_at(one, "alive")) out += "  NOT ALIVE";
    if (const std::string rate = percent_at(one, "success_rate"); !rate.empty()) out += "  success " + rate;
    const std::string endpoint = field_text(one, "endpoint");
    out += "\n    " + (endpoint.empty() ? std::string("announces no endpoint") : endpoint);
    if (const std::string region = field_text(one, "region"); !region.empty()) out += "  (" + region + ")";
    return out + "\n";
}

}    // namespace

std::string percent_at(const Json& object, const char* name) {
    const auto found = object.find(name);
    if (found == object.end() || !found->is_number()) return {};
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.1f %%", found->get<double>() * 100);
    return text.data();
}

std::string holders_text(const Json& answer) {
    std::string out;
    const Json pieces = list_at(answer, "pieces");
    if (!pieces.empty()) {
        out += slot_text(answer) + ", epoch " + field_text(answer, "epoch") + ", " + counted(pieces.size(), "piece") +
               "\n";
        for (const Json& piece : pieces)
            out += "  " + field_text(piece, "piece") + "  " + field_text(piece, "piece_cid") + "  " +
                   bytes_for_people(count_at(piece, "payload_size")) + "\n";
        out += "\n";
    }
    const Json holders = list_at(answer, "holders");
    if (holders.empty()) return out + (yes_at(answer, "filtered") ? "nobody who is as asked for\n" : "nobody yet\n");
    for (const Json& one : holders) out += holder_text(one);
    if (const std::string trouble = field_text(answer, "trouble"); !trouble.empty())
        out += "Not all sectors could be asked for: " + trouble + "\n";
    return out;
}

std::string reputation_text(const Json& answer) {
    std::string out;
    for (const Json& one : list_at(answer, "providers")) {
        Rows rows = {{"standing", field_text(one, "standing")}};
        if (const std::string at = epoch_at(one, "registered_epoch", "registered_time"); !at.empty())
            rows.emplace_back("registered", at);
        if (const std::string at = epoch_at(one, "ended_epoch", "ended_time"); !at.empty())
            rows.emplace_back(field_text(one, "standing") == "removed" ? "removed" : "asked to leave", at);
        const std::string rate = percent_at(one, "success_rate");
        rows.emplace_back("windows", rate.empty() ? "none is over yet"
                                                  : counted(count_at(one, "windows"), "window") + ", " +
                                                        field_text(one, "completed") + " stored, " +
                                                        field_text(one, "missed") + " missed: " + rate);
        if (!field_text(one, "median_seconds").empty())
            rows.emplace_back("staged to stored",
                              format_duration(static_cast<double>(count_at(one, "median_seconds"))) + " (" +
                                  counted(count_at(one, "median_epochs"), "epoch") + ", median)");
        rows.emplace_back("keeps now", counted(count_at(one, "live_replicas"), "whole snapshot") + ", " +
                                           counted(count_at(one, "live_pieces"), "piece"));
        if (count_at(one, "lost_pieces") > 0)
            rows.emplace_back("lost", counted(count_at(one, "lost_pieces"), "piece") + " in " +
                                          counted(count_at(one, "lost_sectors"), "sector"));
        rows.emplace_back("earned", money_at(one, "earned"));
        if (field_text(one, "slashed") != "0") rows.emplace_back("slashed", money_at(one, "slashed"));
        if (const std::string endpoint = field_text(one, "endpoint"); !endpoint.empty()) {
            const std::string region = field_text(one, "region");
            rows.emplace_back("serves at", endpoint + (region.empty() ? "" : " (" + region + ")"));
        }
        out += table(field_text(one, "miner"), rows) + "\n";
    }
    if (out.empty()) out = "No provider is known.\n";
    return out + reading_text(answer);
}

std::string endpoints_text(const Json& answer) {
    std::string out;
    for (const Json& one : list_at(answer, "endpoints")) {
        const std::string url = field_text(one, "url");
        const std::string endpoint = field_text(one, "endpoint");
        const std::string region = field_text(one, "region");
        out += field_text(one, "miner") + "  ";
        if (url.empty())
            out += "announces no endpoint";
        else if (endpoint.empty())
            out += "announces '" + url + "', which is no URL of http or https";
        else
            out += endpoint + (region.empty() ? "" : "  (" + region + ")");
        out += "\n";
    }
    return out + reading_text(answer);
}

std::string announced_text(const Json& done) {
    const std::string what = field_text(done, "miner") + " serves its snapshots at " + field_text(done, "url");
    if (yes_at(done, "already_so")) return what + ": announced already, nothing was sent\n";
    if (yes_at(done, "dry_run"))
        return "would announce that " + what + "; nothing was sent\n  gas " + field_text(done, "gas") + " for " +
               money_at(done, "cost") + "\n";
    return table(what, {{"transaction", field_text(done, "hash")},
                        {"block", field_text(done, "block")},
                        {"paid by", field_text(done, "from")},
                        {"cost", money_at(done, "cost")}});
}

std::string retrieval_test_text(const Json& result) {
    std::string out;
    for (const Json& one : list_at(result, "pieces")) {
        out += std::string(yes_at(one, "ok") ? "ok    " : "FAIL  ") + field_text(one, "miner") + "  slot " +
               field_text(one, "slot") + ", " + piece_name(one) + "  " + field_text(one, "piece_cid") + "\n      ";
        const std::string endpoint = field_text(one, "endpoint");
        if (!endpoint.empty()) out += endpoint + ": ";
        if (yes_at(one, "ok"))
            out += std::string(yes_at(one, "compared") ? "the bytes are those here"
                                                       : "sizes and header are right; no bytes to compare with") +
                   ", " + field_text(one, "ms") + " ms";
        else
            out += field_text(one, "why");
        out += "\n";
    }
    const std::uint64_t tested = count_at(result, "tested");
    if (tested == 0) return "nothing to test: no piece is held\n";
    return out + counted(tested, "piece") + " tested, " + field_text(result, "failed") + " failed\n";
}

}    // namespace filfil::cli
