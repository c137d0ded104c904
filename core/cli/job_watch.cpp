// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/job_watch.hpp"

#include "cli/progress_meter.hpp"

#include <algorithm>
#include <memory>

namespace filfil::cli {
namespace {

bool ended(const Json& job) {
    const auto state = rpc::text_field(job, "state");
    return state.ok() && *state != "queued" && *state != "running";
}

class Watch {
public:
    Watch(Context& context, std::string label) : m_context(context), m_label(std::move(label)) {}

    void show(const Json& job) {
        const auto total = rpc::integer_field(job, "total_bytes");
        const auto done = rpc::integer_field(job, "done_bytes");
        const auto stage = rpc::text_field(job, "stage");
        if (!total.ok() || !done.ok()) return;
        const auto now = static_cast<std::uint64_t>(std::max<std::int64_t>(0, *done));
        if (*total > 0 && (m_meter == nullptr || m_total != *total || m_meter->done() > now)) {
            m_total = *total;
            m_meter.reset();
            m_meter = std::make_unique<ProgressMeter>(m_context.console, m_context.clock, m_label,
                                                      static_cast<std::uint64_t>(*total));
        }
        if (m_meter == nullptr) return;
        if (stage.ok()) m_meter->set_label(*stage);
        m_meter->advance(now - m_meter->done());
    }

    Result<Json> result_of(const Json& job) {
        m_meter.reset();
        FILFIL_TRY(const std::string state, rpc::text_field(job, "state"));
        if (state == "done") {
            FILFIL_TRY(const Json* result, rpc::field(job, "result"));
            return *result;
        }
        if (state == "cancelled") return Error(ErrorCode::cancelled, "the " + m_label + " was cancelled");
        FILFIL_TRY(const Json* error, rpc::field(job, "error"));
        return error_of_json(*error);
    }

private:
    Context& m_context;
    std::string m_label;
    std::unique_ptr<ProgressMeter> m_meter;
    std::int64_t m_total = 0;
};

}    // namespace

Result<Json> run_job(Context& context, DaemonLink& daemon, const std::string& method, Json params,
                     const std::string& label) {
    FILFIL_TRY([[maybe_unused]] const Json subscribed,
               daemon.call("FilFil.Subscribe", {{"types", Json::array({"job"})}}));
    FILFIL_TRY(const Json started, daemon.call(method, std::move(params)));
    FILFIL_TRY(const std::int64_t job, rpc::integer_field(started, "job"));
    // It may have ended before anybody listened.
    FILFIL_TRY(Json state, daemon.call("FilFil.Job", {{"id", job}}));
    Watch watch(context, label);
    while (!ended(state)) {
        watch.show(state);
        const auto told = daemon.next_notification();
        if (!told.ok()) {
            if (told.error().code == ErrorCode::cancelled) daemon.tell("FilFil.CancelJob", {{"id", job}});
            return told.error();
        }
        const auto data = rpc::field(told->second, "data");
        if (!data.ok()) continue;
        const auto id = rpc::integer_field(**data, "id");
        if (id.ok() && *id == job) state = **data;
    }
    return watch.result_of(state);
}

}    // namespace filfil::cli
