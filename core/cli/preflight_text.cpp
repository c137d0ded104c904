// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/preflight_text.hpp"

#include "cli/epoch_text.hpp"
#include "cli/incentive_text.hpp"
#include "cli/json_at.hpp"

#include <map>

namespace filfil::cli {
namespace {

Json object_at(const Json& object, const char* name) {
    const auto found = object.find(name);
    return found != object.end() && found->is_object() ? *found : Json::object();
}

/// A mark for the eye and a word for everybody, of one width.
std::string mark_of(const std::string& state) {
    if (state == "good") return "[+] good   ";
    if (state == "warning") return "[!] warning";
    if (state == "bad") return "[x] BAD    ";
    return "[?] unknown";
}

std::string title_of(const std::string& part) {
    if (part == "node") return "the node and this daemon";
    return "the " + part;
}

std::string row_text(const Json& row) {
    const std::string state = field_text(row, "state");
    std::string out = "    " + mark_of(state) + "  " + field_text(row, "what");
    if (const std::string found = field_text(row, "found"); !found.empty()) out += ": " + found;
    out += "\n";
    if (state == "good") return out;
    constexpr auto indent = "                 ";
    if (const std::string why = field_text(row, "why"); !why.empty()) out += indent + ("why  " + why) + "\n";
    if (const std::string fix = field_text(row, "fix"); !fix.empty()) out += indent + ("fix  " + fix) + "\n";
    return out;
}

std::string window_text(const Json& miner) {
    const std::string state = field_text(miner, "state");
    if (state == "none") return "  no window\n";
    const bool open = state == "open";
    std::string out = "  " + slot_text(miner) + (open ? ", open, closes at " : ", opens at ") +
                      epoch_at(miner, open ? "close_epoch" : "open_epoch", open ? "close_time" : "open_time");
    return out + "; wants the snapshot of epoch " + epoch_at(miner, "target_epoch", "target_time") + "\n";
}

std::string miner_text(const Json& miner) {
    std::map<std::string, std::size_t> counts;
    const Json rows = list_at(miner, "rows");
    for (const Json& row : rows) ++counts[field_text(row, "state")];
    const bool ready = yes_at(miner, "ready");
    std::string out = field_text(miner, "miner") + (ready ? ": ready" : ": NOT READY");
    out += " (" + std::to_string(counts["bad"]) + " bad, " + std::to_string(counts["warning"]) + " to be warned of, " +
           std::to_string(counts["unknown"]) + " unknown, " + std::to_string(counts["good"]) + " good)\n";
    out += window_text(miner);
    const std::string market = field_text(miner, "market");
    out += "  market " + (market.empty() ? "none" : market) + ", policy " + field_text(miner, "policy") + "\n";
    std::string part;
    for (const Json& row : rows) {
        if (field_text(row, "part") != part) {
            part = field_text(row, "part");
            out += "  " + title_of(part) + "\n";
        }
        out += row_text(row);
    }
    return out;
}

std::string block_text(const Json& result, const char* name) {
    const Json block = object_at(result, name);
    if (block.empty()) return "none, or it cannot be read";
    std::string out = field_text(block, "cid") + ", a section of " + field_text(block, "length") + " bytes";
    const std::string sound = field_text(block, "sound");
    if (sound == "false") out += "; its bytes do NOT have that hash";
    if (sound == "true") out += "; its bytes have that hash";
    return out;
}

std::string piece_text(const Json& result, const char* name) {
    const Json piece = object_at(result, name);
    if (piece.empty()) return "no such piece";
    return field_text(piece, "piece_cid") + ", " + field_text(piece, "payload_size") + " bytes";
}

}    // namespace

std::string preflight_text(const Json& answer) {
    std::string out;
    for (const Json& miner : list_at(answer, "miners")) out += (out.empty() ? "" : "\n") + miner_text(miner);
    return out;
}

std::string comparison_text(const Json& result) {
    const std::string title = "epoch " + field_text(result, "epoch") + ": " + field_text(result, "sentence");
    std::vector<std::pair<std::string, std::string>> rows;
    if (yes_at(result, "same")) {
        rows.emplace_back("pieces", field_text(result, "own_pieces") +
                                        (yes_at(result, "alternative") ? ", of the alternative that is staged" : ""));
        return table(title, rows);
    }
    rows.emplace_back("pieces",
                      field_text(result, "own_pieces") + " here, " + field_text(result, "staged_pieces") + " staged");
    if (yes_at(result, "tipset_differs")) rows.emplace_back("tipset", "the staged snapshot is of another one");
    if (const std::string piece = field_text(result, "piece"); !piece.empty()) {
        rows.emplace_back("piece " + piece + " here", piece_text(result, "own"));
        rows.emplace_back("piece " + piece + " staged", piece_text(result, "staged"));
    }
    for (const Json& failed : list_at(result, "failed"))
        rows.emplace_back("not from", field_text(failed, "server") + ": " + field_text(failed, "why"));
    if (const std::string from = field_text(result, "from"); !from.empty()) {
        rows.emplace_back("compared with", from);
        rows.emplace_back("the same", field_text(result, "compared") + " bytes");
    }
    if (const std::string offset = field_text(result, "offset"); !offset.empty()) {
        rows.emplace_back("first other byte", offset);
        if (const std::string section = field_text(result, "section");
            !section.empty() && !yes_at(result, "in_header")) {
            rows.emplace_back("section at", section);
            rows.emplace_back("block here", block_text(result, "own_block"));
            rows.emplace_back("block there", block_text(result, "staged_block"));
        }
    }
    return table(title, rows);
}

}    // namespace filfil::cli
