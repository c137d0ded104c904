// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "report/sass_text.hpp"

#include "report/kernel_name.hpp"

#include <algorithm>
#include <charconv>

namespace filfil::report {
namespace {

std::string_view trimmed(std::string_view text) {
    const std::size_t begin = text.find_first_not_of(" \t\r");
    if (begin == std::string_view::npos) return "";
    return text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

std::optional<std::uint64_t> hexadecimal(std::string_view text) {
    std::uint64_t value = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value, 16);
    if (text.empty() || read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
    return value;
}

/// The word that `text` begins with. What is behind it stays.
std::string_view take_word(std::string_view& text) {
    text = trimmed(text);
    const std::size_t length = std::min(text.find_first_of(" \t"), text.size());
    const std::string_view word = text.substr(0, length);
    text.remove_prefix(length);
    return word;
}

/// Where a branch goes: its last operand, "0x1a0".
std::optional<std::uint64_t> target_of(std::string_view operands) {
    const std::size_t at = operands.rfind("0x");
    if (at == std::string_view::npos) return std::nullopt;
    return hexadecimal(trimmed(operands.substr(at + 2)));
}

/// "/*00f0*/  @P0 BRA 0xb220 ;  /* 0x… */"; nothing for any other line, as those that only go on with the encoding.
std::optional<Instruction> instruction_of(std::string_view line) {
    if (!line.starts_with("/*")) return std::nullopt;
    const std::size_t end = line.find("*/");
    if (end == std::string_view::npos) return std::nullopt;
    const auto address = hexadecimal(line.substr(2, end - 2));
    if (!address) return std::nullopt;
    std::string_view text = line.substr(end + 2);
    text = text.substr(0, text.find(';'));

    Instruction out;
    out.address = *address;
    std::string_view word = take_word(text);
    if (word.starts_with('{')) word.remove_prefix(1);    // pairs that older cards issue together
    if (word.empty()) word = take_word(text);
    if (word.starts_with('@')) {
        out.conditional = true;
        word = take_word(text);
    }
    if (word.empty() || word.front() < 'A' || word.front() > 'Z') return std::nullopt;
    out.opcode = word;
    if (word == "BRA" || word.starts_with("BRA.")) {
        out.target = target_of(text);
        // "BRA.U !UP0, 0x…" and "BRA P0, 0x…" have their predicate among the operands.
        out.conditional = out.conditional || text.find('P') != std::string_view::npos;
    }
    return out;
}

}    // namespace

std::uint64_t KernelCode::bytes() const noexcept {
    const auto last =
        std::ranges::find_if(code.rbegin(), code.rend(), [](const Instruction& i) { return i.opcode != "NOP"; });
    if (last == code.rend()) return 0;
    // All instructions since Volta take 16 bytes.
    return last->address + 16;
}

Result<std::vector<KernelCode>> parse_sass(std::string_view text) {
    std::vector<KernelCode> out;
    unsigned architecture = 0;
    bool ours = false;
    bool any = false;
    while (!text.empty()) {
        const std::size_t length = std::min(text.find('\n'), text.size());
        const std::string_view line = trimmed(text.substr(0, length));
        text.remove_prefix(std::min(length + 1, text.size()));

        constexpr std::string_view code_for = "code for sm_";
        constexpr std::string_view function = "Function : ";
        if (line.starts_with(code_for)) {
            const std::string_view digits = line.substr(code_for.size());
            std::from_chars(digits.data(), digits.data() + digits.size(), architecture);
            ours = false;
        } else if (line.starts_with(function)) {
            const std::string_view symbol = line.substr(function.size());
            std::string name = kernel_name(symbol);
            ours = !name.empty();
            if (ours) out.push_back({std::string(symbol), std::move(name), architecture, {}});
        } else if (auto instruction = instruction_of(line)) {
            any = true;
            if (ours) out.back().code.push_back(std::move(*instruction));
        }
    }
    if (!any)
        return Error(ErrorCode::corrupt, "there is no machine code in this text",
                     "give what `cuobjdump --dump-sass OBJECT` prints");
    return out;
}

}    // namespace filfil::report
