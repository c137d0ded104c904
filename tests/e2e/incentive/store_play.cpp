// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "store_play.hpp"

#include "ipld/piece_cid.hpp"

#include <algorithm>
#include <filesystem>

namespace filfil::e2e {
namespace {

constexpr std::array kinds = {"mk20", "mk12", "boost"};

/// The clock waits for what has to be done so many epochs before a window closes.
constexpr std::uint64_t margin = 40;

constexpr std::uint64_t init_actor = 1;
constexpr std::uint64_t contract_actor = 800'000;    ///< the contract's number

/// A daemon is killed again so soon, in milliseconds; what it does before it proposes takes less.
constexpr std::uint64_t kill_within = 2500;
constexpr std::uint64_t first_kills_within = 1000;

/// A folder for what its daemon shares with its market.
std::string beside(const Party& party) { return "market-" + party.name + "/"; }

std::string masked(std::uint64_t actor) { return incentive::EthAddress::of_id(actor).lower_text(); }

}    // namespace

StorePlay::StorePlay(RoundsScene& scene, Upsets& upsets, std::uint64_t seed, unsigned kills)
    : Play(scene, upsets), m_random(seed) {
    for (std::size_t i = 0; i < slots; ++i) {
        Provider& provider = m_stores[i];
        provider.party = &scene.providers()[i];
        provider.kind = kinds[i];
        provider.kills = kills / slots + (i < kills % slots ? 1 : 0);
    }
}

void StorePlay::play() {
    for (Provider& provider : m_stores) open_market(provider);
    if (testing::Test::HasFailure()) return;
    introduce_contract();
    gather();
    if (testing::Test::HasFailure()) return;
    for (Provider& provider : m_stores) show_locator(provider);
    if (m_when_gathered) m_when_gathered();
    for (std::uint64_t index = 0; index < slots; ++index) {
        stage(1, index);
        store(index);
    }
    scene().skip_to(open_of(1, 0) - RoundsScene::lead_epochs - 1);
    run_until_done();
    if (testing::Test::HasFailure()) {
        ADD_FAILURE() << what_happened();
        return;
    }
    for (Provider& provider : m_stores) judge(provider);
    if (testing::Test::HasFailure()) ADD_FAILURE() << what_happened();
}

/// Its market, and what its daemon is told of that.
void StorePlay::open_market(Provider& provider) {
    Party& party = *provider.party;
    const std::string kind = provider.kind;
    const TemporaryFolder& folder = scene().folder();
    const std::string pieces = folder.path(beside(party) + "pieces");
    std::filesystem::create_directories(pieces);
    Words options = {"--miner", "f0" + std::to_string(party.miner), "--letter", "t", "--locator-token", "locator's"};
    options.insert(options.end(),
                   {"--contract", scene().contract().address(), "--pulled", pieces, "--token", "admin's"});
    provider.market = std::make_unique<MarketProcess>(kind, options);
    provider.plant = std::make_unique<SealingPlant>(scene(), party, *provider.market);

    if (!m_by_hand) party.incentive_settings = "claim_at = \"0.1 FIL\"\n";
    std::string market = "kind = \"" + std::string(kind == "boost" ? "" : "curio-") + kind + "\"\nurl = \"" +
                         provider.market->url() + "\"\n";
    if (kind == "boost")
        market += "graphql = \"" + provider.market->url() + "/graphql/query\"\ntoken_file = \"" +
                  folder.write(beside(party) + "boost.token", "admin's") + "\"\nfolder = \"" + pieces + "\"\n";
    party.other_settings = "\n[retrieval]\nlocator_token_file = \"" +
                           folder.write(beside(party) + "locator.token", "locator's") +
                           "\"\n\n[deals]\npoll = \"1s\"\n\n[[markets]]\n" + market;
}

/// f05 writes a deal's client by its number.
void StorePlay::introduce_contract() {
    add("the contract has a number",
        dispatch(
            RoundsScene::actors, [] { return masked(init_actor); },
            [this] {
                const auto contract = value_in(incentive::EthAddress::parse(scene().contract().address()));
                const Bytes address = to_bytes(value_in(incentive::filecoin_address_of(contract)).bytes());
                return data_of_call("setAddress(uint64,bytes)", {contract_actor, address});
            }));
}

/// The market asks there for pieces: a daemon that starts again may listen elsewhere.
void StorePlay::show_locator(const Provider& provider) const {
    std::string at = provider.party->daemon->retrieval();
    if (!at.starts_with("http")) at = "http://" + at;
    if (std::string(provider.kind) != "boost") provider.market->tell({{"locator", at + "/pieces"}});
}

StorePlay::Provider& StorePlay::provider_of(const Party& party) {
    return *std::ranges::find(m_stores, &party, &Provider::party);
}

void StorePlay::store(std::uint64_t index) {
    Provider& provider = provider_of(place(index));
    provider.slot = slot_of(1, index);
    const std::uint64_t open = open_of(1, index);
    const std::uint64_t close = open + scene().slot_length();
    const Step stored = [this, &provider, close] {
        provider.pieces = scene().contract().read<calls::SlotInfo>({.slot = provider.slot}).pieces;
        provider.plant->look();
        if (scene().epoch() + margin >= close && !provider.plant->told(provider.pieces)) hold();
        return provider.pieces > 0 && provider.plant->told_for_good(provider.pieces);
    };
    const Step next = [this, index] {
        if (index + 1 < slots) scene().skip_to(open_of(1, index + 1) - RoundsScene::lead_epochs - 1);
        return true;
    };
    const Step paid = [this, &provider] {
        provider.plant->look();
        return all_paid(provider);
    };
    const Step claimed = [this, &provider] {
        provider.plant->look();
        return provider.party->kills == provider.kills &&
               scene().contract().balance(provider.party->account) > provider.balance;
    };
    const Step before = [this, &provider] {
        provider.balance = scene().contract().balance(provider.party->account);
        return true;
    };
    add_chain(provider.party->name + " stores by " + provider.kind, {at(open), before, stored, next, paid, claimed});
    if (provider.kills > 0)
        add_chain(provider.party->name + " is killed",
                  {at(open - 10), [this, &provider] { return kill_if_due(provider); }});
}

Json StorePlay::deals_of(const Provider& provider) const {
    const Json told = scene().ask(*provider.party, "FilFil.Deals", {{"slot", provider.slot}, {"limit", 1000}});
    return told.is_object() ? told["deals"] : Json::array();
}

bool StorePlay::all_paid(const Provider& provider) const {
    const Json deals = deals_of(provider);
    return deals.size() == provider.pieces &&
           std::ranges::all_of(deals, [](const Json& one) { return one["stage"] == "paid"; });
}

/// At any moment; but the kills and the deals' ways are bound to each other, so that all of the way is hit: neither
/// gets ahead of the other by more than a sixth.
bool StorePlay::kill_if_due(Provider& provider) {
    Party& party = *provider.party;
    const unsigned progress = provider.plant->progress(provider.pieces);
    const auto now = std::chrono::steady_clock::now();
    const bool may = party.kills * 6 < provider.kills * (progress + 1);
    if (may && now >= provider.next_kill) {
        const Json deals = deals_of(provider);
        provider.killed_at += (deals.empty() ? "starting" : deals[0]["stage"].get<std::string>()) + "; ";
        // Until it is up again nobody looks at the clock, and on a busy machine that takes more than the margin.
        scene().hold(true);
        party.kill_and_start();
        show_locator(provider);
        provider.next_kill =
            now + std::chrono::milliseconds(m_random.below(progress == 0 ? first_kills_within : kill_within));
    }
    provider.plant->let_go_on(party.kills * 6 >= provider.kills * progress);
    return party.kills == provider.kills;
}

void StorePlay::judge(Provider& provider) {
    SCOPED_TRACE(provider.party->name + " with " + provider.kind);
    provider.plant->look();
    const Json& market = provider.plant->report();
    EXPECT_EQ(market["accepted"], provider.pieces) << "a piece was proposed twice";
    EXPECT_EQ(market["deals"].size(), provider.pieces);
    EXPECT_GT(provider.pieces, 1U) << "the test wants several pieces";
    for (const Json& deal : market["deals"]) EXPECT_EQ(deal["error"], "");
    if (std::string(provider.kind) != "boost") EXPECT_GE(market["ranges"].get<std::size_t>(), 2 * provider.pieces);
    if (provider.kills == 0) EXPECT_EQ(market["fetch_errors"], Json::array());
    EXPECT_EQ(provider.party->kills, provider.kills);
    testing::Test::RecordProperty(provider.party->name + " killed at", provider.killed_at);

    const Json deals = deals_of(provider);
    EXPECT_EQ(deals.size(), provider.pieces);
    for (const Json& deal : deals) judge_deal(provider, deal);
    std::size_t activated = 0;
    for (const auto& logged : scene().contract().logs<events::PieceActivated>())
        if (logged.event.miner == provider.party->miner) ++activated;
    EXPECT_EQ(activated, provider.pieces);
}

void StorePlay::judge_deal(const Provider& provider, const Json& deal) const {
    SCOPED_TRACE(deal.dump());
    EXPECT_EQ(deal["stage"], "paid");
    EXPECT_EQ(deal["open"], false);
    EXPECT_EQ(deal["error"], nullptr);
    EXPECT_EQ(deal["attempt"], 0);
    const auto piece = deal["piece"].get<std::uint8_t>();
    OnChain& contract = scene().contract();
    const auto holder =
        contract.read<calls::Holder>({.slot = provider.slot, .index = piece, .miner = provider.party->miner}).value;
    constexpr int active = 2;
    EXPECT_EQ(holder.state, active);
    EXPECT_FALSE(holder.paid.zero());
    EXPECT_EQ(deal["sector"], holder.sector);

    // What the market has got is what is staged, by its own commitment.
    std::string path;
    for (const Json& one : provider.plant->report()["deals"])
        if (one["id"] == deal["market_id"])
            path = one["path"] != ""
                       ? one["path"].get<std::string>()
                       : scene().folder().path(beside(*provider.party) + "pieces/" + one["piece"].get<std::string>());
    const Ended hashed = run({"commp", "--json", path});
    ASSERT_EQ(hashed.code, 0) << hashed.err;
    const Json commitment = object_of(hashed);
    EXPECT_EQ(commitment["piece_cid"], deal["piece_cid"]);
    EXPECT_EQ(commitment["payload_size"], deal["payload_size"]);
    const auto info =
        value_in(ipld::read_piece_cid(value_in(ipld::Cid::parse(commitment["piece_cid"].get<std::string>()))));
    const auto staged = contract.read<calls::Piece>({.slot = provider.slot, .index = piece});
    EXPECT_EQ(to_hex(info.root), to_hex(staged.root));
}

/// For people who look for what went wrong.
std::string StorePlay::what_happened() {
    std::string out;
    for (const Provider& provider : m_stores) {
        out += provider.party->name + " with " + provider.kind + ", killed " + std::to_string(provider.party->kills) +
               " times: " + provider.killed_at + "\n";
        if (provider.market) out += "its market: " + provider.market->report().dump() + "\n";
        if (!provider.party->daemon) continue;
        out += "its deals: " + deals_of(provider).dump() + "\n";
        const Json log = scene().ask(*provider.party, "FilFil.Log", {{"level", "warning"}});
        out += "its log: " + log.dump() + "\n";
    }
    return out;
}

}    // namespace filfil::e2e
