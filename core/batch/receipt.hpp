// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/result.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace filfil::batch {

/// What a commitment's computation gave.
struct Computed {
    std::uint64_t payload_size = 0;
    std::uint64_t padded_size = 0;
    std::string piece_cid;
    std::string piece_cid_v2;
    std::string device;
    double seconds = 0;              ///< from opening to commitment; of a file packed with others, its share by size
    double payload_gib_per_s = 0;    ///< payload_size over seconds
    std::string sha256;              ///< lower-case hexadecimal; "" where it was not asked for

    bool operator==(const Computed&) const = default;
};

/// The one line that a batch leaves for a file.
struct Receipt {
    std::string path;
    std::optional<Computed>
        computed;                 ///< also there with an error if the file was hashed but is not what was expected
    std::string id;               ///< "" is none
    std::string error;            ///< "" is status "ok", anything else status "error"
    std::string expected;         ///< "" is none
    std::optional<bool> match;    ///< nothing without an expected CID, or where nothing was computed
    std::optional<std::int64_t>
        mtime_ns;    ///< of the file that was hashed, nanoseconds since 1970; nothing if it could not be told

    [[nodiscard]] bool ok() const noexcept { return error.empty(); }
    bool operator==(const Receipt&) const = default;
};

/// Field names in the order in which both formats write them; "sha256" only where it was asked for.
inline constexpr std::array<std::string_view, 15> receipt_fields = {
    "path", "payload_size", "padded_size", "piece_cid", "piece_cid_v2", "device",   "seconds", "payload_gib_per_s",
    "id",   "status",       "error",       "expected",  "match",        "mtime_ns", "sha256"};

/// Told of every file's receipt as it finishes, one call at a time. An error stops the batch: work that cannot be
/// recorded is lost.
class ReceiptSink {
public:
    virtual ~ReceiptSink() = default;
    [[nodiscard]] virtual Result<void> take(const Receipt& receipt) = 0;
};

}    // namespace filfil::batch
