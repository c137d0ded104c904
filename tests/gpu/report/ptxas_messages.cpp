// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "report/ptxas_messages.hpp"

#include "report/kernel_name.hpp"

#include <charconv>
#include <optional>

namespace filfil::report {
namespace {

/// The number before `what` in "Used 62 registers, used 1 barriers, 12288 bytes smem"; nothing where it is not there.
std::optional<unsigned> number_before(std::string_view line, std::string_view what) {
    const std::size_t at = line.find(what);
    if (at == std::string_view::npos) return std::nullopt;
    const std::size_t before = at == 0 ? std::string_view::npos : line.find_last_not_of("0123456789", at - 1);
    const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
    unsigned value = 0;
    const auto read = std::from_chars(line.data() + begin, line.data() + at, value);
    if (read.ec != std::errc() || read.ptr != line.data() + at) return std::nullopt;
    return value;
}

/// What stands between the first two quotes of a line, and between the next two.
std::optional<std::pair<std::string_view, std::string_view>> two_quoted(std::string_view line) {
    std::size_t quotes[4];
    std::size_t from = 0;
    for (std::size_t& quote : quotes) {
        quote = line.find('\'', from);
        if (quote == std::string_view::npos) return std::nullopt;
        from = quote + 1;
    }
    return std::pair(line.substr(quotes[0] + 1, quotes[1] - quotes[0] - 1),
                     line.substr(quotes[2] + 1, quotes[3] - quotes[2] - 1));
}

/// One kernel on its way: ptxas tells of it in three lines.
struct Half {
    std::optional<KernelResources> kernel;    ///< nothing for a kernel that is not ours
    bool frame = false;
    bool registers = false;
};

Error strange(std::string_view line) {
    return {ErrorCode::corrupt,
            "the compiler's report has a line that is not as ptxas writes them: " + std::string(line),
            "look at how this nvcc writes them, and teach tests/gpu/report/ptxas_messages.cpp"};
}

Result<void> end(const Half& half, std::vector<KernelResources>& out) {
    if (!half.kernel) return {};
    if (!half.frame || !half.registers)
        return Error(ErrorCode::truncated, "the compiler's report does not say everything of kernel '" +
                                               half.kernel->kernel + "' for sm_" +
                                               std::to_string(half.kernel->architecture));
    out.push_back(*half.kernel);
    return {};
}

Result<void> take_line(std::string_view line, Half& half, std::vector<KernelResources>& out) {
    if (line.find("Compiling entry function") != std::string_view::npos) {
        FILFIL_CHECK(end(half, out));
        half = {};
        const auto names = two_quoted(line);
        if (!names) return strange(line);
        KernelResources kernel;
        kernel.kernel = kernel_name(names->first);
        if (kernel.kernel.empty()) return {};
        const auto digits = names->second.find_first_of("0123456789");
        if (digits == std::string_view::npos) return strange(line);
        std::from_chars(names->second.data() + digits, names->second.data() + names->second.size(),
                        kernel.architecture);
        half.kernel = kernel;
        return {};
    }
    if (!half.kernel) return {};
    if (line.find("bytes stack frame") != std::string_view::npos) {
        // Device functions that are not inlined have such a line too, with a frame of their own beside the kernel's.
        const auto stack = number_before(line, " bytes stack frame");
        const auto stores = number_before(line, " bytes spill stores");
        const auto loads = number_before(line, " bytes spill loads");
        if (!stack || !stores || !loads) return strange(line);
        half.kernel->stack += *stack;
        half.kernel->spills += *stores + *loads;
        half.frame = true;
    } else if (line.find(" registers") != std::string_view::npos && line.find("Used ") != std::string_view::npos) {
        const auto registers = number_before(line, " registers");
        if (!registers) return strange(line);
        half.kernel->registers = *registers;
        half.kernel->shared = number_before(line, " bytes smem").value_or(0);
        half.registers = true;
    }
    return {};
}

}    // namespace

Result<std::vector<KernelResources>> parse_ptxas(std::string_view messages) {
    std::vector<KernelResources> out;
    Half half;
    while (!messages.empty()) {
        const std::size_t length = std::min(messages.find('\n'), messages.size());
        FILFIL_CHECK(take_line(messages.substr(0, length), half, out));
        messages.remove_prefix(std::min(length + 1, messages.size()));
    }
    FILFIL_CHECK(end(half, out));
    return out;
}

}    // namespace filfil::report
