// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/incentive/slot_policies.hpp"

#include "rpc/json.hpp"
#include "service/config_values.hpp"

#include <string>
#include <utility>

namespace filfil::service {
namespace {

using Policies = std::map<std::uint64_t, SlotPolicy>;

constexpr const char* setting_name = "incentive.policies";

std::string text_of(const Policies& policies) {
    rpc::Json out = rpc::Json::object();
    for (const auto& [miner, policy] : policies) out[std::to_string(miner)] = std::string(name_of(policy));
    return rpc::write_json(out);
}

Result<Policies> policies_in(const std::string& text) {
    Policies out;
    if (text.empty()) return out;
    FILFIL_TRY(const rpc::Json json, rpc::parse_json(text));
    for (const auto& [name, value] : json.items()) {
        FILFIL_TRY(const std::uint64_t miner, miner_number(name));
        FILFIL_TRY(const std::string policy, text_value(name, value));
        FILFIL_TRY(out[miner], parse_slot_policy(policy));
    }
    return out;
}

}    // namespace

void SlotPolicies::restore(Handler<void> handler) {
    m_queue->run([journal = m_journal] { return journal->setting(setting_name); },
                 [this, handler = std::move(handler)](const Result<std::optional<std::string>>& saved) {
                     if (!saved.ok()) return handler(saved.error());
                     auto policies = policies_in(saved->value_or(""));
                     if (!policies.ok())
                         return handler(
                             Error(ErrorCode::corrupt,
                                   "the policies for slots in the journal cannot be read: " + policies.error().message,
                                   "set them again"));
                     m_policies = *std::move(policies);
                     m_asked = m_policies;
                     handler({});
                 });
}

void SlotPolicies::set(std::uint64_t miner, std::optional<SlotPolicy> policy, Handler<void> handler) {
    const auto put = [miner, policy](Policies& policies) {
        if (policy)
            policies[miner] = *policy;
        else
            policies.erase(miner);
    };
    put(m_asked);
    m_queue->run([journal = m_journal, text = text_of(m_asked)] { return journal->set_setting(setting_name, text); },
                 [this, put, handler = std::move(handler)](Result<void> saved) {
                     if (saved.ok())
                         put(m_policies);
                     else
                         m_asked = m_policies;
                     handler(std::move(saved));
                 });
}

std::optional<SlotPolicy> SlotPolicies::of(std::uint64_t miner) const {
    const auto found = m_policies.find(miner);
    return found == m_policies.end() ? std::nullopt : std::optional(found->second);
}

}    // namespace filfil::service
