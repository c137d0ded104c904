// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "node/devnet/methods.hpp"

#include "base/base64.hpp"
#include "ipld/link_scan.hpp"
#include "node/devnet/evm_wallet.hpp"
#include "node/devnet/messages_json.hpp"
#include "node/tipset_json.hpp"

#include <algorithm>
#include <array>
#include <unordered_set>

namespace filfil::node {
namespace {

using rpc::Json;
using Known = DevnetChain::Known;
using Kind = MethodSpec::Kind;

/// How far F3 (or, without it, expected consensus) is behind the head where it counts by epochs alone.
constexpr std::int64_t ec_finality = 900;

Error failed(std::string text) { return {ErrorCode::internal, std::move(text)}; }

bool lotus(const NodeView& view) { return view.options.flavour == Flavour::lotus; }

std::string could_not_find(const NodeView& view, const ipld::Cid& cid) {
    return lotus(view) ? "ipld: could not find " + cid.text() : "can't find object with cid=" + cid.text();
}

Error bad_parameter(Error why) { return {ErrorCode::invalid_argument, std::move(why).message}; }

Result<ipld::Cid> cid_parameter(const Json& params, std::size_t at) {
    auto cid = parse_cid(params[at]);
    if (!cid.ok()) return bad_parameter(std::move(cid).error());
    return cid;
}

Result<chain::TipsetKey> key_parameter(const Json& params, std::size_t at) {
    auto key = parse_key(params[at]);
    if (!key.ok()) return bad_parameter(std::move(key).error());
    return key;
}

Result<std::int64_t> number_parameter(const Json& params, std::size_t at) {
    if (!params[at].is_number_integer())
        return Error(ErrorCode::invalid_argument, "json: cannot unmarshal this into a Go value of type int64");
    return params[at].get<std::int64_t>();
}

Result<const Known*> find_tipset(const NodeView& view, const chain::TipsetKey& key) {
    if (key.empty())
        return failed(lotus(view) ? "NewTipSet called with zero length array of blocks" : "tipset is empty");
    for (const ipld::Cid& cid : key)
        if (!view.chain.has(cid))
            return failed(lotus(view) ? "get block " + cid.text() + ": " + could_not_find(view, cid)
                                      : "Key not found in tipset store: " + could_not_find(view, cid));
    auto found = view.chain.tipset(key);
    if (!found.ok()) return failed(std::move(found).error().message);
    return found;
}

/// The head where no tipset is named.
Result<const Known*> tipset_or_head(const NodeView& view, const Json& params, std::size_t at) {
    FILFIL_TRY(const chain::TipsetKey key, key_parameter(params, at));
    if (key.empty()) return &view.head;
    return find_tipset(view, key);
}

Result<Json> version(const NodeView& view, const Json&) {
    // Version 2.3.0 of the API, in three bytes.
    return Json{{"Version", lotus(view) ? "1.36.0+devnet+fil-fil" : "0.33.6+devnet+fil-fil"},
                {"APIVersion", 0x020300},
                {"BlockDelay", view.options.block_delay},
                {"Agent", lotus(view) ? "Lotus" : "forest"}};
}

Result<Json> network_name(const NodeView& view, const Json&) { return Json(view.options.network); }

Result<Json> genesis(const NodeView& view, const Json&) {
    FILFIL_TRY(const Known* found, view.chain.at(Epoch{0}, view.head));
    return tipset_json(view.chain, found->key);
}

Result<Json> head(const NodeView& view, const Json&) { return tipset_json(view.chain, view.head.key); }

Result<Json> read_obj(const NodeView& view, const Json& params) {
    FILFIL_TRY(const Bytes data, read_object(view, params));
    return Json(to_base64(data));
}

Result<Json> has_obj(const NodeView& view, const Json& params) {
    FILFIL_TRY(const ipld::Cid cid, cid_parameter(params, 0));
    return Json(view.chain.has(cid));
}

/// Size and links of what is below one block and not below another: all of both is walked.
class Stat {
public:
    explicit Stat(const NodeView& view) : m_view(view) {}

    Result<void> walk(const ipld::Cid& root, bool count) {
        std::vector<ipld::Cid> todo{root};
        while (!todo.empty()) {
            const ipld::Cid cid = std::move(todo.back());
            todo.pop_back();
            const ipld::Codec codec = cid.codec();
            if (!m_seen.insert(cid).second || codec == ipld::Codec::fil_commitment_sealed ||
                codec == ipld::Codec::fil_commitment_unsealed)
                continue;
            const auto data = m_view.chain.block(cid);
            if (!data.ok())
                return failed(lotus(m_view) ? "block was not found locally (offline): " + could_not_find(m_view, cid)
                                            : could_not_find(m_view, cid));
            std::uint64_t links = 0;
            if (codec == ipld::Codec::dag_cbor)
                FILFIL_CHECK(ipld::scan_links(*data, [&](ByteView link) {
                    ++links;
                    auto child = ipld::Cid::from_bytes(link);
                    if (child.ok()) todo.push_back(std::move(*child));
                }));
            if (!count) continue;
            m_size += data->size();
            m_links += links;
        }
        return {};
    }

    [[nodiscard]] Json json() const { return {{"Size", m_size}, {"Links", m_links}}; }

private:
    const NodeView& m_view;
    std::unordered_set<ipld::Cid> m_seen;
    std::uint64_t m_size = 0;
    std::uint64_t m_links = 0;
};

Result<Json> stat_obj(const NodeView& view, const Json& params) {
    FILFIL_TRY(const ipld::Cid cid, cid_parameter(params, 0));
    Stat stat(view);
    if (!params[1].is_null()) {
        FILFIL_TRY(const ipld::Cid base, cid_parameter(params, 1));
        FILFIL_CHECK(stat.walk(base, false));
    }
    FILFIL_CHECK(stat.walk(cid, true));
    return stat.json();
}

Result<Json> get_tipset(const NodeView& view, const Json& params) {
    FILFIL_TRY(const chain::TipsetKey key, key_parameter(params, 0));
    FILFIL_TRY(const Known* found, find_tipset(view, key));
    return tipset_json(view.chain, found->key);
}

Result<Json> get_tipset_by_height(const NodeView& view, const Json& params) {
    FILFIL_TRY(const std::int64_t epoch, number_parameter(params, 0));
    FILFIL_TRY(const Known* from, tipset_or_head(view, params, 1));
    if (epoch > from->epoch.value) return failed("looking for tipset with height greater than start point");
    auto found = view.chain.at(Epoch{std::max<std::int64_t>(epoch, 0)}, *from);
    if (!found.ok()) return failed(std::move(found).error().message);
    return tipset_json(view.chain, (*found)->key);
}

Result<Json> get_finalized_tipset(const NodeView& view, const Json&) {
    const Known* found = &view.finalized;
    if (!view.options.f3) {
        const Epoch epoch{std::max<std::int64_t>(0, view.head.epoch.value - ec_finality)};
        FILFIL_TRY(found, view.chain.at(epoch, view.head));
    }
    return tipset_json(view.chain, found->key);
}

Result<Json> get_path(const NodeView& view, const Json& params) {
    FILFIL_TRY(const chain::TipsetKey from, key_parameter(params, 0));
    FILFIL_TRY(const chain::TipsetKey to, key_parameter(params, 1));
    FILFIL_TRY([[maybe_unused]] const Known* first, find_tipset(view, from));
    FILFIL_TRY([[maybe_unused]] const Known* last, find_tipset(view, to));
    auto path = view.chain.path(from, to);
    if (!path.ok()) return failed(std::move(path).error().message);
    return head_changes_json(view.chain, *path);
}

Result<Json> get_block_messages(const NodeView& view, const Json& params) {
    FILFIL_TRY(const ipld::Cid cid, cid_parameter(params, 0));
    const auto data = view.chain.block(cid);
    if (!data.ok()) return failed("failed to get block: " + could_not_find(view, cid));
    auto header = chain::decode_block_header(*data);
    if (!header.ok()) return failed(std::move(header).error().message);
    return block_messages_json(view.chain, header->messages);
}

Result<Json> sync_state(const NodeView& view, const Json&) {
    FILFIL_TRY(const Json tipset, tipset_json(view.chain, view.head.key));
    constexpr int complete = 4;
    const Json sync = {{"WorkerID", 0},
                       {"Base", tipset},
                       {"Target", tipset},
                       {"Stage", complete},
                       {"Height", view.head.epoch.value},
                       {"Start", "0001-01-01T00:00:00Z"},
                       {"End", "0001-01-01T00:00:00Z"},
                       {"Message", ""}};
    return Json{{"ActiveSyncs", Json::array({sync})}, {"VMApplied", 0}};
}

Result<Json> forest_sync_status(const NodeView& view, const Json&) {
    return Json{{"status", "Synced"},
                {"current_head_epoch", view.head.epoch.value},
                {"current_head_key", json_of_key(view.head.key)},
                {"network_head_epoch", view.head.epoch.value},
                {"epochs_behind", 0},
                {"active_forks", Json::array()}};
}

constexpr std::array common_methods = {
    MethodSpec{"Filecoin.Version", 0, 0, Kind::answer, version},
    MethodSpec{"Filecoin.StateNetworkName", 0, 0, Kind::answer, network_name},
    MethodSpec{"Filecoin.ChainGetGenesis", 0, 0, Kind::answer, genesis},
    MethodSpec{"Filecoin.ChainHead", 0, 0, Kind::answer, head},
    MethodSpec{"Filecoin.ChainNotify", 0, 0, Kind::notify},
    MethodSpec{"Filecoin.ChainReadObj", 1, 0, Kind::answer, read_obj},
    MethodSpec{"Filecoin.ChainHasObj", 1, 0, Kind::answer, has_obj},
    MethodSpec{"Filecoin.ChainStatObj", 2, 1, Kind::answer, stat_obj},
    MethodSpec{"Filecoin.ChainGetTipSet", 1, 0, Kind::answer, get_tipset},
    MethodSpec{"Filecoin.ChainGetTipSetByHeight", 2, 1, Kind::answer, get_tipset_by_height},
    MethodSpec{"Filecoin.ChainGetFinalizedTipSet", 0, 0, Kind::answer, get_finalized_tipset},
    MethodSpec{"Filecoin.ChainGetPath", 2, 0, Kind::answer, get_path},
    MethodSpec{"Filecoin.ChainGetBlockMessages", 1, 0, Kind::answer, get_block_messages},
};
constexpr std::array lotus_methods = {
    MethodSpec{"Filecoin.ChainExport", 3, 0, Kind::export_},
    MethodSpec{"Filecoin.SyncState", 0, 0, Kind::answer, sync_state},
};

/// Forest's ChainExport takes one struct and writes a file on the node's own disk; what Lotus's takes is refused, and
/// so is everything here, which has no disk.
Result<Json> forest_export(const NodeView&, const Json&) {
    return Error(ErrorCode::invalid_argument, "invalid type: expected struct ForestChainExportParams");
}
constexpr std::array forest_methods = {
    MethodSpec{"Filecoin.ChainExport", 1, 0, Kind::answer, forest_export},
    MethodSpec{"Forest.SyncStatus", 0, 0, Kind::answer, forest_sync_status},
};

using AddressOf = Result<std::string> (*)(const DevnetOptions& options, const std::string& address);

/// [address, tipset]: the answer is the same at all tipsets.
template <AddressOf look_up>
Result<Json> state_address(const NodeView& view, const Json& params) {
    if (!params[0].is_string())
        return Error(ErrorCode::invalid_argument, "json: cannot unmarshal this into a Go value of type string");
    FILFIL_TRY(const std::string found, look_up(view.options, params[0].get<std::string>()));
    return Json(found);
}

/// What f05 wants of a provider as collateral for a deal, in attoFIL: here the same for all pieces, at any power of the
/// network. [padded size, verified, tipset]
Result<Json> deal_collateral(const NodeView&, const Json& params) {
    if (!params[0].is_number_unsigned() || !params[1].is_boolean())
        return Error(ErrorCode::invalid_argument,
                     "json: cannot unmarshal this into a Go value of type abi.PaddedPieceSize");
    return Json{{"Min", "1000"}, {"Max", "2000000000000000000000000000"}};
}

constexpr std::array evm_methods = {
    MethodSpec{"Filecoin.StateAccountKey", 2, 0, Kind::answer, state_address<account_key>},
    MethodSpec{"Filecoin.StateLookupID", 2, 0, Kind::answer, state_address<lookup_id>},
    MethodSpec{"Filecoin.StateDealProviderCollateralBounds", 3, 0, Kind::answer, deal_collateral},
    MethodSpec{"Filecoin.WalletSign", 2, 0, Kind::sign},
    MethodSpec{"Filecoin.WalletSignMessage", 2, 0, Kind::sign},
    MethodSpec{"Filecoin.MpoolPush", 1, 0, Kind::sign},
    MethodSpec{"Filecoin.MpoolPushMessage", 2, 1, Kind::sign},
};

/// As Go's big.Int reads it: zeros in front do not count. Synthetic chains may have such, which no node writes.
void shorten(Bytes& amount) {
    if (amount.empty()) return;
    const auto first =
        std::ranges::find_if(amount.begin() + 1, amount.end(), [](std::byte b) { return b != std::byte{0}; });
    amount.erase(amount.begin() + 1, first);
    if (amount.size() == 1) amount.clear();
}

template <std::size_t N>
const MethodSpec* find_in(const std::array<MethodSpec, N>& methods, std::string_view name) noexcept {
    const auto found = std::ranges::find(methods, name, &MethodSpec::name);
    return found == methods.end() ? nullptr : &*found;
}

}    // namespace

const MethodSpec* find_method(std::string_view name, const DevnetOptions& options) noexcept {
    if (const MethodSpec* found = find_in(common_methods, name)) return found;
    if (const MethodSpec* found = options.evm ? find_in(evm_methods, name) : nullptr) return found;
    return options.flavour == Flavour::lotus ? find_in(lotus_methods, name) : find_in(forest_methods, name);
}

std::optional<WireError> check_params(const MethodSpec& method, Json& params, Flavour flavour) {
    if (params.is_null()) params = Json::array();
    if (flavour == Flavour::forest) {
        if (!params.is_array() || params.size() > method.params || params.size() + method.optional < method.params)
            return WireError{invalid_params, "Invalid params"};
        while (params.size() < method.params) params.push_back(nullptr);
        return std::nullopt;
    }
    if (!params.is_array())
        return WireError{parse_error,
                         "unmarshaling param array: json: cannot unmarshal this into Go value of type []jsonrpc.param"};
    if (params.size() != method.params)
        return WireError{invalid_params, "wrong param count (method '" + std::string(method.name) + "'): " +
                                             std::to_string(params.size()) + " != " + std::to_string(method.params)};
    return std::nullopt;
}

WireError told(const MethodSpec& method, const Error& error, Flavour flavour) {
    if (error.code == ErrorCode::invalid_argument) {
        if (flavour == Flavour::forest) return {invalid_params, "Invalid params", Json(error.message)};
        return {parse_error, "unmarshaling params for '" + std::string(method.name) + "': " + error.message};
    }
    return refused(error, flavour);
}

Result<Json> tipset_json(DevnetChain& chain, const chain::TipsetKey& key) {
    FILFIL_TRY(const Known* tipset, chain.tipset(key));
    std::vector<chain::FullHeader> headers;
    for (const ipld::Cid& cid : tipset->key) {
        FILFIL_TRY(const Bytes data, chain.block(cid));
        FILFIL_TRY(chain::FullHeader header, chain::decode_full_header(data));
        shorten(header.parent_weight);
        shorten(header.parent_base_fee);
        headers.push_back(std::move(header));
    }
    return json_of_tipset(tipset->key, headers);
}

Result<Json> head_changes_json(DevnetChain& chain, const chain::HeadChanges& changes) {
    Json out = Json::array();
    for (const chain::HeadChange& change : changes) {
        FILFIL_TRY(Json tipset, tipset_json(chain, change.key));
        out.push_back(json_of_head_change(change.type, std::move(tipset)));
    }
    return out;
}

Result<ExportRequest> read_export(const NodeView& view, const Json& params) {
    ExportRequest out;
    FILFIL_TRY(out.recent_stateroots, number_parameter(params, 0));
    if (!params[1].is_boolean())
        return Error(ErrorCode::invalid_argument, "json: cannot unmarshal this into a Go value of type bool");
    out.skip_old_messages = params[1].get<bool>();
    FILFIL_TRY(out.head, tipset_or_head(view, params, 2));
    return out;
}

Result<Bytes> read_object(const NodeView& view, const Json& params) {
    FILFIL_TRY(const ipld::Cid cid, cid_parameter(params, 0));
    auto data = view.chain.block(cid);
    if (!data.ok()) return missing_object(view, cid);
    return data;
}

Error missing_object(const NodeView& view, const ipld::Cid& cid) {
    return failed(lotus(view) ? "blockstore get: " + could_not_find(view, cid) : could_not_find(view, cid));
}

}    // namespace filfil::node
