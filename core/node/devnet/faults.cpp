// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "node/devnet/faults.hpp"

#include <charconv>
#include <string>

namespace filfil::node {

std::string_view name_of(Fault fault) noexcept {
    switch (fault) {
        case Fault::drop: return "drop";
        case Fault::channel_close: return "channel-close";
        case Fault::missing_once: return "missing-once";
        case Fault::slow: return "slow";
        case Fault::stall: return "stall";
        case Fault::wrong_bytes: return "wrong-bytes";
        case Fault::error: return "error";
        case Fault::reorg: return "reorg";
        case Fault::lost_event: return "lost-event";
        case Fault::repeat_event: return "repeat-event";
        case Fault::garbage: return "garbage";
        case Fault::forget: return "forget";
    }
    return {};
}

Result<void> Faults::set(std::string_view text) {
    const std::size_t equals = text.find('=');
    const std::string_view name = text.substr(0, equals);
    std::string names;
    for (const Fault fault : all_faults) {
        names += (names.empty() ? "" : ", ") + std::string(name_of(fault));
        if (name_of(fault) != name) continue;
        double rate = 0;
        const std::string_view number = equals == std::string_view::npos ? "" : text.substr(equals + 1);
        const auto [end, status] = std::from_chars(number.data(), number.data() + number.size(), rate);
        if (status != std::errc{} || end != number.data() + number.size() || !(rate >= 0 && rate <= 1))
            return Error(ErrorCode::invalid_argument,
                         "'" + std::string(text) + "' does not say how often: a number from 0 to 1 is expected",
                         "write it like " + std::string(name) + "=0.01");
        set(fault, rate);
        return {};
    }
    return Error(ErrorCode::invalid_argument, "'" + std::string(name) + "' is no fault of the devnet",
                 "name one of: " + names);
}

bool Faults::happens(Fault fault, Random& random) {
    const double rate = m_rates[index(fault)];
    if (rate <= 0) return false;
    unsigned& row = m_row[index(fault)];
    // 53 bits are what a double holds.
    const double drawn = static_cast<double>(random.next() >> 11) * 0x1p-53;
    const bool now = drawn < rate && row < in_a_row;
    row = now ? row + 1 : 0;
    m_happened[index(fault)] += now ? 1 : 0;
    return now;
}

}    // namespace filfil::node
