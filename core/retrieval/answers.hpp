// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/transport.hpp"

#include <string>
#include <string_view>

namespace filfil::retrieval {

/// With which a server says that it knows "?slice=FIRST-LAST" of a piece and compresses it: "X-FilFil-Slice: zstd".
inline constexpr std::string_view slice_field = "X-FilFil-Slice";

/// One line of plain text, never kept by caches.
HttpResponse text_answer(int status, std::string_view line);

/// The line says what, why and the remedy.
HttpResponse error_answer(int status, const Error& error);

/// What never changes under its name: `tag` is its entity tag with quotes.
void add_immutable_fields(HttpFields& fields, std::string_view tag, std::string_view varies_by);

/// A file to be kept, not shown. Characters that file names should not have become "_".
void add_file_fields(HttpFields& fields, std::string_view content_type, std::string_view file_name);

/// Compares without telling by the time it takes where they differ.
bool same_secret(std::string_view given, std::string_view wanted) noexcept;

/// The token of "Authorization: Bearer …"; "" where there is none.
std::string_view bearer_token(const HttpFields& fields) noexcept;

}    // namespace filfil::retrieval
