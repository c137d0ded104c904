// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/files.hpp"
#include "ipld/cid.hpp"

#include <string>
#include <unordered_map>
#include <vector>

namespace filfil::reference {

/// Blocks by their whole CID, in the plainest way there is: what the engine's block store is held against.
using Blocks = std::unordered_map<ipld::Cid, Bytes>;

struct LoadedCar {
    std::vector<ipld::Cid> roots;
    std::vector<ipld::Cid> order;    ///< of the sections, one entry each
    Blocks blocks;
};

/// Reads a whole CAR of any form into memory.
Result<LoadedCar> load_car(Files& files, const std::string& path);
Result<LoadedCar> load_car(ByteView bytes);

/// A CARv1 of these blocks in this order; all of them must be there.
Bytes car_bytes(const Blocks& blocks, const std::vector<ipld::Cid>& roots, const std::vector<ipld::Cid>& order);

}    // namespace filfil::reference
