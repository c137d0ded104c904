// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace filfil::bench {

/// What `nvidia-smi` says of a card right now: clocks, power, its bus. Empty where there is no such program.
std::vector<std::pair<std::string, std::string>> ask_smi(unsigned card);

/// The clock of the card's multiprocessors right now, in Hz; 0 where nobody tells.
double ask_clock(unsigned card);

}    // namespace filfil::bench
