// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/world.hpp"
#include "cli/context.hpp"
#include "rpc/client.hpp"

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace filfil::cli {

/// Where the daemon is that a command talks to, as typed.
struct DaemonOptions {
    std::string api{};      ///< HOST:PORT, or a URL; "": what the data folder says
    std::string data{};     ///< folder with the tokens; "": default_data_folder()
    std::string trust{};    ///< PEM certificates that a daemon's own is trusted by
};

/// Adds --api, --data and --trust. `options` must live as long as `command`.
void add_daemon_options(CLI::App* command, DaemonOptions& options);

/// $XDG_DATA_HOME/fil-fil, else $HOME/.local/share/fil-fil.
std::string default_data_folder();

/// The folder that the options name.
std::string data_folder(const DaemonOptions& options);

/// The file in a data folder that names the URL at which its daemon can be called now.
inline constexpr const char* address_file = "api.url";

/// An Error as it stands in an answer: {"code", "message", "remedy"}.
Error error_of_json(const rpc::Json& json);

/// Calls of a daemon's API over one WebSocket, each waited for. Not thread-safe.
class DaemonLink {
public:
    /// @param admin with the token that may change things, else the one that may look
    /// @return Error::not_found where the folder has no token or address, Error::io where nobody listens there, each
    /// with what to do
    static Result<std::unique_ptr<DaemonLink>> open(Context& context, const DaemonOptions& options, bool admin);
    ~DaemonLink();
    DaemonLink(const DaemonLink&) = delete;
    DaemonLink& operator=(const DaemonLink&) = delete;

    /// @return the result; the daemon's own error with its code, message and remedy; Error::cancelled by a stop
    Result<rpc::Json> call(const std::string& method, rpc::Json params = rpc::Json::object());

    /// A call whose answer nobody waits for; sent before this is destroyed.
    void tell(const std::string& method, rpc::Json params);

    /// The next notification that came, (method, params), waiting for it.
    /// @return Error::io where the connection broke, Error::cancelled by a stop
    Result<std::pair<std::string, rpc::Json>> next_notification();

    /// Lets time pass. @return false where a stop came, or the connection broke
    [[nodiscard]] bool wait(Clock::Duration time);

    [[nodiscard]] const std::string& name() const noexcept { return m_name; }

private:
    struct Parts;
    struct Inbox {
        std::mutex mutex;
        std::condition_variable_any changed;
        std::deque<std::pair<std::string, rpc::Json>> notifications;
        std::optional<rpc::Answer> answer;
        std::optional<Result<void>> opened;
        std::optional<Error> lost;
        bool told = false;
    };

    DaemonLink(Context& context, const std::string& trust);
    Result<void> connect(const Url& url, std::string token);

    Context& m_context;
    std::string m_name;
    std::shared_ptr<Inbox> m_inbox = std::make_shared<Inbox>();
    std::unique_ptr<Parts> m_parts;
};

}    // namespace filfil::cli
