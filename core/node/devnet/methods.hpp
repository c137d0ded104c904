// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "node/devnet/chain.hpp"
#include "node/devnet/options.hpp"

#include <string>
#include <string_view>

namespace filfil::node {

/// What methods answer from.
struct NodeView {
    DevnetChain& chain;
    const DevnetChain::Known& head;
    const DevnetChain::Known& finalized;    ///< of F3, where that is on
    const DevnetOptions& options;
};

/// A method of the node.
struct MethodSpec {
    enum class Kind : std::uint8_t {
        answer,     ///< `run` has it
        notify,     ///< a channel of head changes
        export_,    ///< a channel of a CAR's parts
        sign,       ///< done by the EVM node, for who may sign
    };
    std::string_view name;
    std::size_t params = 0;      ///< how many it has
    std::size_t optional = 0;    ///< so many of the last may be left out, by Forest alone
    Kind kind = Kind::answer;

    /// @return Error::invalid_argument for parameters of the wrong kind; every other one is the node's own, and its
    /// message is told as it is
    Result<rpc::Json> (*run)(const NodeView& view, const rpc::Json& params) = nullptr;
};

/// The method of that name. Null where the flavour, or a node without an EVM node beside it, has none.
const MethodSpec* find_method(std::string_view name, const DevnetOptions& options) noexcept;

/// What is wrong with the number of parameters, if anything is; null stands for none. Go's text for Lotus.
std::optional<WireError> check_params(const MethodSpec& method, rpc::Json& params, Flavour flavour);

/// How the node tells an error of MethodSpec::run.
WireError told(const MethodSpec& method, const Error& error, Flavour flavour);

/// A tipset as the nodes have it in JSON.
Result<rpc::Json> tipset_json(DevnetChain& chain, const chain::TipsetKey& key);

/// An array of head changes as ChainNotify and ChainGetPath have it.
Result<rpc::Json> head_changes_json(DevnetChain& chain, const chain::HeadChanges& changes);

/// What ChainExport is asked for: [epochs, skip old messages, tipset].
struct ExportRequest {
    std::int64_t recent_stateroots = 0;
    bool skip_old_messages = false;
    const DevnetChain::Known* head = nullptr;
};
Result<ExportRequest> read_export(const NodeView& view, const rpc::Json& params);

/// What ChainReadObj says of a block that is not there.
Error missing_object(const NodeView& view, const ipld::Cid& cid);

/// ChainReadObj's block, before it is put into JSON: for faults.
Result<Bytes> read_object(const NodeView& view, const rpc::Json& params);

}    // namespace filfil::node
