// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "retrieval/piece_request.hpp"

#include "ipld/piece_cid.hpp"
#include "retrieval/header_list.hpp"

namespace filfil::retrieval {
namespace {

constexpr std::string_view how_targets_look = "ask for a path such as /piece/baga6ea4seaq…";

Error bad_target(std::string why) {
    return {ErrorCode::invalid_argument, "the request's target " + std::move(why), std::string(how_targets_look)};
}

bool is_printable(char c) noexcept { return c > ' ' && c <= '~'; }

int hex_value(char c) noexcept {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

Result<std::string> percent_decode(std::string_view text, bool space_allowed) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '%') {
            const int high = i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
            const int low = i + 2 < text.size() ? hex_value(text[i + 2]) : -1;
            if (high < 0 || low < 0) return bad_target("has a '%' that two hexadecimal digits do not follow");
            c = static_cast<char>(high * 16 + low);
            i += 2;
        }
        if (!is_printable(c) && !(c == ' ' && space_allowed))
            return bad_target("has a character that is not printable ASCII");
        out.push_back(c);
    }
    return out;
}

/// Cuts at `separator`. @return what stands before it; all where there is none
std::string_view take_before(std::string_view& text, char separator) noexcept {
    const std::size_t end = text.find(separator);
    const std::string_view out = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    return out;
}

Result<std::vector<std::string>> parse_path(std::string_view path) {
    std::vector<std::string> out;
    path.remove_prefix(1);
    if (path.empty()) return out;
    for (;;) {
        const bool last = path.find('/') == std::string_view::npos;
        FILFIL_TRY(std::string segment, percent_decode(take_before(path, '/'), false));
        if (segment == "." || segment == "..") return bad_target("has '" + segment + "' in its path");
        if (segment.find('/') != std::string::npos) return bad_target("has an encoded '/' in its path");
        if (segment.empty() && !last) return bad_target("has '//' in its path");
        out.push_back(std::move(segment));
        if (last) return out;
    }
}

}    // namespace

Result<std::optional<std::string>> Target::parameter(std::string_view name) const {
    std::optional<std::string> out;
    for (const auto& [key, value] : query) {
        if (key != name) continue;
        if (out)
            return Error(ErrorCode::invalid_argument, "the parameter '" + std::string(name) + "' is given twice",
                         "give it once");
        out = value;
    }
    return out;
}

Result<Target> parse_target(std::string_view target) {
    if (target.size() > max_target_bytes)
        return bad_target("is longer than " + std::to_string(max_target_bytes) + " bytes");
    for (const std::string_view scheme : {"http://", "https://"})
        if (target.size() > scheme.size() && same_word(target.substr(0, scheme.size()), scheme)) {
            const std::size_t path = target.find_first_of("/?", scheme.size());
            target = path == std::string_view::npos ? "/" : target.substr(path);
            break;
        }
    if (target.empty() || target.front() != '/') return bad_target("does not begin with '/'");
    if (target.find('#') != std::string_view::npos) return bad_target("has a '#'");
    Target out;
    FILFIL_TRY(out.segments, parse_path(take_before(target, '?')));
    while (!target.empty()) {
        std::string_view value = take_before(target, '&');
        if (value.empty()) continue;
        const std::string_view key = take_before(value, '=');
        FILFIL_TRY(std::string key_text, percent_decode(key, true));
        FILFIL_TRY(std::string value_text, percent_decode(value, true));
        out.query.emplace_back(std::move(key_text), std::move(value_text));
    }
    return out;
}

Result<AskedPiece> parse_asked_piece(std::string_view text) {
    constexpr std::string_view remedy = "give a piece CID of version 1 (baga6ea4seaq…) or 2 (bafkzcib…)";
    auto cid = ipld::Cid::parse(text);
    if (!cid.ok())
        return Error(ErrorCode::invalid_argument, "'" + shown(text) + "' is no CID: " + cid.error().message,
                     std::string(remedy));
    auto info = ipld::read_piece_cid(*cid);
    if (!info.ok())
        return Error(ErrorCode::invalid_argument, "'" + shown(text) + "' is no piece's CID: " + info.error().message,
                     std::string(remedy));
    return AskedPiece{ipld::piece_cid_v1(info->root), info->payload_size, info->padded_size};
}

std::string shown(std::string_view text) {
    constexpr std::size_t most = 100;
    std::string out;
    for (const char c : text.substr(0, most)) out.push_back(is_printable(c) ? c : '?');
    if (text.size() > most) out += "…";
    return out;
}

}    // namespace filfil::retrieval
