// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/commp_receipts.hpp"

#include "ipld/dag_cbor.hpp"
#include "ipld/digest.hpp"

#include <algorithm>
#include <utility>

namespace filfil::service {
namespace {

constexpr std::uint64_t version = 1;

Error no_receipt() { return {ErrorCode::corrupt, "the journal's receipt of a piece cannot be read"}; }

}    // namespace

Result<Bytes> describe_commp(const chain::TipsetKey& head, const snapshot::Recipe& recipe, car::BodyRange range) {
    ipld::Value::List cids(head.begin(), head.end());
    return ipld::encode_dag_cbor(ipld::Value::Map{{"task", "commp"},
                                                  {"version", version},
                                                  {"head", std::move(cids)},
                                                  {"recipe", snapshot::encode(recipe)},
                                                  {"range_begin", range.begin},
                                                  {"range_end", range.end}});
}

Result<journal::ReceiptRecord> commp_receipt(Bytes description, const commp::Piece& piece, std::string device,
                                             double seconds, Clock::Duration made_at) {
    const auto root = std::as_bytes(std::span(piece.root));
    FILFIL_TRY(Bytes result, ipld::encode_dag_cbor(ipld::Value::Map{{"root", Bytes(root.begin(), root.end())},
                                                                    {"payload_size", piece.payload_size},
                                                                    {"padded_size", piece.padded_size}}));
    return journal::ReceiptRecord{.key = ipld::blake2b_256(description),
                                  .task = "commp",
                                  .description = std::move(description),
                                  .result = std::move(result),
                                  .device = std::move(device),
                                  .seconds = seconds,
                                  .made_at = made_at};
}

Result<commp::Piece> piece_of_receipt(const journal::ReceiptRecord& receipt) {
    FILFIL_TRY(const ipld::Value value, ipld::decode_dag_cbor(receipt.result));
    const ipld::Value* root = value.find("root");
    const ipld::Value* payload = value.find("payload_size");
    const ipld::Value* padded = value.find("padded_size");
    commp::Piece out;
    const auto bytes = std::as_writable_bytes(std::span(out.root));
    if (root == nullptr || root->as_bytes() == nullptr || root->as_bytes()->size() != bytes.size()) return no_receipt();
    if (payload == nullptr || payload->as_integer() == nullptr || padded == nullptr || padded->as_integer() == nullptr)
        return no_receipt();
    std::ranges::copy(*root->as_bytes(), bytes.begin());
    const auto payload_size = payload->as_integer()->as_uint64();
    const auto padded_size = padded->as_integer()->as_uint64();
    if (!payload_size || !padded_size) return no_receipt();
    out.payload_size = *payload_size;
    out.padded_size = *padded_size;
    return out;
}

}    // namespace filfil::service
