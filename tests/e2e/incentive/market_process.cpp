// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "market_process.hpp"

#include <future>

namespace filfil::e2e {

MarketProcess::MarketProcess(const std::string& kind, const std::vector<std::string>& options) {
    Process::Options program;
    program.program = FILFIL_FAKE_MARKET;
    std::vector<std::string> words = {kind};
    words.insert(words.end(), options.begin(), options.end());
    m_process = std::make_unique<Process>(words, program);
    const std::string begin = "listening on ";
    const bool listens = m_process->wait_for_output_text("\n");
    const std::vector<std::string> said = lines_of(m_process->output());
    EXPECT_TRUE(listens && said.front().starts_with(begin)) << "no market of kind " << kind;
    if (listens) m_url = "http://" + said.front().substr(begin.size());
}

MarketProcess::Json MarketProcess::ask(const char* method, std::string body) {
    const auto url = parse_url(m_url + "/control");
    if (!url.ok()) return Json::object();
    const HttpRequest request{.method = method, .target = url->target, .body = std::move(body)};
    std::promise<Result<HttpResponse>> promise;
    auto answer = promise.get_future();
    m_transport.request(*url, request, {}, [&](Result<HttpResponse> got) { promise.set_value(std::move(got)); });
    const Result<HttpResponse> got = answer.get();
    EXPECT_TRUE(got.ok()) << got.error().text();
    if (!got.ok()) return Json::object();
    EXPECT_EQ(got->status, 200) << got->body;
    Json said = Json::parse(got->body, nullptr, false);
    EXPECT_TRUE(said.is_object()) << got->body;
    return said;
}

}    // namespace filfil::e2e
