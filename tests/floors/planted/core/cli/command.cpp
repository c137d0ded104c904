// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "batch/manifest.hpp"
#include "gpu/provider.hpp"
