// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "service/house.hpp"

#include <vector>

namespace filfil::service {

/// What FilFil.Status answers: docs/api.md has every field.
rpc::Json status_of(const House& house);

/// What somebody should look at, at this moment.
std::vector<Alert> alerts_of(const House& house);

/// The same figures as Prometheus takes them.
std::vector<retrieval::Metric> metrics_of(const House& house);

}    // namespace filfil::service
