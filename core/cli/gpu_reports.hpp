// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "commp/gpu_provider.hpp"

#include <span>
#include <string>

namespace filfil::cli {

/// Whether a card works.
bool is_usable(const commp::GpuReport& card) noexcept;

/// "cuda:0, cuda:1": the cards that work; "" where none does.
std::string names_of_usable(std::span<const commp::GpuReport> cards);

/// GiB of payload a second of all cards that work together.
double rate_of_usable(std::span<const commp::GpuReport> cards) noexcept;

}    // namespace filfil::cli
