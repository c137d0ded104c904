// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "market/file_backend.hpp"
#include "market/mk20_wire.hpp"
#include "market/node_preflight.hpp"
#include "require.hpp"

#include <string_view>

using namespace filfil;
using namespace filfil::market;

// Bytes as what a journal has of an order or a status, and as a node's list of sectors.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto json = rpc::parse_json({reinterpret_cast<const char*>(data), size});
    if (!json.ok()) return 0;
    if (const auto order = parse_deal_order(*json); order.ok()) {
        fuzz::require(check(*order).ok(), "an order that is read is right");
        const auto again = parse_deal_order(json_of(*order));
        fuzz::require(again.ok() && *again == *order, "an order reads back");
        fuzz::require(ulid_of(*order).size() == 26 && uuid_of(*order).size() == 36, "an order has its names");
        (void)deal_manifest(*order, {.folder = "x"});
        (void)mk20_deal_body(*order, {});
    }
    if (const auto status = parse_deal_status(*json); status.ok()) {
        const auto again = parse_deal_status(json_of(*status));
        fuzz::require(again.ok() && *again == *status, "a status reads back");
    }
    if (const auto count = count_free_sectors(*json, 5); count.ok())
        fuzz::require(*count <= size, "there are no more sectors than characters");
    return 0;
}
