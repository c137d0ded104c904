// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/contract_abi.hpp"
#include "incentive/event_cursor.hpp"
#include "incentive/event_json.hpp"
#include "require.hpp"

using namespace filfil;
using namespace filfil::incentive;

// A log that is read is one that the cursor keeps as it is; a cursor that is read is written as the same. Events of
// whatever bytes are read or refused.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView bytes = std::as_bytes(std::span(data, size));
    const auto events = contract::all_events();
    if (size > 1) {
        const std::size_t count = data[1] % 5;
        std::vector<Word> topics = {events[data[0] % events.size()].id};
        ByteView rest = bytes.subspan(2);
        for (; topics.size() < count && rest.size() >= 32; rest = rest.subspan(32)) {
            std::ranges::copy(rest.first(32), topics.emplace_back().begin());
        }
        const auto event = contract::decode_event(topics, rest);
        fuzz::require(event.ok() || !event.error().message.empty(), "an event is read or refused");
        fuzz::require(event.ok() || event.error().code != ErrorCode::internal, "its struct fits its types");
        EthLog log;
        log.topics = topics;
        log.data = to_bytes(rest);
        const auto named = name_event(log);
        fuzz::require(named.ok() == event.ok(), "an event has names where it has a struct");
        fuzz::require(!named.ok() || rpc::parse_json(rpc::write_json(named->fields)).ok(), "its fields are JSON");
    }

    const auto json = rpc::parse_json(chars_of(bytes));
    if (!json.ok()) return 0;
    (void)read_block_ref(*json);
    if (const auto log = read_eth_log(*json); log.ok()) {
        EventCursor cursor{.next = log->block, .floor = 0, .recent = {}};
        if (log->block < ~std::uint64_t{0} && !log->removed) {
            cursor.next = log->block + 1;
            cursor.recent.push_back({log->block, log->block_hash, {*log}});
        }
        const auto again = read_event_cursor(json_of(cursor));
        fuzz::require(again.ok() && *again == cursor, "a log is kept as it was read");
    }
    if (const auto cursor = read_event_cursor(*json); cursor.ok()) {
        const auto again = read_event_cursor(json_of(*cursor));
        fuzz::require(again.ok(), "a cursor that was read is written");
    }
    return 0;
}
