// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/bytes.hpp"

#include <functional>

namespace filfil::ipld {

/// Calls `on_link` with the binary CID of every link in one DAG-CBOR block, in byte order.
///
/// This is the tolerant scan that the nodes use, not a validation: one top-level item is read, bytes after it are
/// ignored; tag 42 at any depth is a link, the first byte of its byte string is dropped; byte and text strings are not
/// opened; map order, minimal lengths and UTF-8 are not checked. Indefinite lengths are errors. Source: cbor-gen
/// utils.go ScanForLinks, as lotus chain/store/snapshot.go uses it. Uses no recursion, so depth costs no stack.
/// Thread-safe.
/// @return Error::truncated or Error::corrupt with the byte offset; links before it have been reported by then
Result<void> scan_links(ByteView block, const std::function<void(ByteView)>& on_link);

}    // namespace filfil::ipld
