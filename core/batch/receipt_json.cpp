// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "batch/receipt_json.hpp"

#include "ipld/piece_cid.hpp"

#include <algorithm>
#include <cmath>

namespace filfil::batch {
namespace {

double rounded(double value, double steps) { return std::round(value * steps) / steps; }

ReceiptJson text_or_null(const std::string& text) { return text.empty() ? ReceiptJson() : ReceiptJson(text); }

Error refused(std::string_view field, std::string_view why) {
    return {ErrorCode::corrupt, "the receipt's field '" + std::string(field) + "' " + std::string(why)};
}

bool has_kind(const ReceiptJson& value, FieldKind kind) {
    switch (kind) {
        case FieldKind::text: return value.is_string();
        case FieldKind::count: return value.is_number_integer();
        case FieldKind::number: return value.is_number();
        case FieldKind::boolean: return value.is_boolean();
    }
    return false;
}

std::string text_at(const ReceiptJson& object, const char* name) {
    const ReceiptJson& value = object.at(name);
    return value.is_null() ? std::string() : value.get<std::string>();
}

bool is_sha256(std::string_view text) {
    return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

/// The two CIDs and the sizes say the same thing four ways; a receipt in which they do not is no receipt.
Result<void> check_commitment(const Computed& computed) {
    FILFIL_TRY(const ipld::Cid first, ipld::Cid::parse(computed.piece_cid));
    FILFIL_TRY(const ipld::Cid second, ipld::Cid::parse(computed.piece_cid_v2));
    FILFIL_TRY(const ipld::PieceCidInfo v1, ipld::read_piece_cid(first));
    FILFIL_TRY(const ipld::PieceCidInfo v2, ipld::read_piece_cid(second));
    if (v1.payload_size || !v2.payload_size)
        return refused("piece_cid", "is not of version 1, or piece_cid_v2 not of version 2");
    if (v1.root != v2.root) return refused("piece_cid", "has another root than piece_cid_v2");
    if (v2.payload_size != computed.payload_size) return refused("payload_size", "is not that of piece_cid_v2");
    if (v2.padded_size != computed.padded_size) return refused("padded_size", "is not that of piece_cid_v2");
    return {};
}

Result<std::optional<Computed>> read_computed(const ReceiptJson& object, bool sha256) {
    // One of them there and another not would be half an answer.
    const auto first = receipt_fields.begin() + 1;
    const auto absent =
        std::count_if(first, first + 7, [&](std::string_view name) { return object.at(std::string(name)).is_null(); });
    if (absent == 7) return std::optional<Computed>();
    if (absent != 0) return refused("piece_cid", "and the other computed ones are not all there");
    Computed computed;
    if (object.at("payload_size") < 0 || object.at("padded_size") < 0) return refused("payload_size", "is negative");
    computed.payload_size = object.at("payload_size").get<std::uint64_t>();
    computed.padded_size = object.at("padded_size").get<std::uint64_t>();
    computed.piece_cid = text_at(object, "piece_cid");
    computed.piece_cid_v2 = text_at(object, "piece_cid_v2");
    computed.device = text_at(object, "device");
    computed.seconds = object.at("seconds").get<double>();
    computed.payload_gib_per_s = object.at("payload_gib_per_s").get<double>();
    FILFIL_CHECK(check_commitment(computed));
    if (sha256) computed.sha256 = text_at(object, "sha256");
    if (!computed.sha256.empty() && !is_sha256(computed.sha256)) return refused("sha256", "is no digest");
    return std::optional<Computed>(std::move(computed));
}

}    // namespace

FieldKind kind_of_field(std::size_t field) noexcept {
    const std::string_view name = receipt_fields[field];
    if (name == "payload_size" || name == "padded_size" || name == "mtime_ns") return FieldKind::count;
    if (name == "seconds" || name == "payload_gib_per_s") return FieldKind::number;
    return name == "match" ? FieldKind::boolean : FieldKind::text;
}

ReceiptJson receipt_to_json(const Receipt& receipt, bool sha256) {
    ReceiptJson out;
    out["path"] = receipt.path;
    for (const std::string_view name :
         {"payload_size", "padded_size", "piece_cid", "piece_cid_v2", "device", "seconds", "payload_gib_per_s"})
        out[std::string(name)] = nullptr;
    if (const auto& computed = receipt.computed) {
        out["payload_size"] = computed->payload_size;
        out["padded_size"] = computed->padded_size;
        out["piece_cid"] = computed->piece_cid;
        out["piece_cid_v2"] = computed->piece_cid_v2;
        out["device"] = computed->device;
        out["seconds"] = rounded(computed->seconds, 1e6);
        out["payload_gib_per_s"] = rounded(computed->payload_gib_per_s, 1e4);
    }
    out["id"] = text_or_null(receipt.id);
    out["status"] = receipt.ok() ? "ok" : "error";
    out["error"] = text_or_null(receipt.error);
    out["expected"] = text_or_null(receipt.expected);
    out["match"] = receipt.match ? ReceiptJson(*receipt.match) : ReceiptJson();
    out["mtime_ns"] = receipt.mtime_ns ? ReceiptJson(*receipt.mtime_ns) : ReceiptJson();
    if (sha256) out["sha256"] = text_or_null(receipt.computed ? receipt.computed->sha256 : "");
    return out;
}

Result<Receipt> receipt_from_json(const ReceiptJson& object, bool sha256) {
    if (!object.is_object()) return Error(ErrorCode::corrupt, "is no JSON object");
    const std::size_t fields = receipt_fields.size() - (sha256 ? 0 : 1);
    for (std::size_t i = 0; i < fields; ++i) {
        const std::string name(receipt_fields[i]);
        const auto it = object.find(name);
        if (it == object.end()) return refused(name, "is missing");
        if (!it->is_null() && !has_kind(*it, kind_of_field(i))) return refused(name, "has a wrong type");
        if (it->is_number_float() && !(it->get<double>() >= 0 && std::isfinite(it->get<double>())))
            return refused(name, "is no sensible number");
    }
    if (object.size() != fields)
        return Error(ErrorCode::corrupt, "has fields that no receipt has, or one of them twice");

    Receipt receipt;
    receipt.path = text_at(object, "path");
    receipt.id = text_at(object, "id");
    receipt.error = text_at(object, "error");
    receipt.expected = text_at(object, "expected");
    if (!object.at("match").is_null()) receipt.match = object.at("match").get<bool>();
    if (!object.at("mtime_ns").is_null()) receipt.mtime_ns = object.at("mtime_ns").get<std::int64_t>();
    FILFIL_TRY(receipt.computed, read_computed(object, sha256));

    if (receipt.path.empty()) return refused("path", "is empty");
    const std::string status = text_at(object, "status");
    if (status != (receipt.ok() ? "ok" : "error")) return refused("status", "does not go with the field 'error'");
    if (receipt.ok() && (!receipt.computed || !receipt.mtime_ns))
        return refused("status", "is ok, but nothing was computed");
    if (receipt.ok() && receipt.match.value_or(true) == false) return refused("match", "is false, but the status ok");
    return receipt;
}

}    // namespace filfil::batch
