// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/transport.hpp"
#include "base/units.hpp"
#include "retrieval/catalog.hpp"
#include "retrieval/cid_set.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace filfil::retrieval {

/// How much below its root a CAR holds. Trustless gateways know "entity" too: a whole file or folder of UnixFS. A
/// chain has none of these, and it is answered as `all` here, which holds whatever a client may have meant.
enum class DagScope : std::uint8_t { all, block };

/// "all", "entity", "block". @return nothing for any other text
std::optional<DagScope> parse_dag_scope(std::string_view text) noexcept;

struct DagLimits {
    std::uint64_t blocks = 10'000'000;

    /// Bytes of CIDs that are known of and not yet visited: a chain of headers leaves some at each of them.
    std::size_t pending_bytes = 64 * MiB;
};

/// The DAG below a block as a CARv1: its root, then depth first in the order of the links, each block once. Links are
/// those that a snapshot follows (snapshot/children.hpp): commitments and other codecs are passed over, identity CIDs
/// opened where they stand and never sent. What is not there, or over a limit, is an error in the middle, since nobody
/// knows before.
class DagStream final : public BodyStream {
public:
    /// @param catalog must outlive the stream
    /// @return nothing where the root itself is not there; what the catalog gives
    static Result<std::shared_ptr<DagStream>> open(Catalog& catalog, const ipld::Cid& root, DagScope scope,
                                                   const DagLimits& limits = {});

    [[nodiscard]] std::optional<std::uint64_t> size() const noexcept override { return std::nullopt; }

    /// @return Error::not_found naming the block that is missing, corrupt where one's links cannot be read, too_large
    /// over a limit
    [[nodiscard]] Result<std::size_t> read(ByteSpan out) override;

private:
    /// CIDs to be visited, the next one last, each followed by its length.
    class Pending {
    public:
        void push(ByteView cid);
        [[nodiscard]] Bytes pop();
        [[nodiscard]] bool empty() const noexcept { return m_bytes.empty(); }
        [[nodiscard]] std::size_t bytes() const noexcept { return m_bytes.size(); }

    private:
        Bytes m_bytes;
    };

    DagStream(Catalog& catalog, const ipld::Cid& root, DagScope scope, const DagLimits& limits);
    Result<void> visit_next();
    Result<void> give(const ipld::Cid& cid, ByteView data);
    Result<void> follow(const ipld::Cid& cid, ByteView data);

    Catalog& m_catalog;
    DagScope m_scope;
    DagLimits m_limits;
    Pending m_pending;
    CidSet m_seen;
    std::uint64_t m_blocks = 0;
    std::vector<ByteView> m_children;
    Bytes m_ready;    ///< of the CAR, made and not yet given from m_given on
    std::size_t m_given = 0;
};

/// The data of a block, also of one that is in its own identity CID. @return nothing where it is not there
Result<std::optional<Bytes>> find_block(Catalog& catalog, const ipld::Cid& cid);

}    // namespace filfil::retrieval
