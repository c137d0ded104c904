// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "shop.hpp"

#include "commp/stream.hpp"

#include <algorithm>
#include <utility>

namespace filfil::sim {
namespace {

using service::MarketKind;
using std::chrono::seconds;

constexpr std::string_view wallet = "t17uoq6tp427uzv7fztkbsnn64iwotfrristwpryy";

/// A UUID's bytes, as mk12's CBOR has them.
std::string bytes_of_uuid(std::string id) {
    std::erase(id, '-');
    const auto bytes = from_hex(id);
    return bytes.ok() ? std::string(chars_of(*bytes)) : id;
}

}    // namespace

Shop::Shop(Parts parts, MarketKind kind, std::uint64_t miner)
    : m_parts(std::move(parts)),
      m_random(m_parts.seed),
      m_kind(kind),
      m_miner(miner),
      m_host("market-" + std::to_string(miner)),
      m_machine(m_parts.clock, m_parts.network, m_parts.own_files, m_parts.log, m_parts.seed + 1, m_host) {}

Shop::~Shop() {
    m_listener.reset();
    m_fake.reset();
}

Result<void> Shop::begin(service::Config& config, const std::function<void(std::string, Bytes)>& put) {
    const std::string base = "http://" + m_host + ":12310";
    const std::string id = "f0" + std::to_string(m_miner);
    service::MarketSetting setting{.miner = "t0" + std::to_string(m_miner), .kind = m_kind, .url = base};
    const auto join = [&](auto& fake) { m_parts.yard.join(fake, m_miner); };
    if (m_kind == MarketKind::curio_mk20) {
        setting.wallet = wallet;
        auto fake =
            std::make_unique<market::FakeMk20>(m_machine.loop, m_parts.clock, m_machine.transport, StoreNode::verify);
        fake->letter = 't';
        fake->contracts[m_parts.chain.at.text()] = true;
        fake->miners = {id};
        fake->sector_size = MiB;
        join(*fake);
        m_fake = std::move(fake);
    } else if (m_kind == MarketKind::curio_mk12) {
        auto fake = std::make_unique<market::FakeMk12>(m_machine.loop, m_parts.clock, m_machine.transport);
        fake->rules.miners = {id};
        m_rules = &fake->rules;
        join(*fake);
        m_fake = std::move(fake);
    } else {
        setting.graphql = base + "/graphql/query";
        setting.token_file = "/keys/boost";
        setting.folder = "/pieces";
        put("/keys/boost", to_bytes(bytes_of("admin")));
        auto fake = std::make_unique<market::FakeBoost>(m_machine.loop, m_parts.clock, m_machine.transport);
        fake->rules.miners = {id};
        fake->has_file = [this](const std::string& path) { return m_parts.files.has(path); };
        fake->publishes_by_itself = one_in(2);
        m_rules = &fake->rules;
        join(*fake);
        m_fake = std::move(fake);
    }
    if (m_kind != MarketKind::boost) {
        FILFIL_TRY(m_fake->locator, parse_url("http://daemon:5347/pieces"));
        m_fake->locator_fields = {{"Authorization", "Bearer secret"}};
    }
    m_fake->on_piece = [this](const market::FakeDeal& deal, const std::string& bytes) {
        check_bytes(deal.piece, bytes_of(bytes), "deal " + deal.id);
    };
    m_every = pick(1, 2);
    config.markets.push_back(setting);
    FILFIL_TRY(m_listener, m_machine.transport.listen({.at = {m_host, 12310}}, *this));
    return {};
}

/// The market's own check of what it was given.
void Shop::check_bytes(const std::string& piece, ByteView bytes, const std::string& what) {
    commp::PieceStream stream(m_parts.hasher);
    if (!stream.write(bytes).ok()) return;
    const auto made = stream.finish();
    if (!made.ok()) return;
    if (commp::piece_cid_v1(*made).text() == piece || commp::piece_cid_v2(*made).text() == piece) return;
    wrong.push_back(what + " of " + m_host + ": the bytes are not those of piece " + piece);
}

bool Shop::any_at(unsigned step) const {
    return std::ranges::any_of(m_fake->deals(),
                               [&](const auto& one) { return one.second.error.empty() && one.second.step == step; });
}

void Shop::forget(const std::string& id) {
    const auto known = m_fake->deals().find(id);
    if (known == m_fake->deals().end() || known->second.step >= 2) return;
    forgotten[id] = {known->second, m_epoch};
    ++forgets;
    m_parts.trace(m_host + " forgets deal " + id);
    m_fake->forget(std::string(id));
}

void Shop::advance(std::uint64_t epoch) {
    m_epoch = epoch;
    if (m_rules != nullptr) m_rules->head = static_cast<std::int64_t>(epoch);
    if (m_down || epoch % m_every != 0) return;
    // The contract is asked on the chain, which this market sees as it is.
    m_fake->advance();
    for (const auto& [id, deal] : m_fake->deals())
        if (!deal.error.empty()) broke.emplace(id, epoch);
    for (const auto& [id, deal] : m_fake->deals())
        if (!deal.path.empty() && deal.error.empty() && m_checked.insert(id).second)
            check_bytes(deal.piece, m_parts.files.contents(deal.path), "file " + deal.path);
}

void Shop::act(std::uint64_t epoch) {
    m_epoch = epoch;
    if (m_traps != 0 && epoch >= m_well_at) calm();
    if (m_traps != 0) return;
    market::Traps& traps = m_fake->traps;
    const auto trouble = [&](Weather::Trap trap, const std::string& what) {
        m_parts.trace(m_host + " " + what);
        m_traps = trap;
        m_well_at = epoch + (one_in(6) ? pick(10, 40) : pick(1, 5));
    };
    switch (m_random.below(40)) {
        case 0: traps.silent = true; return trouble(Weather::silent, "is silent");
        case 1: traps.web_page = true; return trouble(Weather::web_page, "answers HTML");
        case 2:
            traps.lose_answers = static_cast<unsigned>(pick(1, 2));
            return trouble(Weather::loses_answers, "loses answers");
        case 3:
            traps.fail_after = static_cast<unsigned>(pick(1, 2));
            return trouble(Weather::fails_after, "fails after it did it");
        case 4:
            traps.fail_before = static_cast<unsigned>(pick(1, 2));
            return trouble(Weather::fails_before, "fails before it does it");
        case 5:
            // What it has told the chain of does not fail any more.
            if (any_at(3)) return;
            traps.fails_later = "the sector could not be sealed";
            return trouble(Weather::fails_deals, "lets its deals fail");
        case 6: traps.slow = seconds(pick(1, 40)); return trouble(Weather::slow, "is slow");
        case 7: traps.backpressure = true; return trouble(Weather::backpressure, "has too much to do");
        case 8: traps.reject = "not today"; return trouble(Weather::rejects, "takes nothing");
        case 9:
        case 10: m_down = true; return trouble(Weather::down, "is down");
        case 11:
            for (const auto& [id, deal] : m_fake->deals()) {
                if (deal.step >= 2) continue;
                forget(std::string(id));
                break;
            }
            return;
        default: return;
    }
}

void Shop::calm() {
    m_fake->traps = {};
    m_traps = 0;
    m_down = false;
}

void Shop::look_at(const HttpRequest& request) {
    if (request.method != "POST") return;
    const bool mk12 = m_kind == MarketKind::curio_mk12 && request.target.ends_with("/store");
    const bool mk20 = m_kind == MarketKind::curio_mk20 && request.target.ends_with("/deal");
    const bool boost = m_kind == MarketKind::boost && request.body.find("BoostDummyDeal") != std::string::npos;
    if (!mk12 && !mk20 && !boost) return;
    Proposal proposal{.epoch = m_epoch, .body = request.body};
    for (const auto& [id, deal] : m_fake->deals())
        if (deal.error.empty()) proposal.alive.insert(id);
    // What failed in mk12 before it was published reads there like what never was.
    const auto hidden = [&](const market::FakeDeal& deal) { return mk12 && !deal.error.empty() && deal.step < 2; };
    for (const auto& [id, deal] : m_fake->deals())
        if (!hidden(deal) && names(proposal, id))
            wrong.push_back(m_host + " was sent the proposal of deal " + id + ", which it has, once more");
    // Where the daemon had not heard yet that it was taken, it has to send it again.
    for (const auto& [id, deal] : forgotten)
        if (heard.contains(id) && names(proposal, id))
            wrong.push_back(m_host + " was sent the proposal of deal " + id + ", which it had taken, once more");
    proposals.push_back(std::move(proposal));
}

bool Shop::names(const Proposal& proposal, const std::string& id) const {
    const std::string name = m_kind == MarketKind::curio_mk12 ? bytes_of_uuid(id) : id;
    return !name.empty() && proposal.body.find(name) != std::string::npos;
}

void Shop::handle(HttpRequest request, Respond respond) {
    if (!m_fake->traps.silent && !m_fake->traps.web_page) look_at(request);
    m_fake->handle(std::move(request), std::move(respond));
}

}    // namespace filfil::sim
