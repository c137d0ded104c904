// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "fake_market.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <utility>

namespace filfil::market {
namespace {

constexpr std::uint64_t ranges_of_a_piece = 3;

}    // namespace

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
/// all else is an error; then GET, here by ranges, as who goes on where it broke off does.
void FakeMarket::fetch(const std::string& id) {
    const FakeDeal& deal = m_deals.at(id);
    if (!m_pulling.insert(id).second) return;
    const auto pull = std::make_shared<Pull>(Pull{.id = id, .url = *locator, .size = deal.payload_size});
    pull->url.target += "?id=" + deal.piece;
    ask(pull, "HEAD", "", [this, pull](const HttpResponse& head) {
        const auto length = find_field(head.fields, "Content-Length");
        if (head.status != 200) return give_up(*pull, "HEAD " + std::to_string(head.status));
        if (!length || *length != std::to_string(pull->size))
            return give_up(*pull, "HEAD: length " + std::string(length.value_or("is missing")));
        next_range(pull);
    });
}

void FakeMarket::ask(const std::shared_ptr<Pull>& pull, const char* method, const std::string& range, Answered then) {
    HttpRequest request{.method = method, .target = pull->url.target, .fields = locator_fields};
    if (!range.empty()) request.fields.emplace_back("Range", "bytes=" + range);
    ClientOptions options;
    options.answer_timeout = std::chrono::seconds(10);
    options.body_limit = pull->size + 1024;
    m_transport.request(
        pull->url, request, options,
        [this, pull, then = std::move(then), alive = std::weak_ptr<int>(m_alive)](Result<HttpResponse> answer) {
            const auto kept = std::make_shared<Result<HttpResponse>>(std::move(answer));
            m_executor.post([this, pull, then, alive, kept] {
                if (alive.expired()) return;
                if (!kept->ok()) return give_up(*pull, kept->error().message);
                then(**kept);
            });
        });
}

void FakeMarket::next_range(const std::shared_ptr<Pull>& pull) {
    const std::uint64_t from = pull->bytes.size();
    if (from == pull->size) return fetched(*pull);
    const std::uint64_t to = std::min(from + pull->size / ranges_of_a_piece, pull->size - 1);
    const std::string range = std::to_string(from) + "-" + std::to_string(to);
    ask(pull, "GET", range, [this, pull, range, size = to - from + 1](const HttpResponse& part) {
        const std::string wanted = "bytes " + range + "/" + std::to_string(pull->size);
        if (part.status != 206) return give_up(*pull, "GET " + std::to_string(part.status));
        if (find_field(part.fields, "Content-Range").value_or("") != wanted || part.body.size() != size)
            return give_up(*pull, "GET: not " + wanted);
        ++m_ranges;
        pull->bytes += part.body;
        next_range(pull);
    });
}

/// It is tried again with the next step.
void FakeMarket::give_up(const Pull& pull, std::string why) {
    m_pulling.erase(pull.id);
    m_fetch_errors.push_back(std::move(why));
}

void FakeMarket::fetched(const Pull& pull) {
    m_pulling.erase(pull.id);
    FakeDeal* const deal = find(pull.id);
    if (deal == nullptr) return;
    deal->fetched = true;
    if (on_piece) on_piece(*deal, pull.bytes);
}

}    // namespace filfil::market
