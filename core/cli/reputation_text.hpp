// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "cli/output.hpp"

#include <string>

namespace filfil::cli {

// What people read of the daemon's answers of these methods.
std::string holders_text(const Json& answer);           ///< FilFil.Holders, all of its pages in one
std::string reputation_text(const Json& answer);        ///< FilFil.Reputation
std::string endpoints_text(const Json& answer);         ///< FilFil.Endpoints
std::string announced_text(const Json& done);           ///< what FilFil.SetEndpoint came to
std::string retrieval_test_text(const Json& result);    ///< what FilFil.TestRetrieval came to

/// "96.4 %" of a field from 0 to 1; "" where it is null.
std::string percent_at(const Json& object, const char* name);

}    // namespace filfil::cli
