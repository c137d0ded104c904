// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "base/result.hpp"
#include "car/reader.hpp"
#include "commp/piece.hpp"
#include "ipld/cid.hpp"
