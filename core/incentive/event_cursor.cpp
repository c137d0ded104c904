// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/event_cursor.hpp"

namespace filfil::incentive {
namespace {

using rpc::Json;

Error corrupt(const std::string& what) { return {ErrorCode::corrupt, "saved place in the contract's events: " + what}; }

Json json_of_log(const EthLog& log) {
    Json topics = Json::array();
    for (const Word& topic : log.topics) topics.push_back(hex_of(topic));
    return {{"address", log.address.lower_text()}, {"topics", std::move(topics)},
            {"data", "0x" + to_hex(log.data)},     {"blockNumber", hex_of(log.block)},
            {"blockHash", hex_of(log.block_hash)}, {"transactionHash", hex_of(log.transaction)},
            {"logIndex", hex_of(log.index)}};
}

Result<std::uint64_t> number_of(const Json& json, const char* name) {
    FILFIL_TRY(const Json* field, rpc::field(json, name));
    return read_hex_quantity(*field);
}

Result<const Json*> list_of(const Json& json, const char* name) {
    FILFIL_TRY(const Json* field, rpc::field(json, name));
    if (!field->is_array()) return corrupt(std::string(name) + " is no list");
    return field;
}

Result<Checkpoint> checkpoint_of(const Json& json) {
    Checkpoint out;
    FILFIL_TRY(out.number, number_of(json, "number"));
    FILFIL_TRY(const Json* hash, rpc::field(json, "hash"));
    FILFIL_TRY(out.hash, read_hex_word(*hash));
    FILFIL_TRY(const Json* logs, list_of(json, "logs"));
    for (const Json& one : *logs) {
        FILFIL_TRY(EthLog log, read_eth_log(one));
        if (log.block != out.number || log.block_hash != out.hash) return corrupt("a log is of another block");
        out.logs.push_back(std::move(log));
    }
    return out;
}

Result<EventCursor> cursor_of(const Json& json) {
    EventCursor out;
    FILFIL_TRY(out.next, number_of(json, "next"));
    FILFIL_TRY(out.floor, number_of(json, "floor"));
    FILFIL_TRY(const Json* recent, list_of(json, "recent"));
    for (const Json& one : *recent) {
        FILFIL_TRY(Checkpoint checkpoint, checkpoint_of(one));
        const bool rising = out.recent.empty() || out.recent.back().number < checkpoint.number;
        if (!rising || checkpoint.number >= out.next) return corrupt("blocks are out of order");
        out.recent.push_back(std::move(checkpoint));
    }
    if (out.floor > out.next) return corrupt("its floor is above its end");
    return out;
}

}    // namespace

Json json_of(const EventCursor& cursor) {
    Json recent = Json::array();
    for (const Checkpoint& checkpoint : cursor.recent) {
        Json logs = Json::array();
        for (const EthLog& log : checkpoint.logs) logs.push_back(json_of_log(log));
        recent.push_back(
            {{"number", hex_of(checkpoint.number)}, {"hash", hex_of(checkpoint.hash)}, {"logs", std::move(logs)}});
    }
    return {{"next", hex_of(cursor.next)}, {"floor", hex_of(cursor.floor)}, {"recent", std::move(recent)}};
}

Result<EventCursor> read_event_cursor(const Json& json) {
    auto out = cursor_of(json);
    if (out.ok()) return out;
    Error error = std::move(out).error();
    error.code = ErrorCode::corrupt;
    return error;
}

}    // namespace filfil::incentive
