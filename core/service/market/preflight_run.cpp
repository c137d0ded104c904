// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/market/preflight_run.hpp"

#include "base/url.hpp"
#include "incentive/contract_types.hpp"
#include "incentive/fil_text.hpp"
#include "ipld/piece_cid.hpp"
#include "market/node_preflight.hpp"
#include "service/incentive/slot_json.hpp"
#include "service/market/order_terms.hpp"
#include "service/market/preflight_rows.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace filfil::service {
namespace {

using market::Preflight;
using market::PreflightRow;
using rpc::Json;
using State = PreflightRow::State;

/// What one call gives of a schedule.
constexpr std::uint64_t most_windows = 64;
constexpr std::size_t most_snapshots = 100;
/// Who asks the daemon waits for half a minute.
constexpr Clock::Duration patience = std::chrono::seconds(20);

bool wants_locator(const Stall& stall) {
    return stall.setting.kind == MarketKind::curio_mk20 || stall.setting.kind == MarketKind::curio_mk12;
}

/// Whether an address is heard on this machine alone, or is none that others can name.
bool is_local(const std::string& url) {
    const auto read = parse_url(url);
    if (!read.ok()) return false;
    return is_loopback(read->at) || read->at.host == "0.0.0.0" || read->at.host == "::";
}

/// One look, from the question to its answer.
class Run : public std::enable_shared_from_this<Run> {
public:
    Run(House& house, Desk& desk, std::uint64_t miner, std::optional<std::uint64_t> epoch,
        std::function<void(MinerPreflight)> done)
        : m_house(house), m_desk(desk), m_life(desk.life()), m_done(std::move(done)) {
        m_facts.miner = miner;
        m_facts.epoch = epoch;
        m_found.miner = miner;
        m_found.policy = desk.policy_of(miner);
    }

    void run() {
        m_desk.read<calls::Windows>({.miner = m_facts.miner},
                                    [self = shared_from_this()](const Result<calls::Windows::Output>& standing) {
                                        self->m_facts.standing = standing;
                                        self->read_schedule();
                                    });
    }

private:
    void read_schedule() {
        m_desk.read<calls::Schedule>({.miner = m_facts.miner, .count = most_windows},
                                     [self = shared_from_this()](const Result<calls::Schedule::Output>& schedule) {
                                         if (schedule.ok())
                                             self->m_facts.schedule = schedule->value;
                                         else
                                             self->m_facts.schedule = schedule.error();
                                         self->m_facts.window = choose_window(self->m_desk, self->m_facts);
                                         self->m_found.window = self->m_facts.window;
                                         self->read_paused();
                                     });
    }

    void read_paused() {
        m_desk.read<calls::Paused>({}, [self = shared_from_this()](const Result<calls::Paused::Output>& paused) {
            if (paused.ok())
                self->m_facts.paused = paused->value;
            else
                self->m_facts.paused = paused.error();
            if (!self->m_facts.window) return self->ask_others();
            self->read_slot();
        });
    }

    void read_slot() {
        read_slot_facts(m_desk, m_facts.window->slot, [self = shared_from_this()](const Result<SlotFacts>& slot) {
            self->m_facts.slot = slot;
            self->read_own();
        });
    }

    /// A target without a tipset has the snapshot of the one before it: what is staged names that.
    void read_own() {
        const bool staged = m_facts.slot.ok() && m_facts.slot->staged();
        const auto epoch = Epoch{static_cast<std::int64_t>(staged ? m_facts.slot->info.epoch : m_facts.window->target)};
        m_house.queue->run([journal = m_house.journal,
                            epoch] { return journal->snapshots({.epoch = epoch, .limit = most_snapshots}); },
                           [self = shared_from_this()](Result<std::vector<journal::SnapshotRecord>> own) {
                               if (self->m_life.expired()) return;
                               if (own.ok())
                                   std::erase_if(*own, [hash = snapshot::hash_of(self->m_house.recipe())](
                                                           const auto& one) { return one.recipe_hash != hash; });
                               self->m_facts.own = std::move(own);
                               self->ask_others();
                           });
    }

    /// The market, and the node with this daemon itself, at the same time.
    void ask_others() {
        const auto head = m_house.head();
        m_found.parts = {{"contract", contract_rows(m_desk, m_facts, head)},
                         {"snapshot", snapshot_rows(m_desk, m_facts, m_house.recipe(), head)},
                         {"market", {}},
                         {"node", {}}};
        m_stall = m_house.markets ? m_house.markets->of(m_facts.miner) : nullptr;
        if (m_stall != nullptr) m_found.market = m_stall->backend->kind();
        add_market_settings();
        add_wallet();
        make_order();
        m_house.world.loop.post_after(patience, [weak = weak_from_this()] {
            if (const auto self = weak.lock()) self->out_of_patience();
        });
        if (m_stall == nullptr || !m_stall->f05()) return ask_both();
        m_house.eth->ask(
            "Filecoin.StateDealProviderCollateralBounds", Json::array({m_order.padded_size, false, nullptr}),
            [self = shared_from_this()](rpc::Answer answer) {
                const auto offered =
                    offered_collateral(std::move(answer).to_result("Filecoin.StateDealProviderCollateralBounds"));
                // Where it is not known, the node's row about it says so.
                if (offered.ok()) self->m_order.collateral = *offered;
                self->ask_both();
            });
    }

    void ask_both() {
        if (m_told) return;
        ask_node();
        if (m_stall == nullptr) return end("market");
        m_stall->backend->preflight(m_order, [self = shared_from_this()](const Result<Preflight>& rows) {
            if (rows.ok())
                self->add("market", *rows);
            else
                self->add("market",
                          {row_of_error("the market can be asked", "without it no piece gets into the sealing pipeline",
                                        rows.error(), State::bad)});
            self->end("market");
        });
    }

    void add_market_settings() {
        const std::string why = "it takes the pieces into the sealing pipeline";
        if (m_house.market_error)
            return add("market",
                       {row_of_error("the markets can be dealt with", why, *m_house.market_error, State::bad)});
        if (m_stall == nullptr)
            return add("market", {{"a market is set for the provider", State::bad, "none is", why,
                                   "put into DIR/config.toml and start the daemon anew: [[markets]] miner = \"" +
                                       miner_text(m_facts.miner, m_desk.network().address_prefix) +
                                       "\", kind = \"curio-mk20\", url = \"http://CURIO:12310\" (kind may be "
                                       "curio-mk12, boost or file, too)"}});
        if (wants_locator(*m_stall)) add_locator_settings();
    }

    void add_locator_settings() {
        PreflightRow row{.what = "this daemon serves pieces to the market",
                         .why = "Curio fetches them from the daemon's piece locator"};
        const Config::Retrieval& settings = m_house.config.retrieval;
        const std::string& url = m_house.markets->pieces_url();
        if (settings.listen.empty()) {
            row.state = State::bad;
            row.found = "retrieval is off";
            row.fix =
                "put into DIR/config.toml and start the daemon anew: [retrieval] listen = \"0.0.0.0:5347\", "
                "locator_token_file = \"FILE\" (with a secret that Curio is given too)";
        } else if (m_house.locator_token.empty()) {
            row.state = State::bad;
            row.found = "retrieval is on, its piece locator is not";
            row.fix =
                "put a secret into a file, and into DIR/config.toml: [retrieval] locator_token_file = \"FILE\"; "
                "then start the daemon anew";
        } else if (is_local(url)) {
            row.state = State::warning;
            row.found = url + " is known to this machine alone";
            row.fix = "where Curio runs on another, set retrieval.url to what it reaches: \"http://HOST:5347\"";
        } else {
            row.state = State::good;
            row.found = url + "/pieces";
        }
        m_locator = row.state != State::bad;
        add("market", {std::move(row)});
    }

    void add_wallet() {
        const Config::Incentive& settings = m_house.config.incentive;
        if (!settings.wallet.empty() || !settings.key_file.empty()) return;
        add("node", {{"a wallet is set", State::warning, "neither incentive.wallet nor incentive.key_file is",
                      "what is earned is claimed by transactions, and Curio's mk20 wants signed requests",
                      "set incentive.wallet to an address in the node's wallet"}});
    }

    /// The first piece of what is here, or of what is staged, or one as the recipe makes them.
    void make_order() {
        m_order = order_terms(m_desk, m_stall, m_house.config.deals, m_house.head(), m_facts.miner);
        const bool staged = m_facts.slot.ok() && m_facts.slot->staged() && !m_facts.slot->first.empty();
        const journal::SnapshotRecord* const own = own_snapshot(m_facts);
        m_order.payload_root = ipld::cid_of_block(ipld::Codec::dag_cbor, {});
        m_order.deal = incentive::deal_of(m_facts.window ? m_facts.window->slot : 0, 0);
        if (own != nullptr && !own->pieces.empty() && (!staged || match(*m_facts.slot, *own).ok())) {
            const journal::PieceRecord& piece = own->pieces.front();
            if (const auto root = root_of(piece); root.ok()) m_order.root = *root;
            m_order.payload_size = piece.payload_size;
            m_order.padded_size = piece.padded_size;
            if (!own->roots.empty()) m_order.payload_root = own->roots.front();
            m_order.path = piece.path.value_or("");
            m_pieces = own->pieces.size();
            m_piece_is_here = true;
        } else if (staged) {
            const contract::Piece& piece = m_facts.slot->first.front();
            m_order.root = piece.root;
            m_order.payload_size = piece.raw_size;
            m_order.padded_size = ipld::padded_size_of(piece.raw_size);
            m_pieces = m_facts.slot->first.size();
        } else {
            m_order.payload_size = ipld::capacity_of(m_house.recipe().piece_size);
            m_order.padded_size = m_house.recipe().piece_size;
        }
    }

    void ask_node() {
        const Config::Incentive& settings = m_house.config.incentive;
        market::NodePreflightOptions options;
        options.wallet = settings.wallet;
        if (const auto least = incentive::parse_fil(settings.gas_alarm); least.ok()) options.least_funds = *least;
        options.letter = m_desk.network().address_prefix;
        options.epoch_seconds =
            static_cast<std::int64_t>(std::max<std::uint64_t>(1, m_desk.network().seconds_per_epoch));
        if (m_facts.window) options.target = static_cast<std::int64_t>(m_facts.window->target);
        options.f05 = m_stall != nullptr && m_stall->f05();
        options.sectors = std::max<std::size_t>(1, m_pieces);
        options.curio = m_stall != nullptr && (m_stall->setting.kind == MarketKind::curio_mk20 ||
                                               m_stall->setting.kind == MarketKind::curio_mk12);
        options.piece_is_here = m_piece_is_here;
        if (m_locator)
            if (const auto url = parse_url(m_house.markets->pieces_url() + "/pieces"); url.ok()) options.locator = *url;
        options.locator_token = m_house.locator_token;
        // What asks the node may come back to it when the house is gone.
        const incentive::Ask ask = [life = m_life, &eth = *m_house.eth](const std::string& method, Json params,
                                                                        rpc::Client::AnswerHandler handler) {
            if (!life.expired()) eth.ask(method, std::move(params), std::move(handler));
        };
        m_node = std::make_unique<market::NodePreflight>(m_house.world, ask, std::move(options));
        m_node->run(m_order, [self = shared_from_this()](Preflight rows) {
            self->add("node", std::move(rows));
            self->end("node");
        });
    }

    void add(std::string_view name, Preflight rows) {
        if (m_told) return;
        for (MinerPreflight::Part& part : m_found.parts)
            if (part.name == name)
                part.rows.insert(part.rows.end(), std::make_move_iterator(rows.begin()),
                                 std::make_move_iterator(rows.end()));
    }

    void end(std::string_view part) {
        (part == "market" ? m_market_told : m_node_told) = true;
        if (m_market_told && m_node_told) tell();
    }

    void out_of_patience() {
        if (m_told || m_life.expired()) return;
        const std::string found = "nothing came within 20 s";
        if (!m_market_told)
            add("market", {{"the market answers", State::bad, found, "deals are proposed and followed there",
                            "see whether it runs and is not overloaded; FilFil.Preflight asks again"}});
        if (!m_node_told)
            add("node", {{"the node answers", State::unknown, found, "it knows the sectors, the wallet and the head",
                          "see whether the node is overloaded: fil-fil status"}});
        tell();
    }

    void tell() {
        if (std::exchange(m_told, true) || m_life.expired()) return;
        const auto done = std::exchange(m_done, nullptr);
        done(std::move(m_found));
    }

    House& m_house;
    Desk& m_desk;
    std::weak_ptr<const void> m_life;
    std::function<void(MinerPreflight)> m_done;
    WindowFacts m_facts;
    MinerPreflight m_found;
    Stall* m_stall = nullptr;
    market::DealOrder m_order;
    std::size_t m_pieces = 1;
    bool m_piece_is_here = false;
    bool m_locator = false;    ///< it is worth trying
    std::unique_ptr<market::NodePreflight> m_node;
    bool m_market_told = false;
    bool m_node_told = false;
    bool m_told = false;
};

}    // namespace

bool MinerPreflight::ready() const noexcept {
    return std::ranges::none_of(parts, [](const Part& part) {
        return std::ranges::any_of(part.rows, [](const PreflightRow& row) { return row.state == State::bad; });
    });
}

void run_preflight(House& house, Desk& desk, std::uint64_t miner, std::optional<std::uint64_t> epoch,
                   std::function<void(MinerPreflight)> done) {
    std::make_shared<Run>(house, desk, miner, epoch, std::move(done))->run();
}

Json json_of(const MinerPreflight& found, const node::Profile& network, std::optional<Epoch> head) {
    Json out = {{"miner", miner_text(found.miner, network.address_prefix)},
                {"ready", found.ready()},
                {"policy", name_of(found.policy)},
                {"market", found.market.empty() ? Json(nullptr) : Json(found.market)},
                {"state", "none"}};
    if (found.window)
        out.update(service::json_of(SlotTimes{.slot = found.window->slot,
                                              .target = found.window->target,
                                              .open = found.window->open,
                                              .close = found.window->close},
                                    network, head));
    out["rows"] = Json::array();
    for (const MinerPreflight::Part& part : found.parts)
        for (Json row : market::json_of(part.rows)) {
            row["part"] = part.name;
            out["rows"].push_back(std::move(row));
        }
    return out;
}

}    // namespace filfil::service
