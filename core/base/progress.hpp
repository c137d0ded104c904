// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <cstdint>

namespace filfil {

/// Told how far a long operation has come. Called from any thread, often: implementations are thread-safe and quick.
class Progress {
public:
    virtual ~Progress() = default;

    /// `bytes` more of the input have been read. Never negative; the sum over an operation is its input's size.
    virtual void advance(std::uint64_t bytes) noexcept = 0;
};

}    // namespace filfil
