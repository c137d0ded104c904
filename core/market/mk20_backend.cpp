// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "market/mk20_backend.hpp"

#include "market/mk20_wire.hpp"
#include "market/propose_flow.hpp"

#include <algorithm>
#include <cctype>
#include <string>
#include <utility>

namespace filfil::market {
namespace {

using State = PreflightRow::State;

bool same_letters(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b,
                              [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

PreflightRow row_of_error(std::string what, std::string why, const Error& error) {
    return {std::move(what), State::bad, error.message, std::move(why), error.remedy};
}

class Mk20Backend final : public DealBackend {
public:
    Mk20Backend(World& world, incentive::Ask ask, Mk20Options options)
        : m_world(world),
          m_options(std::move(options)),
          m_signer(std::move(ask), m_options.wallet, m_options.letter),
          m_caller(world, m_options.market, "Curio", m_options.limits, m_log),
          m_flow(
              m_caller,
              [this](const DealOrder& order, Handler<DealStatus> handler) { look(id_of(order), std::move(handler)); },
              [this](const DealOrder& order, Handler<SendOutcome> handler) { send(order, std::move(handler)); }) {
        m_caller.authorize_with(
            [this](const std::string& method, const std::string& path, Handler<HttpFields> handler) {
                const auto digest = curio_auth_digest(m_signer.wallet(), method, path, m_world.clock.wall());
                m_signer.sign(
                    digest, m_here([this, handler = std::move(handler)](const Result<Bytes>& signature) {
                        if (!signature.ok()) return handler(signature.error());
                        handler(HttpFields{{"Authorization", curio_authorization(m_signer.wallet(), *signature)}});
                    }));
            });
    }

    std::string_view kind() const noexcept override { return "curio-mk20"; }
    std::string id_of(const DealOrder& order) const override { return ulid_of(order); }
    AnswerLog& answers() noexcept override { return m_log; }

    void propose(const DealOrder& order, Handler<DealStatus> handler) override {
        if (auto right = check(order); !right.ok()) return refuse(std::move(handler), right.error());
        m_flow.run(order, id_of(order), m_here(std::move(handler)));
    }

    void status(const DealOrder& order, Handler<DealStatus> handler) override {
        look(id_of(order), m_here(std::move(handler)));
    }

    void cancel(const DealOrder&, Handler<DealStatus> handler) override {
        refuse(std::move(handler), Error(ErrorCode::unsupported, "Curio's mk20 market has no way to take a deal back",
                                         "remove it on the page MK20 of Curio"));
    }

    void preflight(const DealOrder& order, Handler<Preflight> handler) override {
        if (auto right = check(order); !right.ok()) return refuse(std::move(handler), right.error());
        const auto work = std::make_shared<Checks>();
        work->order = order;
        work->handler = m_here(std::move(handler));
        ask("/products", "products", [this, work](const Result<std::vector<std::string>>& names) {
            check_products(*work, names);
            if (!work->reached) return work->handler(std::move(work->rows));
            ask("/sources", "sources", [this, work](const Result<std::vector<std::string>>& sources) {
                check_sources(*work, sources);
                ask("/contracts", "contracts", [work](const Result<std::vector<std::string>>& contracts) {
                    check_contracts(*work, contracts);
                    add_untold(*work);
                    work->handler(std::move(work->rows));
                });
            });
        });
    }

private:
    struct Checks {
        DealOrder order;
        Handler<Preflight> handler;
        Preflight rows;
        bool reached = true;
    };

    template <class T>
    void refuse(Handler<T> handler, Error why) {
        m_caller.later({}, [handler = std::move(handler), why = std::move(why)] { handler(why); });
    }

    /// What the market knows of the deal.
    /// @param wallet_known Curio has just taken a signature
    void look(const std::string& id, Handler<DealStatus> handler, bool wallet_known = false) {
        const MarketCall call{.path = "/status/" + id, .deal = id};
        m_caller.call(
            call, m_here([this, id, call, wallet_known, handler = std::move(handler)](Result<MarketAnswer> answer) {
                if (!answer.ok()) return handler(std::move(answer).error());
                if (answer->status == 200) {
                    auto status = read_mk20_status(answer->body);
                    if (!status.ok())
                        return handler(
                            m_caller.error(status.error().code, call, status.error().message, status.error().remedy));
                    status->id = id;
                    handler(std::move(*status));
                    return;
                }
                const bool unknown = answer->status == 401 || answer->status == 404;
                if (!unknown) return handler(refused(call, *answer));
                if (wallet_known) return handler(DealStatus{.id = id});
                tell_apart(id, handler);
            }));
    }

    /// Is it the deal that Curio does not know, or the wallet, or is it not Curio that answers there? The clock may
    /// have been put right between the two: only what is not known behind a signature that was taken is not there.
    void tell_apart(const std::string& id, Handler<DealStatus> handler) {
        const MarketCall call{.path = "/products", .deal = id};
        m_caller.call(call, m_here([this, id, call, handler = std::move(handler)](const Result<MarketAnswer>& answer) {
                          if (!answer.ok()) return handler(answer.error());
                          if (answer->status == 200) return look(id, handler, true);
                          handler(refused(call, *answer));
                      }));
    }

    void send(const DealOrder& order, Handler<SendOutcome> handler) {
        auto body = mk20_deal_body(order, {.client = m_signer.name(),
                                           .letter = m_options.letter,
                                           .indexing = m_options.indexing,
                                           .announce = m_options.announce});
        if (!body.ok()) return handler(std::move(body).error());
        MarketCall call{.method = "POST",
                        .path = "/deal",
                        .fields = {{"Content-Type", "application/json"}},
                        .body = std::move(*body),
                        .deal = id_of(order),
                        .again = false};
        m_caller.call(
            std::move(call), m_here([handler = std::move(handler)](const Result<MarketAnswer>& answer) {
                if (!answer.ok()) return handler(answer.error());
                using Kind = SendOutcome::Kind;
                // Go writes "Reason: " and nothing where there is none.
                if (answer->status == 200 && answer->body.starts_with("Reason:"))
                    return handler(SendOutcome{Kind::taken, {}});
                const bool open = mk20_leaves_open(answer->status);
                handler(SendOutcome{open ? Kind::open : Kind::refused, mk20_refusal(answer->status, answer->body)});
            }));
    }

    [[nodiscard]] Error refused(const MarketCall& call, const MarketAnswer& answer) const {
        const Refusal why = mk20_refusal(answer.status, answer.body);
        const bool away = why.passing || answer.status >= 500;
        const bool denied = answer.status == 401 || answer.status == 403;
        return m_caller.error(away     ? ErrorCode::io
                              : denied ? ErrorCode::denied
                                       : ErrorCode::corrupt,
                              call, why.sentence, why.remedy);
    }

    void ask(const std::string& path, const std::string& field, Handler<std::vector<std::string>> handler) {
        const MarketCall call{.path = path};
        m_caller.call(
            call, m_here([this, field, call, handler = std::move(handler)](const Result<MarketAnswer>& answer) {
                if (!answer.ok()) return handler(answer.error());
                if (answer->status != 200) return handler(refused(call, *answer));
                auto names = read_mk20_names(answer->body, field);
                if (!names.ok())
                    return handler(
                        m_caller.error(names.error().code, call, names.error().message, names.error().remedy));
                handler(std::move(names));
            }));
    }

    static PreflightRow in_list(std::string what, std::string why, std::string fix,
                                const std::vector<std::string>& list, std::string_view name) {
        const bool there = std::ranges::find(list, name) != list.end();
        return {std::move(what), there ? State::good : State::bad,
                there ? "turned on" : "turned off or unknown to this Curio", std::move(why),
                there ? "" : std::move(fix)};
    }

    void check_products(Checks& work, const Result<std::vector<std::string>>& names) {
        const bool denied = !names.ok() && names.error().code == ErrorCode::denied;
        if (!names.ok() && !denied) {
            work.reached = false;
            work.rows.push_back(row_of_error("Curio's market can be reached",
                                             "without it no piece gets into the sealing pipeline", names.error()));
            return;
        }
        work.rows.push_back({"Curio's market can be reached", State::good, m_caller.place(),
                             "without it no piece gets into the sealing pipeline", ""});
        check_clock(work);
        const std::string what = "Curio lets the wallet in";
        const std::string why = "every request is signed by the wallet, which is the deals' client";
        if (denied) {
            work.reached = false;
            work.rows.push_back(row_of_error(what, why, names.error()));
            return;
        }
        work.rows.push_back({what, State::good, m_signer.name(), why, ""});
        work.rows.push_back(in_list("direct data onboarding is turned on", "the deal is a ddo_v1 deal",
                                    "turn on the product ddo_v1 on the page MK20 of Curio", *names, "ddo_v1"));
        work.rows.push_back(in_list("the retrieval product is turned on", "Curio takes no ddo_v1 deal without it",
                                    "turn on the product retrieval_v1 on the page MK20 of Curio", *names,
                                    "retrieval_v1"));
    }

    void check_clock(Checks& work) const {
        PreflightRow row{.what = "this machine's clock agrees with Curio's",
                         .why = "Curio takes a signature of the minute before, this one and the next only"};
        if (const auto ahead = m_caller.clock_ahead()) {
            const double seconds = std::chrono::duration<double>(*ahead).count();
            const double off = seconds < 0 ? -seconds : seconds;
            row.state = off < 20 ? State::good : off < 55 ? State::warning : State::bad;
            row.found = std::to_string(static_cast<long>(seconds)) + " s apart";
            if (off >= 20) row.fix = "let both machines keep their clocks by NTP";
        } else {
            row.found = "Curio's answers have no date";
        }
        work.rows.push_back(std::move(row));
    }

    static void check_sources(Checks& work, const Result<std::vector<std::string>>& names) {
        const std::string what = "Curio takes offline data";
        const std::string why = "it fetches the piece from this daemon's piece locator";
        if (!names.ok()) {
            work.rows.push_back(row_of_error(what, why, names.error()));
            return;
        }
        work.rows.push_back(
            in_list(what, why, "turn on the data source 'offline' on the page MK20 of Curio", *names, "offline"));
    }

    static void check_contracts(Checks& work, const Result<std::vector<std::string>>& names) {
        const std::string own = work.order.contract.text();
        PreflightRow row{
            .what = "the contract is allowed in Curio",
            .why = "Curio takes deals of contracts on its list only, and compares the address letter by letter"};
        if (!names.ok()) {
            work.rows.push_back(row_of_error(row.what, row.why, names.error()));
            return;
        }
        if (std::ranges::find(*names, own) != names->end()) {
            row.state = State::good;
            row.found = own;
        } else {
            const auto near = std::ranges::find_if(*names, [&](const auto& name) { return same_letters(name, own); });
            row.state = State::bad;
            row.found =
                near == names->end() ? "it is not on the list of allowed contracts" : "the list has it as " + *near;
            row.fix = near == names->end() ? "add " + own + " to DDO Contracts on the page MK20 of Curio, and allow it"
                                           : "remove it there and add it as " + own;
        }
        work.rows.push_back(std::move(row));
    }

    /// What matters and Curio does not tell.
    static void add_untold(Checks& work) {
        work.rows.push_back({"Curio snaps deals into sectors that are there", State::unknown,
                             "Curio does not tell this to others",
                             "sealing a new sector takes hours longer than the window may be open",
                             "set [Ingest] DoSnap = true, and run a node with the layer 'upgrade'"});
        work.rows.push_back(
            {"Curio asks this daemon for pieces", State::unknown, "Curio does not tell this to others",
             "the piece's bytes come from the daemon's piece locator",
             "add [[Market.StorageMarketConfig.PieceLocator]] with the daemon's retrieval address and "
             "/pieces as its URL, and its token in Headers; allow the host in [Ingest] SSRFAllowedHosts"});
    }

    World& m_world;
    Mk20Options m_options;
    AnswerLog m_log;
    NodeSigner m_signer;
    MarketCaller m_caller;
    ProposeFlow m_flow;
    incentive::Lifeline m_here;
};

}    // namespace

Result<std::unique_ptr<DealBackend>> make_mk20_backend(World& world, incentive::Ask ask, Mk20Options options) {
    if (curio_key_type(options.wallet).empty())
        return Error(ErrorCode::invalid_argument,
                     "Curio: the wallet " + options.wallet.text(options.letter) + " has no key",
                     "name it by the address of its key (f1…, f3… or f410…), not by its number");
    return std::unique_ptr<DealBackend>(std::make_unique<Mk20Backend>(world, std::move(ask), std::move(options)));
}

}    // namespace filfil::market
