// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/add_command.hpp"
#include "cli/commands.hpp"
#include "cli/daemon_link.hpp"
#include "cli/output.hpp"
#include "service/file_log.hpp"
#include "service/log_store.hpp"

#include <limits>

namespace filfil::cli {
namespace {

constexpr std::uint64_t most_records = 10'000;

/// How often somebody who follows is told.
constexpr auto follow_every = std::chrono::milliseconds(500);

struct LogOptions {
    DaemonOptions daemon;
    std::string level;
    std::string module;
    std::string text;
    std::string limit = "100";
    bool follow = false;
};

/// As it stands in the daemon's files.
std::string line_of(const Json& record) {
    const auto text = [&](const char* name) { return rpc::text_field(record, name); };
    const auto time = record.find("time");
    const double seconds = time != record.end() && time->is_number() ? time->get<double>() : 0;
    const auto level = text("level");
    const auto named = service::parse_log_level(level.ok() ? *level : "");
    const auto module = text("module");
    const auto message = text("message");
    return service::log_line(std::chrono::duration_cast<Clock::Duration>(std::chrono::duration<double>(seconds)),
                             named.ok() ? *named : LogLevel::info, module.ok() ? *module : "",
                             message.ok() ? *message : "") +
           "\n";
}

class Log {
public:
    Log(Context& context, const LogOptions& options) : m_context(context), m_options(options) {}

    Result<void> run() {
        FILFIL_TRY(const std::uint64_t limit, parse_count("--limit", m_options.limit, 1, most_records));
        FILFIL_TRY(const auto daemon, DaemonLink::open(m_context, m_options.daemon, false));
        FILFIL_CHECK(show(*daemon, limit));
        while (m_options.follow && daemon->wait(follow_every)) FILFIL_CHECK(show(*daemon, most_records));
        return {};
    }

private:
    Result<void> show(DaemonLink& daemon, std::uint64_t limit) {
        Json params = {{"limit", limit}};
        if (!m_options.level.empty()) params["level"] = m_options.level;
        if (!m_options.module.empty()) params["module"] = m_options.module;
        if (!m_options.text.empty()) params["text"] = m_options.text;
        if (m_last) params["after"] = *m_last;
        FILFIL_TRY(const Json answer, daemon.call("FilFil.Log", std::move(params)));
        FILFIL_TRY(const Json* records, rpc::field(answer, "records"));
        for (const Json& record : *records) {
            FILFIL_TRY(const std::int64_t number, rpc::integer_field(record, "seq"));
            m_last = number;
            if (m_context.json)
                emit(m_context, record);
            else
                print(m_context, line_of(record));
        }
        return {};
    }

    Context& m_context;
    const LogOptions& m_options;
    std::optional<std::int64_t> m_last;
};

}    // namespace

void add_log_command(CLI::App& app, Context& context) {
    auto options = std::make_shared<LogOptions>();
    CLI::App* command =
        add_command(app, context,
                    {"log", "What the daemon has said lately",
                     "The last lines of the daemon's log that it keeps in memory (10,000); all of it stands in\n"
                     "the files of DIR/log.",
                     "  fil-fil log --level warning\n"
                     "  fil-fil log --follow --module node\n"},
                    [&context, options] {
                        const auto done = Log(context, *options).run();
                        return done.ok() ? exit_ok : fail(context, done.error());
                    });
    add_text(command, "--level", options->level, "LEVEL", "At least this: debug, info, warning or error");
    add_text(command, "--module", options->module, "NAME", "Of this part of the program alone");
    add_text(command, "--text", options->text, "TEXT", "Lines that have this in them");
    add_text(command, "--limit", options->limit, "N", "So many lines at most; by default 100");
    command->add_flag("--follow,-f", options->follow, "Go on with what comes, until Ctrl-C");
    add_daemon_options(command, options->daemon);
}

}    // namespace filfil::cli
