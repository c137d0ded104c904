// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "incentive/model/contract_model.hpp"
#include "scripted.hpp"
#include "sequence.hpp"

namespace filfil::incentive::differential {

/// Makes one sequence of calls out of a seed: everybody does anything at any time, most of it close to what makes
/// sense, and the model says what comes of it.
class Sequencer {
public:
    explicit Sequencer(std::uint64_t seed);

    Sequence make();

private:
    using Miner = std::uint64_t;

    bool one_in(std::uint64_t times) { return m_random.below(times) == 0; }
    std::uint64_t pick(std::uint64_t least, std::uint64_t most) { return least + m_random.below(most - least + 1); }
    template <class T>
    const T& any_of(const std::vector<T>& all) {
        return all[m_random.below(all.size())];
    }

    // world.cpp: who is there, and what they are like
    void make_world();
    contract::Params some_params();
    contract::Params spoilt(contract::Params params);
    void disturb_world();
    Miner any_miner();
    Miner mostly_a_provider();
    EthAddress controller(Miner miner);
    EthAddress anybody();
    EthAddress mostly(const EthAddress& who) { return one_in(12) ? anybody() : who; }
    U256 money();

    // time.cpp
    void pass_time();
    void go_to(std::uint64_t epoch);    ///< mostly, where it is ahead
    [[nodiscard]] std::vector<contract::Window> windows_ahead();
    [[nodiscard]] std::uint32_t any_slot();
    [[nodiscard]] std::uint32_t staged_slot();
    [[nodiscard]] model::Clock clock() const { return m_contract.state().clock; }
    struct Stored {
        std::uint32_t slot;
        std::uint8_t piece;
        Miner miner;
        model::Holding holding;
    };
    std::optional<Stored> any_holding();

    // calls.cpp
    void act();
    void join();
    void stage();
    void notify_sectors();
    void deal(bool published);
    void later();
    void office();
    void provider_call();
    void slot_call();
    void odd_call();
    void curio();
    void gift();

    // cbor_inputs.cpp
    Bytes sector_changes(Miner miner);
    Bytes proposal(Miner& miner);
    Bytes piece_cid_v1(const model::Root& root);
    Bytes piece_cid_v2(const contract::Piece& piece);
    contract::Piece some_piece(std::uint32_t slot);

    // looks.cpp
    void look_around(Step& step);
    void look_at_all(Step& step);
    template <class Call>
    void look(Step& step, const typename Call::Input& input);

    void call(std::string_view what, const EthAddress& from, const U256& value, Bytes input);
    template <class Call>
    void call(const EthAddress& from, const U256& value, const typename Call::Input& input) {
        call(Call::name, from, value, encode_call<Call>(input).value());
    }
    [[nodiscard]] model::Root fresh_root();

    const std::uint64_t m_seed;
    SeededRandom m_random;
    model::Neighbours m_neighbours;
    Scripted m_outside;
    model::ContractModel m_contract;
    Sequence m_out;
    std::uint64_t m_now = 0;
    U256 m_gift{};
    std::optional<std::uint32_t> m_cancelled{};    ///< a slot that will likely be staged anew
    std::uint64_t m_roots = 0;
    std::uint64_t m_deals = 0;
    std::vector<Miner> m_miners;
    std::vector<EthAddress> m_people;
    EthAddress m_owner;
    EthAddress m_guardian;
};

}    // namespace filfil::incentive::differential
