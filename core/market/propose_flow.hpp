// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "market/deal.hpp"
#include "market/market_caller.hpp"

#include <functional>
#include <memory>
#include <optional>

namespace filfil::market {

/// What came of sending a proposal.
struct SendOutcome {
    enum class Kind : std::uint8_t {
        taken,
        refused,
        open,    ///< the market may have taken it, or not
    };
    Kind kind = Kind::open;
    Refusal why{};    ///< of refused and open
};

/// How a deal is proposed to any market: look for it, send it where it is not there, and after anything that leaves it
/// open look again before sending once more. The deal's name is the same each time, so a look that comes too early does
/// no harm: the market refuses the second one.
class ProposeFlow {
public:
    template <class T>
    using Handler = MarketCaller::Handler<T>;
    using Look = std::function<void(const DealOrder&, Handler<DealStatus>)>;
    using Send = std::function<void(const DealOrder&, Handler<SendOutcome>)>;

    /// @param caller gives the waits between tries and their number
    ProposeFlow(MarketCaller& caller, Look look, Send send)
        : m_caller(caller), m_look(std::move(look)), m_send(std::move(send)) {}

    /// @param id the market's name of the deal
    void run(const DealOrder& order, const std::string& id, Handler<DealStatus> handler);

private:
    struct Work {
        DealOrder order;
        std::string id;
        Handler<DealStatus> handler;
        unsigned sent = 0;
        std::optional<Refusal> last{};    ///< what came of sending it the last time
        bool open = false;                ///< and it may have been taken then
    };

    void look(const std::shared_ptr<Work>& work);
    void send(const std::shared_ptr<Work>& work);
    void sent(const std::shared_ptr<Work>& work, Result<SendOutcome> outcome);

    MarketCaller& m_caller;
    Look m_look;
    Send m_send;
    incentive::Lifeline m_here;
};

}    // namespace filfil::market
