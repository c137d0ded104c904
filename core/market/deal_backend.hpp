// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "market/answer_log.hpp"
#include "market/deal.hpp"
#include "market/preflight.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace filfil::market {

/// A provider's market node, or what stands in for one: takes a piece into the sealing pipeline and says how far it is.
///
/// Lives on the loop: methods are called there, and handlers too, once each, never inside the method, none of them
/// after it was destroyed. Several deals may be on their way at the same time; of one deal only one call at a time.
///
/// Errors: io, corrupt, too_large for a market that is away or talks nonsense, where nothing new is known of the deal;
/// denied where it lets nobody in; unsupported for what this kind of market cannot do; invalid_argument for an order
/// that cannot be. What a market refuses is no Error but a DealStatus with its reason.
class DealBackend {
public:
    template <class T>
    using Handler = std::function<void(Result<T>)>;

    virtual ~DealBackend() = default;

    /// "curio-mk20", "curio-mk12", "boost", "file"
    [[nodiscard]] virtual std::string_view kind() const noexcept = 0;

    /// The deal's name in this market; the same order has the same one, ever.
    [[nodiscard]] virtual std::string id_of(const DealOrder& order) const = 0;

    /// Whether such a deal would be taken and done, as far as the market tells. Changes nothing.
    virtual void preflight(const DealOrder& order, Handler<Preflight> handler) = 0;

    /// Looks for the deal, and proposes it where the market has none. However often it is called, by however many, and
    /// whatever was cut short before, the market has one deal. @param handler a state of accepted or later, or refused;
    /// an Error where the market may have taken it or not: to be called again
    virtual void propose(const DealOrder& order, Handler<DealStatus> handler) = 0;

    /// Tells the market where the bytes are, where it does not come for them by itself. Once, however often it is
    /// called. A market that comes for them has nothing to be told: then it is status().
    virtual void provide(const DealOrder& order, Handler<DealStatus> handler) { status(order, std::move(handler)); }

    /// @param handler DealState::unknown where the market has no such deal
    virtual void status(const DealOrder& order, Handler<DealStatus> handler) = 0;

    /// Has a deal of f05 published at once, where the market waits for others to come. Where that cannot be asked
    /// for, or there is nothing to do, it is status().
    virtual void publish_now(const DealOrder& order, Handler<DealStatus> handler) { status(order, std::move(handler)); }

    virtual void cancel(const DealOrder& order, Handler<DealStatus> handler) = 0;

    /// Whether a deal that status() does not find has come to nothing. Else its way can only be seen in the contract.
    [[nodiscard]] virtual bool follows_deals() const noexcept { return true; }

    /// What the market has answered, latest last.
    [[nodiscard]] virtual AnswerLog& answers() noexcept = 0;
};

}    // namespace filfil::market
