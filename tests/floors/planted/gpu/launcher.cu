// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "base/result.hpp"
#include "commp/backend.hpp"
#include "ipld/cid.hpp"
