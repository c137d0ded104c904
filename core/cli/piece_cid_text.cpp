// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/piece_cid_text.hpp"

#include <string_view>
#include <utility>

namespace filfil::cli {
namespace {

/// What a CID that is no piece CID most likely is; "" where it could be anything.
std::string_view kind_of(const ipld::Cid& cid) {
    switch (cid.codec()) {
        case ipld::Codec::fil_commitment_sealed:
            return "it names a sealed sector (CommR), not the data that was sealed";
        case ipld::Codec::fil_commitment_unsealed: return "";
        case ipld::Codec::dag_pb: return "it names a file or folder as IPFS does (a data CID, often a CAR's root)";
        case ipld::Codec::dag_cbor:
            return "it names a DAG-CBOR block, such as a chain block or a CAR's root (a data CID)";
        case ipld::Codec::cbor: return "it names a CBOR block (a data CID)";
        case ipld::Codec::raw:
            return cid.hash().code == ipld::HashCode::fr32_sha256_trunc254_padbintree
                       ? ""
                       : "it names a raw block (a data CID)";
    }
    return "";
}

}    // namespace

Result<PieceCid> parse_piece_cid(const std::string& text) {
    FILFIL_TRY(ipld::Cid cid, ipld::Cid::parse(text));
    auto info = ipld::read_piece_cid(cid);
    if (!info.ok()) {
        Error error = std::move(info).error();
        if (const std::string_view kind = kind_of(cid); !kind.empty()) error.message.append(": ").append(kind);
        return error;
    }
    return PieceCid{std::move(cid), *info};
}

}    // namespace filfil::cli
