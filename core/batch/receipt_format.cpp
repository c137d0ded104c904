// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "batch/receipt_format.hpp"

#include "batch/receipt_csv.hpp"
#include "batch/receipt_json.hpp"

#include <charconv>
#include <cmath>

namespace filfil::batch {
namespace {

std::size_t field_count(bool sha256) { return receipt_fields.size() - (sha256 ? 0 : 1); }

/// A field of CSV as the JSON value that it stands for; discarded where it stands for none.
ReceiptJson json_of(const std::string& field, FieldKind kind) {
    if (field.empty()) return nullptr;
    const auto number = [&](auto value) -> ReceiptJson {
        const auto [end, code] = std::from_chars(field.data(), field.data() + field.size(), value);
        if (code != std::errc() || end != field.data() + field.size())
            return ReceiptJson(ReceiptJson::value_t::discarded);
        return value;
    };
    switch (kind) {
        case FieldKind::text: return field;
        case FieldKind::count: return number(std::int64_t{});
        case FieldKind::boolean:
            if (field == "true" || field == "false") return field == "true";
            break;
        case FieldKind::number: {
            // libstdc++ 12 and libc++ 19 do not both have from_chars for double; JSON's own number grammar serves.
            ReceiptJson value = ReceiptJson::parse(field, nullptr, false);
            if (value.is_number()) return value;
            break;
        }
    }
    return ReceiptJson(ReceiptJson::value_t::discarded);
}

Result<ReceiptJson> json_of_csv(std::string_view text, bool sha256) {
    FILFIL_TRY(const std::vector<std::string> fields, split_csv_record(text));
    if (fields.size() != field_count(sha256))
        return Error(ErrorCode::corrupt, "has " + std::to_string(fields.size()) + " fields, a receipt has " +
                                             std::to_string(field_count(sha256)));
    ReceiptJson object;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        ReceiptJson value = json_of(fields[i], kind_of_field(i));
        if (value.is_discarded())
            return Error(ErrorCode::corrupt,
                         "the receipt's field '" + std::string(receipt_fields[i]) + "' has a wrong type");
        object[std::string(receipt_fields[i])] = std::move(value);
    }
    return object;
}

Result<ReceiptJson> json_of_line(std::string_view text) {
    try {
        return ReceiptJson::parse(text);
    } catch (const ReceiptJson::parse_error& e) {
        return Error(ErrorCode::corrupt, "broken JSON at character " + std::to_string(e.byte));
    } catch (const ReceiptJson::exception&) {
        return Error(ErrorCode::corrupt, "broken JSON");
    }
}

}    // namespace

Result<ReceiptFormat> parse_receipt_format(std::string_view text) {
    if (text == "jsonl") return ReceiptFormat::jsonl;
    if (text == "csv") return ReceiptFormat::csv;
    return Error(ErrorCode::invalid_argument, "'" + std::string(text) + "' is no format of receipts",
                 "give jsonl or csv");
}

std::string format_receipt(const Receipt& receipt, ReceiptFormat format, bool sha256) {
    const ReceiptJson object = receipt_to_json(receipt, sha256);
    const auto dump = [](const ReceiptJson& value) {
        return value.dump(-1, ' ', false, ReceiptJson::error_handler_t::replace);
    };
    if (format == ReceiptFormat::jsonl) return dump(object) + "\n";
    std::string out;
    for (const auto& [name, value] : object.items()) {
        if (!out.empty()) out += ',';
        if (value.is_string())
            append_csv_field(out, value.get_ref<const std::string&>());
        else if (!value.is_null())
            out += dump(value);
    }
    return out + "\n";
}

std::string receipt_header(ReceiptFormat format, bool sha256) {
    if (format == ReceiptFormat::jsonl) return "";
    std::string out;
    for (std::size_t i = 0; i < field_count(sha256); ++i) out.append(i == 0 ? "" : ",").append(receipt_fields[i]);
    return out + "\n";
}

Result<Receipt> parse_receipt(std::string_view text, ReceiptFormat format, bool sha256) {
    if (format == ReceiptFormat::csv) {
        FILFIL_TRY(const ReceiptJson object, json_of_csv(text, sha256));
        return receipt_from_json(object, sha256);
    }
    FILFIL_TRY(const ReceiptJson object, json_of_line(text));
    // Whether a batch asked for SHA-256 may change from one line to the next.
    return receipt_from_json(object, object.is_object() && object.contains("sha256"));
}

}    // namespace filfil::batch
