// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace filfil::incentive {

/// A type of Solidity's contract ABI, as its signatures write it: "uint64", "bytes32[]",
/// "(uint32,(bytes32,uint64)[2])". Source of the rules: docs.soliditylang.org, "Contract ABI Specification".
class AbiType {
public:
    enum class Kind : std::uint8_t {
        unsigned_integer,
        signed_integer,
        boolean,
        address,
        fixed_bytes,    ///< bytes1 to bytes32
        bytes,
        text,    ///< "string": the ABI does not say that it is UTF-8
        list,
        tuple
    };

    /// Reads the canonical form only ("uint256", not "uint"), without spaces or names. "()" may stand alone: the
    /// parameters of what has none. @return Error::invalid_argument with the character and what is wrong; too_large for
    /// more than 16 levels, 256 types or 65,536 words in front
    static Result<AbiType> parse(std::string_view text);

    [[nodiscard]] Kind kind() const noexcept { return m_kind; }
    [[nodiscard]] unsigned bits() const noexcept { return m_size; }             ///< of integers
    [[nodiscard]] std::size_t byte_count() const noexcept { return m_size; }    ///< of fixed_bytes

    /// Of a list: how many items; 0 where the number of them is a part of the value.
    [[nodiscard]] std::size_t count() const noexcept { return m_count; }
    [[nodiscard]] const AbiType& item() const noexcept { return m_parts.front(); }            ///< of a list
    [[nodiscard]] const std::vector<AbiType>& members() const noexcept { return m_parts; }    ///< of a tuple

    /// Whether values differ in size: they stand behind the fixed part then, which has their offset.
    [[nodiscard]] bool dynamic() const noexcept { return m_dynamic; }

    /// Bytes of a value that is not dynamic; of the members' fixed parts of a tuple that is.
    [[nodiscard]] std::size_t fixed_size() const noexcept { return m_fixed_size; }

    /// Bytes in the fixed part of what holds it: its own, or its offset's.
    [[nodiscard]] std::size_t head_size() const noexcept { return m_dynamic ? 32 : m_fixed_size; }

    [[nodiscard]] std::string text() const;

private:
    class Parser;
    AbiType() = default;

    Kind m_kind = Kind::tuple;
    unsigned m_size = 0;
    std::size_t m_count = 0;
    std::vector<AbiType> m_parts{};
    bool m_dynamic = false;
    std::size_t m_fixed_size = 0;
};

}    // namespace filfil::incentive
