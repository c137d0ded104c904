// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/desktop/hand_over.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

namespace filfil::gui {

int hand_over(int argc, char** argv) {
    std::vector<char*> arguments(argv, argv + argc);
    std::string name = "fil-fil";
    arguments[0] = name.data();
    arguments.push_back(nullptr);

    std::error_code error;
    const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", error);
    if (!error) {
        const std::string beside = (self.parent_path() / name).string();
        execv(beside.c_str(), arguments.data());
    }
    execvp(name.c_str(), arguments.data());
    std::fprintf(
        stderr, "fil-fil-desktop: cannot run fil-fil: %s; install the package fil-fil, or put it beside this program\n",
        std::strerror(errno));
    return 2;
}

}    // namespace filfil::gui
