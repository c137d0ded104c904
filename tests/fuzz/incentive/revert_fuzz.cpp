// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/revert.hpp"
#include "require.hpp"
#include "rpc/excerpt.hpp"

using namespace filfil;
using namespace filfil::incentive;

// Whatever a contract reverts with, and whatever a node says of it, becomes a sentence that can be printed.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView bytes = std::as_bytes(std::span(data, size));
    const Revert revert = read_revert(bytes);
    fuzz::require(!revert.error.message.empty(), "there is a sentence");
    fuzz::require(revert.error.message.size() < 2000, "it is short");
    fuzz::require(rpc::excerpt(revert.error.message, 10'000) == revert.error.message, "it can be printed");
    fuzz::require(
        (revert.entry == nullptr) == (revert.name.empty() || revert.name == "Error" || revert.name == "Panic"),
        "what is the contract's has its entry");

    rpc::RemoteError error{.code = size > 0 ? data[0] : 0, .message = std::string(chars_of(bytes)), .data = {}};
    if (const auto found = revert_error_of(error))
        fuzz::require(rpc::excerpt(found->message, 10'000) == found->message, "a node's words can be printed");
    const auto json = rpc::parse_json(chars_of(bytes));
    if (!json.ok()) return 0;
    error.data = *json;
    (void)revert_data_of(error);
    return 0;
}
