// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "incentive/model/state.hpp"

#include <cstdint>

namespace filfil::incentive::model {

/// Reads the CBOR that actors send, as strictly as the contract does. What is wrong ends the call with Cbor(offset of
/// the item).
class CborReader {
public:
    explicit CborReader(ByteView data) : m_data(data) {}

    std::uint64_t number();
    std::int64_t integer();

    /// The length of a list; one that could not fit in what is left is refused.
    std::uint64_t list();

    /// A list of exactly `count`.
    void tuple(std::uint64_t count);
    bool boolean();
    ByteView bytes();

    /// Bytes or text.
    void skip_string();

    struct BigInt {
        bool negative = false;
        U256 magnitude{};
    };
    BigInt big_int();

    /// The digest of a piece commitment; zeros for a CID of another kind.
    Root commitment();

    /// Nothing may follow.
    void end() const;

private:
    struct Head {
        unsigned major;
        std::uint64_t argument;
    };
    Head head();
    std::uint64_t expect(unsigned major);
    ByteView string(unsigned one, unsigned other);
    [[noreturn]] static void wrong(std::size_t at);

    ByteView m_data;
    std::size_t m_at = 0;
};

/// The CBOR that is sent to actors: the head of an item.
Bytes cbor_head(unsigned major, std::uint64_t argument);
Bytes cbor_number(std::uint64_t value);
Bytes cbor_bytes(ByteView value);

}    // namespace filfil::incentive::model
