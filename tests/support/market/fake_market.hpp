// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/clock.hpp"
#include "base/executor.hpp"
#include "base/transport.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace filfil::market {

/// What can be wrong with a market node, each to be switched on and off at any time.
struct Traps {
    bool silent = false;                     ///< takes requests and never answers
    bool web_page = false;                   ///< answers HTML to all, as a proxy does before a market that is down
    std::optional<HttpResponse> always{};    ///< in place of every answer; nothing is done
    Clock::Duration slow{};                  ///< answers so much later
    unsigned lose_answers = 0;    ///< the next so many requests that change something are done, and not answered
    unsigned fail_after = 0;      ///< the next so many of them are done, and answered by 503 (Curio's own time-out)
    unsigned fail_before = 0;     ///< the next so many of them are not done, and answered by 500
    std::optional<std::string> reject{};         ///< every proposal is refused with this reason…
    int reject_status = 400;                     ///< …and this status, where the market has one
    std::optional<std::string> fails_later{};    ///< what is accepted fails with this when it is to go on
    bool backpressure = false;
    Clock::Duration clock_ahead{};    ///< the market's clock is wrong by that
};

/// One deal that a fake has.
struct FakeDeal {
    std::string id{};
    std::string client{};
    std::string piece{};    ///< its CID as the locator is asked for it
    std::uint64_t payload_size = 0;
    std::uint64_t contract_deal = 0;    ///< the contract's number, where the market is told it
    std::string proposal{};             ///< the CID of f05's proposal, or as it came
    Bytes terms{};                      ///< f05's proposal, as DAG-CBOR
    unsigned step = 0;                  ///< how far it is: 0 accepted, 1 fetching, 2 sealing, 3 proven, 4 complete
    bool fetched = false;
    std::string path{};     ///< of its file, for Boost
    std::string error{};    ///< it has failed
};

/// What fakes of markets have in common: an HTTP server on one executor whose deals go on a step each time it is told
/// to. Everything is touched on the executor only; handle() may be called on any thread.
class FakeMarket : public HttpServer {
public:
    /// @param executor must outlive it; runs one task at a time
    FakeMarket(Executor& executor, const Clock& clock, Transport& transport)
        : m_executor(executor), m_clock(clock), m_transport(transport) {}

    Traps traps{};

    /// Where pieces are fetched, by ranges: "?id=CID" is put behind it. Nothing: they are there already.
    std::optional<Url> locator{};
    HttpFields locator_fields{};

    /// Told of each piece that has been fetched, and of each deal whose sector is proven.
    std::function<void(const FakeDeal&, const std::string& bytes)> on_piece{};
    std::function<void(const FakeDeal&)> on_published{};    ///< of f05's deals
    std::function<void(const FakeDeal&)> on_proven{};

    /// Every deal that is not over goes on by one step, as far as it can.
    void advance();

    // What came of it
    [[nodiscard]] const std::map<std::string, FakeDeal>& deals() const noexcept { return m_deals; }
    [[nodiscard]] std::size_t accepted() const noexcept { return m_accepted; }    ///< proposals, ever
    [[nodiscard]] std::size_t requests(std::string_view path_part) const;
    [[nodiscard]] const std::vector<std::string>& fetch_errors() const noexcept { return m_fetch_errors; }
    [[nodiscard]] std::size_t ranges() const noexcept { return m_ranges; }    ///< that pieces were pulled by, ever

    /// The market forgets a deal.
    void forget(const std::string& id) { m_deals.erase(id); }

    void handle(HttpRequest request, Respond respond) override;
    std::optional<HttpResponse> refuse_socket(const HttpRequest&) override { return HttpResponse{.status = 404}; }
    SocketEvents open_socket(std::shared_ptr<WebSocket>, const HttpRequest&) override { return {}; }

protected:
    virtual HttpResponse answer(const HttpRequest& request) = 0;

    /// Whether a request changes something.
    [[nodiscard]] virtual bool changes(const HttpRequest& request) const = 0;

    /// @return whether it may go on from where it is
    [[nodiscard]] virtual bool may_go_on(const FakeDeal&) const { return true; }

    /// Puts one there. @return false where there is one of that id
    bool add(FakeDeal deal);
    FakeDeal* find(const std::string& id);
    [[nodiscard]] const Clock& clock() const noexcept { return m_clock; }

private:
    void serve(const HttpRequest& request, const Respond& respond);
    /// A piece that is being pulled.
    struct Pull {
        std::string id;    ///< of the deal
        Url url;
        std::uint64_t size = 0;
        std::string bytes{};    ///< so far
    };
    using Answered = std::function<void(const HttpResponse&)>;

    void fetch(const std::string& id);
    void ask(const std::shared_ptr<Pull>& pull, const char* method, const std::string& range, Answered then);
    void next_range(const std::shared_ptr<Pull>& pull);
    void give_up(const Pull& pull, std::string why);
    void fetched(const Pull& pull);

    Executor& m_executor;
    const Clock& m_clock;
    Transport& m_transport;
    std::map<std::string, FakeDeal> m_deals;
    std::size_t m_accepted = 0;
    std::vector<std::string> m_paths;
    std::vector<Respond> m_lost;
    std::vector<std::string> m_fetch_errors;
    std::set<std::string> m_pulling;    ///< deals
    std::size_t m_ranges = 0;
    std::shared_ptr<int> m_alive = std::make_shared<int>(0);
};

/// "Fri, 27 Nov 2026 13:00:00 GMT"
std::string http_date(Clock::Duration wall);

/// An answer as Go's http.Error gives it.
HttpResponse go_error(int status, std::string text);

}    // namespace filfil::market
