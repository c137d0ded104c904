// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/executor.hpp"
#include "incentive/model/model_node.hpp"
#include "incentive/secp256k1.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>

namespace filfil::incentive::model {

/// A ModelNode as the EVM nodes are that people develop on (anvil): it has keys and acts for their accounts, mines when
/// it is told to, and goes back to where it was. What node::EvmBridge asks for, so that a devnet can have a contract
/// without another program.
///
/// Lives on the loop; handle() may be called on any thread.
class DevNode final : public HttpServer {
public:
    /// @param chain and @param loop must outlive it; nothing is answered once it is gone
    DevNode(ModelChain& chain, Executor& loop) : eth(chain), m_chain(chain), m_loop(loop) {}

    ModelNode eth;

    /// Called before each block is made: what it sends is in that block.
    std::function<void()> before_block{};

    /// The account of a key, which anybody may act for from now on. @return its address
    EthAddress add_account(SecretKey key);

    ModelNode::Reply answer(const std::string& method, const rpc::Json& params);

    void handle(HttpRequest request, Respond respond) override;
    std::optional<HttpResponse> refuse_socket(const HttpRequest&) override { return HttpResponse{.status = 404}; }
    SocketEvents open_socket(std::shared_ptr<WebSocket>, const HttpRequest&) override { return {}; }

private:
    using Reply = ModelNode::Reply;

    Reply run(const std::string& method, const rpc::Json& params);
    Reply mine(const rpc::Json& blocks);
    Reply revert(const rpc::Json& snapshot);
    Reply send(const rpc::Json& params);
    Reply sign_text(const rpc::Json& params) const;
    Reply pool();
    [[nodiscard]] Result<SignedTransaction> signed_of(const rpc::Json& params) const;

    ModelChain& m_chain;
    Executor& m_loop;
    std::map<EthAddress, SecretKey> m_keys;
    std::map<std::string, Bytes> m_raw;                    ///< what was sent from here, by hash
    std::map<std::uint64_t, std::uint64_t> m_snapshots;    ///< number of a block, by the snapshot's own
    std::uint64_t m_next_snapshot = 1;
    std::shared_ptr<int> m_alive = std::make_shared<int>(0);
};

}    // namespace filfil::incentive::model
