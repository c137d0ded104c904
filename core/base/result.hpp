// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/error.hpp"

#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

namespace filfil {

/// Either a value or the Error that says why there is none.
///
/// Core reports every expected failure this way; nothing throws across a library boundary. Reading the
/// value of a failed result (or the error of a good one) is a defect of the caller and undefined.
/// Own type rather than tl::expected, because this floor has to build on a bare GPU machine with no packages.
template <class T>
class [[nodiscard]] Result {
    static_assert(!std::is_reference_v<T> && !std::is_same_v<std::remove_cv_t<T>, Error>);

public:
    using value_type = T;

    Result(T value) : m_state(std::in_place_index<0>, std::move(value)) {}        // NOLINT(google-explicit-constructor)
    Result(Error error) : m_state(std::in_place_index<1>, std::move(error)) {}    // NOLINT(google-explicit-constructor)

    [[nodiscard]] bool ok() const noexcept { return m_state.index() == 0; }
    explicit operator bool() const noexcept { return ok(); }

    [[nodiscard]] T& value() & noexcept { return *std::get_if<0>(&m_state); }
    [[nodiscard]] const T& value() const& noexcept { return *std::get_if<0>(&m_state); }
    [[nodiscard]] T&& value() && noexcept { return std::move(*std::get_if<0>(&m_state)); }
    T& operator*() & noexcept { return value(); }
    const T& operator*() const& noexcept { return value(); }
    T&& operator*() && noexcept { return std::move(*this).value(); }
    T* operator->() noexcept { return std::get_if<0>(&m_state); }
    const T* operator->() const noexcept { return std::get_if<0>(&m_state); }

    [[nodiscard]] Error& error() & noexcept { return *std::get_if<1>(&m_state); }
    [[nodiscard]] const Error& error() const& noexcept { return *std::get_if<1>(&m_state); }
    [[nodiscard]] Error&& error() && noexcept { return std::move(*std::get_if<1>(&m_state)); }

private:
    std::variant<T, Error> m_state;
};

template <>
class [[nodiscard]] Result<void> {
public:
    using value_type = void;

    Result() = default;
    Result(Error error) : m_error(std::move(error)) {}    // NOLINT(google-explicit-constructor)

    [[nodiscard]] bool ok() const noexcept { return !m_error.has_value(); }
    explicit operator bool() const noexcept { return ok(); }

    [[nodiscard]] Error& error() & noexcept { return *m_error; }
    [[nodiscard]] const Error& error() const& noexcept { return *m_error; }
    [[nodiscard]] Error&& error() && noexcept { return std::move(*m_error); }

private:
    std::optional<Error> m_error;
};

}    // namespace filfil

#define FILFIL_CONCAT_(a, b) a##b
#define FILFIL_CONCAT(a, b) FILFIL_CONCAT_(a, b)

/// Leaves the enclosing function with the error of `expression` (a Result<void>) if it failed.
#define FILFIL_CHECK(expression)                                                                             \
    do {                                                                                                     \
        if (auto filfil_status = (expression); !filfil_status.ok()) return std::move(filfil_status).error(); \
    } while (false)

/// Declares or assigns `target` from a Result<T>, or leaves the enclosing function with its error.
/// Example: FILFIL_TRY(auto cid, Cid::parse(text));
#define FILFIL_TRY(target, expression)                                     \
    auto FILFIL_CONCAT(filfil_result_, __LINE__) = (expression);           \
    if (!FILFIL_CONCAT(filfil_result_, __LINE__).ok())                     \
        return std::move(FILFIL_CONCAT(filfil_result_, __LINE__)).error(); \
    target = std::move(FILFIL_CONCAT(filfil_result_, __LINE__)).value()
