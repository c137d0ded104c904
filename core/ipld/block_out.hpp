// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "ipld/cid.hpp"

#include <functional>

namespace filfil::ipld {

/// Takes a block that was made; both arguments are valid during the call. An error ends what is being made.
using BlockOut = std::function<Result<void>(const Cid& cid, ByteView data)>;

}    // namespace filfil::ipld
