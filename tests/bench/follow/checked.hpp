// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/result.hpp"

#include <stdexcept>
#include <type_traits>
#include <utility>

namespace filfil::bench {

/// The value; an error ends the program.
template <class T>
T checked(Result<T> result) {
    if (!result.ok()) throw std::runtime_error(result.error().text());
    if constexpr (!std::is_void_v<T>) return std::move(*result);
}

}    // namespace filfil::bench
