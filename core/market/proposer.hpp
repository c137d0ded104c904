// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/executor.hpp"
#include "incentive/lifeline.hpp"
#include "journal/journal.hpp"
#include "market/deal_backend.hpp"

#include <optional>
#include <string>
#include <vector>

namespace filfil::market {

/// Proposes deals through a journal, so that what was ordered once stays the same after a crash and what was taken is
/// not proposed again, ever, not even where the market has lost it. The journal's effect is of kind "propose" and names
/// market and deal; its request is the order as it was first given: start, collateral and path of later ones are not
/// looked at.
///
/// On the loop only; handlers are called there, none of them after it was destroyed.
class Proposer {
public:
    using Handler = DealBackend::Handler<DealStatus>;

    /// @param loop, journal, backend: must outlive it
    Proposer(Executor& loop, journal::Journal& journal, DealBackend& backend)
        : m_loop(loop), m_journal(journal), m_backend(backend) {}

    /// @param handler as DealBackend::propose; Error::io and the like of the journal, and nothing is sent then. A deal
    /// that was taken and that the market does not know any more is DealState::failed, with what can be done about it
    void propose(const DealOrder& order, Handler handler);

    /// What a deal was ordered as, where it was. @return nothing where it never was
    [[nodiscard]] Result<std::optional<DealOrder>> ordered(const DealOrder& order) const;

    /// Orders that a crash or an answer that did not come has left open, oldest first: propose() each of them.
    [[nodiscard]] Result<std::vector<DealOrder>> open_orders() const;

private:
    [[nodiscard]] std::string key_of(const DealOrder& order) const;
    void send(const DealOrder& order, const std::string& key, Handler handler);
    void look_again(const DealOrder& order, Handler handler);

    Executor& m_loop;
    journal::Journal& m_journal;
    DealBackend& m_backend;
    incentive::Lifeline m_here;
};

}    // namespace filfil::market
