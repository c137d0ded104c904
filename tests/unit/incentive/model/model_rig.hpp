// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "incentive/model/contract_model.hpp"
#include "incentive/model/machine.hpp"
#include "incentive/model/neighbours.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace filfil::incentive::model {

inline EthAddress person(std::uint8_t number) {
    std::array<std::byte, EthAddress::size> bytes{};
    bytes[0] = std::byte{0xa0};
    bytes[19] = std::byte{number};
    return EthAddress(bytes);
}

inline const EthAddress owner = person(1);
inline const EthAddress the_operator = person(2);
inline const EthAddress guardian = person(3);
inline const EthAddress provider = person(4);
inline const EthAddress here = person(99);    ///< the contract

inline Root root_of(std::uint8_t number) {
    Root out{};
    out[0] = std::byte{number};
    return out;
}

/// Slots of 100 epochs whose windows are open for 60, 20 epochs after their target.
inline contract::Constructor constructor() {
    return {.owner_ = owner,
            .operator_ = the_operator,
            .guardian_ = guardian,
            .first = {.slot_length = 100,
                      .window_length = 60,
                      .lead = 20,
                      .replicas = 1,
                      .max_providers = 8,
                      .max_misses = 3,
                      .dispute_at = 2,
                      .min_term = 1'000,
                      .upfront = 3'000,
                      .slash = 5'000,
                      .bounty = 1'000,
                      .bond_step = 4,
                      .bond = 1'000,
                      .min_power = 5,
                      .reward_cap = 1'000'000,
                      .recipe = root_of(200)}};
}

inline contract::StageArgs staging(std::uint32_t slot, std::uint64_t epoch) {
    return {.slot = slot,
            .epoch = epoch,
            .tipset = root_of(150),
            .recipe = root_of(200),
            .payload = Bytes{std::byte{1}},
            .pieces = {{.root = root_of(7), .raw_size = 127, .log2_padded = 7}},
            .reward = 10'000};
}

/// What a miner sends of one piece in a sector: root_of(7), 128 bytes.
inline Bytes proof(std::uint64_t sector, std::uint64_t until) {
    Bytes out = cbor_head(4, 1);
    const auto append = [&](const Bytes& more) { out.insert(out.end(), more.begin(), more.end()); };
    append(cbor_head(4, 3));
    append(cbor_number(sector));
    append(cbor_number(until));
    append(cbor_head(4, 1));
    append(cbor_head(4, 3));
    append(cbor_head(6, 42));
    Bytes cid = *from_hex("000181e203922020");
    const Root root = root_of(7);
    cid.insert(cid.end(), root.begin(), root.end());
    append(cbor_bytes(cid));
    append(cbor_number(128));
    append(cbor_bytes({}));
    return out;
}

/// The contract at epoch 1,000, and a miner 1000 that `provider` controls.
struct ModelRig {
    ContractModel contract;
    Neighbours neighbours;
    std::uint64_t now = 1'000;

    ModelRig() {
        EXPECT_TRUE(ContractModel::deploy(constructor(), here, contract).succeeded);
        neighbours.add_miner(1000, provider, 10);
    }

    Outcome send(const EthAddress& from, const U256& value, Bytes input) {
        return contract.call({.from = from, .value = value, .epoch = now, .input = std::move(input)}, neighbours);
    }
    template <class Call>
    Outcome send(const EthAddress& from, const typename Call::Input& input, const U256& value = {}) {
        return send(from, value, encode_call<Call>(input).value());
    }
    template <class Call>
    typename Call::Output look(const typename Call::Input& input = {}) {
        const Outcome out = contract.look({.epoch = now, .input = encode_call<Call>(input).value()}, neighbours);
        EXPECT_TRUE(out.succeeded) << Call::name;
        return decode_output<Call>(out.output).value();
    }

    /// One provider, money, its slot staged, its window open.
    void stage() {
        ASSERT_TRUE(send(person(50), 50'000, {}).succeeded);
        ASSERT_TRUE(send<calls::Register>(provider, {.miner = 1000}, 1'000).succeeded);
        const auto window = look<calls::Windows>({.miner = 1000});
        now = window.start - 20;
        ASSERT_TRUE(send<calls::Stage>(the_operator, {.args = staging(window.slot, now)}).succeeded);
        now = window.start;
    }
    Outcome prove(std::uint64_t sector, std::uint64_t until) {
        neighbours.miners[1000].sectors[sector] = {};
        return send<calls::HandleFilecoinMethod>(EthAddress::of_id(1000),
                                                 {.method = 2034386435, .codec = 0x51, .params = proof(sector, until)});
    }
};

}    // namespace filfil::incentive::model
