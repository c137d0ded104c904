// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/daemon_link.hpp"

#include "base/units.hpp"
#include "cli/add_command.hpp"
#include "cli/environment.hpp"
#include "net/asio_transport.hpp"
#include "service/tokens.hpp"

namespace filfil::cli {
namespace {

constexpr std::uint64_t max_address_bytes = 4 * KiB;

/// The API's path where only a host and a port were given.
Result<Url> url_of(const std::string& text) {
    if (text.find("://") != std::string::npos) return parse_url(text);
    FILFIL_TRY(const Endpoint at, parse_endpoint(text));
    return Url{.scheme = Url::Scheme::ws, .at = at, .target = "/rpc/v1"};
}

Error no_daemon(const std::string& folder, const std::string& what) {
    return {ErrorCode::not_found, what,
            "start a daemon with `fil-fil daemon --data " + folder +
                "`, or say where it is with --api HOST:PORT and where its tokens are with --data DIR"};
}

Result<Url> find_daemon(Files& files, const DaemonOptions& options, const std::string& folder) {
    if (!options.api.empty()) {
        auto url = url_of(options.api);
        if (!url.ok()) return std::move(url).error().in("--api");
        return url;
    }
    const std::string path = join_path(folder, address_file);
    auto file = files.open(path);
    if (!file.ok()) {
        if (file.error().code != ErrorCode::not_found) return std::move(file).error();
        return no_daemon(folder, "no daemon runs over the folder " + folder);
    }
    FILFIL_TRY(const Bytes text, read_all(**file, max_address_bytes));
    auto url = parse_url(chars_of(text));
    if (!url.ok()) return std::move(url).error().in(path);
    return url;
}

}    // namespace

Error error_of_json(const rpc::Json& json) {
    Error out(ErrorCode::internal, "the daemon failed and does not say why");
    if (auto message = rpc::text_field(json, "message"); message.ok()) out.message = std::move(*message);
    if (auto remedy = rpc::text_field(json, "remedy"); remedy.ok()) out.remedy = std::move(*remedy);
    if (auto name = rpc::text_field(json, "code"); name.ok())
        for (int code = 0; code <= static_cast<int>(ErrorCode::busy); ++code)
            if (name_of(static_cast<ErrorCode>(code)) == *name) out.code = static_cast<ErrorCode>(code);
    return out;
}

void add_daemon_options(CLI::App* command, DaemonOptions& options) {
    add_text(command, "--api", options.api, "HOST:PORT",
             "Where the daemon listens, or its URL (wss://…); by default the one of --data");
    add_text(command, "--data", options.data, "DIR",
             "The daemon's folder, for its tokens; by default ~/.local/share/fil-fil");
    add_text(command, "--trust", options.trust, "FILE.pem", "Also trust these certificates, e.g. a daemon's own");
}

std::string default_data_folder() {
    if (const std::string data = environment("XDG_DATA_HOME"); !data.empty()) return join_path(data, "fil-fil");
    if (const std::string home = environment("HOME"); !home.empty()) return join_path(home, ".local/share/fil-fil");
    return "fil-fil-data";
}

std::string data_folder(const DaemonOptions& options) {
    return options.data.empty() ? default_data_folder() : options.data;
}

/// The outside of one connection. What is used by threads of others goes last.
struct DaemonLink::Parts {
    Parts(Context& context, const std::string& trust)
        : transport(log, 1, trust), world{context.clock, *loop, *loop, context.files, transport, random, log} {}

    NullLogSink log;
    SystemRandom random;
    std::unique_ptr<ThreadPool> loop = std::make_unique<ThreadPool>(1);
    net::AsioTransport transport;
    World world;
    std::shared_ptr<rpc::Client> client;
};

DaemonLink::DaemonLink(Context& context, const std::string& trust)
    : m_context(context), m_parts(std::make_unique<Parts>(context, trust)) {}

DaemonLink::~DaemonLink() {
    // The client lives on the loop, and so does its end.
    std::mutex mutex;
    std::condition_variable ended;
    bool done = false;
    m_parts->loop->post([&] {
        m_parts->client.reset();
        const std::lock_guard lock(mutex);
        done = true;
        ended.notify_all();
    });
    std::unique_lock lock(mutex);
    ended.wait(lock, [&] { return done; });
}

Result<std::unique_ptr<DaemonLink>> DaemonLink::open(Context& context, const DaemonOptions& options, bool admin) {
    const std::string folder = data_folder(options);
    FILFIL_TRY(const Url url, find_daemon(context.files, options, folder));
    const std::string path = join_path(folder, admin ? "token.admin" : "token.read");
    auto token = service::read_token(context.files, path);
    if (!token.ok()) {
        if (token.error().code == ErrorCode::not_found) return no_daemon(folder, path + ": there is no such token");
        return std::move(token).error();
    }
    std::unique_ptr<DaemonLink> out(new DaemonLink(context, options.trust));
    out->m_name = text_of(url, true);
    FILFIL_CHECK(out->connect(url, std::move(*token)));
    return out;
}

Result<void> DaemonLink::connect(const Url& url, std::string token) {
    rpc::ClientConfig config;
    config.url = url;
    config.token = std::move(token);
    config.call_timeout = std::chrono::minutes(10);
    const auto opened = [inbox = m_inbox](Result<void> result) {
        const std::lock_guard lock(inbox->mutex);
        inbox->opened = std::move(result);
        inbox->changed.notify_all();
    };
    const auto lost = [inbox = m_inbox](Error why) {
        const std::lock_guard lock(inbox->mutex);
        inbox->lost = std::move(why);
        inbox->changed.notify_all();
    };
    const auto told = [inbox = m_inbox](std::string method, rpc::Json params) {
        const std::lock_guard lock(inbox->mutex);
        inbox->notifications.emplace_back(std::move(method), std::move(params));
        inbox->changed.notify_all();
    };
    m_parts->loop->post([parts = m_parts.get(), config, opened, lost, told] {
        parts->client = rpc::make_client(parts->world, config);
        parts->client->on_notification(told);
        parts->client->open(opened, lost);
    });
    std::unique_lock lock(m_inbox->mutex);
    if (!m_inbox->changed.wait(lock, m_context.stop, [this] { return m_inbox->opened.has_value(); }))
        return Error(ErrorCode::cancelled, m_name + ": stopped before it answered");
    if (m_inbox->opened->ok()) return {};
    Error error = m_inbox->opened->error();
    if (error.code == ErrorCode::denied)
        error.remedy = "the token in --data is not this daemon's: name the folder that it runs over";
    else if (error.code == ErrorCode::io)
        error.remedy = "is the daemon running? `fil-fil daemon` starts one";
    return error;
}

Result<rpc::Json> DaemonLink::call(const std::string& method, rpc::Json params) {
    m_parts->loop->post([parts = m_parts.get(), inbox = m_inbox, method, params = std::move(params)]() mutable {
        parts->client->call(method, std::move(params), [inbox](rpc::Answer answer) {
            const std::lock_guard lock(inbox->mutex);
            inbox->answer = std::move(answer);
            inbox->changed.notify_all();
        });
    });
    std::unique_lock lock(m_inbox->mutex);
    if (!m_inbox->changed.wait(lock, m_context.stop, [this] { return m_inbox->answer.has_value(); }))
        return Error(ErrorCode::cancelled, m_name + ": stopped before it answered " + method);
    rpc::Answer answer = std::move(*m_inbox->answer);
    m_inbox->answer.reset();
    if (answer.error && answer.error->data) return error_of_json(*answer.error->data);
    return std::move(answer).to_result(method);
}

void DaemonLink::tell(const std::string& method, rpc::Json params) {
    m_parts->loop->post([parts = m_parts.get(), inbox = m_inbox, method, params = std::move(params)]() mutable {
        parts->client->call(method, std::move(params), [inbox](const rpc::Answer&) {
            const std::lock_guard lock(inbox->mutex);
            inbox->told = true;
            inbox->changed.notify_all();
        });
    });
    // Briefly: the daemon may be gone.
    std::unique_lock lock(m_inbox->mutex);
    m_inbox->changed.wait_for(lock, std::chrono::seconds(1), [this] { return m_inbox->told || m_inbox->lost; });
}

Result<std::pair<std::string, rpc::Json>> DaemonLink::next_notification() {
    std::unique_lock lock(m_inbox->mutex);
    const auto something = [this] { return !m_inbox->notifications.empty() || m_inbox->lost; };
    if (!m_inbox->changed.wait(lock, m_context.stop, something))
        return Error(ErrorCode::cancelled, m_name + ": stopped");
    if (m_inbox->notifications.empty())
        return Error(ErrorCode::io, "the connection to the daemon broke: " + m_inbox->lost->message,
                     "see whether it runs still: `fil-fil status`");
    auto out = std::move(m_inbox->notifications.front());
    m_inbox->notifications.pop_front();
    return out;
}

bool DaemonLink::wait(Clock::Duration time) {
    std::unique_lock lock(m_inbox->mutex);
    (void)m_inbox->changed.wait_for(lock, m_context.stop, time, [this] { return m_inbox->lost.has_value(); });
    return !m_inbox->lost && !m_context.stop.stop_requested();
}

}    // namespace filfil::cli
