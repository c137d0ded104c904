// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/keccak.hpp"
#include "incentive/tool/contract_model.hpp"

namespace filfil::incentive::tool {
namespace {

constexpr std::size_t bytes_a_line = 16;
constexpr std::size_t digits_a_line = 48;

std::string literal(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c >= ' ' && c <= '~' ? c : '?';
    }
    return out + "\"";
}

std::string text_constant(std::string_view name, std::string_view value) {
    return "    static constexpr std::string_view " + std::string(name) + " = " + literal(value) + ";\n";
}

/// "std::byte{0x01}, …" of the first `count` bytes of a signature's hash.
std::string hash_bytes(const std::string& signature, std::size_t count) {
    const auto hash = keccak_256(bytes_of(signature));
    std::string out;
    for (std::size_t i = 0; i < count; ++i) {
        if (i > 0) out += i % bytes_a_line == 0 ? ",\n        " : ", ";
        out += "std::byte{0x" + to_hex(ByteView(hash).subspan(i, 1)) + "}";
    }
    return out;
}

std::vector<Member> only(const std::vector<Member>& members, bool indexed) {
    std::vector<Member> out;
    for (const Member& member : members)
        if (member.indexed == indexed) out.push_back(member);
    return out;
}

std::string fields(const std::vector<Member>& members, const std::string& indent) {
    std::string out;
    for (const Member& member : members) out += indent + member.cpp_type + " " + member.name + "{};\n";
    return out;
}

std::string visit(const std::string& name, const std::vector<Member>& members, const std::string& indent) {
    const bool none = members.empty();
    std::string out = indent + "template <class Self, class Visitor>\n" + indent + "static void " + name + "(Self&" +
                      (none ? "" : " self") + ", Visitor&" + (none ? "" : " visitor") + ") {\n";
    for (const Member& member : members) out += indent + "    visitor(self." + member.name + ");\n";
    return out + indent + "}\n";
}

std::string body(const std::string& name, const std::vector<Member>& members, const std::string& indent) {
    return indent + "struct " + name + " {\n" + fields(members, indent + "    ") +
           visit("visit", members, indent + "    ") + indent + "    bool operator==(const " + name +
           "&) const = default;\n" + indent + "};\n";
}

std::string front(const Entry& entry) {
    return "/// " + entry.signature() + "\nstruct " + entry.cpp_name + " {\n" + text_constant("name", entry.name) +
           text_constant("signature", entry.signature());
}

std::string selector(const Entry& entry) {
    return "    static constexpr std::array<std::byte, 4> selector = {" + hash_bytes(entry.signature(), 4) + "};\n";
}

std::string write_entry(const Entry& entry) {
    std::string out = front(entry);
    const std::string same = "    bool operator==(const " + entry.cpp_name + "&) const = default;\n};\n\n";
    switch (entry.kind) {
        case Entry::Kind::function:
            return out + selector(entry) + text_constant("inputs", types_of(entry.inputs)) +
                   text_constant("outputs", types_of(entry.outputs)) + body("Input", entry.inputs, "    ") +
                   body("Output", entry.outputs, "    ") + "};\n\n";
        case Entry::Kind::event:
            return out + "    static constexpr Word topic = {\n        " + hash_bytes(entry.signature(), 32) + "};\n" +
                   text_constant("indexed", types_of(only(entry.inputs, true))) +
                   text_constant("data", types_of(only(entry.inputs, false))) + fields(entry.inputs, "    ") +
                   visit("visit_indexed", only(entry.inputs, true), "    ") +
                   visit("visit_data", only(entry.inputs, false), "    ") + visit("visit", entry.inputs, "    ") + same;
        case Entry::Kind::error: break;
    }
    return out + selector(entry) + text_constant("inputs", types_of(entry.inputs)) + fields(entry.inputs, "    ") +
           visit("visit", entry.inputs, "    ") + same;
}

struct Section {
    Entry::Kind kind;
    std::string space;
    std::string table;
};

const std::vector<Section>& sections() {
    static const std::vector<Section> all = {{Entry::Kind::function, "calls", "all_functions"},
                                             {Entry::Kind::event, "events", "all_events"},
                                             {Entry::Kind::error, "errors", "all_errors"}};
    return all;
}

std::string parameters(const std::string& name, const std::vector<Member>& members) {
    if (members.empty()) return "";
    std::string out = "constexpr AbiParameter " + name + "[] = {\n";
    for (const Member& member : members)
        out += "    {" + literal(member.solidity_name) + ", " + literal(member.type) + ", " +
               (member.indexed ? "true" : "false") + "},\n";
    return out + "};\n";
}

std::string write_table(const Model& model, const Section& section) {
    std::string lists;
    std::string rows;
    for (const Entry& entry : model.entries) {
        if (entry.kind != section.kind) continue;
        const std::string base = section.space + "_" + entry.name;
        lists += parameters(base + "_in", entry.inputs) + parameters(base + "_out", entry.outputs);
        rows += "    {" + literal(entry.name) + ", " + literal(entry.signature()) + ", {" +
                hash_bytes(entry.signature(), 32) + "}, " + (entry.inputs.empty() ? "{}" : base + "_in") + ", " +
                (entry.outputs.empty() ? "{}" : base + "_out") + ", " + (entry.changes_state ? "true" : "false") +
                ", " + (entry.takes_money ? "true" : "false") + "},\n";
    }
    const std::string array = section.space + "_table";
    const std::string rest = rows.empty() ? "" : "constexpr AbiEntry " + array + "[] = {\n" + rows + "};\n";
    return "namespace {\n" + lists + rest + "}    // namespace\n\nstd::span<const AbiEntry> " + section.table +
           "() noexcept { return " + (rows.empty() ? "{}" : array) + "; }\n\n";
}

/// A function that gives the bytes whose hexadecimal digits these are.
std::string write_code(const std::string& function, const std::string& digits) {
    const std::string head = "ByteView " + function + "() noexcept { return ";
    if (digits.empty()) return head + "{}; }\n\n";
    std::string bytes;
    for (std::size_t at = 0; at < digits.size(); at += 2)
        bytes += (at % digits_a_line == 0 ? "\n    0x" : " 0x") + digits.substr(at, 2) + ",";
    return "namespace {\nconstexpr unsigned char " + function + "_bytes[] = {" + bytes + "\n};\n}    // namespace\n\n" +
           head + "std::as_bytes(std::span(" + function + "_bytes)); }\n\n";
}

}    // namespace

std::string write_header(const Model& model) {
    std::string out =
        "// Made by the build from the compiled contract: the source is core/incentive/tool.\n// NOLINTBEGIN\n#pragma "
        "once\n\n"
        "#include \"incentive/abi_bind.hpp\"\n\n#include <array>\n#include <cstdint>\n#include <span>\n#include "
        "<string>\n#include <string_view>\n#include <variant>\n#include <vector>\n\n"
        "/// The contract " +
        model.contract + " as its compiled ABI tells it.\nnamespace filfil::incentive::contract {\n\n";
    for (const Struct& made : model.structs) out += body(made.name, made.members, "") + "\n";
    for (const Section& section : sections()) {
        out += "namespace " + section.space + " {\n\n";
        for (const Entry& entry : model.entries)
            if (entry.kind == section.kind) out += write_entry(entry);
        out += "}    // namespace " + section.space + "\n\n";
    }
    out += "/// What the constructor takes.\nstruct Constructor {\n" +
           text_constant("inputs", types_of(model.constructor)) + fields(model.constructor, "    ") +
           visit("visit", model.constructor, "    ") + "};\n\nusing Event = std::variant<";
    std::string events;
    for (const Entry& entry : model.entries)
        if (entry.kind == Entry::Kind::event) events += (events.empty() ? "" : ", ") + ("events::" + entry.cpp_name);
    out += (events.empty() ? "std::monostate" : events) + ">;\n\n";
    out +=
        "/// @return Error::unsupported for a log that is none of these events; corrupt or truncated where its bytes "
        "are wrong\nResult<Event> decode_event(std::span<const Word> topics, ByteView data);\n\n";
    for (const Section& section : sections()) out += "std::span<const AbiEntry> " + section.table + "() noexcept;\n";
    out +=
        "\n/// Empty where the build had none.\nByteView creation_code() noexcept;\n"
        "ByteView runtime_code() noexcept;\n\n/// What compiled it.\nstd::string_view compiler() noexcept;\n\n"
        "}    // namespace filfil::incentive::contract\n// NOLINTEND\n";
    return out;
}

std::string write_source(const Model& model) {
    std::string out =
        "// Made by the build from the compiled contract: the source is core/incentive/tool.\n// NOLINTBEGIN\n#include "
        "\"incentive/contract_abi.hpp\"\n\nnamespace filfil::incentive::contract {\n\n";
    out +=
        "Result<Event> decode_event(std::span<const Word> topics, ByteView data) {\n"
        "    if (topics.empty()) return Error(ErrorCode::corrupt, \"a log of the contract has no topic\");\n";
    for (const Entry& entry : model.entries) {
        if (entry.kind != Entry::Kind::event) continue;
        const std::string type = "events::" + entry.cpp_name;
        out += "    if (topics[0] == " + type + "::topic) {\n        auto event = decode_log<" + type +
               ">(topics, data);\n        if (!event.ok()) return std::move(event).error();\n        return "
               "Event(std::move(*event));\n    }\n";
    }
    out +=
        "    return Error(ErrorCode::unsupported, \"no event of the contract has the topic 0x\" + "
        "to_hex(topics[0]));\n}\n\n";
    for (const Section& section : sections()) out += write_table(model, section);
    out += write_code("creation_code", model.creation_code) + write_code("runtime_code", model.runtime_code);
    out += "std::string_view compiler() noexcept { return " + literal(model.compiler) + "; }\n\n";
    return out + "}    // namespace filfil::incentive::contract\n// NOLINTEND\n";
}

}    // namespace filfil::incentive::tool
