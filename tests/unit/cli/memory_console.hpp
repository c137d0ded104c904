// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "cli/console.hpp"

#include <string>

namespace filfil::cli {

/// Keeps what is said, for tests to look at.
class MemoryConsole final : public Console {
public:
    void out(std::string_view text) noexcept override { out_text += text; }
    void err(std::string_view text) noexcept override { err_text += text; }
    void status(std::string_view line) noexcept override { status_line = line; }
    [[nodiscard]] bool in_is_terminal() const noexcept override { return false; }
    [[nodiscard]] bool err_is_terminal() const noexcept override { return false; }
    [[nodiscard]] bool in_is_open() const noexcept override { return true; }
    [[nodiscard]] unsigned columns() const noexcept override { return 80; }
    [[nodiscard]] std::optional<Error> out_failure() const override { return failure; }

    std::string out_text;
    std::string err_text;
    std::string status_line;
    std::optional<Error> failure;
};

}    // namespace filfil::cli
