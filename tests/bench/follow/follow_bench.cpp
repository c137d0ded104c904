// SPDX-License-Identifier: Apache-2.0 OR MIT

// filfil_follow_bench --folder FOLDER [--tipsets N] [--head-changes N] [--seed S]: a follower beside a node of the same
// machine, over sockets.
#include "node_process.hpp"
#include "parts.hpp"

#include <cstdio>
#include <exception>
#include <stdexcept>

namespace filfil::bench {
namespace {

constexpr const char* usage = "filfil_follow_bench --folder FOLDER [--tipsets N] [--head-changes N] [--seed S]\n";

FollowOptions parse(const std::vector<std::string>& arguments) {
    FollowOptions out;
    for (std::size_t i = 0; i < arguments.size(); i += 2) {
        if (i + 1 == arguments.size()) throw std::runtime_error("no value for " + arguments[i] + '\n' + usage);
        const std::string& value = arguments[i + 1];
        if (arguments[i] == "--folder")
            out.folder = value;
        else if (arguments[i] == "--tipsets")
            out.tipsets = std::stoull(value);
        else if (arguments[i] == "--head-changes")
            out.head_changes = std::stoull(value);
        else if (arguments[i] == "--seed")
            out.seed = std::stoull(value);
        else
            throw std::runtime_error("unknown option " + arguments[i] + '\n' + usage);
    }
    if (out.folder.empty()) throw std::runtime_error(std::string("no folder\n") + usage);
    return out;
}

int run(const std::vector<std::string>& arguments) {
    // What the program starts of itself.
    if (!arguments.empty() && arguments[0] == "--serve") return serve_node({arguments.begin() + 1, arguments.end()});
    if (arguments.size() == 2 && arguments[0] == "--open") return print_memory(arguments[1]);
    const FollowOptions options = parse(arguments);
    bool right = true;
    if (options.tipsets > 0) right = run_long(options);
    if (options.head_changes > 0) run_head_changes(options);
    return right ? 0 : 1;
}

}    // namespace
}    // namespace filfil::bench

int main(int argc, char** argv) {
    try {
        return filfil::bench::run({argv + 1, argv + argc});
    } catch (const std::exception& exception) {
        std::fprintf(stderr, "filfil_follow_bench: %s\n", exception.what());
        return 2;
    }
}
