// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/error.hpp"

#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

namespace filfil::cli {

/// The three standard streams, as commands see them. Thread-safe.
class Console {
public:
    virtual ~Console() = default;

    /// Writes results to standard output. A failure is kept for out_failure(), and later text is dropped.
    virtual void out(std::string_view text) noexcept = 0;

    /// Writes messages to standard error; nothing can be done where that fails.
    virtual void err(std::string_view text) noexcept = 0;

    /// Shows `line` as the last line of a terminal's standard error, in place of the one before; "" takes it away. Text
    /// written by out() or err() takes it away, too. Does nothing where standard error is no terminal.
    virtual void status(std::string_view line) noexcept = 0;

    [[nodiscard]] virtual bool in_is_terminal() const noexcept = 0;
    [[nodiscard]] virtual bool err_is_terminal() const noexcept = 0;

    /// False where the program was started with its standard input closed.
    [[nodiscard]] virtual bool in_is_open() const noexcept = 0;

    /// How many characters a status line may have.
    [[nodiscard]] virtual unsigned columns() const noexcept = 0;

    /// Why results could not be written. A reader that went away (`| head`) is Error::cancelled: nobody is left to
    /// tell.
    [[nodiscard]] virtual std::optional<Error> out_failure() const = 0;
};

}    // namespace filfil::cli
