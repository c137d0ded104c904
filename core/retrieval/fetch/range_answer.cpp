// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "retrieval/fetch/range_answer.hpp"

#include "retrieval/header_list.hpp"
#include "retrieval/piece_request.hpp"

#include <algorithm>
#include <charconv>

namespace filfil::retrieval {
namespace {

using Kind = Judged::Kind;

constexpr Clock::Duration usual_wait = std::chrono::seconds(5);
constexpr std::uint64_t longest_wait_seconds = 60;

std::optional<std::uint64_t> parse_number(std::string_view digits) noexcept {
    std::uint64_t out = 0;
    const auto [end, status] = std::from_chars(digits.data(), digits.data() + digits.size(), out);
    if (digits.empty() || status != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
    return out;
}

std::string http(const HttpResponse& answer) { return "it answered HTTP " + std::to_string(answer.status); }

Clock::Duration wait_of(const HttpResponse& answer) {
    const auto field = find_field(answer.fields, "Retry-After");
    const auto seconds = field ? parse_number(trim_field(*field)) : std::nullopt;
    if (!seconds) return usual_wait;
    return std::chrono::seconds(std::clamp<std::uint64_t>(*seconds, 1, longest_wait_seconds));
}

Judged wrong_length(const HttpResponse& answer, const AskedRange& asked) {
    return {Kind::wrong, "it sent " + std::to_string(answer.body.size()) + " bytes where " +
                             std::to_string(asked.length) + " were asked for"};
}

Judged judge_part(const HttpResponse& answer, const AskedRange& asked) {
    const auto field = find_field(answer.fields, "Content-Range");
    const auto range = field ? parse_content_range(*field) : std::nullopt;
    if (!range)
        return {Kind::wrong, field ? "it sent the Content-Range '" + shown(*field) + "'"
                                   : std::string("it sent a part and does not say which")};
    if (range->first != asked.offset || range->last != asked.offset + asked.length - 1)
        return {Kind::wrong, "it sent bytes " + std::to_string(range->first) + " to " + std::to_string(range->last) +
                                 " where " + std::to_string(asked.offset) + " to " +
                                 std::to_string(asked.offset + asked.length - 1) + " were asked for"};
    if (range->size && *range->size != asked.piece_size)
        return {Kind::wrong, "its piece has " + std::to_string(*range->size) + " bytes, and the right one has " +
                                 std::to_string(asked.piece_size)};
    if (answer.body.size() != asked.length) return wrong_length(answer, asked);
    return {};
}

Judged judge_whole(const HttpResponse& answer, const AskedRange& asked, bool packed) {
    if (asked.slice) {
        if (!packed && answer.body.size() != asked.length) return wrong_length(answer, asked);
        Judged out;
        out.compressed = packed;
        return out;
    }
    // All of a piece is the range that was asked for where the piece is small.
    if (asked.length == asked.piece_size && answer.body.size() == asked.length) return {};
    return {Kind::wrong, "it sent all it has where a part was asked for"};
}

}    // namespace

std::optional<ContentRange> parse_content_range(std::string_view field) noexcept {
    field = trim_field(field);
    const std::size_t space = field.find(' ');
    if (space == std::string_view::npos || !same_word(field.substr(0, space), "bytes")) return std::nullopt;
    field = trim_field(field.substr(space + 1));
    const std::size_t dash = field.find('-');
    const std::size_t slash = field.find('/');
    if (dash == std::string_view::npos || slash == std::string_view::npos || slash < dash) return std::nullopt;
    const auto first = parse_number(field.substr(0, dash));
    const auto last = parse_number(field.substr(dash + 1, slash - dash - 1));
    if (!first || !last || *last < *first) return std::nullopt;
    ContentRange out{*first, *last};
    if (const std::string_view size = field.substr(slash + 1); size != "*") {
        out.size = parse_number(size);
        if (!out.size || *last >= *out.size) return std::nullopt;
    }
    return out;
}

Judged judge_answer(const HttpResponse& answer, const AskedRange& asked) {
    if (answer.status == 404 || answer.status == 410 || answer.status == 451) return {Kind::missing, http(answer)};
    if (answer.status == 429 || answer.status == 503) return {Kind::later, http(answer), wait_of(answer)};
    if (answer.status == 408 || answer.status >= 500) return {Kind::failed, http(answer)};
    if (answer.status != 200 && answer.status != 206) return {Kind::refused, http(answer)};

    const auto encoding = joined_fields(answer.fields, "Content-Encoding");
    const bool packed = encoding && same_word(trim_field(*encoding), "zstd");
    const bool may_be_packed = asked.slice && answer.status == 200;
    if (encoding && !same_word(trim_field(*encoding), "identity") && (!packed || !may_be_packed))
        return {Kind::wrong, "it sent bytes in the encoding '" + shown(*encoding) + "', which nobody asked for"};
    if (answer.status == 206) return judge_part(answer, asked);
    return judge_whole(answer, asked, packed);
}

Judged judge_failure(const Error& error) {
    switch (error.code) {
        case ErrorCode::too_large: return {Kind::wrong, "it sent more bytes than were asked for"};
        case ErrorCode::invalid_argument:
        case ErrorCode::denied: return {Kind::refused, error.message};
        default: return {Kind::failed, error.message};
    }
}

}    // namespace filfil::retrieval
