// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/view/slot_entry.hpp"

#include <QLatin1StringView>

namespace filfil::gui {

namespace {

struct Word {
    QLatin1StringView word;
    SlotState state;
};

constexpr Word words[] = {
    {QLatin1StringView("future"), SlotState::Future},
    {QLatin1StringView("ahead"), SlotState::Future},
    {QLatin1StringView("open"), SlotState::Open},
    {QLatin1StringView("building"), SlotState::Building},
    {QLatin1StringView("planned"), SlotState::Building},
    {QLatin1StringView("snapshot"), SlotState::Building},
    {QLatin1StringView("commp"), SlotState::Building},
    {QLatin1StringView("published"), SlotState::Published},
    {QLatin1StringView("proposing"), SlotState::Published},
    {QLatin1StringView("proposed"), SlotState::Published},
    {QLatin1StringView("fetching"), SlotState::Published},
    {QLatin1StringView("publishing"), SlotState::Published},
    {QLatin1StringView("sealing"), SlotState::Published},
    {QLatin1StringView("stored"), SlotState::Stored},
    {QLatin1StringView("claimed"), SlotState::Stored},
    {QLatin1StringView("proven"), SlotState::Stored},
    {QLatin1StringView("notified"), SlotState::Stored},
    {QLatin1StringView("active"), SlotState::Stored},
    {QLatin1StringView("paid"), SlotState::Paid},
    {QLatin1StringView("done"), SlotState::Paid},
    {QLatin1StringView("missed"), SlotState::Missed},
    {QLatin1StringView("failed"), SlotState::Missed},
    {QLatin1StringView("dead"), SlotState::Missed},
    {QLatin1StringView("disputed"), SlotState::Disputed},
    {QLatin1StringView("reassigned"), SlotState::Reassigned},
    {QLatin1StringView("cancelled"), SlotState::Reassigned},
    {QLatin1StringView("skipped"), SlotState::Skipped},
    {QLatin1StringView("skip"), SlotState::Skipped},
    {QLatin1StringView("ended"), SlotState::Ended},
    {QLatin1StringView("closed"), SlotState::Ended},
};

}    // namespace

SlotState slotStateOf(QStringView word) {
    for (const Word& known : words)
        if (word.compare(known.word, Qt::CaseInsensitive) == 0) return known.state;
    return SlotState::Unknown;
}

SlotState shownState(const SlotEntry& entry, double now) {
    if (entry.state != SlotState::Future && entry.state != SlotState::Open) return entry.state;
    if (now >= entry.close) return SlotState::Ended;
    return now >= entry.open ? SlotState::Open : SlotState::Future;
}

}    // namespace filfil::gui
