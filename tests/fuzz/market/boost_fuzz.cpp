// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "market/boost_wire.hpp"
#include "require.hpp"

#include <string_view>

using namespace filfil;
using namespace filfil::market;

// Bytes as what boostd answers, by either of its servers.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const auto answer = read_boost_answer(text); answer.ok()) {
        const Refusal why = f05_refusal(answer->reason);
        fuzz::require(!why.sentence.empty() && why.sentence.size() < 2048, "a refusal is whole and short");
    }
    if (const auto deal = read_boost_deal(text); deal.ok()) {
        fuzz::require_whole(deal->status);
        fuzz::require(!deal->has_data || deal->status.state != DealState::awaiting_data,
                      "what has its data does not wait for it");
    }
    (void)read_boost_names(text, "publishPendingDeals", "x");
    (void)read_boost_facts(text);
    return 0;
}
