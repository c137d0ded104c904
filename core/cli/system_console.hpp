// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "cli/console.hpp"

#include <mutex>

namespace filfil::cli {

/// The process's own standard streams.
class SystemConsole final : public Console {
public:
    /// Puts something harmless in the place of standard streams that are closed, so that no file the program opens
    /// later takes their numbers. To be made before anything opens a file.
    /// @param stop is asked to stop when results can no longer be written
    explicit SystemConsole(std::stop_source stop);

    void out(std::string_view text) noexcept override;
    void err(std::string_view text) noexcept override;
    void status(std::string_view line) noexcept override;
    [[nodiscard]] bool in_is_terminal() const noexcept override { return m_in_is_terminal; }
    [[nodiscard]] bool err_is_terminal() const noexcept override { return m_err_is_terminal; }
    [[nodiscard]] bool in_is_open() const noexcept override { return m_in_is_open; }
    [[nodiscard]] unsigned columns() const noexcept override;
    [[nodiscard]] std::optional<Error> out_failure() const override;

private:
    void clear_status() noexcept;

    std::stop_source m_stop;
    bool m_in_is_open;
    bool m_in_is_terminal;
    bool m_err_is_terminal;
    mutable std::mutex m_mutex;
    bool m_status_shown = false;
    std::optional<int> m_out_errno;
};

}    // namespace filfil::cli
