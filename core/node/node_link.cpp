// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "node/node_link.hpp"

#include "base/base64.hpp"

#include <utility>

namespace filfil::node {
namespace {

using rpc::Json;

/// Of an answer to a read, that a limit of one block (8 MiB as a CAR section) in base64 fits; paths of thousands of
/// tipsets take more.
constexpr std::uint64_t bulk_limit = 16 * MiB;
constexpr std::uint64_t control_limit = 256 * MiB;

/// Headers that JSON does not give as they are get read by their CIDs.
constexpr TipsetLimits as_told{.doubtful = true};

/// A block is a small thing. Where its answer is lost, everything waits for it, so this stays well below an epoch; and
/// a block is asked for several times.
constexpr Clock::Duration read_timeout = std::chrono::seconds(10);

/// So many reads go in one HTTP request.
constexpr std::size_t http_batch = 32;

rpc::ClientConfig config_of(const NodeAddress& address, std::uint64_t limit) {
    rpc::ClientConfig out;
    out.url = address.url;
    out.token = address.token;
    out.transport.body_limit = limit;
    return out;
}

/// Lotus and Forest have no code of their own for a block that is not there, only a text.
bool says_not_found(const rpc::RemoteError& error) {
    return error.message.find("not find") != std::string::npos ||
           error.message.find("not found") != std::string::npos ||
           error.message.find("can't find") != std::string::npos;
}

Result<std::string> string_of(const Json& json) {
    const auto* text = json.get_ptr<const Json::string_t*>();
    if (text == nullptr) return Error(ErrorCode::corrupt, "text was expected");
    return *text;
}

Result<Bytes> bytes_of_base64(const Json& json) {
    const auto* text = json.get_ptr<const Json::string_t*>();
    if (text == nullptr) return Error(ErrorCode::corrupt, "a text of base64 was expected");
    return from_base64(*text);
}

}    // namespace

NodeLink::NodeLink(World& world, NodeAddress address, std::size_t reads_in_flight)
    : m_address(std::move(address)),
      m_socket(m_address.url.scheme == Url::Scheme::ws || m_address.url.scheme == Url::Scheme::wss) {
    m_control = rpc::make_client(world, config_of(m_address, control_limit));
    rpc::ClientConfig bulk = config_of(m_address, bulk_limit);
    bulk.in_flight = reads_in_flight;
    if (m_socket) {
        bulk.call_timeout = read_timeout;
    } else {
        bulk.batch = http_batch;
        bulk.in_flight = std::max<std::size_t>(1, reads_in_flight / http_batch);
        bulk.transport.body_limit = control_limit;
    }
    m_bulk = rpc::make_client(world, bulk);
}

NodeLink::~NodeLink() = default;

void NodeLink::lose(Error why) {
    auto lost = std::exchange(m_lost, nullptr);
    if (!lost) return;
    const bool named = why.message.find(name()) != std::string::npos;
    lost(named ? std::move(why) : std::move(why).in(name()));
}

void NodeLink::open(Handler<NodeInfo> handler, std::function<void(Error)> lost) {
    m_lost = std::move(lost);
    const Handler<NodeInfo> opened = [this, handler = std::move(handler)](Result<NodeInfo> info) {
        if (info.ok() || info.error().code != ErrorCode::denied) return handler(std::move(info));
        Error error = std::move(info).error();
        if (error.message.find(name()) == std::string::npos) error = std::move(error).in(name());
        error.remedy = m_address.token.empty() ? "the node wants a token: give its file with --node-token-file"
                                               : "the node does not take this token: give it one of its own with "
                                                 "--node-token-file (lotus auth create-token --perm read)";
        handler(std::move(error));
    };
    const auto broken = [this](Error why) { lose(std::move(why)); };
    m_control->open(
        [this, broken, opened](Result<void> control) {
            if (!control.ok()) return opened(std::move(control).error());
            m_bulk->open(
                [this, opened](Result<void> bulk) {
                    if (!bulk.ok()) return opened(std::move(bulk).error());
                    ask_version(opened);
                },
                broken);
        },
        broken);
}

template <class T, class Parse>
rpc::Client::AnswerHandler NodeLink::parsed(std::string method, Handler<T> handler, Parse parse) const {
    return [where = name() + ": " + method, method, handler = std::move(handler), parse](rpc::Answer answer) {
        const bool missing = answer.error && says_not_found(*answer.error);
        auto result = std::move(answer).to_result(method);
        if (!result.ok()) {
            Error error = std::move(result).error();
            if (missing) error.code = ErrorCode::not_found;
            return handler(std::move(error).in(where));
        }
        auto value = parse(*result);
        if (!value.ok()) return handler(std::move(value).error().in(where));
        handler(std::move(value));
    };
}

void NodeLink::ask_version(Handler<NodeInfo> opened) {
    m_control->call("Filecoin.Version", Json::array(),
                    parsed<std::string>(
                        "Filecoin.Version",
                        [this, opened](Result<std::string> version) {
                            if (!version.ok()) return opened(std::move(version).error());
                            NodeInfo info;
                            info.version = std::move(*version);
                            info.tells_heads = m_socket;
                            ask_network(std::move(info), opened);
                        },
                        [](const Json& json) { return rpc::text_field(json, "Version"); }));
}

void NodeLink::ask_network(NodeInfo info, Handler<NodeInfo> opened) {
    m_control->call("Filecoin.StateNetworkName", Json::array(),
                    parsed<std::string>(
                        "Filecoin.StateNetworkName",
                        [this, info = std::move(info), opened](Result<std::string> network) mutable {
                            if (!network.ok()) return opened(std::move(network).error());
                            info.network = std::move(*network);
                            ask_genesis(std::move(info), opened);
                        },
                        string_of));
}

void NodeLink::ask_genesis(NodeInfo info, Handler<NodeInfo> opened) {
    m_control->call("Filecoin.ChainGetGenesis", Json::array(),
                    parsed<JsonTipset>(
                        "Filecoin.ChainGetGenesis",
                        [info = std::move(info), opened](Result<JsonTipset> genesis) mutable {
                            if (!genesis.ok()) return opened(std::move(genesis).error());
                            info.genesis = std::move(*genesis);
                            opened(std::move(info));
                        },
                        [](const Json& json) { return parse_tipset(json, as_told); }));
}

void NodeLink::head(Handler<JsonTipset> handler) {
    m_control->call("Filecoin.ChainHead", Json::array(),
                    parsed<JsonTipset>("Filecoin.ChainHead", std::move(handler),
                                       [](const Json& json) { return parse_tipset(json, as_told); }));
}

void NodeLink::notify(Handler<std::vector<JsonHeadChange>> changes, std::function<void(Error)> closed) {
    const std::string where = name() + ": Filecoin.ChainNotify";
    rpc::Client::ChannelEvents events;
    events.on_value = [changes, where](Json value) {
        auto read = parse_head_changes(value, as_told);
        if (!read.ok()) return changes(std::move(read).error().in(where));
        changes(std::move(read));
    };
    events.on_closed = [closed, where](Error why) { closed(std::move(why).in(where)); };
    m_control->open_channel(
        "Filecoin.ChainNotify", Json::array(),
        [closed, where](rpc::Answer answer) {
            if (auto result = std::move(answer).to_result("Filecoin.ChainNotify"); !result.ok())
                closed(std::move(result).error().in(where));
        },
        std::move(events));
}

void NodeLink::path(const chain::TipsetKey& from, const chain::TipsetKey& to,
                    Handler<std::vector<JsonHeadChange>> handler) {
    m_control->call(
        "Filecoin.ChainGetPath", Json::array({json_of_key(from), json_of_key(to)}),
        parsed<std::vector<JsonHeadChange>>("Filecoin.ChainGetPath", std::move(handler),
                                            [](const Json& json) { return parse_head_changes(json, as_told); }));
}

void NodeLink::finalized(Handler<JsonTipset> handler) {
    m_control->call("Filecoin.ChainGetFinalizedTipSet", Json::array(),
                    parsed<JsonTipset>("Filecoin.ChainGetFinalizedTipSet", std::move(handler),
                                       [](const Json& json) { return parse_tipset(json, as_told); }));
}

void NodeLink::read(const ipld::Cid& cid, Handler<Bytes> handler) {
    ++m_reading;
    const auto count = [this, handler = std::move(handler)](Result<Bytes> data) {
        --m_reading;
        handler(std::move(data));
    };
    m_bulk->call("Filecoin.ChainReadObj", Json::array({json_of(cid)}),
                 parsed<Bytes>("Filecoin.ChainReadObj", count, bytes_of_base64));
}

void NodeLink::export_chain(const chain::TipsetKey& head, std::int64_t recent_stateroots, Handler<Bytes> part,
                            std::function<void(Error)> closed) {
    const std::string where = name() + ": Filecoin.ChainExport";
    rpc::Client::ChannelEvents events;
    events.on_value = [part, where](Json value) {
        auto bytes = bytes_of_base64(value);
        if (!bytes.ok()) return part(std::move(bytes).error().in(where));
        part(std::move(bytes));
    };
    events.on_closed = [closed, where](Error why) { closed(std::move(why).in(where)); };
    m_bulk->open_channel(
        "Filecoin.ChainExport", Json::array({recent_stateroots, true, json_of_key(head)}),
        [closed, where](rpc::Answer answer) {
            // Forest has another method under this name, and says that the parameters are wrong.
            const bool other = answer.error && (answer.error->code == -32602 || answer.error->code == -32601);
            auto result = std::move(answer).to_result("Filecoin.ChainExport");
            if (result.ok()) return;
            Error error = std::move(result).error();
            if (other) error.code = ErrorCode::unsupported;
            closed(std::move(error).in(where));
        },
        std::move(events));
}

}    // namespace filfil::node
