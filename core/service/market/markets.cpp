// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/market/markets.hpp"

#include "base/files.hpp"
#include "market/boost_backend.hpp"
#include "market/file_backend.hpp"
#include "market/mk12_backend.hpp"
#include "market/mk20_backend.hpp"
#include "service/config_values.hpp"

#include <utility>

namespace filfil::service {
namespace {

using Backend = Result<std::unique_ptr<market::DealBackend>>;

/// A URL whose path is left out has the one that such a market has.
Result<Url> url_of(const std::string& text, std::string_view path) {
    FILFIL_TRY(Url url, parse_url(text));
    if (url.target.empty() || url.target == "/") url.target = path;
    while (url.target.size() > 1 && url.target.ends_with('/')) url.target.pop_back();
    return url;
}

Backend mk20(const Markets::Parts& parts, const MarketSetting& setting, const Config& config) {
    market::Mk20Options options;
    FILFIL_TRY(options.market, url_of(setting.url, "/market/mk20"));
    const std::string& wallet = setting.wallet.empty() ? config.incentive.wallet : setting.wallet;
    if (wallet.empty())
        return Error(ErrorCode::invalid_argument,
                     "markets: " + setting.url + " is of kind curio-mk20 and no wallet is set for it",
                     "set its wallet, or incentive.wallet, to an address in the node's wallet");
    FILFIL_TRY(options.wallet, chain::Address::parse(wallet));
    options.letter = parts.network.address_prefix;
    options.indexing = setting.indexing;
    options.announce = setting.announce;
    return market::make_mk20_backend(parts.world, parts.ask, std::move(options));
}

Backend mk12(const Markets::Parts& parts, const MarketSetting& setting) {
    market::Mk12Options options;
    FILFIL_TRY(options.market, url_of(setting.url, "/market/mk12"));
    options.indexing = setting.indexing;
    return market::make_mk12_backend(parts.world, std::move(options));
}

Backend boost(const Markets::Parts& parts, const MarketSetting& setting) {
    market::BoostOptions options;
    FILFIL_TRY(options.api, url_of(setting.url, "/rpc/v0"));
    FILFIL_TRY(options.graphql, url_of(setting.graphql, "/graphql/query"));
    const auto token = parts.tokens.find(setting.token_file);
    if (token != parts.tokens.end()) options.token = token->second;
    options.letter = parts.network.address_prefix;
    return market::make_boost_backend(parts.world, std::move(options));
}

Backend file(const Markets::Parts& parts, const MarketSetting& setting) {
    return market::make_file_backend(parts.world,
                                     {.folder = setting.folder,
                                      .pieces = parts.pieces_url.empty() ? "" : parts.pieces_url + "/piece",
                                      .letter = parts.network.address_prefix});
}

Backend backend_of(const Markets::Parts& parts, const MarketSetting& setting, const Config& config) {
    switch (setting.kind) {
        case MarketKind::curio_mk20: return mk20(parts, setting, config);
        case MarketKind::curio_mk12: return mk12(parts, setting);
        case MarketKind::boost: return boost(parts, setting);
        case MarketKind::file: return file(parts, setting);
    }
    return Error(ErrorCode::internal, "a market of no kind");
}

}    // namespace

std::string retrieval_url(const Config& config) {
    if (config.retrieval.listen.empty()) return {};
    std::string out = config.retrieval.url;
    if (out.empty()) out = (config.retrieval.tls_cert.empty() ? "http://" : "https://") + config.retrieval.listen;
    while (out.ends_with('/')) out.pop_back();
    return out;
}

Result<std::unique_ptr<Markets>> Markets::make(Parts parts, const Config& config) {
    std::unique_ptr<Markets> out(new Markets());
    out->m_pieces_url = parts.pieces_url;
    out->m_journal = parts.journal;
    for (const MarketSetting& setting : config.markets) {
        auto stall = std::make_unique<Stall>();
        stall->setting = setting;
        stall->setting.folder = join_path(parts.data_folder, setting.folder.empty() ? "deals" : setting.folder);
        FILFIL_TRY(stall->backend, backend_of(parts, stall->setting, config));
        stall->proposer = std::make_unique<market::Proposer>(parts.world.loop, *parts.journal, *stall->backend);
        if (setting.miner.empty()) {
            out->m_for_others = stall.get();
        } else {
            FILFIL_TRY(const std::uint64_t miner, miner_number(setting.miner));
            out->m_by_miner[miner] = stall.get();
        }
        out->m_stalls.push_back(std::move(stall));
    }
    return out;
}

Stall* Markets::of(std::uint64_t miner) const {
    const auto own = m_by_miner.find(miner);
    return own != m_by_miner.end() ? own->second : m_for_others;
}

}    // namespace filfil::service
