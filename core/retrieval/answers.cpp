// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "retrieval/answers.hpp"

#include "retrieval/header_list.hpp"

#include <algorithm>

namespace filfil::retrieval {

HttpResponse text_answer(int status, std::string_view line) {
    HttpResponse out;
    out.status = status;
    out.fields = {{"Content-Type", "text/plain; charset=utf-8"},
                  {"Cache-Control", "no-store"},
                  {"X-Content-Type-Options", "nosniff"}};
    out.body = line;
    std::ranges::replace_if(out.body, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7f; }, ' ');
    out.body += '\n';
    return out;
}

HttpResponse error_answer(int status, const Error& error) { return text_answer(status, error.text()); }

void add_immutable_fields(HttpFields& fields, std::string_view tag, std::string_view varies_by) {
    fields.emplace_back("ETag", tag);
    fields.emplace_back("Cache-Control", "public, max-age=29030400, immutable");
    fields.emplace_back("Vary", varies_by);
}

void add_file_fields(HttpFields& fields, std::string_view content_type, std::string_view file_name) {
    std::string name(file_name);
    std::ranges::replace_if(
        name,
        [](char c) {
            const bool usual = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
                               c == '-' || c == '_';
            return !usual;
        },
        '_');
    fields.emplace_back("Content-Type", content_type);
    fields.emplace_back("Content-Disposition", "attachment; filename=\"" + name + "\"");
    fields.emplace_back("X-Content-Type-Options", "nosniff");
}

bool same_secret(std::string_view given, std::string_view wanted) noexcept {
    // The length of what was given is known to who gave it; every byte of it is looked at.
    unsigned different = given.size() == wanted.size() ? 0 : 1;
    for (std::size_t i = 0; i < given.size(); ++i) {
        const char against = wanted.empty() ? '\0' : wanted[i % wanted.size()];
        different |= static_cast<unsigned>(static_cast<unsigned char>(given[i] ^ against));
    }
    return different == 0;
}

std::string_view bearer_token(const HttpFields& fields) noexcept {
    constexpr std::string_view scheme = "bearer ";
    const auto field = find_field(fields, "Authorization");
    if (!field || field->size() < scheme.size() || !same_word(field->substr(0, scheme.size()), scheme)) return {};
    return trim_field(field->substr(scheme.size()));
}

}    // namespace filfil::retrieval
