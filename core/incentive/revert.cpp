// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/revert.hpp"

#include "base/units.hpp"
#include "incentive/contract_abi.hpp"
#include "incentive/revert_text.hpp"
#include "rpc/excerpt.hpp"

#include <algorithm>

namespace filfil::incentive {
namespace {

constexpr std::size_t selector_size = 4;

/// Much longer than any error of the contract.
constexpr std::size_t longest_data = 64 * KiB;
constexpr std::size_t longest_shown = 200;

// Solidity's own, that every contract can revert with.
constexpr std::string_view text_selector = "08c379a0";     // Error(string)
constexpr std::string_view panic_selector = "4e487b71";    // Panic(uint256)

/// docs.soliditylang.org, "Panic via assert and Error via require".
std::string_view panic_reason(std::uint64_t code) {
    switch (code) {
        case 0x01: return "an assertion does not hold";
        case 0x11: return "a number went out of its range";
        case 0x12: return "a division by zero";
        case 0x21: return "a number is none of an enumeration";
        case 0x22: return "its storage is not as it should be";
        case 0x31: return "something was taken from an empty list";
        case 0x32: return "an index is beyond the end of a list";
        case 0x41: return "too much memory was wanted";
        case 0x51: return "a function that is not there was called";
        default: return "a reason that is not known";
    }
}

Result<AbiValue::List> arguments_of(std::string_view types, ByteView data) {
    FILFIL_TRY(const AbiType type, AbiType::parse(types));
    FILFIL_TRY(const AbiValue value, decode_abi(type, data, {.bytes = longest_data}));
    return *value.as_list();
}

Revert unknown(ByteView data, std::string_view what) {
    const std::string shown = to_hex(data.first(std::min<std::size_t>(data.size(), 36)));
    return {.error = Error(ErrorCode::internal,
                           "the contract refused: " + std::string(what) +
                               (data.empty() ? "" : " (0x" + shown + (data.size() > 36 ? "…" : "") + ")"),
                           "check that the address is that of a fil-fil contract of this version")};
}

Revert of_text(ByteView data) {
    const auto arguments = arguments_of("(string)", data.subspan(selector_size));
    if (!arguments.ok()) return unknown(data, "with a text that cannot be read");
    const std::string& text = *arguments->front().as_text();
    return {.name = "Error",
            .arguments = *arguments,
            .error = Error(ErrorCode::internal, "the contract refused: " + rpc::excerpt(text, longest_shown))};
}

Revert of_panic(ByteView data) {
    const auto arguments = arguments_of("(uint256)", data.subspan(selector_size));
    if (!arguments.ok()) return unknown(data, "with a failure that cannot be read");
    const U256& code = *arguments->front().as_number();
    return {.name = "Panic",
            .arguments = *arguments,
            .error = Error(ErrorCode::internal,
                           "the contract failed: " + std::string(panic_reason(code.as_uint64().value_or(0))) + " (" +
                               code.hex() + ")",
                           "this is a defect of the contract, or of what was sent to it: report it with the call")};
}

bool says(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

std::optional<Bytes> hex_data(std::string_view text) {
    if (!text.starts_with("0x") || text.size() > 2 * longest_data) return std::nullopt;
    auto bytes = from_hex(text.substr(2));
    if (!bytes.ok()) return std::nullopt;
    return std::move(*bytes);
}

/// The hexadecimal digits that follow `mark` in a text.
std::optional<Bytes> data_behind(std::string_view text, std::string_view mark) {
    const std::size_t at = text.find(mark);
    if (at == std::string_view::npos) return std::nullopt;
    const std::string_view rest = text.substr(at + mark.size());
    if (!rest.starts_with("0x")) return std::nullopt;
    return hex_data(rest.substr(0, std::min(rest.find_first_not_of("0123456789abcdefABCDEF", 2), rest.size())));
}

}    // namespace

Revert read_revert(ByteView data) {
    if (data.empty()) return unknown(data, "it gave no reason");
    if (data.size() < selector_size) return unknown(data, "its reason cannot be read");
    const std::string selector = to_hex(data.first(selector_size));
    if (selector == text_selector) return of_text(data);
    if (selector == panic_selector) return of_panic(data);

    const auto same = [&](const AbiEntry& entry) {
        return std::ranges::equal(data.first(4), std::span(entry.id).first(4));
    };
    const auto entry = std::ranges::find_if(contract::all_errors(), same);
    if (entry == contract::all_errors().end()) return unknown(data, "its reason is none that this version knows");
    auto arguments = arguments_of(types_of(entry->inputs), data.subspan(selector_size));
    if (!arguments.ok()) return unknown(data, std::string(entry->name) + ", whose arguments cannot be read");

    const auto text = std::ranges::find(revert_texts(), entry->name, &RevertText::name);
    Error error(ErrorCode::internal, "the contract refused: " + std::string(entry->signature));
    if (text != revert_texts().end())
        error = Error(text->code, fill_in(text->sentence, entry->inputs, *arguments),
                      fill_in(text->remedy, entry->inputs, *arguments));
    return {.name = std::string(entry->name), .entry = &*entry, .arguments = std::move(*arguments), .error = error};
}

std::optional<Bytes> revert_data_of(const rpc::RemoteError& error) {
    if (error.data) {
        const rpc::Json* data = &*error.data;
        if (data->is_object() && data->contains("data")) data = &data->at("data");
        if (const auto* text = data->get_ptr<const rpc::Json::string_t*>()) {
            // Some nodes put "Reverted " in front.
            const std::size_t at = text->find("0x");
            if (at != std::string::npos)
                if (auto bytes = hex_data(std::string_view(*text).substr(at)); bytes && !bytes->empty()) return bytes;
        }
    }
    for (const std::string_view mark : {"vm error=[", "vm error: ", "revert reason=[", "revert reason: "})
        if (auto bytes = data_behind(error.message, mark)) return bytes;
    // Geth and anvil say 3 for what reverted, Lotus and Forest 11 or 3; 33 is FEVM's exit code for it.
    const bool reverted = error.code == 3 || says(error.message, "execution reverted") ||
                          says(error.message, "RetCode=33") || says(error.message, "exit=[33]") ||
                          says(error.message, "exit 33") || says(error.message, "(33)");
    if (!reverted) return std::nullopt;
    return Bytes();
}

std::optional<Error> revert_error_of(const rpc::RemoteError& error) {
    const auto data = revert_data_of(error);
    if (!data) return std::nullopt;
    Error out = read_revert(*data).error;
    if (data->empty()) out.message += ": " + rpc::excerpt(error.message, longest_shown);
    return out;
}

}    // namespace filfil::incentive
