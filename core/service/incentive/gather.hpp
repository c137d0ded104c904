// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/result.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace filfil::service {

/// Does `count` things, so many of them at once, and tells of all their results in order, or of the first error, once,
/// when the last that was started has ended; after an error no more are started. On the loop only.
/// @param start called with 0, 1, … and the handler of that one, which may be called at once
template <class T>
void gather_by(std::size_t at_once, std::size_t count,
               std::function<void(std::size_t, std::function<void(Result<T>)>)> start,
               std::function<void(Result<std::vector<T>>)> done) {
    struct State : std::enable_shared_from_this<State> {
        std::vector<std::optional<T>> results;
        std::optional<Error> error;
        std::size_t at_once = 1;
        std::size_t next = 0;
        std::size_t running = 0;
        bool starting = false;    // what ends at once must not start the next one within itself
        std::function<void(std::size_t, std::function<void(Result<T>)>)> start;
        std::function<void(Result<std::vector<T>>)> done;

        void go_on() {
            if (starting) return;
            starting = true;
            while (!error && next < results.size() && running < at_once) {
                const std::size_t i = next++;
                ++running;
                start(i, [self = this->shared_from_this(), i](Result<T> result) {
                    if (result.ok())
                        self->results[i] = std::move(result).value();
                    else if (!self->error)
                        self->error = std::move(result).error();
                    --self->running;
                    self->go_on();
                });
            }
            starting = false;
            if (running == 0) end();
        }
        void end() {
            start = nullptr;
            const auto told = std::exchange(done, nullptr);
            if (!told) return;
            if (error) return told(*std::move(error));
            std::vector<T> out;
            out.reserve(results.size());
            for (auto& result : results) out.push_back(*std::move(result));
            told(std::move(out));
        }
    };
    const auto state = std::make_shared<State>();
    state->results.resize(count);
    state->at_once = at_once;
    state->start = std::move(start);
    state->done = std::move(done);
    state->go_on();
}

/// All at once; `start` is not called any more when this has returned.
template <class T>
void gather(std::size_t count, std::function<void(std::size_t, std::function<void(Result<T>)>)> start,
            std::function<void(Result<std::vector<T>>)> done) {
    gather_by<T>(count, count, std::move(start), std::move(done));
}

}    // namespace filfil::service
