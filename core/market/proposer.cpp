// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "market/proposer.hpp"

#include <utility>

namespace filfil::market {
namespace {

using State = journal::EffectRecord::State;

constexpr std::string_view effect_kind = "propose";

Result<DealOrder> order_of(const journal::EffectRecord& effect) {
    const auto read = [&]() -> Result<DealOrder> {
        FILFIL_TRY(const rpc::Json json, rpc::parse_json(effect.request));
        return parse_deal_order(json);
    }();
    if (read.ok()) return read;
    return Error(ErrorCode::corrupt, "the journal's effect '" + effect.key + "': " + read.error().message,
                 "restore the journal from its backup");
}

}    // namespace

std::string Proposer::key_of(const DealOrder& order) const {
    return "propose/" + std::string(m_backend.kind()) + "/" + m_backend.id_of(order);
}

Result<std::optional<DealOrder>> Proposer::ordered(const DealOrder& order) const {
    FILFIL_TRY(const auto effect, m_journal.effect(key_of(order)));
    if (!effect) return std::optional<DealOrder>();
    FILFIL_TRY(DealOrder out, order_of(*effect));
    return std::optional(std::move(out));
}

Result<std::vector<DealOrder>> Proposer::open_orders() const {
    FILFIL_TRY(const auto effects, m_journal.open_effects());
    const std::string front = "propose/" + std::string(m_backend.kind()) + "/";
    std::vector<DealOrder> out;
    for (const journal::EffectRecord& effect : effects) {
        if (effect.kind != effect_kind || !effect.key.starts_with(front)) continue;
        FILFIL_TRY(DealOrder order, order_of(effect));
        out.push_back(std::move(order));
    }
    return out;
}

void Proposer::propose(const DealOrder& order, Handler handler) {
    const std::string key = key_of(order);
    const auto begun = [&]() -> Result<std::pair<DealOrder, bool>> {
        FILFIL_CHECK(check(order));
        FILFIL_TRY(const auto before, ordered(order));
        const DealOrder first = before.value_or(order);
        FILFIL_TRY(const auto effect, m_journal.intend(key, std::string(effect_kind), rpc::write_json(json_of(first))));
        return std::pair(first, effect && effect->state == State::done);
    }();
    if (!begun.ok()) {
        auto refused = m_here([handler = std::move(handler)](const Error& error) { handler(error); });
        m_loop.post([refused, error = begun.error()]() mutable { refused(error); });
        return;
    }
    if (begun->second) return look_again(begun->first, std::move(handler));
    send(begun->first, key, std::move(handler));
}

void Proposer::send(const DealOrder& order, const std::string& key, Handler handler) {
    m_backend.propose(order, m_here([this, key, handler = std::move(handler)](Result<DealStatus> status) {
                          // Where it is open, the effect stays so.
                          if (!status.ok()) return handler(std::move(status).error());
                          const bool taken = status->state != DealState::refused;
                          const auto written = m_journal.finish(key, taken ? State::done : State::failed,
                                                                rpc::write_json(json_of(*status)));
                          if (!written.ok()) return handler(written.error());
                          handler(std::move(*status));
                      }));
}

void Proposer::look_again(const DealOrder& order, Handler handler) {
    m_backend.status(order, m_here([this, order, handler = std::move(handler)](Result<DealStatus> status) {
                         if (status.ok() && status->state == DealState::unknown) {
                             status->state = DealState::failed;
                             status->id = m_backend.id_of(order);
                             status->why = Refusal{
                                 "lost_by_market", "the market had taken the deal and does not know it any more",
                                 "look for the piece in the sealing pipeline; where it is not there, run fil-fil deals "
                                 "retry, which makes another deal of it"};
                         }
                         if (status.ok()) status->found = true;
                         handler(std::move(status));
                     }));
}

}    // namespace filfil::market
