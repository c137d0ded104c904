// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "base/bytes.hpp"
#include "incentive/abi_type.hpp"
#include "incentive/tool/contract_model.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace filfil::incentive::tool {
namespace {

using rpc::Json;

bool upper(char c) { return c >= 'A' && c <= 'Z'; }
char lowered(char c) { return upper(c) ? static_cast<char>(c - 'A' + 'a') : c; }

/// "rawSize" -> "raw_size"; words of C++ get an underscore behind.
std::string snake_case(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (upper(c) && !out.empty() && out.back() != '_') out += '_';
        out += lowered(c);
    }
    while (out.starts_with('_')) out.erase(0, 1);
    static constexpr std::array words = {
        "and",    "auto",   "bool",   "case",   "class", "const", "default", "delete",   "do",   "else",   "enum",
        "export", "false",  "for",    "friend", "if",    "int",   "new",     "operator", "or",   "public", "return",
        "short",  "signed", "switch", "this",   "true",  "union", "using",   "virtual",  "void", "while"};
    if (std::ranges::find(words, out) != words.end()) out += '_';
    return out;
}

/// "setEndpoint", "handle_filecoin_method" -> "SetEndpoint", "HandleFilecoinMethod"
std::string camel_case(std::string_view text) {
    std::string out;
    bool start = true;
    for (const char c : text) {
        if (c != '_') out += start && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        start = c == '_';
    }
    return out;
}

Result<std::string> optional_text(const Json& object, const char* name) {
    if (!object.is_object() || !object.contains(name)) return std::string();
    return rpc::text_field(object, name);
}

/// "struct IFilFil.Piece[]" -> "Piece"
std::string struct_name(std::string_view internal_type) {
    std::string_view out = internal_type.substr(0, internal_type.find('['));
    if (const std::size_t space = out.rfind(' '); space != std::string_view::npos) out.remove_prefix(space + 1);
    if (const std::size_t point = out.rfind('.'); point != std::string_view::npos) out.remove_prefix(point + 1);
    return std::string(out);
}

class Reader {
public:
    Result<Model> read(const Json& artefact) {
        FILFIL_TRY(m_model.contract, rpc::text_field(artefact, "contract"));
        FILFIL_TRY(m_model.compiler, optional_text(artefact, "compiler"));
        FILFIL_TRY(m_model.creation_code, code(artefact, "bytecode"));
        FILFIL_TRY(m_model.runtime_code, code(artefact, "runtime"));
        FILFIL_TRY(const Json* abi, rpc::field(artefact, "abi"));
        if (!abi->is_array()) return Error(ErrorCode::corrupt, "\"abi\" is no list");
        for (std::size_t i = 0; i < abi->size(); ++i)
            if (auto done = entry((*abi)[i]); !done.ok())
                return std::move(done).error().in("abi[" + std::to_string(i) + "]");
        const auto key = [](const Entry& entry) { return std::pair(entry.kind, entry.name); };
        std::ranges::sort(m_model.entries, {}, key);
        for (std::size_t i = 1; i < m_model.entries.size(); ++i)
            if (key(m_model.entries[i - 1]) == key(m_model.entries[i]))
                return Error(ErrorCode::unsupported,
                             m_model.entries[i].name + " is there twice: nothing may be overloaded");
        return std::move(m_model);
    }

private:
    static Result<std::string> code(const Json& artefact, const char* name) {
        FILFIL_TRY(const std::string text, optional_text(artefact, name));
        const std::string digits = text.starts_with("0x") ? text.substr(2) : text;
        if (const auto bytes = from_hex(digits); !bytes.ok())
            return Error(ErrorCode::corrupt, std::string("\"") + name + "\": " + bytes.error().message);
        return digits;
    }

    Result<void> entry(const Json& json) {
        FILFIL_TRY(const std::string type, rpc::text_field(json, "type"));
        if (type == "receive" || type == "fallback") return {};
        if (type == "constructor") {
            FILFIL_TRY(m_model.constructor, members(json, "inputs", "value"));
            return {};
        }
        Entry out;
        if (type == "function") {
            out.kind = Entry::Kind::function;
        } else if (type == "event") {
            out.kind = Entry::Kind::event;
        } else if (type == "error") {
            out.kind = Entry::Kind::error;
        } else {
            return Error(ErrorCode::unsupported, "no entry of the type \"" + type + "\" is known");
        }
        FILFIL_TRY(out.name, rpc::text_field(json, "name"));
        out.cpp_name = camel_case(out.name);
        FILFIL_TRY(out.inputs, members(json, "inputs", "value"));
        if (out.kind == Entry::Kind::function) {
            FILFIL_TRY(out.outputs, members(json, "outputs", "value"));
            FILFIL_TRY(const std::string mutability, rpc::text_field(json, "stateMutability"));
            out.changes_state = mutability != "view" && mutability != "pure";
            out.takes_money = mutability == "payable";
        }
        if (json.value("anonymous", false)) return Error(ErrorCode::unsupported, "the event is anonymous");
        m_model.entries.push_back(std::move(out));
        return {};
    }

    Result<std::vector<Member>> members(const Json& json, const char* list, const std::string& unnamed) {
        FILFIL_TRY(const Json* items, rpc::field(json, list));
        if (!items->is_array()) return Error(ErrorCode::corrupt, std::string("\"") + list + "\" is no list");
        std::vector<Member> out;
        std::set<std::string> names;
        for (std::size_t i = 0; i < items->size(); ++i) {
            FILFIL_TRY(Member one, member((*items)[i]));
            if (one.name.empty()) one.name = items->size() == 1 ? unnamed : unnamed + std::to_string(i);
            if (!names.insert(one.name).second)
                return Error(ErrorCode::unsupported, "the name " + one.name + " is there twice");
            out.push_back(std::move(one));
        }
        return out;
    }

    Result<Member> member(const Json& json) {
        Member out;
        FILFIL_TRY(out.solidity_name, rpc::text_field(json, "name"));
        out.name = snake_case(out.solidity_name);
        FILFIL_TRY(std::string type, rpc::text_field(json, "type"));
        out.indexed = json.value("indexed", false);
        const std::size_t lists_at = std::min(type.find('['), type.size());
        const std::string lists = type.substr(lists_at);
        type.erase(lists_at);

        if (type == "tuple") {
            Struct made;
            FILFIL_TRY(made.members, members(json, "components", "value"));
            FILFIL_TRY(const std::string internal, rpc::text_field(json, "internalType"));
            made.name = struct_name(internal);
            type = types_of(made.members);
            out.cpp_type = "contract::" + made.name;
            FILFIL_CHECK(keep(std::move(made)));
        } else {
            FILFIL_TRY(out.cpp_type, elementary(type));
        }
        out.type = type + lists;
        if (auto parsed = AbiType::parse(out.type); !parsed.ok())
            return std::move(parsed).error().in("\"" + out.type + "\"");
        for (std::size_t at = 0; at < lists.size(); at = lists.find(']', at) + 1) {
            const std::string count = lists.substr(at + 1, lists.find(']', at) - at - 1);
            out.cpp_type =
                count.empty() ? "std::vector<" + out.cpp_type + ">" : "std::array<" + out.cpp_type + ", " + count + ">";
        }
        // Of what does not fit a topic there is the hash.
        if (out.indexed) {
            FILFIL_TRY(const AbiType parsed, AbiType::parse(out.type));
            if (parsed.dynamic() || parsed.kind() == AbiType::Kind::list || parsed.kind() == AbiType::Kind::tuple)
                return Error(ErrorCode::unsupported, "an indexed parameter has the type " + out.type);
        }
        return out;
    }

    static Result<std::string> elementary(const std::string& type) {
        FILFIL_TRY(const AbiType parsed, AbiType::parse(type));
        switch (parsed.kind()) {
            case AbiType::Kind::unsigned_integer:
                for (const unsigned bits : {8U, 16U, 32U, 64U})
                    if (parsed.bits() <= bits) return "std::uint" + std::to_string(bits) + "_t";
                return std::string("U256");
            case AbiType::Kind::signed_integer: return std::string("I256");
            case AbiType::Kind::boolean: return std::string("bool");
            case AbiType::Kind::address: return std::string("EthAddress");
            case AbiType::Kind::fixed_bytes:
                return "std::array<std::byte, " + std::to_string(parsed.byte_count()) + ">";
            case AbiType::Kind::bytes: return std::string("Bytes");
            case AbiType::Kind::text: return std::string("std::string");
            default: return Error(ErrorCode::unsupported, "the type " + type + " has no form in C++ here");
        }
    }

    Result<void> keep(Struct made) {
        const auto same_name = [&](const Struct& other) { return other.name == made.name; };
        const auto found = std::ranges::find_if(m_model.structs, same_name);
        if (found == m_model.structs.end()) {
            m_model.structs.push_back(std::move(made));
            return {};
        }
        if (*found == made) return {};
        return Error(ErrorCode::unsupported, "two structs have the name " + made.name);
    }

    Model m_model;
};

}    // namespace

bool Struct::operator==(const Struct& other) const {
    const auto same = [](const Member& a, const Member& b) { return a.name == b.name && a.cpp_type == b.cpp_type; };
    return name == other.name && std::ranges::equal(members, other.members, same);
}

std::string types_of(const std::vector<Member>& members) {
    std::string out = "(";
    for (const Member& member : members) out += (out.size() == 1 ? "" : ",") + member.type;
    return out + ")";
}

std::string Entry::signature() const { return name + types_of(inputs); }

Result<Model> read_model(const rpc::Json& artefact) { return Reader().read(artefact); }

}    // namespace filfil::incentive::tool
