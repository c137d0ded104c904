// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/model/model_chain.hpp"

#include "incentive/keccak.hpp"
#include "incentive/rlp.hpp"

#include <algorithm>

namespace filfil::incentive::model {
namespace {

U256 quarter_more(const U256& value) { return *add(*add(value, divide(value, 4)->quotient), 1); }

void move_money(std::map<EthAddress, U256>& balances, const EthAddress& from, const EthAddress& to,
                const U256& amount) {
    balances[from] = subtract(balances[from], amount).value_or(U256());
    balances[to] = add(balances[to], amount).value_or(U256::max());
}

Error refused(const std::string& why) { return {ErrorCode::denied, why}; }

}    // namespace

EthAddress created_by(const EthAddress& from, std::uint64_t nonce) {
    const RlpItem list(std::vector<RlpItem>{RlpItem(to_bytes(from.bytes())), RlpItem::number(nonce)});
    const auto hash = keccak_256(encode_rlp(list));
    return EthAddress::from_bytes(ByteView(hash).last(EthAddress::size)).value();
}

/// The neighbours, with money that moves in the world of the block that is being made.
class ModelChain::Around final : public Outside {
public:
    Around(const Neighbours& neighbours, World& world, const EthAddress& contract)
        : m_neighbours(neighbours), m_world(world), m_contract(contract) {}

    Answer ask(std::uint64_t actor, std::uint64_t method, ByteView params) override {
        return m_neighbours.ask(actor, method, params);
    }
    std::optional<Bytes> delegated_address(std::uint64_t actor) override {
        return m_neighbours.delegated_address(actor);
    }
    bool pay(ByteView to, const U256& amount) override {
        if (!m_neighbours.pay(to, amount)) return false;
        const bool delegated = to.size() == 22 && to[0] == std::byte{4} && to[1] == std::byte{10};
        m_paid.emplace_back(delegated ? EthAddress::from_bytes(to.subspan(2)).value() : EthAddress(), amount);
        return true;
    }
    bool send(const EthAddress& to, const U256& amount) override {
        if (!m_neighbours.send(to, amount)) return false;
        m_paid.emplace_back(to, amount);
        return true;
    }

    /// Once the call has succeeded.
    void settle() {
        for (const auto& [to, amount] : m_paid) move_money(m_world.balances, m_contract, to, amount);
    }

private:
    Neighbours m_neighbours;    ///< a copy: what it notes is not kept
    World& m_world;
    EthAddress m_contract;
    std::vector<std::pair<EthAddress, U256>> m_paid;
};

ModelChain::ModelChain() { add_block({}, false); }

void ModelChain::add_block(std::vector<Transaction> transactions, bool null_round) {
    Block block;
    block.hash = keccak_256(bytes_of("model block " + std::to_string(++m_made)));
    block.null_round = null_round;
    const std::uint64_t epoch = m_blocks.size();
    if (!m_blocks.empty()) {
        block.parent = m_blocks.back().hash;
        block.after = m_blocks.back().after;
    } else {
        block.after = std::make_shared<World>();
    }
    if (!transactions.empty()) {
        auto world = std::make_shared<World>(*block.after);
        for (const Transaction& one : transactions) block.transactions.push_back(carry_out(*world, one, epoch));
        block.after = std::move(world);
    }
    m_blocks.push_back(std::move(block));
}

std::uint64_t ModelChain::gas_of(const Call& call) { return 50'000 + 16 * call.data.size(); }

Outcome ModelChain::run(World& world, const EthAddress& from, const Call& call, std::uint64_t epoch, Done& done) const {
    Outcome out;
    if (!call.to) {
        const ByteView code = contract::creation_code();
        const bool ours = !code.empty() && call.data.size() > code.size() &&
                          std::ranges::equal(code, ByteView(call.data).first(code.size()));
        if (!ours) return out;
        const auto how =
            read_abi<contract::Constructor>(contract::Constructor::inputs, ByteView(call.data).subspan(code.size()));
        if (!how.ok()) return out;
        const EthAddress at = created_by(from, done.transaction.nonce);
        ContractModel made;
        out = ContractModel::deploy(*how, at, made);
        if (!out.succeeded) return out;
        world.contracts.insert_or_assign(at, std::move(made));
        done.made = at;
        for (const Log& log : out.logs) done.logs.emplace_back(at, log);
        return out;
    }
    const auto there = world.contracts.find(*call.to);
    if (there == world.contracts.end()) {
        move_money(world.balances, from, *call.to, call.value);
        out.succeeded = true;
        return out;
    }
    Around around(neighbours, world, *call.to);
    out = there->second.call({.from = from, .value = call.value, .epoch = epoch, .input = call.data}, around);
    if (!out.succeeded) return out;
    move_money(world.balances, from, *call.to, call.value);
    around.settle();
    for (const Log& log : out.logs) done.logs.emplace_back(*call.to, log);
    return out;
}

ModelChain::Done ModelChain::carry_out(World& world, const Transaction& transaction, std::uint64_t epoch) const {
    Done done;
    done.transaction = transaction;
    if (!transaction.of_actor) {
        world.nonces[transaction.from] = transaction.nonce + 1;
        done.gas_used = std::min(gas_of(transaction.call), transaction.gas_limit);
        done.gas_price = std::min(transaction.fee_cap, *add(base_fee, transaction.tip));
        U256& balance = world.balances[transaction.from];
        balance = subtract(balance, *multiply(done.gas_price, done.gas_used)).value_or(U256());
        const bool enough = transaction.gas_limit >= gas_of(transaction.call) && balance >= transaction.call.value;
        if (!enough) return done;
    }
    done.outcome = run(world, transaction.from, transaction.call, epoch, done);
    return done;
}

void ModelChain::give(const EthAddress& who, const U256& amount) {
    auto world = std::make_shared<World>(*m_blocks.back().after);
    world->balances[who] = add(world->balances[who], amount).value_or(U256::max());
    m_blocks.back().after = std::move(world);
}

Outcome ModelChain::deploy(const EthAddress& at, const contract::Constructor& how) {
    auto world = std::make_shared<World>(*m_blocks.back().after);
    ContractModel made;
    const Outcome out = ContractModel::deploy(how, at, made);
    if (!out.succeeded) return out;
    world->contracts.insert_or_assign(at, std::move(made));
    m_blocks.back().after = std::move(world);
    return out;
}

void ModelChain::send_as(const EthAddress& from, Call call) {
    Transaction one;
    one.hash = keccak_256(bytes_of("message " + std::to_string(++m_made)));
    one.from = from;
    one.call = std::move(call);
    one.of_actor = true;
    m_of_actors.push_back(std::move(one));
}

std::uint64_t ModelChain::nonce(const EthAddress& of, bool pending) const {
    const auto known = world().nonces.find(of);
    std::uint64_t out = known == world().nonces.end() ? 0 : known->second;
    if (const auto waiting = m_pool.find(of); pending && waiting != m_pool.end())
        while (waiting->second.contains(out)) ++out;
    return out;
}

Result<Hash32> ModelChain::send_raw(ByteView raw) {
    const auto read = decode_transaction(raw);
    if (!read.ok()) return refused("rlp: " + read.error().message);
    const incentive::Transaction& inside = read->transaction;
    if (inside.chain_id != chain_id) return refused("invalid chain id");
    if (inside.nonce < nonce(read->from, false)) return refused("nonce too low");
    const auto cost = most_cost(inside);
    const auto balance = world().balances.find(read->from);
    if (!cost || balance == world().balances.end() || balance->second < *cost)
        return refused("insufficient funds for gas * price + value");
    auto& waiting = m_pool[read->from];
    if (const auto there = waiting.find(inside.nonce); there != waiting.end()) {
        if (there->second.hash == read->hash) return refused("already known");
        if (inside.tip < quarter_more(there->second.tip) || inside.fee_cap < quarter_more(there->second.fee_cap))
            return refused("replacement transaction underpriced");
    }
    waiting[inside.nonce] = {.hash = read->hash,
                             .from = read->from,
                             .nonce = inside.nonce,
                             .call = inside.call,
                             .fee_cap = inside.fee_cap,
                             .tip = inside.tip,
                             .gas_limit = inside.gas_limit};
    return read->hash;
}

void ModelChain::mine(std::uint64_t blocks) {
    for (; blocks > 0; --blocks) {
        std::vector<Transaction> taken;
        if (takes_in) {
            taken = std::exchange(m_of_actors, {});
            for (auto& [from, waiting] : m_pool) {
                waiting.erase(waiting.begin(), waiting.lower_bound(nonce(from, false)));
                for (std::uint64_t next = nonce(from, false); waiting.contains(next); ++next) {
                    if (waiting[next].tip < least_tip || waiting[next].fee_cap < base_fee) break;
                    taken.push_back(std::move(waiting[next]));
                    waiting.erase(next);
                }
            }
        }
        add_block(std::move(taken), false);
    }
}

void ModelChain::skip(std::uint64_t epochs) {
    for (; epochs > 0; --epochs) add_block({}, true);
}

void ModelChain::reorg(std::uint64_t depth, bool to_pool) {
    std::vector<Transaction> of_actors;
    for (; depth > 0 && m_blocks.size() > 1; --depth) {
        for (Done& done : m_blocks.back().transactions) {
            if (!to_pool) continue;
            Transaction& one = done.transaction;
            if (one.of_actor)
                of_actors.push_back(std::move(one));
            else
                m_pool[one.from].try_emplace(one.nonce, std::move(one));
        }
        m_blocks.pop_back();
    }
    m_of_actors.insert(m_of_actors.begin(), of_actors.rbegin(), of_actors.rend());
    add_block({}, false);
}

void ModelChain::take_back(std::uint64_t depth) {
    for (; depth > 0 && m_blocks.size() > 1; --depth) m_blocks.pop_back();
    m_of_actors.clear();
}

Outcome ModelChain::look(std::uint64_t epoch, const EthAddress& from, const Call& call) const {
    World world = *m_blocks.at(static_cast<std::size_t>(epoch)).after;
    Done done;
    done.transaction.nonce = nonce(from, false);
    return run(world, from, call, epoch, done);
}

const ContractModel* ModelChain::contract(const EthAddress& at) const {
    const auto found = world().contracts.find(at);
    return found == world().contracts.end() ? nullptr : &found->second;
}

}    // namespace filfil::incentive::model
