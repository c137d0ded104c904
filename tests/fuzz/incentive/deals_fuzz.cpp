// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/deal_proposal.hpp"
#include "incentive/sector_change.hpp"
#include "require.hpp"

#include <algorithm>

using namespace filfil;
using namespace filfil::incentive;

// What is read as a proposal, as parameters or as a notification is written with the same bytes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView bytes = std::as_bytes(std::span(data, size));
    const auto same = [&](const Bytes& written) {
        fuzz::require(std::ranges::equal(written, bytes), "what was read is written with the same bytes");
    };
    const auto written = [&](const Result<Bytes>& again) {
        fuzz::require(again.ok(), "what was read is written");
        same(*again);
    };
    if (const auto read = decode_deal_proposal(bytes); read.ok()) {
        written(encode(*read));
        fuzz::require(cid_of(*read).ok(), "a proposal has a CID");
    }
    if (const auto read = decode_client_deal_proposal(bytes); read.ok()) written(encode(*read));
    if (const auto read = decode_authenticate_params(bytes); read.ok()) same(encode(*read));
    if (const auto read = decode_notify_deal_params(bytes); read.ok()) same(encode(*read));
    if (const auto read = decode_sector_changes(bytes); read.ok()) written(encode_sector_changes(*read));
    if (const auto read = decode_taken(bytes); read.ok()) same(encode_taken(*read));
    return 0;
}
