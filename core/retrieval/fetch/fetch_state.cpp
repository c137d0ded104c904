// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "retrieval/fetch/fetch_state.hpp"

#include "retrieval/fetch/plan.hpp"
#include "rpc/json.hpp"

namespace filfil::retrieval {
namespace {

constexpr std::int64_t version = 1;

}    // namespace

std::string write_state(const FetchState& state) {
    rpc::Json out = {{"fil-fil fetch", version},
                     {"plan", state.plan},
                     {"chunk_bytes", state.chunk_bytes},
                     {"header", to_hex(state.header)},
                     {"chunks", state.chunks}};
    return rpc::write_json(out) + "\n";
}

Result<FetchState> read_state(std::string_view text) {
    const auto corrupt = [](std::string why) { return Error(ErrorCode::corrupt, std::move(why)); };
    if (text.size() > max_state_bytes) return corrupt("it is too long");
    FILFIL_TRY(const rpc::Json json, rpc::parse_json(text, {.depth = 4}));
    FILFIL_TRY(const std::int64_t found, rpc::integer_field(json, "fil-fil fetch"));
    if (found != version) return corrupt("it is of version " + std::to_string(found));
    FetchState out;
    FILFIL_TRY(out.plan, rpc::text_field(json, "plan"));
    FILFIL_TRY(const std::int64_t chunk, rpc::integer_field(json, "chunk_bytes"));
    if (chunk <= 0) return corrupt("its chunk_bytes is no size");
    out.chunk_bytes = static_cast<std::uint64_t>(chunk);
    FILFIL_TRY(const std::string header, rpc::text_field(json, "header"));
    FILFIL_TRY(out.header, from_hex(header));
    FILFIL_TRY(const rpc::Json* chunks, rpc::field(json, "chunks"));
    if (!chunks->is_array() || chunks->empty() || chunks->size() > max_fetched_pieces)
        return corrupt("its chunks are no list of counts");
    for (const rpc::Json& one : *chunks) {
        if (!one.is_number_unsigned()) return corrupt("its chunks are no list of counts");
        out.chunks.push_back(one.get<std::uint64_t>());
    }
    return out;
}

}    // namespace filfil::retrieval
