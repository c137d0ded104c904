// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/executor.hpp"
#include "base/random.hpp"
#include "car/reader.hpp"

#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace filfil::car {

struct VerifyOptions {
    ReaderOptions reader;
    Random* link_key = nullptr;       ///< asks for the link check, whose hash key it gives; must outlive the call
    std::size_t name_at_most = 10;    ///< how many bad blocks and missing links are named; all are counted
    std::stop_token stop;
};

/// A block whose bytes do not have the hash that its CID says.
struct BadBlock {
    std::uint64_t section = 0;
    std::uint64_t offset = 0;    ///< of the section, bytes from the start of the uncompressed file
    ipld::Cid cid;
};

/// A link to a block that the CAR does not hold.
struct MissingLink {
    ipld::Cid cid;
    std::uint64_t section = 0;    ///< of the first block that links to it
    std::uint64_t offset = 0;
};

struct VerifyReport {
    Header header;
    std::uint64_t blocks = 0;    ///< whole sections, up to the end or to the fault
    std::uint64_t bytes = 0;     ///< of the CARv1, header included, up to there
    std::uint64_t bad_blocks = 0;
    std::vector<BadBlock> bad;                     ///< the first ones, in the order of the file
    std::uint64_t unchecked_blocks = 0;            ///< with a hash function that cannot be computed from the bytes
    std::optional<BadBlock> unchecked;             ///< the first of them
    std::optional<std::uint64_t> missing_links;    ///< distinct CIDs; set where links were asked for
    std::vector<MissingLink> missing;              ///< the first ones, in the order of the file
    std::uint64_t unscanned_blocks = 0;            ///< DAG-CBOR blocks that the nodes' link scan refuses
    Damage damage = Damage::none;
    std::optional<Error> fault;    ///< why the CAR could not be read to its end

    /// Whole, every block checked and right, and no link missing where that was asked for.
    [[nodiscard]] bool good() const noexcept {
        return !fault && bad_blocks == 0 && unchecked_blocks == 0 && unscanned_blocks == 0 &&
               missing_links.value_or(0) == 0;
    }
};

/// Hashes every block of a CAR on all of the executor's threads and compares with its CID. Memory is one batch a
/// thread, plus 16 bytes a block and a distinct link where links are asked for (car/link_ledger.hpp); to name missing
/// links the file is read a second time.
///
/// Links are those of DAG-CBOR blocks. Not missing are identity CIDs, which carry their block, and piece and sector
/// commitments, which name none. A snapshot made by a node leaves out receipts, and the state and messages of old
/// epochs, so links are missing from it by design.
/// @return Error where the header cannot be read, or Error::cancelled; what is wrong behind the header stands in the
/// report
Result<VerifyReport> verify(Files& files, const std::string& path, Executor& executor,
                            const VerifyOptions& options = {});

/// The same for an open file, without the link check: that may need a second reading.
Result<VerifyReport> verify(std::unique_ptr<ReadableFile> file, Executor& executor, const VerifyOptions& options = {});

}    // namespace filfil::car
