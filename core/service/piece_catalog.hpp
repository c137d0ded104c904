// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "journal/journal.hpp"
#include "retrieval/catalog.hpp"
#include "service/file_bytes.hpp"
#include "service/layout_bytes.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace filfil::service {

/// The pieces of snapshots that were taken, and the blocks of the chain. A piece comes from memory while its snapshot
/// is laid out, else from a file, else from memory all the same, laid out anew, as long as a hold keeps its blocks.
/// Thread-safe.
class PieceCatalog final : public retrieval::Catalog {
public:
    /// @param files must outlive the catalog
    explicit PieceCatalog(Files& files) : m_files(files) {}

    /// From now on blocks are served; null: none any more.
    void set_engine(std::shared_ptr<snapshot::DurableEngine> engine);

    /// Takes a snapshot's pieces in, in place of what was known of it. @param held null where no hold keeps it
    /// @param header_size bytes of its CAR's header
    void put(const journal::SnapshotRecord& snapshot, std::shared_ptr<HeldSnapshot> held, std::uint64_t header_size);

    /// A snapshot is not served any more.
    void remove(std::int64_t snapshot);

    [[nodiscard]] Result<std::optional<retrieval::ServedPiece>> find(const ipld::Cid& piece_cid) override;
    [[nodiscard]] Result<std::optional<Bytes>> block(const ipld::Cid& cid) override;
    [[nodiscard]] Counts counts() const override;

private:
    struct Entry {
        std::uint64_t payload_size = 0;
        std::uint64_t padded_size = 0;
        std::string file_name;
        std::shared_ptr<HeldSnapshot> held;
        car::BodyRange range{};
        std::vector<FilePlace> places;
    };

    Files& m_files;
    mutable std::mutex m_mutex;
    std::shared_ptr<snapshot::DurableEngine> m_engine;
    std::map<ipld::Cid, std::map<std::int64_t, Entry>> m_pieces;    ///< then by snapshot
};

/// Where the pieces of a snapshot lie that can be served from files: of the whole CAR, unless that is compressed, and
/// of their own. @return a list for each piece, in their order
std::vector<std::vector<FilePlace>> file_places(const journal::SnapshotRecord& snapshot, std::uint64_t header_size);

/// Bytes of the CAR's header by what the journal knows: what its pieces have beside their ranges.
std::uint64_t header_size_of(const journal::SnapshotRecord& snapshot) noexcept;

}    // namespace filfil::service
