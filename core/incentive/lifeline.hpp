// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <memory>
#include <utility>

namespace filfil::incentive {

/// A member of what hands out handlers that must not be called once it is gone. All on one loop.
class Lifeline {
public:
    /// `f`, as long as this exists; nothing then.
    template <class F>
    auto operator()(F f) const {
        return [alive = std::weak_ptr<int>(m_alive), f = std::move(f)](auto&& value) mutable {
            if (!alive.expired()) f(std::forward<decltype(value)>(value));
        };
    }

private:
    std::shared_ptr<int> m_alive = std::make_shared<int>(0);
};

}    // namespace filfil::incentive
