// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/model/neighbours.hpp"

#include "incentive/model/addresses.hpp"
#include "incentive/model/cbor_reader.hpp"
#include "ipld/cbor_head.hpp"

namespace filfil::incentive::model {
namespace {

constexpr std::uint64_t power_actor = 4;
constexpr std::uint64_t market_actor = 5;

constexpr std::uint64_t miner_power = 36284446;
constexpr std::uint64_t is_controlling_address = 348244887;
constexpr std::uint64_t get_owner = 3275365574;
constexpr std::uint64_t validate_sector_status = 3092458564;
constexpr std::uint64_t generate_sector_location = 1321604665;
constexpr std::uint64_t get_nominal_sector_expiration = 3010055991;
constexpr std::uint64_t get_deal_activation = 2567238399;
constexpr std::uint64_t get_deal_sector = 2611213344;

// Exit codes of actors.
constexpr std::int64_t no_such_actor = -6;
constexpr std::int64_t illegal_argument = 16;
constexpr std::int64_t not_found = 17;
constexpr std::int64_t unhandled_message = 22;
constexpr std::int64_t deal_expired = 32;
constexpr std::int64_t deal_not_activated = 33;

void append(Bytes& to, const Bytes& more) { to.insert(to.end(), more.begin(), more.end()); }

Bytes cbor_integer(std::int64_t value) {
    return value >= 0 ? cbor_number(static_cast<std::uint64_t>(value))
                      : cbor_head(ipld::cbor_negative, static_cast<std::uint64_t>(-(value + 1)));
}

Bytes pair_of(const Bytes& a, const Bytes& b) {
    Bytes out = cbor_head(ipld::cbor_list, 2);
    append(out, a);
    append(out, b);
    return out;
}

Outside::Answer failed(std::int64_t exit_code) { return {.exit_code = exit_code, .data = {}}; }
Outside::Answer given(Bytes data) { return {.data = std::move(data)}; }
Outside::Answer truth(bool value) { return given({value ? std::byte{0xf5} : std::byte{0xf4}}); }

}    // namespace

Neighbours::Miner& Neighbours::add_miner(std::uint64_t id, const EthAddress& owner, const U256& power) {
    Miner& miner = miners[id];
    miner.owner = caller_address(owner);
    miner.controls.insert(miner.owner);
    miner.power = power;
    return miner;
}

Bytes Neighbours::location(std::uint64_t miner, std::uint64_t sector) const {
    const auto found = miners.find(miner);
    if (found != miners.end())
        if (const auto there = found->second.sectors.find(sector); there != found->second.sectors.end())
            return pair_of(cbor_number(there->second.deadline), cbor_number(there->second.partition));
    return pair_of(cbor_integer(-1), cbor_integer(-1));
}

Outside::Answer Neighbours::ask(std::uint64_t actor, std::uint64_t method, ByteView params) {
    try {
        if (actor == power_actor) {
            if (method != miner_power) return failed(unhandled_message);
            const auto miner = miners.find(CborReader(params).number());
            if (miner == miners.end() || !miner->second.power) return failed(not_found);
            return given(pair_of(cbor_bytes(miner->second.power->amount()), cbor_bytes({})));
        }
        if (actor == market_actor) return ask_market(method, params);
        const auto miner = miners.find(actor);
        return miner == miners.end() ? failed(no_such_actor) : ask_miner(actor, miner->second, method, params);
    } catch (const Reverted&) {
        return failed(illegal_argument);    // parameters that cannot be read
    }
}

Outside::Answer Neighbours::ask_market(std::uint64_t method, ByteView params) const {
    const auto deal = deals.find(CborReader(params).number());
    if (deal == deals.end()) return failed(not_found);
    if (deal->second.terminated) return failed(deal_expired);
    const auto& activated = deal->second.activated;
    if (method == get_deal_activation)
        return given(pair_of(cbor_integer(activated ? static_cast<std::int64_t>(*activated) : -1), cbor_integer(-1)));
    if (method != get_deal_sector) return failed(unhandled_message);
    return activated ? given(cbor_number(deal->second.sector)) : failed(deal_not_activated);
}

Outside::Answer Neighbours::ask_miner(std::uint64_t id, const Miner& miner, std::uint64_t method,
                                      ByteView params) const {
    if (method == is_controlling_address) return truth(miner.controls.contains(to_bytes(CborReader(params).bytes())));
    if (method == get_owner) return given(pair_of(cbor_bytes(miner.owner), {std::byte{0xf6}}));
    if (method == validate_sector_status) return validate(miner, params);
    CborReader reader(params);
    if (method == generate_sector_location) {
        reader.tuple(1);
        const std::uint64_t number = reader.number();
        const auto sector = miner.sectors.find(number);
        const auto status = sector == miner.sectors.end() ? Sector::Status::dead : sector->second.status;
        return given(pair_of(cbor_number(static_cast<std::uint64_t>(status)), cbor_bytes(location(id, number))));
    }
    if (method != get_nominal_sector_expiration) return failed(unhandled_message);
    const auto sector = miner.sectors.find(reader.number());
    return sector == miner.sectors.end() ? failed(not_found) : given(cbor_number(sector->second.expiration));
}

Outside::Answer Neighbours::validate(const Miner& miner, ByteView params) {
    CborReader reader(params);
    reader.tuple(3);
    const std::uint64_t number = reader.number();
    const std::uint64_t status = reader.number();
    CborReader place(reader.bytes());
    place.tuple(2);
    const std::int64_t deadline = place.integer();
    const std::int64_t partition = place.integer();
    place.end();
    reader.end();
    if (status > 2 || (deadline == -1) != (partition == -1)) return failed(illegal_argument);
    const auto sector = miner.sectors.find(number);
    const bool there = sector != miner.sectors.end();
    if (deadline == -1) return there ? failed(not_found) : truth(status == 0);
    if (!there || deadline != static_cast<std::int64_t>(sector->second.deadline) ||
        partition != static_cast<std::int64_t>(sector->second.partition))
        return failed(not_found);
    return truth(status == static_cast<std::uint64_t>(sector->second.status));
}

std::optional<Bytes> Neighbours::delegated_address(std::uint64_t actor) {
    const auto found = delegated.find(actor);
    return found == delegated.end() ? Bytes{} : found->second;
}

bool Neighbours::pay(ByteView to, const U256& amount) {
    if (closed.contains(to_bytes(to))) return false;
    U256& balance = paid[to_bytes(to)];
    balance = add(balance, amount).value();
    return true;
}

bool Neighbours::send(const EthAddress& to, const U256& amount) {
    if (refusing.contains(to)) return false;
    U256& balance = paid[incentive::model::delegated_address(to)];
    balance = add(balance, amount).value();
    return true;
}

}    // namespace filfil::incentive::model
