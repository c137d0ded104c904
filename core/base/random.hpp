// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/bytes.hpp"

#include <cstdint>

namespace filfil {

/// The only source of randomness in core. Not thread-safe unless an implementation says so.
class Random {
public:
    virtual ~Random() = default;
    [[nodiscard]] virtual std::uint64_t next() = 0;

    /// Overwrites all of `out`.
    virtual void fill(ByteSpan out);

    /// Uniform in [0, bound); `bound` must not be 0.
    [[nodiscard]] std::uint64_t below(std::uint64_t bound);
};

/// The kernel's generator (getrandom); for tokens and keys. Thread-safe.
class SystemRandom final : public Random {
public:
    [[nodiscard]] std::uint64_t next() override;
    void fill(ByteSpan out) override;
};

/// SplitMix64: the same seed gives the same stream on every machine. For simulations, chain generation and tests.
class SeededRandom final : public Random {
public:
    explicit SeededRandom(std::uint64_t seed) noexcept : m_state(seed) {}
    [[nodiscard]] std::uint64_t next() override;

private:
    std::uint64_t m_state;
};

}    // namespace filfil
