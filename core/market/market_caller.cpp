// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "market/market_caller.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

namespace filfil::market {
namespace {

/// What may be gone a moment later.
bool may_pass(int status) noexcept { return status == 429 || status >= 500; }

std::optional<unsigned> digits(std::string_view text) noexcept {
    unsigned out = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return out;
}

bool begins_with(std::string_view text, std::string_view front) noexcept {
    return text.size() >= front.size() && std::equal(front.begin(), front.end(), text.begin(), [](char lower, char c) {
               return lower == (c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
           });
}

}    // namespace

bool is_web_page(const HttpFields& fields, std::string_view body) noexcept {
    if (const auto type = find_field(fields, "Content-Type"); type && begins_with(*type, "text/html")) return true;
    while (!body.empty() &&
           (body.front() == ' ' || body.front() == '\n' || body.front() == '\r' || body.front() == '\t'))
        body.remove_prefix(1);
    return begins_with(body, "<!doctype") || begins_with(body, "<html");
}

std::optional<Clock::Duration> read_http_date(std::string_view text) noexcept {
    // "Fri, 27 Nov 2026 13:00:00 GMT"
    constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    if (text.size() != 29 || !text.ends_with(" GMT") || text.substr(3, 2) != ", ") return std::nullopt;
    const auto day = digits(text.substr(5, 2));
    const auto* const month = std::ranges::find(months, text.substr(8, 3));
    const auto year = digits(text.substr(12, 4));
    const auto hour = digits(text.substr(17, 2));
    const auto minute = digits(text.substr(20, 2));
    const auto second = digits(text.substr(23, 2));
    if (!day || month == months.end() || !year || !hour || !minute || !second) return std::nullopt;
    if (*year < 1970 || *year > 2200 || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
    const std::chrono::year_month_day date(std::chrono::year(static_cast<int>(*year)),
                                           std::chrono::month(static_cast<unsigned>(month - months.begin()) + 1),
                                           std::chrono::day(*day));
    if (!date.ok()) return std::nullopt;
    return std::chrono::sys_days(date).time_since_epoch() + std::chrono::hours(*hour) + std::chrono::minutes(*minute) +
           std::chrono::seconds(*second);
}

MarketCaller::MarketCaller(World& world, Url base, std::string name, CallLimits limits, AnswerLog& log)
    : m_world(world), m_base(std::move(base)), m_name(std::move(name)), m_limits(limits), m_log(log) {
    while (m_base.target.ends_with('/')) m_base.target.pop_back();
}

std::string MarketCaller::path_of(const MarketCall& call) const {
    std::string out = m_base.target + call.path;
    return out.empty() ? "/" : out;
}

Error MarketCaller::error(ErrorCode code, const MarketCall& call, const std::string& what, std::string remedy) const {
    return {code, m_name + " at " + text_of(m_base, true) + ": " + call.method + " " + path_of(call) + ": " + what,
            std::move(remedy)};
}

Clock::Duration MarketCaller::wait_before(unsigned next_try) const noexcept {
    return m_limits.first_wait * (1U << std::min(next_try - 1, 6U));
}

void MarketCaller::later(Clock::Duration wait, std::function<void()> task) {
    m_world.loop.post_after(wait,
                            [guarded = m_here([task = std::move(task)](int) { task(); })]() mutable { guarded(0); });
}

void MarketCaller::call(MarketCall call, Handler<MarketAnswer> handler) {
    const auto work = std::make_shared<Work>(Work{std::move(call), std::move(handler)});
    later({}, [this, work] { begin(work); });
}

void MarketCaller::begin(const std::shared_ptr<Work>& work) {
    ++work->tries;
    if (!m_authorize) return send(work, {});
    m_authorize(work->call.method, path_of(work->call), m_here([this, work](const Result<HttpFields>& fields) {
                    if (!fields.ok()) {
                        note(*work, 0, fields.error().message);
                        work->handler(fields.error());
                        return;
                    }
                    send(work, *fields);
                }));
}

void MarketCaller::send(const std::shared_ptr<Work>& work, const HttpFields& authorization) {
    Url url = m_base;
    url.target = path_of(work->call);
    HttpRequest request{
        .method = work->call.method, .target = url.target, .fields = work->call.fields, .body = work->call.body};
    request.fields.insert(request.fields.end(), authorization.begin(), authorization.end());
    ClientOptions options;
    options.connect_timeout = m_limits.connect_timeout;
    options.answer_timeout = m_limits.answer_timeout;
    options.body_limit = m_limits.answer_bytes;
    auto guarded = m_here(
        [this, work](const std::shared_ptr<Result<HttpResponse>>& response) { answered(work, std::move(*response)); });
    m_world.transport.request(url, std::move(request), options,
                              [&loop = m_world.loop, guarded](Result<HttpResponse> response) {
                                  const auto kept = std::make_shared<Result<HttpResponse>>(std::move(response));
                                  loop.post([guarded, kept]() mutable { guarded(kept); });
                              });
}

void MarketCaller::answered(const std::shared_ptr<Work>& work, Result<HttpResponse> response) {
    const bool again = work->call.again && work->tries < m_limits.tries;
    if (!response.ok()) {
        Error why = std::move(response).error();
        note(*work, 0, why.message);
        if (again && why.code == ErrorCode::io) return later(wait_before(work->tries), [this, work] { begin(work); });
        if (why.remedy.empty()) why.remedy = "check that " + m_name + " is running and that its URL is right";
        work->handler(error(why.code, work->call, why.message, why.remedy));
        return;
    }
    note(*work, response->status, response->body);
    if (const auto date = find_field(response->fields, "Date"))
        if (const auto time = read_http_date(*date)) m_ahead = *time - m_world.clock.wall();
    if (again && may_pass(response->status)) return later(wait_before(work->tries), [this, work] { begin(work); });
    if (is_web_page(response->fields, response->body))
        return work->handler(
            error(ErrorCode::corrupt, work->call,
                  "HTTP " + std::to_string(response->status) + " with a web page, which no market sends",
                  "check the market's URL, and what a proxy before " + m_name + " does with it"));
    work->handler(MarketAnswer{response->status, std::move(response->fields), std::move(response->body)});
}

void MarketCaller::note(const Work& work, int status, std::string said) {
    m_log.add({.at = m_world.clock.wall(),
               .deal = work.call.deal,
               .asked = work.call.method + " " + path_of(work.call),
               .status = status,
               .said = std::move(said)});
}

}    // namespace filfil::market
