// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "market/boost_backend.hpp"

#include "base/units.hpp"
#include "market/boost_wire.hpp"
#include "market/f05_deal.hpp"
#include "market/propose_flow.hpp"

#include <utility>

namespace filfil::market {
namespace {

using State = PreflightRow::State;

class BoostBackend final : public DealBackend {
public:
    BoostBackend(World& world, BoostOptions options)
        : m_token(std::move(options.token)),
          m_letter(options.letter),
          m_api(world, std::move(options.api), "Boost", options.limits, m_log),
          m_graphql(world, std::move(options.graphql), "Boost's GraphQL", options.limits, m_log),
          m_flow(
              m_api,
              [this](const DealOrder& order, Handler<DealStatus> handler) {
                  look(order,
                       [handler = std::move(handler)](Result<BoostDeal> deal) { handler(status_of(std::move(deal))); });
              },
              [this](const DealOrder& order, Handler<SendOutcome> handler) { send(order, std::move(handler)); }) {}

    std::string_view kind() const noexcept override { return "boost"; }
    std::string id_of(const DealOrder& order) const override { return uuid_of(order); }
    AnswerLog& answers() noexcept override { return m_log; }

    void propose(const DealOrder& order, Handler<DealStatus> handler) override {
        if (auto right = f05_proposal(order); !right.ok()) return refuse(std::move(handler), right.error());
        m_flow.run(order, id_of(order), m_here([handler = std::move(handler)](Result<DealStatus> status) {
                       if (status.ok() && status->state == DealState::accepted)
                           status->state = DealState::awaiting_data;
                       handler(std::move(status));
                   }));
    }

    void provide(const DealOrder& order, Handler<DealStatus> handler) override {
        if (order.path.empty())
            return refuse(std::move(handler),
                          Error(ErrorCode::invalid_argument, "Boost reads the piece from a file, and there is none",
                                "let the daemon write piece files where boostd can read them"));
        look(order, [this, order, handler = std::move(handler)](Result<BoostDeal> deal) {
            if (!deal.ok()) return handler(std::move(deal).error());
            if (deal->status.state == DealState::unknown)
                return handler(Error(ErrorCode::not_found, "Boost has no deal " + id_of(order),
                                     "propose it first: fil-fil store"));
            if (deal->has_data || deal->status.state != DealState::awaiting_data)
                return handler(status_of(std::move(deal)));
            hand_over(order, handler);
        });
    }

    void status(const DealOrder& order, Handler<DealStatus> handler) override {
        look(order, [handler = std::move(handler)](Result<BoostDeal> deal) { handler(status_of(std::move(deal))); });
    }

    void publish_now(const DealOrder& order, Handler<DealStatus> handler) override {
        change(order, boost_publish_mutation(id_of(order)), "publishPendingDeals", std::move(handler));
    }

    void cancel(const DealOrder& order, Handler<DealStatus> handler) override {
        change(order, boost_cancel_mutation(id_of(order)), "dealCancel",
               [handler = std::move(handler)](Result<DealStatus> status) {
                   if (status.ok() && status->state == DealState::failed) status->state = DealState::cancelled;
                   handler(std::move(status));
               });
    }

    void preflight(const DealOrder& order, Handler<Preflight> handler) override {
        const auto rows = std::make_shared<Preflight>();
        ask(boost_facts_query(), {},
            [this, order, rows, handler = std::move(handler)](const Result<MarketAnswer>& answer) {
                auto facts = answer.ok() ? read_boost_facts(answer->body) : Result<BoostFacts>(answer.error());
                add_facts(order, facts, *rows);
                check_token(order, [rows, handler](PreflightRow row) {
                    rows->push_back(std::move(row));
                    handler(std::move(*rows));
                });
            });
    }

private:
    template <class T>
    void refuse(Handler<T> handler, Error why) {
        m_api.later({}, [handler = std::move(handler), why = std::move(why)] { handler(why); });
    }

    static Result<DealStatus> status_of(Result<BoostDeal> deal) {
        if (!deal.ok()) return std::move(deal).error();
        return std::move(deal->status);
    }

    /// An answer of GraphQL with the status 200.
    void ask(std::string body, std::string id, Handler<MarketAnswer> handler, bool again = true) {
        const MarketCall call{.method = "POST",
                              .fields = {{"Content-Type", "application/json"}},
                              .body = std::move(body),
                              .deal = std::move(id),
                              .again = again};
        m_graphql.call(call, m_here([this, call, handler = std::move(handler)](Result<MarketAnswer> answer) {
                           if (answer.ok() && answer->status != 200)
                               answer = m_graphql.error(
                                   answer->status >= 500 ? ErrorCode::io : ErrorCode::corrupt, call,
                                   "HTTP " + std::to_string(answer->status) + " ('" + rpc::excerpt(answer->body) + "')",
                                   "check Boost's GraphQL URL: it answers at :8080/graphql/query");
                           handler(std::move(answer));
                       }));
    }

    void look(const DealOrder& order, Handler<BoostDeal> handler) {
        const std::string id = id_of(order);
        ask(boost_deal_query(id), id, [id, handler = std::move(handler)](const Result<MarketAnswer>& answer) {
            if (!answer.ok()) return handler(answer.error());
            auto deal = read_boost_deal(answer->body);
            if (deal.ok() && !deal->status.id.empty() && deal->status.id != id)
                return handler(Error(ErrorCode::corrupt, "Boost's answer: it is about another deal",
                                     "check that nothing between here and Boost keeps answers"));
            if (deal.ok()) deal->status.id = id;
            handler(std::move(deal));
        });
    }

    /// A call of JSON-RPC, sent once.
    void change_by_rpc(const std::string& method, const rpc::Json& params, std::string id,
                       Handler<BoostAnswer> handler) {
        MarketCall call{.method = "POST",
                        .fields = {{"Content-Type", "application/json"}},
                        .body = boost_call(method, params),
                        .deal = std::move(id),
                        .again = false};
        if (!m_token.empty()) call.fields.emplace_back("Authorization", "Bearer " + m_token);
        m_api.call(call, m_here([this, call, method, handler = std::move(handler)](const Result<MarketAnswer>& answer) {
                       if (!answer.ok()) return handler(answer.error());
                       if (answer->status == 401 || answer->status == 403)
                           return handler(denied(call, "HTTP " + std::to_string(answer->status)));
                       auto read = read_boost_answer(answer->body);
                       if (!read.ok())
                           return handler(m_api.error(
                               answer->status >= 500 ? ErrorCode::io : read.error().code, call,
                               method + ": HTTP " + std::to_string(answer->status) + ": " + read.error().message,
                               "check Boost's JSON-RPC URL: it answers at :1288/rpc/v0"));
                       if (read->reason.find("missing permission") != std::string::npos)
                           return handler(denied(call, read->reason));
                       handler(std::move(read));
                   }));
    }

    /// go-jsonrpc's auth: a token that is none is HTTP 401, one without the permission an error with these words.
    [[nodiscard]] Error denied(const MarketCall& call, const std::string& said) const {
        return m_api.error(ErrorCode::denied, call, "Boost does not accept the token (" + rpc::excerpt(said) + ")",
                           "make one with boostd auth create-token --perm admin");
    }

    void send(const DealOrder& order, Handler<SendOutcome> handler) {
        auto params = boost_deal_params(order, m_letter);
        if (!params.ok()) return handler(std::move(params).error());
        change_by_rpc("Filecoin.BoostDummyDeal", *params, id_of(order),
                      [handler = std::move(handler)](Result<BoostAnswer> answer) {
                          using Kind = SendOutcome::Kind;
                          if (!answer.ok()) return handler(std::move(answer).error());
                          if (answer->accepted || f05_has_it(answer->reason))
                              return handler(SendOutcome{Kind::taken, {}});
                          Refusal why = f05_refusal(answer->reason);
                          // What went wrong in Boost may have gone wrong behind its database.
                          const bool open = why.name == "market_failed" || answer->reason.starts_with("failed to");
                          const bool told = answer->reason.starts_with("failed validation");
                          handler(SendOutcome{open && !told ? Kind::open : Kind::refused, std::move(why)});
                      });
    }

    void hand_over(const DealOrder& order, const Handler<DealStatus>& handler) {
        change_by_rpc("Filecoin.BoostOfflineDealWithData", boost_data_params(order), id_of(order),
                      [this, order, handler](Result<BoostAnswer> answer) {
                          if (!answer.ok()) return handler(std::move(answer).error());
                          DealStatus out{
                              .id = id_of(order), .state = DealState::processing, .said = "the piece's file is known"};
                          if (answer->accepted) return handler(std::move(out));
                          if (answer->reason.find("has already been imported") != std::string::npos)
                              return status(order, handler);
                          out.state = DealState::awaiting_data;
                          out.said = rpc::excerpt(answer->reason, 300);
                          out.why = f05_refusal(answer->reason);
                          handler(std::move(out));
                      });
    }

    /// A mutation, and then where the deal is.
    void change(const DealOrder& order, std::string mutation, const std::string& field, Handler<DealStatus> handler) {
        const std::string id = id_of(order);
        ask(
            std::move(mutation), id,
            [this, order, id, field, handler = std::move(handler)](const Result<MarketAnswer>& answer) {
                if (!answer.ok()) return handler(answer.error());
                const auto named = read_boost_names(answer->body, field, id);
                if (!named.ok()) return handler(named.error());
                // A deal that waits for nothing is not named, which is no harm.
                status(order, handler);
            },
            false);
    }

    void check_token(const DealOrder& order, std::function<void(PreflightRow)> handler) {
        // It has no deal of this name, or it has: either shows that the token is good.
        change_by_rpc("Filecoin.BoostDeal", rpc::Json::array({id_of(order)}), id_of(order),
                      [this, handler = std::move(handler)](const Result<BoostAnswer>& answer) {
                          PreflightRow row{.what = "Boost's JSON-RPC lets this daemon in",
                                           .found = m_api.place(),
                                           .why = "deals and files are handed over there"};
                          const bool deal =
                              !answer.ok() && answer.error().message.find("Accepted") != std::string::npos;
                          row.state = answer.ok() || deal ? State::good : State::bad;
                          if (row.state == State::bad) {
                              row.found = answer.error().message;
                              row.fix = answer.error().remedy;
                          }
                          handler(std::move(row));
                      });
    }

    void add_facts(const DealOrder& order, const Result<BoostFacts>& facts, Preflight& rows) const {
        PreflightRow reach{"Boost can be reached", State::good, m_graphql.place(),
                           "without it no piece gets into the sealing pipeline", ""};
        if (!facts.ok()) {
            reach.state = State::bad;
            reach.found = facts.error().message;
            reach.fix = facts.error().remedy;
            rows.push_back(std::move(reach));
            return;
        }
        rows.push_back(std::move(reach));
        const auto row = [&](std::string what, bool good, std::string found, std::string why, std::string fix) {
            rows.push_back({std::move(what), good ? State::good : State::bad, std::move(found), std::move(why),
                            good ? "" : std::move(fix)});
        };
        const auto miner = chain::Address::parse(facts->miner);
        row("Boost serves this miner", miner.ok() && *miner == order.provider, rpc::excerpt(facts->miner),
            "the contract elects a miner, not a market", "name the Boost of " + order.provider.text(m_letter));
        row("Boost runs on lotus-miner", !facts->on_curio, facts->on_curio ? "on Curio" : "on lotus-miner",
            "Curio does not support Boost as its adapter any more", "use Curio's own market: curio-mk20");
        row("the ask takes deals without a price", facts->free, facts->free ? "its price is 0" : "it asks for a price",
            "the contract pays by itself: its deals cost f05 nothing",
            "set the price to 0: boostx or Boost's web page, Storage ask");
        row("the ask takes pieces of this size",
            facts->least_piece <= order.padded_size && order.padded_size <= facts->largest_piece,
            format_size(facts->least_piece) + " to " + format_size(facts->largest_piece) + ", the piece has " +
                format_size(order.padded_size),
            "Boost refuses pieces outside of it", "widen the ask in Boost's web page, Storage ask");
        row("the provider's collateral is in f05", facts->escrow >= order.collateral, facts->escrow.text() + " attoFIL",
            "f05 locks " + order.collateral.text() + " attoFIL when the deal is published",
            "move funds to escrow in Boost's web page, Funds");
        row("the publishing wallet has funds", !facts->publisher.zero(), facts->publisher.text() + " attoFIL",
            "publishing a deal is a message that costs gas", "send FIL to the wallet PublishStorageDeals of Boost");
    }

    std::string m_token;
    char m_letter;
    AnswerLog m_log;
    MarketCaller m_api;
    MarketCaller m_graphql;
    ProposeFlow m_flow;
    incentive::Lifeline m_here;
};

}    // namespace

std::unique_ptr<DealBackend> make_boost_backend(World& world, BoostOptions options) {
    return std::make_unique<BoostBackend>(world, std::move(options));
}

}    // namespace filfil::market
