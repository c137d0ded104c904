// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <source_location>
#include <string>
#include <string_view>

namespace filfil {

/// What kind of failure an Error is; callers branch on this, people read the message.
enum class ErrorCode {
    invalid_argument,    ///< a value given by the caller or user is not acceptable
    not_found,           ///< a file, block or name does not exist
    io,                  ///< the operating system refused or broke an operation
    truncated,           ///< the input ended before what it announced
    corrupt,             ///< the bytes break the rules of their format
    mismatch,            ///< two things that must agree do not (a hash and its bytes)
    too_small,           ///< below the least size the operation is defined for
    too_large,           ///< above a limit
    unsupported,         ///< well formed, but nothing this program or machine can do
    cancelled,           ///< stopped on request
    device,              ///< a compute device failed
    denied,              ///< the right token, key or permission is missing
    busy,                ///< cannot be done now, and may be later
    internal,            ///< a defect of fil-fil
};

/// The stable lower-case name of a code, as it stands in JSON ("invalid_argument").
std::string_view name_of(ErrorCode code) noexcept;

/// Why something could not be done.
///
/// `message` is one sentence: what failed, where (path, byte offset, line or field) and why, without a final
/// full stop. `remedy` says what the user can do about it, and may be empty where nothing helps.
struct Error {
    ErrorCode code = ErrorCode::internal;
    std::string message;
    std::string remedy;
    std::source_location where;

    Error(ErrorCode code_, std::string message_, std::string remedy_ = {},
          std::source_location where_ = std::source_location::current())
        : code(code_), message(std::move(message_)), remedy(std::move(remedy_)), where(where_) {}

    /// The same error with `prefix` and ": " put before its message: names the file or line a lower floor cannot know.
    [[nodiscard]] Error in(std::string_view prefix) &&;
    [[nodiscard]] Error in(std::string_view prefix) const&;

    /// "message; remedy", one line for a terminal or a log.
    [[nodiscard]] std::string text() const;
};

}    // namespace filfil
