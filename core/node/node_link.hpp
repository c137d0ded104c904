// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/world.hpp"
#include "node/follower.hpp"
#include "node/tipset_json.hpp"
#include "rpc/client.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace filfil::node {

/// What a node says of itself.
struct NodeInfo {
    std::string version;    ///< "1.36.0+mainnet+git…"
    std::string network;    ///< StateNetworkName
    JsonTipset genesis;
    bool tells_heads = false;    ///< by ChainNotify
};

/// A Filecoin node (Lotus or Forest) over its JSON-RPC API, as far as following a chain needs it. Everything that it
/// says of blocks is checked only as far as the types here say: `read` gives bytes as they came.
///
/// Over WebSocket it has two connections, so that a flood of answers to reads does not hold head changes up: a node has
/// one writer a connection (go-jsonrpc), and closes a subscription whose reader is slow. Lives on the loop; handlers
/// are called there, none of them after it was destroyed.
class NodeLink {
public:
    template <class T>
    using Handler = std::function<void(Result<T>)>;

    NodeLink(World& world, NodeAddress address, std::size_t reads_in_flight);
    ~NodeLink();

    /// Connects, and asks who is there. @param opened called once. @param lost once after that, when a connection
    /// breaks
    void open(Handler<NodeInfo> opened, std::function<void(Error)> lost);

    void head(Handler<JsonTipset> handler);

    /// ChainNotify. @param changes each array in turn, the first of them holding `current` alone; an array that cannot
    /// be read is an Error, and more may follow. @param closed once: the node closed the channel
    void notify(Handler<std::vector<JsonHeadChange>> changes, std::function<void(Error)> closed);

    /// ChainGetPath: what leads from one tipset to another.
    void path(const chain::TipsetKey& from, const chain::TipsetKey& to, Handler<std::vector<JsonHeadChange>> handler);

    /// ChainGetFinalizedTipSet. Error::unsupported where the node has no such method.
    void finalized(Handler<JsonTipset> handler);

    /// ChainReadObj; the bytes are not checked. Error::not_found where the node says that it has no such block.
    void read(const ipld::Cid& cid, Handler<Bytes> handler);

    /// ChainExport [epochs, skip old messages, tipset]: a CAR in parts. @param part each in turn; an empty one is the
    /// end of the CAR. @param closed once, after the end or before it: then the CAR is not whole. Error::unsupported
    /// where the node streams none (Forest)
    void export_chain(const chain::TipsetKey& head, std::int64_t recent_stateroots, Handler<Bytes> part,
                      std::function<void(Error)> closed);

    /// Reads that are on their way.
    [[nodiscard]] std::size_t reading() const noexcept { return m_reading; }
    [[nodiscard]] std::string name() const { return text_of(m_address.url, true); }

private:
    void ask_version(Handler<NodeInfo> opened);
    void ask_network(NodeInfo info, Handler<NodeInfo> opened);
    void ask_genesis(NodeInfo info, Handler<NodeInfo> opened);
    void lose(Error why);
    template <class T, class Parse>
    rpc::Client::AnswerHandler parsed(std::string method, Handler<T> handler, Parse parse) const;

    NodeAddress m_address;
    bool m_socket;
    std::unique_ptr<rpc::Client> m_control;
    std::unique_ptr<rpc::Client> m_bulk;
    std::function<void(Error)> m_lost;
    std::size_t m_reading = 0;
};

}    // namespace filfil::node
