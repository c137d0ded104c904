// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/units.hpp"
#include "chain/tipset.hpp"
#include "rpc/json.hpp"
#include "rpc/server.hpp"

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace filfil::service {

/// The named parameters of one call, each of them checked when it is asked for. Every refusal is
/// Error::invalid_argument with the parameter's name and what stands there.
class Params {
public:
    /// @param json an object, or an empty list. What is not in `known` is refused, with the nearest name there is
    static Result<Params> open(const rpc::Json& json, const std::vector<std::string>& known);

    [[nodiscard]] bool has(std::string_view name) const;

    Result<std::optional<std::int64_t>> integer(std::string_view name, std::int64_t least = 0,
                                                std::int64_t most = std::numeric_limits<std::int64_t>::max()) const;
    Result<std::optional<bool>> flag(std::string_view name) const;
    Result<std::optional<std::string>> text(std::string_view name, std::size_t most_bytes = 4096) const;

    /// Bytes, as a number or as text ("32GiB").
    Result<std::optional<std::uint64_t>> size(std::string_view name) const;

    /// A list of at most 256 CIDs, at least one.
    Result<std::optional<chain::TipsetKey>> tipset(std::string_view name) const;
    Result<std::optional<std::vector<std::string>>> texts(std::string_view name, std::size_t most = 64) const;
    [[nodiscard]] const rpc::Json* find(std::string_view name) const;

    // The same for what has to be there.
    Result<std::int64_t> need_integer(std::string_view name, std::int64_t least = 0,
                                      std::int64_t most = std::numeric_limits<std::int64_t>::max()) const;
    Result<std::string> need_text(std::string_view name, std::size_t most_bytes = 4096) const;

private:
    explicit Params(const rpc::Json& json) : m_json(json) {}
    const rpc::Json& m_json;
};

/// An error about one parameter.
Error wrong_parameter(std::string_view name, const std::string& what);

/// What a method does. An error that is returned is its answer; else it answers by `reply`, now or later.
using ApiHandler = std::function<Result<void>(const Params& params, const std::shared_ptr<rpc::Session>& session,
                                              const rpc::Reply& reply)>;

/// Adds one. @param known the names of its parameters
void add_method(rpc::Server& server, std::string name, rpc::Permission permission, std::vector<std::string> known,
                ApiHandler handler);

}    // namespace filfil::service
