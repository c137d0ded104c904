// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "fake_market.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <utility>

namespace filfil::market {

std::string http_date(Clock::Duration wall) {
    constexpr std::array<const char*, 7> days = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array<const char*, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto time = std::chrono::floor<std::chrono::seconds>(wall);
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::sys_days date(day);
    const std::chrono::year_month_day ymd(date);
    const auto seconds = static_cast<int>((time - day).count());
    std::array<char, 64> out{};
    std::snprintf(out.data(), out.size(), "%s, %02u %s %04d %02d:%02d:%02d GMT",
                  days[std::chrono::weekday(date).c_encoding()], static_cast<unsigned>(ymd.day()),
                  months[static_cast<unsigned>(ymd.month()) - 1], static_cast<int>(ymd.year()), seconds / 3600,
                  seconds / 60 % 60, seconds % 60);
    return out.data();
}

HttpResponse go_error(int status, std::string text) {
    return {
        .status = status, .fields = {{"Content-Type", "text/plain; charset=utf-8"}}, .body = std::move(text) + "\n"};
}

std::size_t FakeMarket::requests(std::string_view path_part) const {
    return static_cast<std::size_t>(std::ranges::count_if(
        m_paths, [&](const std::string& path) { return path.find(path_part) != std::string::npos; }));
}

bool FakeMarket::add(FakeDeal deal) {
    const std::string id = deal.id;
    if (!m_deals.emplace(id, std::move(deal)).second) return false;
    ++m_accepted;
    return true;
}

FakeDeal* FakeMarket::find(const std::string& id) {
    const auto found = m_deals.find(id);
    return found == m_deals.end() ? nullptr : &found->second;
}

void FakeMarket::handle(HttpRequest request, Respond respond) {
    m_executor.post([this, alive = std::weak_ptr<int>(m_alive),
                     kept = std::make_shared<HttpRequest>(std::move(request)), respond = std::move(respond)] {
        if (!alive.expired()) serve(*kept, respond);
    });
}

void FakeMarket::serve(const HttpRequest& request, const Respond& respond) {
    m_paths.push_back(request.method + " " + request.target + " " + request.body.substr(0, 200));
    const auto lose = [&] { m_lost.push_back(respond); };
    if (traps.silent) return lose();
    HttpResponse response;
    if (traps.web_page) {
        response = {
            .status = 200, .fields = {{"Content-Type", "text/html"}}, .body = "<!DOCTYPE html><html>welcome</html>"};
    } else if (traps.always) {
        response = *traps.always;
    } else if (changes(request) && traps.fail_before > 0) {
        --traps.fail_before;
        response = go_error(500, "");
    } else {
        response = answer(request);
        if (changes(request) && traps.lose_answers > 0) {
            --traps.lose_answers;
            return lose();
        }
        if (changes(request) && traps.fail_after > 0) {
            --traps.fail_after;
            response = {.status = 503, .body = "request timeout"};
        }
    }
    response.fields.emplace_back("Date", http_date(m_clock.wall() + traps.clock_ahead));
    if (traps.slow == Clock::Duration{}) return respond(std::move(response));
    m_executor.post_after(traps.slow, [respond, kept = std::make_shared<HttpResponse>(std::move(response))] {
        respond(std::move(*kept));
    });
}

void FakeMarket::advance() {
    for (auto& [id, deal] : m_deals) {
        if (!deal.error.empty() || deal.step >= 4 || !may_go_on(deal)) continue;
        if (traps.fails_later && deal.step >= 1) {
            deal.error = *traps.fails_later;
            continue;
        }
        if (deal.step == 1 && !deal.fetched && locator) {
            fetch(id);
            continue;
        }
        ++deal.step;
        if (deal.step == 2 && on_published && !deal.terms.empty()) on_published(deal);
        if (deal.step == 3 && on_proven) on_proven(deal);
    }
}

/// As Curio's findOfflineURLMk20Deal: HEAD within 10 s has to be 200 with the very length, 404 is tried again later,
/// all else is an error; then GET.
void FakeMarket::fetch(const std::string& id) {
    const FakeDeal& deal = m_deals.at(id);
    Url url = *locator;
    url.target += "?id=" + deal.piece;
    ClientOptions options;
    options.answer_timeout = std::chrono::seconds(10);
    options.body_limit = deal.payload_size + 1024;
    const auto weak = std::weak_ptr<int>(m_alive);
    const auto get = [this, weak, id, url, options] {
        m_transport.request(url, {.method = "GET", .target = url.target, .fields = locator_fields}, options,
                            [this, weak, id](Result<HttpResponse> answer) {
                                const auto kept = std::make_shared<Result<HttpResponse>>(std::move(answer));
                                m_executor.post([this, weak, id, kept] {
                                    if (weak.expired()) return;
                                    if (kept->ok() && (*kept)->status == 200) return fetched(id, (*kept)->body);
                                    m_fetch_errors.push_back(kept->ok() ? "GET " + std::to_string((*kept)->status)
                                                                        : kept->error().message);
                                });
                            });
    };
    m_transport.request(
        url, {.method = "HEAD", .target = url.target, .fields = locator_fields}, options,
        [this, weak, id, get, size = deal.payload_size](Result<HttpResponse> answer) {
            const auto kept = std::make_shared<Result<HttpResponse>>(std::move(answer));
            m_executor.post([this, weak, get, size, kept] {
                if (weak.expired()) return;
                if (!kept->ok()) return m_fetch_errors.push_back(kept->error().message);
                const auto length = find_field((*kept)->fields, "Content-Length");
                if ((*kept)->status != 200) return m_fetch_errors.push_back("HEAD " + std::to_string((*kept)->status));
                if (!length || *length != std::to_string(size))
                    return m_fetch_errors.push_back("HEAD: length " + std::string(length.value_or("is missing")));
                get();
            });
        });
}

void FakeMarket::fetched(const std::string& id, const std::string& body) {
    FakeDeal* const deal = find(id);
    if (deal == nullptr) return;
    if (body.size() != deal->payload_size)
        return m_fetch_errors.push_back("GET: " + std::to_string(body.size()) + " bytes");
    deal->fetched = true;
    if (on_piece) on_piece(*deal, body);
}

}    // namespace filfil::market
