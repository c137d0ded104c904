// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <QList>

#include <cstdint>
#include <initializer_list>
#include <random>

namespace filfil::gui::test {

/// Chance that can be had again: the same seed throws the same on every machine.
class Dice {
public:
    explicit Dice(std::uint64_t seed) : m_engine(seed) {}

    /// @return 0 to `end` − 1; 0 where `end` is not above that
    int below(qsizetype end) { return end <= 1 ? 0 : static_cast<int>(m_engine() % static_cast<std::uint64_t>(end)); }
    int between(int first, int last) { return first + below(qsizetype{last} - first + 1); }
    bool oneIn(int many) { return below(many) == 0; }

    template <class T>
    T of(std::initializer_list<T> all) {
        return all.begin()[below(static_cast<qsizetype>(all.size()))];
    }

    /// Of a list that is not empty.
    template <class T>
    T of(const QList<T>& all) {
        return all[below(all.size())];
    }

private:
    std::mt19937_64 m_engine;
};

}    // namespace filfil::gui::test
