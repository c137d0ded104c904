// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "support/said.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace filfil::e2e {

using Json = nlohmann::ordered_json;
using Words = std::vector<std::string>;

/// The folder of real data, or "" where there is none.
inline std::string data_folder_of_tests() {
    const char* set = std::getenv("FILFIL_INTEROP_DATA");
    const std::string folder = set != nullptr ? set : FILFIL_SOURCE_DIR "/../shared/data";
    return std::filesystem::is_directory(folder) ? folder : "";
}

/// The first line of a process's output as JSON; empty where none comes.
inline Json first_line_of(Process& process) {
    if (!process.wait_for_output_text("\n")) {
        const Ended ended = process.wait();
        ADD_FAILURE() << "it said nothing and ended with " << ended.code << ", signal " << ended.signal << ": "
                      << ended.err;
        return Json::object();
    }
    return Json::parse(lines_of(process.output()).front(), nullptr, false);
}

/// A devnet in a process of its own.
class LiveNode {
public:
    explicit LiveNode(const Words& options) {
        Words words = {"devnet", "--json", "--port", "0"};
        words.insert(words.end(), options.begin(), options.end());
        m_process = std::make_unique<Process>(words);
        const Json said = first_line_of(*m_process);
        if (said.contains("url")) m_url = said["url"].get<std::string>();
    }
    [[nodiscard]] const std::string& url() const { return m_url; }
    Process& process() { return *m_process; }

private:
    std::unique_ptr<Process> m_process;
    std::string m_url;
};

/// A daemon in a process of its own, over a folder that stays.
class LiveDaemon {
public:
    LiveDaemon(std::string folder, Words options) : m_folder(std::move(folder)), m_options(std::move(options)) {
        start();
    }

    void start() {
        Words words = {"daemon", "--json", "--data",      m_folder,      "--network",
                       "devnet", "--api",  "127.0.0.1:0", "--retrieval", "127.0.0.1:0"};
        words.insert(words.end(), m_options.begin(), m_options.end());
        m_process = std::make_unique<Process>(words);
        const Json said = first_line_of(*m_process);
        m_api = said.value("api", "");
        m_retrieval =
            said.contains("retrieval") && said["retrieval"].is_string() ? said["retrieval"].get<std::string>() : "";
    }

    void kill() {
        m_process->kill(SIGKILL);
        EXPECT_EQ(m_process->wait().signal, SIGKILL);
        m_process.reset();
    }

    /// As an operator stops it. @return what it said and how it ended
    Ended stop(int signal = SIGTERM) {
        m_process->kill(signal);
        return m_process->wait_with_open_input();
    }

    [[nodiscard]] Ended command(Words words) const {
        words.insert(words.end(), {"--data", m_folder, "--json"});
        return run(words);
    }

    [[nodiscard]] Json status() const {
        const Ended ended = command({"status"});
        EXPECT_EQ(ended.code, 0) << ended.err;
        return ended.code == 0 ? object_of(ended) : Json::object();
    }

    /// Asks until `done` holds of the status. Each question is a process, which paces it.
    template <class Done>
    [[nodiscard]] bool until(Done done, int most = 3000) const {
        for (int i = 0; i < most && !testing::Test::HasFailure(); ++i)
            if (done(status())) return true;
        return false;
    }

    [[nodiscard]] bool synced_at(std::int64_t epoch) const {
        return until(
            [&](const Json& status) { return status["state"] == "synced" && status["synced_epoch"] == epoch; });
    }

    [[nodiscard]] const std::string& folder() const { return m_folder; }
    [[nodiscard]] const std::string& api() const { return m_api; }
    [[nodiscard]] const std::string& retrieval() const { return m_retrieval; }
    Process& process() { return *m_process; }

private:
    std::string m_folder;
    Words m_options;
    std::unique_ptr<Process> m_process;
    std::string m_api;
    std::string m_retrieval;
};

}    // namespace filfil::e2e
