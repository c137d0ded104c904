// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "batch/receipt_csv.hpp"

namespace filfil::batch {

void append_csv_field(std::string& out, std::string_view field) {
    if (field.find_first_of("\",\r\n") == std::string_view::npos) {
        out += field;
        return;
    }
    out += '"';
    for (const char c : field) {
        if (c == '"') out += '"';
        out += c;
    }
    out += '"';
}

Result<std::vector<std::string>> split_csv_record(std::string_view record) {
    std::vector<std::string> fields(1);
    const auto refused = [](const char* what, std::size_t at) {
        return Error(ErrorCode::corrupt, std::string(what) + " at character " + std::to_string(at + 1));
    };
    std::size_t i = 0;
    for (;;) {
        if (i < record.size() && record[i] == '"') {
            for (++i;; ++i) {
                if (i >= record.size()) return refused("a quoted field does not end", i);
                if (record[i] == '"') {
                    ++i;
                    if (i == record.size() || record[i] != '"') break;
                }
                fields.back() += record[i];
            }
        } else {
            for (; i < record.size() && record[i] != ','; ++i) {
                if (record[i] == '"') return refused("a quote inside an unquoted field", i);
                fields.back() += record[i];
            }
        }
        if (i == record.size()) return fields;
        if (record[i] != ',') return refused("text after a quoted field", i);
        ++i;
        fields.emplace_back();
    }
}

}    // namespace filfil::batch
