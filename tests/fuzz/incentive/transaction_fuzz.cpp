// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/rlp.hpp"
#include "incentive/transaction.hpp"
#include "require.hpp"

using namespace filfil;
using namespace filfil::incentive;

// A transaction that is read has one form, and its signer is the one that its own hash and signature say.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView bytes = std::as_bytes(std::span(data, size));
    const auto read = decode_transaction(bytes);
    if (!read.ok()) return 0;
    const auto signer = recover(signing_hash(read->transaction), read->signature);
    fuzz::require(signer.ok() && *signer == read->from, "the signer is the one that signed");
    fuzz::require(read->raw.size() == size, "it is kept as it came");
    const auto again = decode_transaction(read->raw);
    fuzz::require(again.ok() && again->transaction == read->transaction && again->hash == read->hash, "twice the same");
    (void)most_cost(read->transaction);
    return 0;
}
