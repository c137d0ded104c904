// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/world.hpp"
#include "incentive/lifeline.hpp"
#include "market/answer_log.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace filfil::market {

struct CallLimits {
    Clock::Duration connect_timeout = std::chrono::seconds(10);

    /// Curio gives up on its own work after 10 s.
    Clock::Duration answer_timeout = std::chrono::seconds(20);
    std::uint64_t answer_bytes = 1024 * 1024;
    unsigned tries = 4;                                      ///< of what may be asked again
    Clock::Duration first_wait = std::chrono::seconds(2);    ///< before the second try; twice as long before each next
};

struct MarketCall {
    std::string method = "GET";
    std::string path{};    ///< behind the base URL's: "/deal"
    HttpFields fields{};
    std::string body{};
    std::string deal{};    ///< for the record
    bool again = true;     ///< may be sent again where no answer or a passing one comes
};

struct MarketAnswer {
    int status = 0;
    HttpFields fields{};
    std::string body{};
};

/// Sends requests to a market node, with time-outs, again where that is allowed, and keeps each answer. On the loop
/// only; handlers are called there, none of them inside the call or after it was destroyed.
class MarketCaller {
public:
    template <class T>
    using Handler = std::function<void(Result<T>)>;

    /// Makes the fields that let a request in, anew for each try: they may hold the time.
    using Authorize =
        std::function<void(const std::string& method, const std::string& path, Handler<HttpFields> handler)>;

    /// @param base without a slash at its end, where its path is not "/"
    /// @param name stands in errors: "Curio"
    MarketCaller(World& world, Url base, std::string name, CallLimits limits, AnswerLog& log);

    void authorize_with(Authorize authorize) { m_authorize = std::move(authorize); }

    /// @param handler any answer, whatever its status; an Error where none came or it is a web page (corrupt)
    void call(MarketCall call, Handler<MarketAnswer> handler);

    /// The n-th wait between tries, from 1.
    [[nodiscard]] Clock::Duration wait_before(unsigned next_try) const noexcept;

    /// Runs `task` on the loop after a while, unless this is gone by then.
    void later(Clock::Duration wait, std::function<void()> task);

    [[nodiscard]] const CallLimits& limits() const noexcept { return m_limits; }

    /// How far the market's clock is ahead of this machine's, by its latest answer that tells the time (to the second).
    [[nodiscard]] std::optional<Clock::Duration> clock_ahead() const noexcept { return m_ahead; }

    [[nodiscard]] Error error(ErrorCode code, const MarketCall& call, const std::string& what,
                              std::string remedy = {}) const;
    [[nodiscard]] const std::string& name() const noexcept { return m_name; }

    /// Where requests go, for people.
    [[nodiscard]] std::string place() const { return text_of(m_base, true); }

private:
    struct Work {
        MarketCall call;
        Handler<MarketAnswer> handler;
        unsigned tries = 0;
    };

    void begin(const std::shared_ptr<Work>& work);
    void send(const std::shared_ptr<Work>& work, const HttpFields& authorization);
    void answered(const std::shared_ptr<Work>& work, Result<HttpResponse> response);
    void note(const Work& work, int status, std::string said);
    [[nodiscard]] std::string path_of(const MarketCall& call) const;

    World& m_world;
    Url m_base;
    std::string m_name;
    CallLimits m_limits;
    AnswerLog& m_log;
    Authorize m_authorize;
    std::optional<Clock::Duration> m_ahead;
    incentive::Lifeline m_here;
};

/// Whether it is a web page: a proxy's, or of something else than a market.
bool is_web_page(const HttpFields& fields, std::string_view body) noexcept;

/// The time of a Date field (RFC 9110 section 5.6.7, the form that servers make), since 1970. Nothing where it is none.
std::optional<Clock::Duration> read_http_date(std::string_view text) noexcept;

}    // namespace filfil::market
