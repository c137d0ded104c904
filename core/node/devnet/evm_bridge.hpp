// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/world.hpp"
#include "chain/head_change.hpp"
#include "node/devnet/evm_taken_back.hpp"
#include "node/devnet/options.hpp"
#include "rpc/client.hpp"

#include <deque>
#include <functional>
#include <memory>
#include <vector>

namespace filfil::node {

/// The FEVM of a devnet, played by an EVM node (anvil, or another that mines when it is told to) at a JSON-RPC URL.
///
/// Its block number is kept equal to the head's epoch: its own mining is switched off, and when tipsets are applied so
/// many blocks are mined; what was sent to it meanwhile is in the first of them. When the head goes back, the state is
/// taken back to where the branches part (evm_revert; the last 32 blocks can be gone back to) and mined on from there.
/// Transactions that were in the blocks above wait for a block again, unless Fault::forget says otherwise. Where it
/// cannot go back so far the block number waits until the epoch has caught up.
///
/// Lives on the loop; handlers are called there.
class EvmBridge {
public:
    using Reply = std::function<void(Outcome)>;

    /// @param options must outlive this; `evm` is set. @param world must outlive this
    /// @param forgets asked with each way back: whether its transactions are gone for good
    EvmBridge(World& world, const DevnetOptions& options, Epoch head, std::function<bool()> forgets);

    /// The head has changed. @param common the epoch that both the old and the new head stand on
    void follow(Epoch common, Epoch head);

    /// Passes a call on as it is, while the state is not on its way back to another branch; once more where it met
    /// that: then the EVM node does not find its own newest block.
    void call(std::string method, rpc::Json params, Reply reply);

    /// Whether the chain should wait for it: a head that runs away cannot be gone back from exactly.
    [[nodiscard]] bool is_at_work() const noexcept { return m_busy && !m_broken; }

    /// Whether the block number is the head's epoch and nothing is on its way.
    [[nodiscard]] bool in_step() const noexcept { return !m_busy && m_number == m_head.value; }

private:
    struct Snapshot {
        std::int64_t number = 0;
        rpc::Json id;
    };
    using Step = std::function<void(rpc::Json)>;

    void ask(std::string method, rpc::Json params, Step then);
    void pass_on(const std::string& method, const rpc::Json& params, const Reply& reply, unsigned tries);
    void is_back();
    void start();
    void go_on();
    void go_back();
    void when_quiet(std::function<void()> then);
    void revert(const Snapshot& to);
    void mine(std::size_t way);
    void take_snapshot();
    void give_up(const std::string& why);

    World& m_world;
    const DevnetOptions& m_options;
    std::function<bool()> m_forgets;
    std::unique_ptr<rpc::Client> m_client;
    std::unique_ptr<EvmTakenBack> m_taken_back;
    Epoch m_head;
    std::int64_t m_number = -1;    ///< of the EVM node's last block; -1: not known
    std::optional<std::int64_t> m_back_to{};
    std::deque<Snapshot> m_snapshots;
    std::vector<std::function<void()>> m_waiting;    ///< calls, until it has gone back
    std::size_t m_passed_on = 0;                     ///< calls that are on their way
    std::function<void()> m_when_quiet{};
    bool m_reverting = false;
    bool m_busy = false;
    bool m_broken = false;
};

}    // namespace filfil::node
