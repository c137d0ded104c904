// SPDX-License-Identifier: Apache-2.0 OR MIT
// Compiled with the include folders of base alone.
#include "base/result.hpp"
#include "ipld/cid.hpp"
