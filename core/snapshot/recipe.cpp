// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "snapshot/recipe.hpp"

#include "ipld/dag_cbor.hpp"

#include <array>
#include <bit>
#include <charconv>
#include <utility>

namespace filfil::snapshot {
namespace {

constexpr std::uint64_t encoding_version = 1;
constexpr std::uint64_t most_stateroots = (std::uint64_t{1} << 63) - 1;
constexpr std::uint64_t least_piece = 128;
constexpr std::uint64_t largest_piece = std::uint64_t{1} << 62;
constexpr std::string_view example = "write it as v1,2000,skip,32GiB";

Error bad_text(std::string_view text, const std::string& why) {
    return {ErrorCode::invalid_argument, "recipe '" + std::string(text) + "': " + why, std::string(example)};
}

Error no_recipe(const std::string& why) { return {ErrorCode::corrupt, "these bytes are no snapshot recipe: " + why}; }

Result<std::uint64_t> number_in(const ipld::Value& map, std::string_view key) {
    const ipld::Value* value = map.find(key);
    const ipld::Integer* integer = value == nullptr ? nullptr : value->as_integer();
    const auto number = integer == nullptr ? std::nullopt : integer->as_uint64();
    if (!number) return no_recipe("'" + std::string(key) + "' is missing or no whole number");
    return *number;
}

}    // namespace

std::string_view name_of(Format format) noexcept { return format == Format::v2 ? "v2" : "v1"; }

Result<Format> parse_format(std::string_view text) {
    if (text == "v1") return Format::v1;
    if (text == "v2") return Format::v2;
    return Error(ErrorCode::invalid_argument, "'" + std::string(text) + "' is no snapshot format",
                 "give v1, or v2 for one with a metadata block (FRC-0108)");
}

Result<void> check(const Recipe& recipe) {
    if (recipe.format != Format::v1 && recipe.format != Format::v2)
        return Error(ErrorCode::invalid_argument,
                     "snapshot format " + std::to_string(static_cast<unsigned>(recipe.format)) + " is neither 1 nor 2",
                     "give v1 or v2");
    if (recipe.recent_stateroots > most_stateroots)
        return Error(ErrorCode::invalid_argument,
                     std::to_string(recipe.recent_stateroots) + " recent state roots are more than there can be epochs",
                     "nodes need 2000");
    if (recipe.piece_size < least_piece || recipe.piece_size > largest_piece || !std::has_single_bit(recipe.piece_size))
        return Error(ErrorCode::invalid_argument,
                     "piece size " + std::to_string(recipe.piece_size) + " is no power of two from 128 to 2^62 bytes",
                     "give a size such as 32GiB or 64GiB");
    return {};
}

Bytes encode(const Recipe& recipe) {
    auto bytes = ipld::encode_dag_cbor(ipld::Value::Map{{"format", static_cast<std::uint64_t>(recipe.format)},
                                                        {"recipe", encoding_version},
                                                        {"piece_size", recipe.piece_size},
                                                        {"skip_old_msgs", recipe.skip_old_msgs},
                                                        {"recent_stateroots", recipe.recent_stateroots}});
    // Five different keys over numbers and a truth value always encode.
    return bytes.ok() ? std::move(bytes).value() : Bytes();
}

Result<Recipe> decode_recipe(ByteView bytes) {
    auto value = ipld::decode_dag_cbor(bytes);
    if (!value.ok()) return no_recipe(value.error().message);
    FILFIL_TRY(const std::uint64_t version, number_in(*value, "recipe"));
    if (version != encoding_version)
        return Error(ErrorCode::unsupported,
                     "this snapshot recipe is of version " + std::to_string(version) + ", and only version " +
                         std::to_string(encoding_version) + " is known here",
                     "use a newer fil-fil");
    constexpr std::size_t fields = 5;
    if (value->as_map()->size() != fields) return no_recipe("it has other fields than a recipe");
    Recipe recipe;
    FILFIL_TRY(const std::uint64_t format, number_in(*value, "format"));
    if (format != 1 && format != 2) return no_recipe("format " + std::to_string(format) + " is neither 1 nor 2");
    recipe.format = static_cast<Format>(format);
    FILFIL_TRY(recipe.piece_size, number_in(*value, "piece_size"));
    FILFIL_TRY(recipe.recent_stateroots, number_in(*value, "recent_stateroots"));
    const ipld::Value* skip = value->find("skip_old_msgs");
    if (skip == nullptr || skip->as_bool() == nullptr) return no_recipe("'skip_old_msgs' is missing or no truth value");
    recipe.skip_old_msgs = *skip->as_bool();
    FILFIL_CHECK(check(recipe));
    return recipe;
}

ipld::Digest256 hash_of(const Recipe& recipe) { return ipld::blake2b_256(encode(recipe)); }

std::string text_of(const Recipe& recipe) {
    return std::string(name_of(recipe.format)) + ',' + std::to_string(recipe.recent_stateroots) + ',' +
           (recipe.skip_old_msgs ? "skip" : "keep") + ',' + format_size(recipe.piece_size);
}

Result<Recipe> parse_recipe(std::string_view text) {
    std::array<std::string_view, 4> parts;
    std::string_view rest = text;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const std::size_t comma = rest.find(',');
        if ((comma == std::string_view::npos) != (i + 1 == parts.size()))
            return bad_text(text, "it does not have four parts");
        parts[i] = rest.substr(0, comma);
        rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 1);
    }
    Recipe recipe;
    const auto format = parse_format(parts[0]);
    if (!format.ok()) return bad_text(text, format.error().message);
    recipe.format = *format;
    const auto [end, status] =
        std::from_chars(parts[1].data(), parts[1].data() + parts[1].size(), recipe.recent_stateroots);
    if (status != std::errc{} || end != parts[1].data() + parts[1].size())
        return bad_text(text, "'" + std::string(parts[1]) + "' is no number of epochs");
    if (parts[2] != "skip" && parts[2] != "keep")
        return bad_text(text, "'" + std::string(parts[2]) + "' is neither skip nor keep");
    recipe.skip_old_msgs = parts[2] == "skip";
    const auto size = parse_size(parts[3]);
    if (!size.ok()) return bad_text(text, size.error().message);
    recipe.piece_size = *size;
    FILFIL_CHECK(check(recipe));
    return recipe;
}

}    // namespace filfil::snapshot
