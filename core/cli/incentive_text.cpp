// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/incentive_text.hpp"

#include "incentive/fil_text.hpp"

namespace filfil::cli {

std::string field_text(const Json& object, const char* name) {
    const auto found = object.find(name);
    if (found == object.end() || found->is_null()) return {};
    return found->is_string() ? found->get<std::string>() : found->dump();
}

std::string money_at(const Json& object, const char* name) {
    const std::string text = field_text(object, name);
    const auto atto = incentive::U256::parse(text);
    return atto.ok() ? incentive::format_fil(*atto) : text;
}

std::string slot_text(const Json& slot) {
    const auto index = slot.find("index");
    const std::string place =
        index != slot.end() && index->is_number_unsigned() ? std::to_string(index->get<std::uint64_t>() + 1) : "?";
    return "round " + field_text(slot, "round") + ", slot " + place;
}

std::vector<std::pair<std::string, std::string>> transaction_rows(const Json& done) {
    std::vector<std::pair<std::string, std::string>> out = {{"transaction", field_text(done, "hash")},
                                                            {"block", field_text(done, "block")},
                                                            {"paid by", field_text(done, "from")},
                                                            {"cost", money_at(done, "cost")}};
    if (field_text(done, "was_under_way") == "true") out.emplace_back("note", "it was under way already; sent once");
    return out;
}

int show_answer(Context& context, const char* command, const Result<Json>& answer,
                const std::function<std::string(const Json&)>& text) {
    if (!answer.ok()) {
        Error error = answer.error();
        return fail(context, std::move(error).in(command));
    }
    if (context.json)
        emit(context, *answer);
    else
        print(context, text(*answer));
    return exit_ok;
}

}    // namespace filfil::cli
