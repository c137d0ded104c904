// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "ipld/cbor_head.hpp"

namespace filfil::ipld {

std::string_view reason_of(CborFault fault) noexcept {
    switch (fault) {
        case CborFault::none: return "nothing is wrong";
        case CborFault::truncated: return "the block ends before what it announces";
        case CborFault::reserved: return "an indefinite length or a reserved head, which chain data never has";
        case CborFault::not_minimal: return "a number that is not written in its shortest form";
        case CborFault::too_long: return "a string of 2 GiB or more";
        case CborFault::link_type: return "a link (tag 42) that holds no byte string";
        case CborFault::link_size: return "a link (tag 42) whose byte string is empty or over 100 bytes long";
        case CborFault::link_cid: return "a link (tag 42) that holds no CID";
    }
    return "an unknown fault";
}

Error cbor_error(CborFault fault, std::size_t at, std::size_t size) {
    return {fault == CborFault::truncated ? ErrorCode::truncated : ErrorCode::corrupt,
            "DAG-CBOR block of " + std::to_string(size) + " bytes, at byte " + std::to_string(at) + ": " +
                std::string(reason_of(fault))};
}

}    // namespace filfil::ipld
