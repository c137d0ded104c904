// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/executor.hpp"
#include "base/log.hpp"
#include "cli/context.hpp"
#include "commp/backend.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace filfil::cli {

/// The options every hashing command shares, as they were typed.
struct DeviceOptions {
    std::string device = "auto";
    std::string isa{};
    std::string threads{};    ///< "" means one a CPU that this process may use
    bool paranoid = false;    ///< check a GPU's work on the CPU now and then
};

/// Adds --device, --isa, --threads and --paranoid. `options` must live as long as `command`.
void add_device_options(CLI::App* command, DeviceOptions& options);

/// What --device asks for.
struct DeviceChoice {
    enum class Kind { automatic, cpu, gpu };
    Kind kind = Kind::automatic;
    std::vector<unsigned> cards{};    ///< of --device cuda:N; empty means all
    bool operator==(const DeviceChoice&) const = default;
};

/// Reads "auto", "cpu", "cuda", "cuda:0" or "cuda:0,1". @return Error::invalid_argument lists what there is
Result<DeviceChoice> parse_device(const std::string& text);

/// How many threads work in all. @return Error::invalid_argument unless `text` is "" or a number from 1 to 1024
Result<unsigned> parse_threads(const std::string& text);

/// A backend and the threads that feed it. With a CPU backend each of `readers` threads hashes what it has read itself;
/// the calling thread is one of them, so the pool has one thread less.
struct Engine {
    std::unique_ptr<LogSink> log;         ///< where the backend tells of cards that fail; outlives it
    std::unique_ptr<Executor> jobs;       ///< where the backend's jobs run; outlives the backend
    std::unique_ptr<Executor> threads;    ///< for commp::hash_source
    std::unique_ptr<commp::Backend> backend;
    unsigned readers = 1;
};

/// What a run ends with that gave results before its backend revoked nodes (commp::Backend::revocations).
/// @param results what they are, e.g. "the first 3 piece CIDs"
Error in_doubt(std::string_view results);

/// Makes the backend that the options ask for. "auto" takes the GPUs where main() brought them in, they pass their
/// self-test, and measured rates say that they are faster than all threads together; else the CPU. It says so in a line
/// where there is a choice. For less payload than the CPU hashes in a second no GPU is looked for: starting one takes
/// about as long.
/// @param payload bytes that are going to be hashed, where that is known
/// @return Error::invalid_argument for contradicting options, Error::unsupported or Error::device for what is not there
Result<Engine> open_engine(const DeviceOptions& options, Context& context,
                           std::optional<std::uint64_t> payload = std::nullopt);

}    // namespace filfil::cli
