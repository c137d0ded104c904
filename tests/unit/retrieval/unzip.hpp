// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/bytes.hpp"

namespace filfil::retrieval::samples {

/// Undoes one whole zstd frame as an HTTP client does, with a window of 8 MiB at most. Fails the test where it is none.
Bytes unzip(ByteView packed);

}    // namespace filfil::retrieval::samples
