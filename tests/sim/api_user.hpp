// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "rpc/client.hpp"
#include "simulated_machine.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace filfil::sim {

using rpc::Json;

/// Somebody who uses the daemon's API over a network that fails, and remembers what was promised.
class ApiUser {
public:
    using Answered = std::function<void(const Json&)>;

    /// @param trace told of what came back
    ApiUser(World& world, std::function<void(const std::string&)> trace) : m_world(world), m_trace(std::move(trace)) {}

    /// Another process serves from now on: connections are gone. @param token "": not known
    void meet(unsigned start);
    void leave() { m_client.reset(); }
    void set_token(std::string token) { m_token = std::move(token); }

    /// @param answered called where there is a result
    void call(const std::string& method, Json params, Answered answered = {});

    /// Looks at all snapshot jobs.
    void look_at_jobs();

    /// A job that was seen to be done.
    struct Done {
        unsigned start = 0;
        Json result;
        std::string asked_by;
        std::int64_t epoch = 0;
    };
    struct JobId {
        unsigned start;
        std::uint64_t id;
        auto operator<=>(const JobId&) const = default;
    };
    std::map<JobId, Done> done;
    std::map<JobId, std::pair<std::string, std::int64_t>> seen;    ///< snapshot jobs: who asked, epoch
    std::map<std::uint64_t, Json> holds;                           ///< promised to this user
    std::map<std::string, Json> schedules;                         ///< promised, by id, as last seen

private:
    bool connect();

    World& m_world;
    std::function<void(const std::string&)> m_trace;
    std::string m_token;
    unsigned m_start = 0;
    bool m_open = false;
    std::unique_ptr<rpc::Client> m_client;
};

}    // namespace filfil::sim
