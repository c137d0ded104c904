// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "market/mk12_wire.hpp"
#include "require.hpp"

#include <span>

using namespace filfil;
using namespace filfil::market;

// Bytes as what Curio's mk12 market answers.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView bytes = std::as_bytes(std::span(data, size));
    if (const auto answer = read_mk12_answer(bytes); answer.ok()) {
        const Refusal why = f05_refusal(answer->message);
        fuzz::require(!why.sentence.empty() && !why.remedy.empty() && why.sentence.size() < 2048,
                      "a refusal is whole and short");
        fuzz::require(f05_has_it(answer->message) == (why.name == "already_there"), "a deal that is there is named so");
    }
    if (const auto status = read_mk12_status(bytes); status.ok()) fuzz::require_whole(*status);
    (void)read_mk12_ask(bytes);
    return 0;
}
