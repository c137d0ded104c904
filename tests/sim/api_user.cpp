// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "api_user.hpp"

#include <utility>

namespace filfil::sim {

void ApiUser::meet(unsigned start) {
    m_client.reset();
    m_open = false;
    m_start = start;
}

bool ApiUser::connect() {
    if (m_token.empty()) return false;
    if (m_client && m_open) return true;
    rpc::ClientConfig settings;
    settings.url = {.scheme = Url::Scheme::ws, .at = {"daemon", 5346}, .target = "/rpc/v1"};
    settings.token = m_token;
    m_client = rpc::make_client(m_world, settings);
    m_open = true;
    m_client->open([this](const Result<void>& opened) { m_open = m_open && opened.ok(); },
                   [this](const Error&) { m_open = false; });
    return true;
}

void ApiUser::call(const std::string& method, Json params, Answered answered) {
    if (!connect()) return;
    m_client->call(method, std::move(params),
                   [this, method, answered = std::move(answered)](const rpc::Answer& answer) {
                       if (answer.result) {
                           m_trace(method + " ok");
                           if (answered) answered(*answer.result);
                       } else {
                           m_trace(method + " not: " +
                                   (answer.error     ? answer.error->message
                                    : answer.failure ? answer.failure->text()
                                                     : ""));
                       }
                   });
}

void ApiUser::look_at_jobs() {
    call("FilFil.Jobs", {{"kind", "snapshot"}}, [this, start = m_start](const Json& answer) {
        for (const Json& job : answer.at("jobs")) {
            const JobId id{start, job.at("id").get<std::uint64_t>()};
            const Json& params = job.at("params");
            const std::string asked_by = params.value("asked_by", "");
            const std::int64_t epoch = params.at("epoch").get<std::int64_t>();
            seen.emplace(id, std::pair(asked_by, epoch));
            if (job.at("state") != "done" || done.contains(id)) continue;
            done[id] = {.start = start, .result = job.at("result"), .asked_by = asked_by, .epoch = epoch};
            m_trace("job done, epoch " + std::to_string(epoch) + " for " + asked_by);
        }
    });
}

}    // namespace filfil::sim
