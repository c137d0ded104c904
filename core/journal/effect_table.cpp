// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "journal/effect_table.hpp"

#include "journal/row_reader.hpp"

#include <array>
#include <string_view>

namespace filfil::journal {
namespace {

using State = EffectRecord::State;

constexpr std::array<std::pair<State, std::string_view>, 3> names = {
    std::pair{State::intended, "intended"}, std::pair{State::done, "done"}, std::pair{State::failed, "failed"}};

std::string_view name_of(State state) noexcept {
    for (const auto& [value, name] : names)
        if (value == state) return name;
    return {};
}

std::optional<State> parse_state(std::string_view text) noexcept {
    for (const auto& [value, name] : names)
        if (name == text) return value;
    return std::nullopt;
}

}    // namespace

Result<EffectRecord> EffectTable::read(const Statement& row) {
    RowReader reader(row);
    const std::int64_t id = reader.integer();
    EffectRecord out;
    out.key = reader.text();
    out.kind = reader.text();
    const auto state = parse_state(reader.text());
    out.request = reader.text();
    out.result = reader.text();
    out.attempts = reader.number();
    out.first_at = Clock::Duration(reader.integer());
    out.last_at = Clock::Duration(reader.integer());
    const std::string name = "row " + std::to_string(id) + " of effects";
    FILFIL_CHECK(reader.finish(m_database, name));
    if (!state) return m_database.damage(name + " cannot be read: column 'state' holds no state");
    out.state = *state;
    return out;
}

Result<std::optional<EffectRecord>> EffectTable::get(const std::string& key) {
    FILFIL_TRY(Statement query,
               m_database.prepare("SELECT id, key, kind, state, request, result, attempts, first_at, last_at "
                                  "FROM effects WHERE key = :key"));
    FILFIL_TRY(const bool row, query.text(key).step());
    if (!row) return std::optional<EffectRecord>();
    FILFIL_TRY(EffectRecord out, read(query));
    return std::optional(std::move(out));
}

Result<std::vector<EffectRecord>> EffectTable::open() {
    FILFIL_TRY(Statement query,
               m_database.prepare("SELECT id, key, kind, state, request, result, attempts, first_at, last_at "
                                  "FROM effects WHERE state = 'intended' ORDER BY id"));
    std::vector<EffectRecord> out;
    for (;;) {
        FILFIL_TRY(const bool row, query.step());
        if (!row) return out;
        FILFIL_TRY(EffectRecord effect, read(query));
        out.push_back(std::move(effect));
    }
}

Result<std::optional<EffectRecord>> EffectTable::intend(const std::string& key, const std::string& kind,
                                                        const std::string& request, Clock::Duration now) {
    FILFIL_TRY(std::optional<EffectRecord> before, get(key));
    if (!before) {
        FILFIL_TRY(Statement insert,
                   m_database.prepare("INSERT INTO effects (key, kind, state, request, result, attempts, first_at, "
                                      "last_at) VALUES (:key, :kind, 'intended', :request, '', 1, :now, :now)"));
        FILFIL_CHECK(insert.text(key).text(kind).text(request).integer(now.count()).run());
        return before;
    }
    if (before->kind != kind || before->request != request)
        return Error(ErrorCode::mismatch, m_database.path() + ": the effect '" + key +
                                              "' is already there with another " +
                                              (before->kind != kind ? "kind" : "request"));
    if (before->state != State::failed) return before;
    FILFIL_TRY(Statement update,
               m_database.prepare("UPDATE effects SET state = 'intended', result = '', attempts = :attempts, "
                                  "last_at = :now WHERE key = :key"));
    FILFIL_CHECK(update.size(std::uint64_t{before->attempts} + 1).integer(now.count()).text(key).run());
    return before;
}

Result<void> EffectTable::finish(const std::string& key, State state, const std::string& result, Clock::Duration now) {
    if (state != State::done && state != State::failed)
        return Error(ErrorCode::invalid_argument, "an effect is finished as done or failed, not as intended");
    FILFIL_TRY(const std::optional<EffectRecord> before, get(key));
    if (!before)
        return Error(ErrorCode::not_found, m_database.path() + ": the effect '" + key + "' was never intended");
    if (before->state == State::done)
        return Error(ErrorCode::invalid_argument, m_database.path() + ": the effect '" + key + "' is done already");
    FILFIL_TRY(Statement update, m_database.prepare("UPDATE effects SET state = :state, result = :result, "
                                                    "last_at = :now WHERE key = :key"));
    return update.text(name_of(state)).text(result).integer(now.count()).text(key).run();
}

}    // namespace filfil::journal
