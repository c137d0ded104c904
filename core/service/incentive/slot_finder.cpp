// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/incentive/slot_finder.hpp"

#include "service/incentive/gather.hpp"

#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace filfil::service {
namespace {

constexpr std::size_t page_size = 1000;
constexpr std::uint64_t latest_slots = 64;
constexpr std::size_t asked_at_once = 16;

std::optional<std::uint32_t> slot_in(const std::vector<journal::EventRecord>& page, std::uint64_t epoch) {
    for (const journal::EventRecord& event : page) {
        const auto fields = rpc::parse_json(event.fields);
        if (!fields.ok() || !event.slot || *event.slot > std::numeric_limits<std::uint32_t>::max()) continue;
        const auto of = rpc::integer_field(*fields, "epoch");
        if (of.ok() && *of >= 0 && static_cast<std::uint64_t>(*of) == epoch)
            return static_cast<std::uint32_t>(*event.slot);
    }
    return std::nullopt;
}

void find_in_latest(Desk& desk, std::uint64_t epoch, Desk::Handler<std::uint32_t> handler) {
    desk.read<calls::Latest>({.count = latest_slots}, [&desk, epoch, handler = std::move(handler)](
                                                          const Result<calls::Latest::Output>& latest) {
        if (!latest.ok()) return handler(latest.error());
        const auto slots = std::make_shared<const std::vector<std::uint32_t>>(latest->slots);
        gather_by<calls::SlotInfo::Output>(
            asked_at_once, slots->size(),
            [&desk, slots](std::size_t i, const Desk::Handler<calls::SlotInfo::Output>& one) {
                desk.read<calls::SlotInfo>({.slot = (*slots)[i]}, one);
            },
            [slots, epoch, handler](const Result<std::vector<calls::SlotInfo::Output>>& infos) {
                if (!infos.ok()) return handler(infos.error());
                for (std::size_t i = 0; i < infos->size(); ++i)
                    if ((*infos)[i].pieces != 0 && (*infos)[i].epoch == epoch) return handler((*slots)[i]);
                handler(Error(ErrorCode::not_found,
                              "no snapshot of epoch " + std::to_string(epoch) +
                                  " was staged, as far as the contract's events were read",
                              "FilFil.Slots (`fil-fil operator status`) lists what is staged; a slot whose target is a "
                              "null round has the snapshot of the tipset before it"));
            });
    });
}

void find_in_events(Desk& desk, EventBook& events, std::uint64_t epoch, std::optional<journal::EventPlace> before,
                    Desk::Handler<std::uint32_t> handler) {
    events.list({.name = "SnapshotStaged", .before = before, .limit = page_size},
                [&desk, &events, epoch,
                 handler = std::move(handler)](const Result<std::vector<journal::EventRecord>>& page) mutable {
                    if (!page.ok()) return handler(page.error());
                    if (const auto slot = slot_in(*page, epoch)) return handler(*slot);
                    if (page->size() < page_size) return find_in_latest(desk, epoch, std::move(handler));
                    const journal::EventPlace last{page->back().block, page->back().index};
                    find_in_events(desk, events, epoch, last, std::move(handler));
                });
}

}    // namespace

void find_slot(Desk& desk, EventBook& events, std::uint64_t epoch, Desk::Handler<std::uint32_t> handler) {
    find_in_events(desk, events, epoch, {}, std::move(handler));
}

}    // namespace filfil::service
