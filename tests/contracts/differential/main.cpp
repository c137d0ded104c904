// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/revert.hpp"
#include "sequencer.hpp"

#include <charconv>
#include <cstdio>
#include <fstream>
#include <map>
#include <string>

// make_contract_sequences FROM COUNT FILE…: the sequences of the seeds from FROM on, dealt out to the files.

namespace {

using filfil::incentive::differential::Sequence;

bool number(std::string_view text, std::uint64_t& out) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    return error == std::errc() && end == text.data() + text.size();
}

struct Counted {
    std::uint64_t succeeded = 0;
    std::map<std::string, std::uint64_t> reverted{};    ///< by error
};

}    // namespace

int main(int argc, char** argv) {
    std::uint64_t from = 0;
    std::uint64_t count = 0;
    if (argc < 4 || !number(argv[1], from) || !number(argv[2], count)) {
        (void)std::fputs("usage: make_contract_sequences FROM COUNT FILE…\n", stderr);
        return 2;
    }
    std::vector<std::ofstream> files;
    for (int i = 3; i < argc; ++i) files.emplace_back(argv[i]);
    // In front of each file stands how many it has.
    std::vector<std::uint64_t> in_file(files.size());
    for (std::uint64_t seed = from; seed < from + count; ++seed) ++in_file[seed % files.size()];
    for (std::size_t i = 0; i < files.size(); ++i) files[i] << in_file[i] << '\n';
    std::map<std::string, Counted> counted;
    std::map<std::string, std::uint64_t> events;
    std::uint64_t calls = 0;
    for (std::uint64_t seed = from; seed < from + count; ++seed) {
        const Sequence sequence = filfil::incentive::differential::Sequencer(seed).make();
        files[seed % files.size()] << filfil::incentive::differential::line_of(sequence) << '\n';
        for (const auto& step : sequence.steps)
            for (const std::string& event : step.events) ++events[event];
        for (const auto& step : sequence.steps)
            ++(step.succeeds ? counted[step.what].succeeded
                             : counted[step.what].reverted[filfil::incentive::read_revert(step.output).name]);
        calls += sequence.steps.size();
    }
    bool good = true;
    for (std::ofstream& file : files) good = good && file.flush().good();
    if (!good) {
        (void)std::fputs("make_contract_sequences: a file could not be written\n", stderr);
        return 1;
    }
    std::printf("%llu sequences, %llu calls\n", static_cast<unsigned long long>(count),
                static_cast<unsigned long long>(calls));
    for (const auto& [what, one] : counted) {
        std::printf("  %-24s %8llu succeed", what.c_str(), static_cast<unsigned long long>(one.succeeded));
        for (const auto& [error, times] : one.reverted)
            std::printf("  %s %llu", error.empty() ? "-" : error.c_str(), static_cast<unsigned long long>(times));
        std::printf("\n");
    }
    std::printf(" ");
    for (const auto& [event, times] : events)
        std::printf(" %s %llu", event.c_str(), static_cast<unsigned long long>(times));
    std::printf("\n");
    return 0;
}
