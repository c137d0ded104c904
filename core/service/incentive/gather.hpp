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

/// Starts `count` things at once and tells of all their results in order, or of the first error, once, when the last
/// has ended. On the loop only.
/// @param start called with 0, 1, … and the handler of that one, which may be called at once
template <class T>
void gather(std::size_t count, const std::function<void(std::size_t, std::function<void(Result<T>)>)>& start,
            std::function<void(Result<std::vector<T>>)> done) {
    struct State {
        std::vector<std::optional<T>> results;
        std::optional<Error> error;
        std::size_t left;
        std::function<void(Result<std::vector<T>>)> done;

        void end_one() {
            if (--left > 0) return;
            if (error) return done(*std::move(error));
            std::vector<T> out;
            out.reserve(results.size());
            for (auto& result : results) out.push_back(*std::move(result));
            done(std::move(out));
        }
    };
    // One more than there are, so that it ends after the last was started.
    const auto state =
        std::make_shared<State>(State{std::vector<std::optional<T>>(count), std::nullopt, count + 1, std::move(done)});
    for (std::size_t i = 0; i < count; ++i)
        start(i, [state, i](Result<T> result) {
            if (result.ok())
                state->results[i] = std::move(result).value();
            else if (!state->error)
                state->error = std::move(result).error();
            state->end_one();
        });
    state->end_one();
}

}    // namespace filfil::service
