// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "market/curio_auth.hpp"
#include "market/market_caller.hpp"
#include "market/mk20_wire.hpp"
#include "require.hpp"

#include <string_view>

using namespace filfil;
using namespace filfil::market;

// Bytes as what Curio's mk20 market, or what stands before it, answers.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const auto status = read_mk20_status(text); status.ok()) fuzz::require_whole(*status);
    for (const char* field : {"products", "sources", "contracts"})
        if (const auto names = read_mk20_names(text, field); names.ok())
            fuzz::require(names->size() <= size, "there are no more names than characters");
    const int code = size == 0 ? 400 : 400 + data[0];
    const Refusal why = mk20_refusal(code, text);
    fuzz::require(!why.name.empty() && !why.sentence.empty() && !why.remedy.empty(), "a refusal is whole");
    fuzz::require(why.sentence.size() < 2048, "a refusal is short");
    (void)is_web_page({{"Content-Type", std::string(text)}}, text);
    (void)read_http_date(text);
    const auto json = rpc::parse_json(text);
    const auto wallet = chain::Address::parse("f17uoq6tp427uzv7fztkbsnn64iwotfrristwpryy");
    if (json.ok())
        if (const auto signature = read_signature(*json, *wallet); signature.ok())
            fuzz::require(signature->size() >= 2 && (*signature)[0] == std::byte{1},
                          "a signature is of the wallet's kind");
    return 0;
}
