// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "market/mk12_backend.hpp"

#include "base/units.hpp"
#include "market/mk12_wire.hpp"
#include "market/propose_flow.hpp"

#include <utility>

namespace filfil::market {
namespace {

using State = PreflightRow::State;

class Mk12Backend final : public DealBackend {
public:
    Mk12Backend(World& world, Mk12Options options)
        : m_indexing(options.indexing),
          m_caller(world, std::move(options.market), "Curio", options.limits, m_log),
          m_flow(
              m_caller,
              [this](const DealOrder& order, Handler<DealStatus> handler) { look(order, std::move(handler)); },
              [this](const DealOrder& order, Handler<SendOutcome> handler) { send(order, std::move(handler)); }) {}

    std::string_view kind() const noexcept override { return "curio-mk12"; }
    std::string id_of(const DealOrder& order) const override { return uuid_of(order); }
    AnswerLog& answers() noexcept override { return m_log; }

    void propose(const DealOrder& order, Handler<DealStatus> handler) override {
        if (auto params = mk12_deal_params(order, m_indexing); !params.ok())
            return refuse(std::move(handler), params.error());
        m_flow.run(order, id_of(order), m_here(std::move(handler)));
    }

    void status(const DealOrder& order, Handler<DealStatus> handler) override {
        look(order, m_here(std::move(handler)));
    }

    void cancel(const DealOrder&, Handler<DealStatus> handler) override {
        refuse(std::move(handler), Error(ErrorCode::unsupported, "Curio's mk12 market has no way to take a deal back",
                                         "remove it on the page MK12 of Curio"));
    }

    void preflight(const DealOrder& order, Handler<Preflight> handler) override {
        MarketCall call = cbor_call("GET", "/ask", mk12_ask_request(order.provider), {});
        // A miner without an ask is told by 500, however often it is asked.
        call.again = false;
        m_caller.call(call, m_here([this, order, handler = std::move(handler)](Result<MarketAnswer> answer) {
                          handler(rows_of(order, std::move(answer)));
                      }));
    }

private:
    template <class T>
    void refuse(Handler<T> handler, Error why) {
        m_caller.later({}, [handler = std::move(handler), why = std::move(why)] { handler(why); });
    }

    static MarketCall cbor_call(std::string method, std::string path, const Bytes& body, std::string deal) {
        return {.method = std::move(method),
                .path = std::move(path),
                .fields = {{"Content-Type", "application/cbor"}},
                .body = std::string(chars_of(body)),
                .deal = std::move(deal)};
    }

    /// An answer that is not 200: Curio answers 400 to what it cannot read, 500 and 503 to what went wrong in it.
    [[nodiscard]] Error refused(const MarketCall& call, const MarketAnswer& answer) const {
        const Refusal why = mk20_refusal(answer.status, answer.body);
        const bool denied = answer.status == 401 || answer.status == 403;
        return m_caller.error(why.passing ? ErrorCode::io
                              : denied    ? ErrorCode::denied
                                          : ErrorCode::corrupt,
                              call, why.sentence, why.remedy);
    }

    void look(const DealOrder& order, Handler<DealStatus> handler) {
        const std::string id = id_of(order);
        const MarketCall call = cbor_call("GET", "/status", mk12_status_request(order), id);
        m_caller.call(call, m_here([this, id, call, handler = std::move(handler)](Result<MarketAnswer> answer) {
                          if (!answer.ok()) return handler(std::move(answer).error());
                          if (answer->status != 200) return handler(refused(call, *answer));
                          auto status = read_mk12_status(bytes_of(answer->body));
                          if (!status.ok())
                              return handler(m_caller.error(status.error().code, call, status.error().message,
                                                            status.error().remedy));
                          status->id = id;
                          handler(std::move(*status));
                      }));
    }

    void send(const DealOrder& order, Handler<SendOutcome> handler) {
        const auto params = mk12_deal_params(order, m_indexing);
        if (!params.ok()) return handler(params.error());
        MarketCall call = cbor_call("POST", "/store", *params, id_of(order));
        call.again = false;
        m_caller.call(call, m_here([this, call, handler = std::move(handler)](const Result<MarketAnswer>& answer) {
                          if (!answer.ok()) return handler(answer.error());
                          handler(outcome_of(call, *answer));
                      }));
    }

    [[nodiscard]] Result<SendOutcome> outcome_of(const MarketCall& call, const MarketAnswer& answer) const {
        using Kind = SendOutcome::Kind;
        if (answer.status != 200) {
            const bool open = mk20_leaves_open(answer.status);
            return SendOutcome{open ? Kind::open : Kind::refused, mk20_refusal(answer.status, answer.body)};
        }
        const auto read = read_mk12_answer(bytes_of(answer.body));
        if (!read.ok()) return m_caller.error(read.error().code, call, read.error().message, read.error().remedy);
        if (read->accepted || f05_has_it(read->message)) return SendOutcome{Kind::taken, {}};
        return SendOutcome{Kind::refused, f05_refusal(read->message)};
    }

    [[nodiscard]] Preflight rows_of(const DealOrder& order, Result<MarketAnswer> answer) const {
        Preflight out;
        PreflightRow reach{.what = "Curio's market can be reached",
                           .found = m_caller.place(),
                           .why = "without it no piece gets into the sealing pipeline"};
        const bool no_ask = answer.ok() && answer->status == 500;
        if (answer.ok() && answer->status != 200 && !no_ask) answer = refused({.path = "/ask"}, *answer);
        if (!answer.ok()) {
            reach.state = State::bad;
            reach.found = answer.error().message;
            reach.fix = answer.error().remedy;
            out.push_back(std::move(reach));
            return out;
        }
        reach.state = State::good;
        out.push_back(std::move(reach));
        PreflightRow price{.what = "the miner's ask takes deals without a price",
                           .why = "the contract pays by itself: its deals cost f05 nothing"};
        const std::string set = "set the miner's ask in Curio's web page under Market: price 0, pieces up to " +
                                format_size(order.padded_size);
        const auto ask =
            no_ask ? Result<std::optional<Mk12Ask>>(std::optional<Mk12Ask>()) : read_mk12_ask(bytes_of(answer->body));
        if (!ask.ok() || !*ask) {
            price.state = ask.ok() ? State::bad : State::unknown;
            price.found = ask.ok() ? "Curio has no ask of the miner, or cannot sign it" : ask.error().message;
            price.fix = set;
            out.push_back(std::move(price));
            return out;
        }
        price.state = (*ask)->free ? State::good : State::bad;
        price.found = (*ask)->free ? "its price is 0" : "it asks for a price";
        if (!(*ask)->free) price.fix = set + ", or make a pricing filter for the contract with the price 0";
        out.push_back(std::move(price));
        const bool fits = (*ask)->least_piece <= order.padded_size && order.padded_size <= (*ask)->largest_piece;
        out.push_back({"the miner's ask takes pieces of this size", fits ? State::good : State::bad,
                       format_size((*ask)->least_piece) + " to " + format_size((*ask)->largest_piece) +
                           ", the piece has " + format_size(order.padded_size),
                       "Curio refuses pieces outside of it", fits ? "" : set});
        out.push_back({"Curio takes offline deals", State::unknown, "Curio does not tell this to others",
                       "it fetches the piece from this daemon's piece locator",
                       "leave DenyOfflineDeals = false in [Market.StorageMarketConfig.MK12], and add "
                       "[[Market.StorageMarketConfig.PieceLocator]] with the daemon's /pieces and its token"});
        return out;
    }

    bool m_indexing;
    AnswerLog m_log;
    MarketCaller m_caller;
    ProposeFlow m_flow;
    incentive::Lifeline m_here;
};

}    // namespace

std::unique_ptr<DealBackend> make_mk12_backend(World& world, Mk12Options options) {
    return std::make_unique<Mk12Backend>(world, std::move(options));
}

}    // namespace filfil::market
