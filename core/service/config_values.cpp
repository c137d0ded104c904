// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/config_values.hpp"

#include "service/duration.hpp"

#include <algorithm>
#include <charconv>

namespace filfil::service {
namespace {

using rpc::Json;

constexpr std::size_t longest_text = 4096;
constexpr std::size_t longest_list = 1000;

Error wrong_type(std::string_view key, const Json& value, std::string_view wanted) {
    return {ErrorCode::invalid_argument,
            std::string(key) + " is " + std::string(kind_of(value)) + ", and " + std::string(wanted) + " is expected"};
}

Error out_of_range(std::string_view key, const std::string& is, const std::string& least, const std::string& most) {
    return {ErrorCode::invalid_argument, std::string(key) + " is " + is + ", and has to be " + least + " to " + most,
            "give a value from " + least + " to " + most};
}

}    // namespace

std::string_view kind_of(const Json& value) noexcept {
    switch (value.type()) {
        case Json::value_t::null: return "nothing";
        case Json::value_t::boolean: return "true or false";
        case Json::value_t::string: return "a text";
        case Json::value_t::array: return "a list";
        case Json::value_t::object: return "a table";
        case Json::value_t::number_integer:
        case Json::value_t::number_unsigned: return "a number";
        case Json::value_t::number_float: return "a number with a fraction";
        default: return "something else";
    }
}

std::string shown_text(std::string_view text) {
    constexpr std::size_t most = 64;
    std::string out;
    for (const char c : text.substr(0, most)) out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c;
    if (text.size() <= most) return out;
    // Not in the middle of a UTF-8 sequence.
    while (!out.empty() && (static_cast<unsigned char>(out.back()) & 0xc0U) == 0x80U) out.pop_back();
    if (!out.empty() && static_cast<unsigned char>(out.back()) >= 0x80U) out.pop_back();
    return out + "…";
}

Result<std::string> text_value(std::string_view key, const Json& value) {
    if (!value.is_string()) return wrong_type(key, value, "a text in quotes");
    const auto& text = value.get_ref<const std::string&>();
    if (text.size() > longest_text)
        return Error(ErrorCode::invalid_argument, std::string(key) + " is longer than 4096 bytes");
    const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
    if (std::ranges::any_of(text, is_control))
        return Error(ErrorCode::invalid_argument, std::string(key) + " has a control character or a line break in it");
    return text;
}

Result<bool> yes_no_value(std::string_view key, const Json& value) {
    if (!value.is_boolean()) return wrong_type(key, value, "true or false");
    return value.get<bool>();
}

Result<std::uint64_t> number_value(std::string_view key, const Json& value, std::uint64_t least, std::uint64_t most) {
    if (!value.is_number_integer()) return wrong_type(key, value, "a whole number");
    const bool negative = !value.is_number_unsigned() && value.get<std::int64_t>() < 0;
    if (negative || value.get<std::uint64_t>() < least || value.get<std::uint64_t>() > most)
        return out_of_range(key, value.dump(), std::to_string(least), std::to_string(most));
    return value.get<std::uint64_t>();
}

Result<std::uint64_t> size_value(std::string_view key, const Json& value, std::uint64_t least, std::uint64_t most) {
    if (!value.is_string() && !value.is_number_integer())
        return wrong_type(key, value, "a size as \"32GiB\", or bytes,");
    std::uint64_t size = 0;
    if (value.is_string()) {
        auto parsed = parse_size(value.get_ref<const std::string&>());
        if (!parsed.ok()) return std::move(parsed).error().in(key);
        size = *parsed;
    } else if (value.is_number_unsigned() || value.get<std::int64_t>() >= 0) {
        size = value.get<std::uint64_t>();
    } else {
        return out_of_range(key, value.dump(), format_size(least), format_size(most));
    }
    if (size < least || size > most) return out_of_range(key, format_size(size), format_size(least), format_size(most));
    return size;
}

Result<Clock::Duration> duration_value(std::string_view key, const Json& value, std::uint64_t least,
                                       std::uint64_t most) {
    Clock::Duration duration{};
    const auto bound = [](std::uint64_t ms) { return std::chrono::milliseconds(static_cast<std::int64_t>(ms)); };
    if (value.is_string()) {
        auto parsed = parse_duration(value.get_ref<const std::string&>());
        if (!parsed.ok()) return std::move(parsed).error().in(key);
        duration = *parsed;
    } else if (value.is_number_integer()) {
        FILFIL_TRY(const std::uint64_t seconds, number_value(key, value, (least + 999) / 1000, most / 1000));
        duration = std::chrono::seconds(static_cast<std::int64_t>(seconds));
    } else {
        return wrong_type(key, value, "a duration as \"30s\"");
    }
    if (duration < bound(least) || duration > bound(most))
        return out_of_range(key, duration_text(duration), duration_text(bound(least)), duration_text(bound(most)));
    return duration;
}

std::string duration_text(Clock::Duration duration) { return format_duration_setting(duration); }

Result<std::vector<std::string>> texts_value(std::string_view key, const Json& value,
                                             Result<void> (*check)(const std::string&)) {
    if (!value.is_array()) return wrong_type(key, value, "a list of texts");
    if (value.size() > longest_list)
        return Error(ErrorCode::invalid_argument, std::string(key) + " has more than 1000 entries");
    std::vector<std::string> out;
    for (const Json& item : value) {
        const std::string name = std::string(key) + "[" + std::to_string(out.size()) + "]";
        FILFIL_TRY(std::string text, text_value(name, item));
        if (check != nullptr)
            if (auto good = check(text); !good.ok()) return std::move(good).error().in(name);
        if (std::ranges::find(out, text) != out.end())
            return Error(ErrorCode::invalid_argument, name + ": '" + shown_text(text) + "' stands in it twice");
        out.push_back(std::move(text));
    }
    return out;
}

std::string_view name_of(Finality finality) noexcept {
    switch (finality) {
        case Finality::automatic: return "auto";
        case Finality::f3: return "f3";
        case Finality::ec: return "ec";
    }
    return "auto";
}

Result<Finality> parse_finality(std::string_view text) {
    for (const Finality finality : {Finality::automatic, Finality::f3, Finality::ec})
        if (name_of(finality) == text) return finality;
    return Error(ErrorCode::invalid_argument, "'" + shown_text(text) + "' is no kind of finality",
                 "give auto, f3 or ec");
}

Result<std::uint64_t> miner_number(std::string_view text) {
    const Error none(ErrorCode::invalid_argument, "'" + shown_text(text) + "' names no storage provider",
                     "give its actor's number, as f01000");
    std::string_view digits = text;
    if (digits.starts_with("f0") || digits.starts_with("t0")) digits.remove_prefix(2);
    std::uint64_t number = 0;
    const auto [end, status] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (status != std::errc{} || end != digits.data() + digits.size() || number == 0 || number >> 63 != 0) return none;
    return number;
}

std::string_view name_of(SlotPolicy policy) noexcept {
    switch (policy) {
        case SlotPolicy::ask: return "ask";
        case SlotPolicy::automatic: return "automatic";
        case SlotPolicy::skip: return "skip";
    }
    return "ask";
}

Result<SlotPolicy> parse_slot_policy(std::string_view text) {
    for (const SlotPolicy policy : {SlotPolicy::ask, SlotPolicy::automatic, SlotPolicy::skip})
        if (name_of(policy) == text) return policy;
    return Error(ErrorCode::invalid_argument, "'" + shown_text(text) + "' is no policy for slots",
                 "give ask, automatic or skip");
}

std::string_view name_of(MarketKind kind) noexcept {
    switch (kind) {
        case MarketKind::curio_mk20: return "curio-mk20";
        case MarketKind::curio_mk12: return "curio-mk12";
        case MarketKind::boost: return "boost";
        case MarketKind::file: return "file";
    }
    return "file";
}

Result<MarketKind> parse_market_kind(std::string_view text) {
    for (const MarketKind kind : {MarketKind::curio_mk20, MarketKind::curio_mk12, MarketKind::boost, MarketKind::file})
        if (name_of(kind) == text) return kind;
    return Error(ErrorCode::invalid_argument, "'" + shown_text(text) + "' is no kind of market",
                 "give curio-mk20, curio-mk12, boost or file");
}

Result<car::Compression> parse_compression(std::string_view text) {
    for (const auto compression : {car::Compression::none, car::Compression::zstd, car::Compression::forest})
        if (car::name_of(compression) == text) return compression;
    return Error(ErrorCode::invalid_argument, "'" + shown_text(text) + "' is no compression",
                 "give none, zstd or forest");
}

}    // namespace filfil::service
