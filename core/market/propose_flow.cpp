// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "market/propose_flow.hpp"

namespace filfil::market {
namespace {

/// What an answer that did not come, or was none, says about the proposal: nothing.
bool leaves_open(ErrorCode code) noexcept {
    return code == ErrorCode::io || code == ErrorCode::corrupt || code == ErrorCode::too_large ||
           code == ErrorCode::busy;
}

Error not_known(const MarketCaller& caller, const DealOrder& order, const std::string& why) {
    return {ErrorCode::io,
            caller.name() + " at " + caller.place() + ": it is not known whether it has taken deal " +
                std::to_string(order.deal) + ": " + why,
            "nothing is lost: fil-fil looks for the deal before it proposes it again; check that " + caller.name() +
                " is running and not overloaded"};
}

}    // namespace

void ProposeFlow::run(const DealOrder& order, const std::string& id, Handler<DealStatus> handler) {
    look(std::make_shared<Work>(Work{order, id, std::move(handler)}));
}

void ProposeFlow::look(const std::shared_ptr<Work>& work) {
    m_look(work->order, m_here([this, work](Result<DealStatus> status) {
               if (!status.ok()) {
                   if (!work->open) return work->handler(std::move(status).error());
                   return work->handler(not_known(m_caller, work->order, status.error().message));
               }
               if (status->state != DealState::unknown) {
                   status->found = work->sent == 0;
                   work->handler(std::move(*status));
                   return;
               }
               if (work->sent < m_caller.limits().tries) return send(work);
               if (work->open)
                   return work->handler(not_known(m_caller, work->order, work->last ? work->last->sentence : ""));
               work->handler(DealStatus{.id = work->id, .state = DealState::refused, .why = work->last});
           }));
}

void ProposeFlow::send(const std::shared_ptr<Work>& work) {
    ++work->sent;
    m_send(work->order, m_here([this, work](Result<SendOutcome> outcome) { sent(work, std::move(outcome)); }));
}

void ProposeFlow::sent(const std::shared_ptr<Work>& work, Result<SendOutcome> outcome) {
    if (!outcome.ok()) {
        if (!leaves_open(outcome.error().code)) return work->handler(std::move(outcome).error());
        outcome =
            SendOutcome{SendOutcome::Kind::open, {"no_answer", outcome.error().message, outcome.error().remedy, true}};
    }
    work->last = outcome->why;
    work->open = outcome->kind == SendOutcome::Kind::open;
    if (outcome->kind == SendOutcome::Kind::taken)
        return work->handler(DealStatus{.id = work->id, .state = DealState::accepted, .said = "accepted"});
    if (outcome->kind == SendOutcome::Kind::refused && !outcome->why.passing)
        return work->handler(DealStatus{.id = work->id, .state = DealState::refused, .why = outcome->why});
    auto again = m_here([this, work](int) { look(work); });
    m_caller.later(m_caller.wait_before(work->sent), [again]() mutable { again(0); });
}

}    // namespace filfil::market
