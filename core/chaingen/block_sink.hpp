// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/bytes.hpp"

namespace filfil::chaingen {

/// Takes the blocks of a generated chain.
class BlockSink {
public:
    virtual ~BlockSink() = default;

    /// One block; each comes once, and those it links to come before it. The views are valid during the call.
    /// @return an error ends the generation, and the generator gives it back
    [[nodiscard]] virtual Result<void> block(ByteView cid, ByteView data) = 0;
};

}    // namespace filfil::chaingen
