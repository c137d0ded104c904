// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/send_log.hpp"

#include <utility>

namespace filfil::incentive {
namespace {

using rpc::Json;
using EffectState = journal::EffectRecord::State;

std::string draft_key(const std::string& key, std::uint32_t number) { return key + "/tx/" + std::to_string(number); }

Result<std::uint64_t> unsigned_field(const Json& object, std::string_view name) {
    FILFIL_TRY(const std::int64_t value, rpc::integer_field(object, name));
    if (value < 0) return Error(ErrorCode::corrupt, std::string(name) + " is below 0");
    return static_cast<std::uint64_t>(value);
}

Result<U256> amount_field(const Json& object, std::string_view name) {
    FILFIL_TRY(const std::string text, rpc::text_field(object, name));
    return U256::parse(text);
}

Result<std::optional<EthAddress>> address_field(const Json& object, const std::string& name) {
    if (!object.is_object() || !object.contains(name)) return std::optional<EthAddress>();
    FILFIL_TRY(const std::string text, rpc::text_field(object, name));
    FILFIL_TRY(const EthAddress address, EthAddress::parse(text));
    return std::optional(address);
}

Json json_of_error(const Error& error) { return {{"message", error.message}, {"remedy", error.remedy}}; }

}    // namespace

Json json_of(const SendOutcome& outcome) {
    Json out = {{"hash", hash_text(outcome.hash)},
                {"block", outcome.block},
                {"gas_used", outcome.gas_used.text()},
                {"gas_price", outcome.gas_price.text()}};
    if (outcome.contract) out["contract"] = outcome.contract->text();
    return out;
}

Result<SendOutcome> parse_outcome(const Json& json) {
    SendOutcome out;
    FILFIL_TRY(const std::string hash, rpc::text_field(json, "hash"));
    FILFIL_TRY(out.hash, parse_hash(hash));
    FILFIL_TRY(out.block, unsigned_field(json, "block"));
    FILFIL_TRY(out.gas_used, amount_field(json, "gas_used"));
    FILFIL_TRY(out.gas_price, amount_field(json, "gas_price"));
    FILFIL_TRY(out.contract, address_field(json, "contract"));
    return out;
}

std::string request_text(const std::string& title, const Call& call) {
    Json out = {{"title", title}};
    if (call.to) out["to"] = call.to->text();
    out["value"] = call.value.text();
    out["data"] = to_hex(call.data);
    return rpc::write_json(out);
}

Result<SendRequest> parse_request(const std::string& text) {
    SendRequest out;
    FILFIL_TRY(const Json json, rpc::parse_json(text));
    FILFIL_TRY(out.title, rpc::text_field(json, "title"));
    FILFIL_TRY(out.call.to, address_field(json, "to"));
    FILFIL_TRY(out.call.value, amount_field(json, "value"));
    FILFIL_TRY(const std::string data, rpc::text_field(json, "data"));
    FILFIL_TRY(out.call.data, from_hex(data));
    return out;
}

Result<std::optional<LoggedSend>> SendLog::read(const std::string& key) {
    FILFIL_TRY(std::optional<journal::EffectRecord> effect, m_journal.effect(key));
    if (!effect) return std::optional<LoggedSend>();
    if (effect->kind != transaction_kind)
        return Error(ErrorCode::mismatch, "the effect '" + key + "' is no transaction but a '" + effect->kind + "'");
    LoggedSend out;
    out.effect = std::move(*effect);
    for (;; ++out.next_number) {
        const std::string name = draft_key(key, out.next_number);
        FILFIL_TRY(const std::optional<journal::EffectRecord> record, m_journal.effect(name));
        if (!record) return std::optional(std::move(out));
        const auto parsed = [&]() -> Result<void> {
            FILFIL_TRY(const Json json, rpc::parse_json(record->request));
            FILFIL_TRY(const std::uint64_t attempt, unsigned_field(json, "attempt"));
            if (attempt != out.effect.attempts) return {};
            if (record->state == EffectState::intended) {
                FILFIL_TRY(const Json* body, rpc::field(json, "draft"));
                FILFIL_TRY(Draft draft, parse_draft(*body));
                FILFIL_TRY(out.sender, rpc::text_field(json, "sender"));
                out.open.push_back({out.next_number, std::move(draft)});
                return {};
            }
            FILFIL_TRY(const Json result, rpc::parse_json(record->result));
            if (record->state == EffectState::done) {
                FILFIL_TRY(out.done, parse_outcome(result));
            } else if (result.is_object() && result.contains("reverted")) {
                FILFIL_TRY(const std::string message, rpc::text_field(result["reverted"], "message"));
                FILFIL_TRY(const std::string remedy, rpc::text_field(result["reverted"], "remedy"));
                out.reverted = Error(ErrorCode::denied, message, remedy);
            }
            return {};
        }();
        if (!parsed.ok())
            return Error(ErrorCode::corrupt, "the journal's effect '" + name + "': " + parsed.error().message,
                         "restore the journal from its backup");
    }
}

Result<std::vector<std::string>> SendLog::open_keys() {
    FILFIL_TRY(const std::vector<journal::EffectRecord> effects, m_journal.open_effects());
    std::vector<std::string> out;
    for (const journal::EffectRecord& effect : effects)
        if (effect.kind == transaction_kind) out.push_back(effect.key);
    return out;
}

Result<void> SendLog::write(const std::string& key, const std::string& request, std::uint32_t attempt,
                            std::uint32_t number, const EthAddress& sender, const Draft& draft) {
    FILFIL_TRY(const auto before, m_journal.intend(key, std::string(transaction_kind), request));
    if (before && before->state == EffectState::done)
        return Error(ErrorCode::mismatch, "the effect '" + key + "' was done meanwhile by somebody else");
    const std::string name = draft_key(key, number);
    const Json record = {{"attempt", attempt}, {"sender", sender.text()}, {"draft", json_of(draft)}};
    FILFIL_TRY(const auto there, m_journal.intend(name, std::string(draft_kind), rpc::write_json(record)));
    if (there && there->state != EffectState::intended)
        return Error(ErrorCode::mismatch, "the effect '" + name + "' is there already");
    return {};
}

Result<void> SendLog::close(const std::string& key, EffectState state, const std::string& result) {
    FILFIL_TRY(const auto effect, m_journal.effect(key));
    // Closed before a crash, or before the journal failed.
    if (effect && effect->state != EffectState::intended) return {};
    return m_journal.finish(key, state, result);
}

Result<void> SendLog::close_drafts(const std::string& key, const std::vector<std::uint32_t>& drafts,
                                   std::optional<std::uint32_t> without, const std::string& result) {
    for (const std::uint32_t number : drafts)
        if (number != without) FILFIL_CHECK(close(draft_key(key, number), EffectState::failed, result));
    return {};
}

Result<void> SendLog::finish_done(const std::string& key, const std::vector<std::uint32_t>& drafts, std::uint32_t taken,
                                  const SendOutcome& outcome) {
    const std::string result = rpc::write_json(json_of(outcome));
    FILFIL_CHECK(close_drafts(key, drafts, taken, rpc::write_json(Json{{"replaced_by", hash_text(outcome.hash)}})));
    if (!drafts.empty()) FILFIL_CHECK(close(draft_key(key, taken), EffectState::done, result));
    return close(key, EffectState::done, result);
}

Result<void> SendLog::finish_reverted(const std::string& key, const std::vector<std::uint32_t>& drafts,
                                      std::uint32_t taken, const SendOutcome& outcome, const Error& why) {
    Json result = json_of(outcome);
    result["reverted"] = json_of_error(why);
    FILFIL_CHECK(close_drafts(key, drafts, taken, rpc::write_json(Json{{"replaced_by", hash_text(outcome.hash)}})));
    if (!drafts.empty()) FILFIL_CHECK(close(draft_key(key, taken), EffectState::failed, rpc::write_json(result)));
    return close(key, EffectState::failed, rpc::write_json(result));
}

Result<void> SendLog::finish_failed(const std::string& key, const Error& why) {
    return close(key, EffectState::failed, rpc::write_json(Json{{"failed", json_of_error(why)}}));
}

Result<void> SendLog::give_up_drafts(const std::string& key, const std::vector<std::uint32_t>& drafts,
                                     const std::string& why) {
    return close_drafts(key, drafts, std::nullopt, rpc::write_json(Json{{"given_up", why}}));
}

}    // namespace filfil::incentive
