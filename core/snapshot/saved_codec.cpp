// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "snapshot/saved_codec.hpp"

#include "ipld/dag_cbor.hpp"

#include <limits>
#include <string>

namespace filfil::snapshot {
namespace {

using ipld::Value;

Error wrong(std::string_view field) {
    return {ErrorCode::corrupt, "the field '" + std::string(field) + "' is missing or not what it has to be"};
}

/// A key, or a list of any other blocks.
Value value_of(const std::vector<ipld::Cid>& cids) {
    Value::List out;
    for (const ipld::Cid& cid : cids) out.emplace_back(cid);
    return out;
}

Result<const Value::List*> list_in(const Value* value, std::string_view field) {
    const Value::List* list = value == nullptr ? nullptr : value->as_list();
    if (list == nullptr) return wrong(field);
    return list;
}

Result<std::vector<ipld::Cid>> cids_in(const Value* value, std::string_view field) {
    FILFIL_TRY(const Value::List* list, list_in(value, field));
    std::vector<ipld::Cid> out;
    for (const Value& item : *list) {
        const ipld::Cid* cid = item.as_link();
        if (cid == nullptr) return wrong(field);
        out.push_back(*cid);
    }
    return out;
}

Result<chain::TipsetKey> key_in(const Value* value, std::string_view field) {
    FILFIL_TRY(chain::TipsetKey out, cids_in(value, field));
    if (out.empty()) return wrong(field);
    return out;
}

/// A map of exactly so many fields: each of them is asked for by name afterwards, so that no other can hide.
Result<void> map_of(const Value& value, std::size_t fields, std::string_view what) {
    const Value::Map* map = value.as_map();
    if (map == nullptr || map->size() != fields)
        return Error(ErrorCode::corrupt, std::string(what) + " is no map of " + std::to_string(fields) + " fields");
    return {};
}

Result<std::uint64_t> number_in(const Value* value, std::string_view field) {
    const ipld::Integer* integer = value == nullptr ? nullptr : value->as_integer();
    if (integer == nullptr || !integer->as_uint64()) return wrong(field);
    return *integer->as_uint64();
}

Result<std::int64_t> epoch_in(const Value* value, std::string_view field) {
    FILFIL_TRY(const std::uint64_t number, number_in(value, field));
    if (number > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return wrong(field);
    return static_cast<std::int64_t>(number);
}

Result<bool> bool_in(const Value* value, std::string_view field) {
    const bool* flag = value == nullptr ? nullptr : value->as_bool();
    if (flag == nullptr) return wrong(field);
    return *flag;
}

Value value_of(const Engine::Saved::Held& held) {
    return Value::Map{{"key", value_of(held.key)}, {"number", held.number}, {"recent", held.recent_stateroots}};
}

Result<Engine::Saved::Held> held_in(const Value& value) {
    FILFIL_CHECK(map_of(value, 3, "a hold"));
    Engine::Saved::Held out;
    FILFIL_TRY(out.key, key_in(value.find("key"), "key"));
    FILFIL_TRY(out.number, number_in(value.find("number"), "number"));
    FILFIL_TRY(out.recent_stateroots, epoch_in(value.find("recent"), "recent"));
    return out;
}

Value value_of(const Engine::Saved::Tipset& tipset) {
    return Value::Map{{"from_spine", tipset.from_spine},
                      {"key", value_of(tipset.key)},
                      {"messages", tipset.messages},
                      {"states", tipset.states}};
}

Result<Engine::Saved::Tipset> tipset_in(const Value& value) {
    FILFIL_CHECK(map_of(value, 4, "a tipset"));
    Engine::Saved::Tipset out;
    FILFIL_TRY(out.from_spine, bool_in(value.find("from_spine"), "from_spine"));
    FILFIL_TRY(out.key, key_in(value.find("key"), "key"));
    FILFIL_TRY(out.messages, bool_in(value.find("messages"), "messages"));
    FILFIL_TRY(out.states, bool_in(value.find("states"), "states"));
    return out;
}

Value value_of(const Engine::Window& window) {
    return Value::Map{{"recent", window.recent_stateroots}, {"slack", window.slack}};
}

Result<Engine::Window> window_in(const Value* value) {
    if (value == nullptr) return wrong("window");
    FILFIL_CHECK(map_of(*value, 2, "the window"));
    Engine::Window out;
    FILFIL_TRY(out.recent_stateroots, epoch_in(value->find("recent"), "recent"));
    FILFIL_TRY(out.slack, epoch_in(value->find("slack"), "slack"));
    return out;
}

}    // namespace

Result<Bytes> encode_saved(const Engine::Saved& saved) {
    Value::List tree;
    for (const Engine::Saved::Tipset& tipset : saved.tree) tree.push_back(value_of(tipset));
    Value::List holds;
    for (const Engine::Saved::Held& held : saved.holds) holds.push_back(value_of(held));
    return ipld::encode_dag_cbor(Value::Map{{"all_messages", saved.keep_all_messages},
                                            {"head", value_of(saved.head)},
                                            {"holds", std::move(holds)},
                                            {"kept", value_of(saved.kept)},
                                            {"next_hold", saved.next_hold},
                                            {"passing", value_of(saved.passing)},
                                            {"tree", std::move(tree)},
                                            {"window", value_of(saved.window)}});
}

Result<Engine::Saved> decode_saved(ByteView bytes) {
    FILFIL_TRY(const Value value, ipld::decode_dag_cbor(bytes));
    FILFIL_CHECK(map_of(value, 8, "the engine's state"));
    Engine::Saved out;
    FILFIL_TRY(out.keep_all_messages, bool_in(value.find("all_messages"), "all_messages"));
    FILFIL_TRY(out.head, key_in(value.find("head"), "head"));
    FILFIL_TRY(out.kept, cids_in(value.find("kept"), "kept"));
    FILFIL_TRY(out.next_hold, number_in(value.find("next_hold"), "next_hold"));
    FILFIL_TRY(out.passing, cids_in(value.find("passing"), "passing"));
    FILFIL_TRY(out.window, window_in(value.find("window")));
    FILFIL_TRY(const Value::List* tree, list_in(value.find("tree"), "tree"));
    for (const Value& item : *tree) {
        FILFIL_TRY(Engine::Saved::Tipset tipset, tipset_in(item));
        out.tree.push_back(std::move(tipset));
    }
    FILFIL_TRY(const Value::List* holds, list_in(value.find("holds"), "holds"));
    for (const Value& item : *holds) {
        FILFIL_TRY(Engine::Saved::Held held, held_in(item));
        out.holds.push_back(std::move(held));
    }
    return out;
}

Result<Bytes> encode_changes(const LoggedChanges& logged) {
    Value::List changes;
    for (const chain::HeadChange& change : logged.changes)
        changes.emplace_back(Value::Map{
            {"epoch", change.epoch.value}, {"key", value_of(change.key)}, {"type", static_cast<int>(change.type)}});
    return ipld::encode_dag_cbor(Value::Map{{"changes", std::move(changes)}, {"settled", logged.settled}});
}

Result<LoggedChanges> decode_changes(ByteView bytes) {
    FILFIL_TRY(const Value value, ipld::decode_dag_cbor(bytes));
    FILFIL_CHECK(map_of(value, 2, "the head change"));
    LoggedChanges out;
    FILFIL_TRY(out.settled, bool_in(value.find("settled"), "settled"));
    FILFIL_TRY(const Value::List* list, list_in(value.find("changes"), "changes"));
    for (const Value& item : *list) {
        FILFIL_CHECK(map_of(item, 3, "a step of the head change"));
        chain::HeadChange change;
        FILFIL_TRY(change.epoch.value, epoch_in(item.find("epoch"), "epoch"));
        FILFIL_TRY(change.key, key_in(item.find("key"), "key"));
        FILFIL_TRY(const std::uint64_t type, number_in(item.find("type"), "type"));
        if (type > static_cast<std::uint64_t>(chain::HeadChange::Type::apply)) return wrong("type");
        change.type = static_cast<chain::HeadChange::Type>(type);
        out.changes.push_back(std::move(change));
    }
    return out;
}

Result<Bytes> encode_held(const Engine::Saved::Held& held) { return ipld::encode_dag_cbor(value_of(held)); }

Result<Engine::Saved::Held> decode_held(ByteView bytes) {
    FILFIL_TRY(const Value value, ipld::decode_dag_cbor(bytes));
    return held_in(value);
}

Result<Bytes> encode_window(const Engine::Window& window) { return ipld::encode_dag_cbor(value_of(window)); }

Result<Engine::Window> decode_window(ByteView bytes) {
    FILFIL_TRY(const Value value, ipld::decode_dag_cbor(bytes));
    return window_in(&value);
}

Result<Bytes> encode_number(std::uint64_t number) { return ipld::encode_dag_cbor(number); }

Result<std::uint64_t> decode_number(ByteView bytes) {
    FILFIL_TRY(const Value value, ipld::decode_dag_cbor(bytes));
    return number_in(&value, "number");
}

}    // namespace filfil::snapshot
